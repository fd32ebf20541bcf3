"""Reasons why rows of an editorial calendar are refused, and remarks on rows that are taken.

Deliveries are named by id; cells are quoted as the sheet shows them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class ChangedSince(NamedTuple):
    """Cell that differs from the sheet because the delivery was changed since it left."""

    delivery: int
    now: str
    given: str


class NotChangedBySheet(NamedTuple):
    """Cell that a sheet cannot change; `stays` is its value."""

    stays: str


class NamedTwice(NamedTuple):
    """Delivery in two rows, first in `row`."""

    delivery: int
    row: int


class VersionUnread(NamedTuple):
    """Row whose version is missing or damaged."""

    delivery: int


class RowsDisagree(NamedTuple):
    """Cell that belongs to a whole post, and that another `row` changes in another way."""

    row: int


class NoTimeOfDay(NamedTuple):
    """Day without a time, or time without a day."""


class LinkInText(NamedTuple):
    """Link that was emptied while the text has it."""


class NoWordsInRow(NamedTuple):
    """New row that is about no partner and has no text."""


class NoAccountInRow(NamedTuple):
    """New row without an account."""


class TooManyNewRows(NamedTuple):
    """Further new row in a sheet that has as many as are taken."""

    most: int


class PictureNotKept(NamedTuple):
    """Picture of a new row that is none of those kept here."""

    path: str


SheetRefusal = (
    ChangedSince
    | NotChangedBySheet
    | NamedTwice
    | VersionUnread
    | RowsDisagree
    | NoTimeOfDay
    | LinkInText
    | NoWordsInRow
    | NoAccountInRow
    | TooManyNewRows
    | PictureNotKept
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        ChangedSince: "changed-since",
        NotChangedBySheet: "not-changed-by-sheet",
        NamedTwice: "named-twice",
        VersionUnread: "version-unread",
        RowsDisagree: "rows-disagree",
        NoTimeOfDay: "no-time-of-day",
        LinkInText: "link-in-text",
        NoWordsInRow: "no-words-in-row",
        NoAccountInRow: "no-account-in-row",
        TooManyNewRows: "too-many-new-rows",
        PictureNotKept: "picture-not-kept",
    }
)


class ApprovalClaimed(NamedTuple):
    """Sheet that says somebody approved a delivery; an empty name: it does not say who.

    `asked`: the delivery waits for an approval, and the person is asked for it.
    """

    delivery: int
    name: str
    asked: bool


class StateNotSet(NamedTuple):
    """State that a sheet gives a delivery (None: a new one); it stays as it is."""

    delivery: int | None
    given: str


class PartnerNotKnown(NamedTuple):
    """Name in a new row that is no partner's: the post is about ourselves."""

    name: str


class HeadingNotRead(NamedTuple):
    """Heading of a column that is not read."""

    heading: str


SheetRemark = ApprovalClaimed | StateNotSet | PartnerNotKnown | HeadingNotRead

REMARKS: Mapping[type, str] = MappingProxyType(
    {
        ApprovalClaimed: "approval-claimed",
        StateNotSet: "state-not-set",
        PartnerNotKnown: "partner-not-known",
        HeadingNotRead: "heading-not-read",
    }
)
