"""Report as it is shown: sentences, tables and pictures, whatever face shows them.

No report knows its face, and no face knows a report.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self

MOST_WORDS = 3
"""Columns without numbers that a narrow page has room for."""

MOST_NAMED = 8
"""Columns of a table of names that are read one by one where there is no room for them."""

Cell = str | int | float | bool | datetime | date | None
"""Value in a table; None: it is not known."""


class Worded(str):
    """Words of a cell for people, with its value for programs."""

    __slots__ = ("value",)

    value: Cell

    def __new__(cls, words: str, value: Cell = None) -> Self:
        """Words with their value; None: nothing is known."""
        made = super().__new__(cls, words)
        made.value = value
        return made


@dataclass(frozen=True, slots=True)
class Column:
    """Column of a table: its key in files and documents, and its heading for people.

    `is_name`: it has names that others chose, of any length.
    """

    key: str
    heading: str
    is_number: bool = False
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Table; each row has a cell for each column, and `empty` stands where there is no row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str

    @property
    def is_wordy(self) -> bool:
        """Whether the rows are read one by one, as words: many columns are no numbers, or names."""
        has_names = any(column.is_name for column in self.columns)
        words = sum(not column.is_number for column in self.columns)
        return words > MOST_WORDS or (has_names and 2 < len(self.columns) <= MOST_NAMED)


@dataclass(frozen=True, slots=True)
class Bar:
    """Line of a picture: what it is about, and a whole number for each of the series.

    Bars of one `group` stand together under its name; empty: there are no groups.
    """

    label: str
    values: Sequence[int]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars beside each other; the table of its section has the same numbers.

    `title` says what is shown, `description` what is to be seen in it.
    """

    title: str
    description: str
    series: Sequence[str]
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a report under a heading; `key` names it in files and documents."""

    key: str
    heading: str
    sentences: Sequence[str] = ()
    table: Table | None = None
    picture: Picture | None = None


class Doing(StrEnum):
    """Act that a report proposes."""

    SHARE = "share"
    SHARE_ON = "share-on"
    SAY_NEW = "say-new"
    SETTLE = "settle"
    LOOK = "look"
    PLAN_EVENT = "plan-event"
    READ = "read"


@dataclass(frozen=True, slots=True)
class NextAct:
    """Act that is useful next, with the reason.

    `of` is the slug of a partner or event, or the name of an account; `partner` is the slug of one
    to share on that account; empty: the queue would take a spotlight of nobody.
    """

    doing: Doing
    what: str
    why: str
    of: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report rests on, each in words: window, zone, target, age of its data."""

    window: str
    zone: str
    target: str
    age: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Whole report: its answer in one line, what it rests on, what to do, and its sections.

    `remarks` say what the report cannot know. `figures` is the table for spreadsheets; None: the
    first one of the sections.
    """

    name: str
    title: str
    headline: str
    as_of: datetime
    basis: Basis
    lead: Sequence[str] = ()
    acts: Sequence[NextAct] = ()
    sections: Sequence[Section] = field(default_factory=tuple)
    remarks: Sequence[str] = ()
    figures: Table | None = None
