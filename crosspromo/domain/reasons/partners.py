"""Reasons why what a person says of a partner is refused. Nothing was written then.

Partners are named by slug, entries of their diaries by number. Days are local; moments are aware,
in UTC.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.partner_entries import EntryKind


class UnknownChoice(NamedTuple):
    """Value of a field that has a few choices only."""

    field: str
    value: str
    choices: tuple[str, ...]


class OutOfRange(NamedTuple):
    """Number for a field that is below `least` or above `most`."""

    field: str
    given: int
    least: int
    most: int


class WordsTooLong(NamedTuple):
    """Words of more than `most` characters."""

    what: str
    most: int


class HalfALimit(NamedTuple):
    """Number of posts without the days in which they count, or days without the number."""


class WordsMissing(NamedTuple):
    """Entry of a diary without words."""

    kind: EntryKind


class ContactAhead(NamedTuple):
    """Contact on a day that has not come yet."""

    day: date


class DaysReversed(NamedTuple):
    """Blackout whose last day is before its first."""

    first: date
    last: date


class OtherKind(NamedTuple):
    """Entry of the kind `kind` that was named for one of the kind `wanted`."""

    number: int
    kind: EntryKind
    wanted: EntryKind


class ClosedAlready(NamedTuple):
    """Follow-up or promise that a person closed before."""

    number: int
    at: datetime
    who: str


class ReceivedAhead(NamedTuple):
    """Time of something received that lies ahead."""

    at: datetime


class PartnerMerged(NamedTuple):
    """Slug of a partner who became part of the partner `into`."""

    partner: str
    into: str


class MergeWithItself(NamedTuple):
    """Partner who was to become part of themselves."""

    partner: str


class MergeInSettings(NamedTuple):
    """Partner whom crosspromo.toml names, and who was to become part of `into`."""

    partner: str
    into: str


class MergeIntoOwnGroup(NamedTuple):
    """Partner who was to become part of `into`, who counts as us: posts about them would not."""

    partner: str
    into: str


PartnerRefusal = (
    UnknownChoice
    | OutOfRange
    | WordsTooLong
    | HalfALimit
    | WordsMissing
    | ContactAhead
    | DaysReversed
    | OtherKind
    | ClosedAlready
    | ReceivedAhead
    | PartnerMerged
    | MergeWithItself
    | MergeInSettings
    | MergeIntoOwnGroup
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        UnknownChoice: "unknown-choice",
        OutOfRange: "out-of-range",
        WordsTooLong: "words-too-long",
        HalfALimit: "half-a-limit",
        WordsMissing: "words-missing",
        ContactAhead: "contact-ahead",
        DaysReversed: "days-reversed",
        OtherKind: "other-kind",
        ClosedAlready: "closed-already",
        ReceivedAhead: "received-ahead",
        PartnerMerged: "partner-merged",
        MergeWithItself: "merge-with-itself",
        MergeInSettings: "merge-in-settings",
        MergeIntoOwnGroup: "merge-into-own-group",
    }
)
