"""Delivery states and the transitions between them.

`TRANSITIONS` is the only table of allowed moves. Tests compare the table with the store's CHECK
constraints and guarded updates, and with the picture in docs/explanation/deliveries.md.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Delivery state. *Held* is not a state but a reason on a queued delivery."""

    DRAFT = "draft"  # waits for approval
    QUEUED = "queued"  # waits for its due time, or for the end of its hold
    SENDING = "sending"  # the intent is durable; bytes may have left
    UNKNOWN = "unknown"  # the send may have posted or not
    PUBLISHED = "published"
    DELETED = "deleted"  # was published, then removed from the network
    FAILED = "failed"  # rejected for good
    CANCELLED = "cancelled"
    MISSED = "missed"  # its pinned time passed while nothing could send it
    EXPIRED = "expired"

    __hash__ = str.__hash__  # the hash of the value: an enum's own hash runs in Python


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.DRAFT: frozenset({State.QUEUED, State.CANCELLED, State.EXPIRED}),
        State.QUEUED: frozenset(
            {
                State.DRAFT,
                State.SENDING,
                State.FAILED,
                State.CANCELLED,
                State.MISSED,
                State.EXPIRED,
            }
        ),
        State.SENDING: frozenset({State.PUBLISHED, State.QUEUED, State.FAILED, State.UNKNOWN}),
        State.UNKNOWN: frozenset(
            # SENDING: the missing parts of a half-sent thread are sent
            {State.PUBLISHED, State.QUEUED, State.SENDING}
        ),
        State.PUBLISHED: frozenset({State.DELETED}),
        State.FAILED: frozenset({State.QUEUED}),
        State.MISSED: frozenset({State.QUEUED}),
        State.EXPIRED: frozenset(),
        State.CANCELLED: frozenset({State.DRAFT, State.QUEUED}),  # undone by who cancelled it
        State.DELETED: frozenset(),
    }
)

IN_DOUBT = frozenset({State.SENDING, State.UNKNOWN})
"""States without a receipt in which the post may be on the network."""

WAITING = frozenset({State.DRAFT, State.QUEUED})
"""States of a delivery that has not been sent and may still be changed."""

MOVABLE = frozenset({State.DRAFT, State.QUEUED, State.FAILED, State.MISSED})
"""States of a delivery that may be given another time."""

TRIED_AGAIN = frozenset({State.QUEUED, State.FAILED, State.MISSED})
"""States of a delivery that may be tried again."""

DISMISSED = frozenset({State.FAILED, State.MISSED, State.EXPIRED, State.UNKNOWN})
"""States of a delivery that needs a person and that a person may dismiss."""
