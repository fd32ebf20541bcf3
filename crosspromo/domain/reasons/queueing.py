"""Reasons why a post cannot be queued, or edited, as requested. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.permissions import Lack
from crosspromo.domain.photos import PhotoLack


class NothingToSay(NamedTuple):
    """Text that is empty, or of which nothing can be seen."""

    account: str


class TextTooLong(NamedTuple):
    """Text of `length` above `limit`, as the network counts; `over` is the excess.

    `longest` quotes its longest sentences, each with its length. `may_thread`: the account could
    send the text as a thread.
    """

    account: str
    over: int
    length: int
    limit: int
    longest: tuple[tuple[str, int], ...] = ()
    may_thread: bool = False


class RepostTakesNoText(NamedTuple):
    """Text for a repost on a network without quotes."""

    account: str
    delivery: int


class TitleMissing(NamedTuple):
    """Missing title on a network that needs one."""

    account: str


class TitleTooLong(NamedTuple):
    """Title of `length` above `limit`; `over` is the excess."""

    account: str
    over: int
    length: int
    limit: int


class NoTitlesThere(NamedTuple):
    """Title on a network without titles."""

    account: str


class TooManyImages(NamedTuple):
    """More images (`given`) than the account takes (`most`)."""

    account: str
    most: int
    given: int


class AltTextMissing(NamedTuple):
    """Image without alt text: every image needs one."""

    image: str


class AltTextIsFileName(NamedTuple):
    """Alt text `alt` of an image that is the name of a file."""

    image: str
    alt: str


class AltTextTooLong(NamedTuple):
    """Alt text of `length` above `limit`, as the network counts."""

    account: str
    image: str
    length: int
    limit: int


class ImageMustBeAlone(NamedTuple):
    """Image of a type that the network shows only without others, among several."""

    account: str
    image: str


class ImageUnusable(NamedTuple):
    """Image unusable on the account; `words` name the image and the cause."""

    account: str
    words: str


class DuplicateText(NamedTuple):
    """Text that the account has sent already, or has in its queue.

    `nearly`: in nearly the same words. `in_this_act`: the same act was to queue the earlier
    delivery, of which nothing stays.
    """

    account: str
    earlier: EarlierDelivery
    nearly: bool = False
    in_this_act: bool = False


class DuplicateTextElsewhere(NamedTuple):
    """Equal or nearly equal text on another account, sent or queued, although the network forbids
    this.

    `in_this_act`: as of `DuplicateText`.
    """

    account: str
    earlier: EarlierDelivery
    in_this_act: bool = False


class SameOnTwoAccounts(NamedTuple):
    """Equal or nearly equal texts for two accounts of a network that forbids this."""

    account: str
    other: str


class BarredByLaw(NamedTuple):
    """Partners (by name) whose posts a 501(c)(3) organisation must not share."""

    names: tuple[str, ...]


class EventIsCancelled(NamedTuple):
    """Cancelled event."""

    event: str


class AllowedAnyway(NamedTuple):
    """Post that is to go when the gate allows it, although no ratio holds a partner post."""

    account: str


class EventHasBegun(NamedTuple):
    """Event whose start has passed."""

    event: str


class AfterEventStart(NamedTuple):
    """Due time `due_at` later than the event's start `starts_at`, or equal."""

    account: str
    due_at: datetime
    starts_at: datetime


class NoPermission(NamedTuple):
    """Permissions of partners that the post needs on the account, and that are not there."""

    account: str
    lacks: tuple[Lack, ...]


class NoPhotoConsent(NamedTuple):
    """Consents of people on images that the account would show, and that are not there."""

    account: str
    lacks: tuple[PhotoLack, ...]


QueueingRefusal = (
    NothingToSay
    | TextTooLong
    | RepostTakesNoText
    | TitleMissing
    | TitleTooLong
    | NoTitlesThere
    | TooManyImages
    | AltTextMissing
    | AltTextIsFileName
    | AltTextTooLong
    | ImageMustBeAlone
    | ImageUnusable
    | DuplicateText
    | DuplicateTextElsewhere
    | SameOnTwoAccounts
    | BarredByLaw
    | EventIsCancelled
    | AllowedAnyway
    | EventHasBegun
    | AfterEventStart
    | NoPermission
    | NoPhotoConsent
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
        AltTextIsFileName: "alt-text-is-file-name",
        AltTextTooLong: "alt-text-too-long",
        ImageMustBeAlone: "image-must-be-alone",
        ImageUnusable: "image-unusable",
        DuplicateText: "said-already",
        DuplicateTextElsewhere: "said-elsewhere",
        SameOnTwoAccounts: "same-on-two-accounts",
        BarredByLaw: "barred-by-law",
        EventIsCancelled: "event-is-cancelled",
        AllowedAnyway: "allowed-anyway",
        EventHasBegun: "event-has-begun",
        AfterEventStart: "after-event-start",
        NoPermission: "no-permission",
        NoPhotoConsent: "no-photo-consent",
    }
)
