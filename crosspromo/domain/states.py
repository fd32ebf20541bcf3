"""The life of a delivery: one post on one account.

`TRANSITIONS` is the only table of allowed moves. The store's CHECK constraints and guarded updates
and the picture in docs/explanation/deliveries.md are tested against it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a delivery stands. *Held* is not a state: it is a reason on a queued delivery."""

    DRAFT = "draft"  # waits for approval
    QUEUED = "queued"  # waits for its time, or for its hold to end
    SENDING = "sending"  # its intent is durable; bytes may have left
    UNKNOWN = "unknown"  # we cannot tell whether it went out
    PUBLISHED = "published"
    DELETED = "deleted"  # was published, then removed from the network
    FAILED = "failed"  # rejected for good
    CANCELLED = "cancelled"
    MISSED = "missed"  # its pinned time passed while nothing could send it
    EXPIRED = "expired"

    __hash__ = str.__hash__  # as its value: an enum's own is worked out in Python


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
            # a thread that broke off is sent on from where it stopped
            {State.PUBLISHED, State.QUEUED, State.SENDING}
        ),
        State.PUBLISHED: frozenset({State.DELETED}),
        State.FAILED: frozenset({State.QUEUED}),
        State.MISSED: frozenset({State.QUEUED}),
        State.EXPIRED: frozenset(),
        State.CANCELLED: frozenset(),
        State.DELETED: frozenset(),
    }
)

IN_DOUBT = frozenset({State.SENDING, State.UNKNOWN})
"""States in which the post may be on the network although we have no receipt."""
