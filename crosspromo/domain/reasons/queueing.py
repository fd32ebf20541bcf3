"""Reasons why a post cannot be queued, or edited, as asked. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.duplicates import EarlierDelivery


class NothingToSay(NamedTuple):
    """The text is empty."""

    account: str


class TextTooLong(NamedTuple):
    """The text has `length` of `limit`, as the network counts; `over` is what must go.

    `longest` quotes its longest sentences, each with its length. `may_thread`: the account could
    send it as a thread.
    """

    account: str
    over: int
    length: int
    limit: int
    longest: tuple[tuple[str, int], ...] = ()
    may_thread: bool = False


class RepostTakesNoText(NamedTuple):
    """The delivery is a repost, and the network has no quotes."""

    account: str
    delivery: int


class TitleMissing(NamedTuple):
    """The network needs a title."""

    account: str


class TitleTooLong(NamedTuple):
    """The title has `length` of `limit`; `over` is what must go."""

    account: str
    over: int
    length: int
    limit: int


class NoTitlesThere(NamedTuple):
    """Posts of the network have no titles."""

    account: str


class TooManyImages(NamedTuple):
    """The account takes `most` images, and `given` were given."""

    account: str
    most: int
    given: int


class AltTextMissing(NamedTuple):
    """Every image needs an alt text."""

    image: str


class ImageUnusable(NamedTuple):
    """An image cannot be used on the account; `words` say which and why."""

    account: str
    words: str


class DuplicateText(NamedTuple):
    """The account said the same, or is about to."""

    account: str
    earlier: EarlierDelivery


class DuplicateTextElsewhere(NamedTuple):
    """Another account of a network that forbids it said the same or nearly, or is about to."""

    account: str
    earlier: EarlierDelivery


class SameOnTwoAccounts(NamedTuple):
    """Two accounts of a network that forbids it would say the same, or nearly."""

    account: str
    other: str


class BarredByLaw(NamedTuple):
    """Partners (by name) whose posts a 501(c)(3) organisation must not share."""

    names: tuple[str, ...]


class EventIsCancelled(NamedTuple):
    """The event is cancelled."""

    event: str


class EventHasBegun(NamedTuple):
    """The event has begun."""

    event: str


class AfterEventStart(NamedTuple):
    """The post would go out at `due_at`, after its event has started at `starts_at`."""

    account: str
    due_at: datetime
    starts_at: datetime


QueueingRefusal = (
    NothingToSay
    | TextTooLong
    | RepostTakesNoText
    | TitleMissing
    | TitleTooLong
    | NoTitlesThere
    | TooManyImages
    | AltTextMissing
    | ImageUnusable
    | DuplicateText
    | DuplicateTextElsewhere
    | SameOnTwoAccounts
    | BarredByLaw
    | EventIsCancelled
    | EventHasBegun
    | AfterEventStart
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        NothingToSay: "nothing-to-say",
        TextTooLong: "text-too-long",
        RepostTakesNoText: "repost-takes-no-text",
        TitleMissing: "title-missing",
        TitleTooLong: "title-too-long",
        NoTitlesThere: "no-titles-there",
        TooManyImages: "too-many-images",
        AltTextMissing: "alt-text-missing",
        ImageUnusable: "image-unusable",
        DuplicateText: "said-already",
        DuplicateTextElsewhere: "said-elsewhere",
        SameOnTwoAccounts: "same-on-two-accounts",
        BarredByLaw: "barred-by-law",
        EventIsCancelled: "event-is-cancelled",
        EventHasBegun: "event-has-begun",
        AfterEventStart: "after-event-start",
    }
)
