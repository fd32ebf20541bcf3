"""Events of calendars that are read on a schedule, and what a person has said about each.

A new event of a calendar is proposed; a person takes it, makes it one with an event that is there,
or refuses it. What is gone from its calendar is asked about, since absence proves nothing.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.named_in_texts import words_of
from crosspromo.domain.values import Value

FEWEST_GONE = 3
"""Events that have to be gone at once before an edition counts as broken."""

TOLERANCE = timedelta(minutes=90)
"""Difference of the starts of one event in two calendars: doors open before the talk begins."""

ARTICLES = frozenset({"the", "a", "an"})
"""Words that tell no title from another."""

WORDS_IN_COMMON = 0.5
"""Share of all words of two titles from which they are near each other."""


class SourceEventState(StrEnum):
    """State of an event of a calendar.

    TAKEN: it is one of our events. GONE: it was, and stands in its calendar no more, which is
    asked. KEPT: somebody has answered that.
    """

    PROPOSED = "proposed"
    TAKEN = "taken"
    REFUSED = "refused"
    GONE = "gone"
    KEPT = "kept"


class Identity(NamedTuple):
    """Identity of an event in its calendar."""

    uid: str
    recurrence: str


class SourceEvent(Value, frozen=True):
    """Event of a calendar: its edition there, without hosts, and what somebody said about it.

    `slug` is that of our event which it is; None: it is none. `leads`: its editions change our
    event; where two calendars have one event, the first leads. `partner` is the slug of the partner
    whose calendar it is.
    """

    number: int
    source: int
    edition: Event
    state: SourceEventState
    found_at: datetime
    leads: bool = False
    slug: str | None = None
    partner: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    @property
    def identity(self) -> Identity:
        return Identity(self.edition.uid, self.edition.recurrence)


def is_broken(known: int, gone: int) -> bool:
    """Whether an edition without `gone` of the `known` coming events is taken for a broken one.

    It is where more than a third of them is gone at once, and not just one or two.
    """
    return gone >= FEWEST_GONE and gone * 3 > known


class Sign(StrEnum):
    """Sign by which two events are perhaps the same."""

    UID = "uid"
    PAGE = "page"
    TITLE = "title"


class Marks(NamedTuple):
    """What tells an event from others. `day` is the local day of its start, which is aware.

    `page` is its address without what tells no pages apart; empty: it has none.
    """

    identity: Identity
    day: date
    starts_at: datetime
    all_day: bool
    page: str
    words: frozenset[str]


def marks_of(event: Event, page: str) -> Marks:
    """Marks of an event; `page` as in `Marks`."""
    day = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
    identity = Identity(event.uid, event.recurrence)
    words = frozenset(words_of(event.title))
    words = words - ARTICLES or words
    return Marks(identity, day, event.starts_at, event.all_day, page, words)


def signs(one: Marks, other: Marks) -> frozenset[Sign]:
    """Signs that two events of two calendars are the same; none: nothing says so.

    The same UID says it on any day. The same page says it on one day, since the dates of a series
    share it; words of the titles, on one day and at about the same time.
    """
    found = set()
    if one.identity == other.identity:
        found.add(Sign.UID)
    if one.day == other.day:
        if one.page and one.page == other.page:
            found.add(Sign.PAGE)
        if _at_one_time(one, other) and _are_near(one.words, other.words):
            found.add(Sign.TITLE)
    return frozenset(found)


def _at_one_time(one: Marks, other: Marks) -> bool:
    """Whether both begin at about one time; a whole day goes with every time of it."""
    is_whole_day = one.all_day or other.all_day
    return is_whole_day or abs(one.starts_at - other.starts_at) <= TOLERANCE


def _are_near(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether titles share enough words, or one has all words of the other, two or more.

    One word in common is enough only where it is the whole of both titles.
    """
    common = one & other
    if len(common) < 2:
        return bool(common) and one == other
    return len(common) >= min(len(one), len(other), WORDS_IN_COMMON * len(one | other))
