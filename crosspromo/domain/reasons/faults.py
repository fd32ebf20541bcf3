"""Reasons why a delivery did not go out, or why its outcome is unknown.

`words` are the network's words and ours, without secrets.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.permissions import Scope
from crosspromo.domain.reasons import Recorded


class NotSent(NamedTuple):
    """Try that surely posted nothing; another try follows."""

    words: str


class Rejected(NamedTuple):
    """Permanent rejection by the network. `code` is the connector's own."""

    code: str
    words: str


class InDoubt(NamedTuple):
    """Send with unknown outcome."""

    words: str


class ByHand(NamedTuple):
    """Post for a person to make on the network. `words` say where."""

    words: str


class Expired(NamedTuple):
    """Expiry of the delivery at the time `at`, before a send."""

    at: datetime


class Missed(NamedTuple):
    """Pinned delivery due at `due_at`, late by `late`, more than the allowed `late_after`."""

    due_at: datetime
    late: timedelta
    late_after: timedelta


class LegallyBarred(NamedTuple):
    """Partners (by name) whose posts a 501(c)(3) organisation must not share."""

    names: tuple[str, ...]


class SameTextSent(NamedTuple):
    """Earlier delivery with equal text.

    `nearly`: the text is equal or nearly equal, on another account of a network that forbids this.
    """

    earlier: EarlierDelivery
    nearly: bool = False


class TurnedDown(NamedTuple):
    """Rejection by a person (`who`) before the send, with the person's reason `why`."""

    who: str
    why: str


class EventCancelled(NamedTuple):
    """Cancellation of the post's event (by slug)."""

    event: str


class EventMoved(NamedTuple):
    """Move of the post's event (by slug) to another start time."""

    event: str
    before: datetime
    after: datetime


class CorrectionOutdated(NamedTuple):
    """Correction of an event (by slug) that changed again before the correction went out."""

    event: str


class StepPassed(NamedTuple):
    """Step of a ladder whose day passed when its event (by slug) moved. `day` is in its zone."""

    event: str
    step: str
    day: date


class Part(StrEnum):
    """Part of an event that a post may tell."""

    TITLE = "title"
    START = "start"
    END = "end"
    PLACE = "place"
    ADDRESS = "address"
    DESCRIPTION = "description"
    HOSTS = "hosts"


class WhyDraft(StrEnum):
    """Reason why a person has to look at a post after its event changed."""

    BY_HAND = "by-hand"  # a person wrote the text
    NOT_RENEWED = "not-renewed"  # no new text can be made
    REPEATS = "repeats"  # it may have gone out once, and can only go out as it was
    NO_TIME = "no-time"  # it was to go out after the event starts now
    SILENT = "silent"  # it would be held at its new time until it has expired
    PINNED = "pinned"  # a person chose its time for the event as it was
    EARLIER = "earlier"  # nobody has looked at it since an earlier change


class EventChanged(NamedTuple):
    """Change of the post's event (by slug) that a person has to look at, in these `parts`.

    `words` tell why no text could be made, and `would_say` is the text that the template makes now;
    both are empty where they do not matter.
    """

    event: str
    parts: tuple[Part, ...]
    why: WhyDraft
    words: str = ""
    would_say: str = ""


class PermissionWithdrawn(NamedTuple):
    """Withdrawal of a permission of a partner (the name) that the post needs.

    `who` recorded it, and `why` is the reason.
    """

    scope: Scope
    partner: str
    who: str
    why: str


class PhotoConsentWithdrawn(NamedTuple):
    """Withdrawal or refusal of a person on an image of the post; `who` recorded it, with `why`."""

    image: str
    person: str
    who: str
    why: str


FaultReason = (
    NotSent
    | Rejected
    | InDoubt
    | ByHand
    | Expired
    | Missed
    | LegallyBarred
    | SameTextSent
    | TurnedDown
    | EventCancelled
    | EventMoved
    | CorrectionOutdated
    | StepPassed
    | EventChanged
    | PermissionWithdrawn
    | PhotoConsentWithdrawn
    | Recorded
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        NotSent: "not-sent",
        Rejected: "rejected",
        InDoubt: "unknown",
        ByHand: "by-hand",
        Expired: "expired",
        Missed: "missed",
        LegallyBarred: "legal",
        SameTextSent: "duplicate",
        TurnedDown: "turned-down",
        EventCancelled: "event-cancelled",
        EventMoved: "event-moved",
        CorrectionOutdated: "correction-outdated",
        StepPassed: "step-passed",
        EventChanged: "event-changed",
        PermissionWithdrawn: "permission-withdrawn",
        PhotoConsentWithdrawn: "photo-withdrawn",
    }
)


def words_of(reason: FaultReason) -> str | None:
    """Network's words in the reason, or our words about the network; None for other reasons."""
    match reason:
        case NotSent(words) | Rejected(_, words) | InDoubt(words) | ByHand(words):
            return words
        case _:
            return None


def code_of(reason: FaultReason) -> str:
    """Fault code, as in queue and JSON; for a rejection, the connector's own code."""
    match reason:
        case Recorded(code, _) | Rejected(code, _):
            return code
        case _:
            return CODES[type(reason)]
