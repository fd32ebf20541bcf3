"""Reasons why a delivery did not go out, or why nobody can tell whether it did.

What a network said stands in `words`: its words and ours, without secrets.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.reasons import Recorded


class NotSent(NamedTuple):
    """A try that surely posted nothing; another follows."""

    words: str


class Rejected(NamedTuple):
    """The network will never take this post. `code` is the connector's own."""

    code: str
    words: str


class InDoubt(NamedTuple):
    """A send of which nobody can tell whether it posted."""

    words: str


class ByHand(NamedTuple):
    """A post that a person has to make on the network. `words` say where."""

    words: str


class Expired(NamedTuple):
    """The delivery reached its end at `at` before it could go."""

    at: datetime


class Missed(NamedTuple):
    """A pinned delivery, due at `due_at`, could go only `late` later; `late_after` is allowed."""

    due_at: datetime
    late: timedelta
    late_after: timedelta


class LegallyBarred(NamedTuple):
    """Partners (by name) whose posts a 501(c)(3) organisation must not share."""

    names: tuple[str, ...]


class SameTextSent(NamedTuple):
    """An earlier delivery says the same. `nearly`: the same or nearly, on another account of a
    network that forbids that.
    """

    earlier: EarlierDelivery
    nearly: bool = False


class EventCancelled(NamedTuple):
    """The event (by slug) that the post is about was cancelled."""

    event: str


class EventMoved(NamedTuple):
    """The event (by slug) that the post is about was moved to another moment."""

    event: str
    before: datetime
    after: datetime


FaultReason = (
    NotSent
    | Rejected
    | InDoubt
    | ByHand
    | Expired
    | Missed
    | LegallyBarred
    | SameTextSent
    | EventCancelled
    | EventMoved
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
        EventCancelled: "event-cancelled",
        EventMoved: "event-moved",
    }
)


def words_of(reason: FaultReason) -> str | None:
    """The words of the network in the reason, or ours about it; None for other reasons."""
    match reason:
        case NotSent(words) | Rejected(_, words) | InDoubt(words) | ByHand(words):
            return words
        case _:
            return None


def code_of(reason: FaultReason) -> str:
    """The code of a fault, as the queue and JSON have it; a connector's own where it gave one."""
    match reason:
        case Recorded(code, _) | Rejected(code, _):
            return code
        case _:
            return CODES[type(reason)]
