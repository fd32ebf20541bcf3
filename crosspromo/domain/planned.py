"""What planning placed in the queue, and whether a person has touched it since."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.states import WAITING

BY_PLANNING = "planning"
"""Name of who placed what no person asked for: the daemon."""

REMEMBERED = timedelta(days=400)
"""Time for which an item that was placed is not proposed again, whatever became of it."""

SKIPPED_FOR = timedelta(days=28)
"""Time for which an item that a person skipped is not proposed again."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Item that planning placed: `key` is its identity, `delivery` the id of what was made of it.

    `mark` is that of the delivery as it was placed (`mark_of`). `placed_at` is aware, in UTC.
    """

    key: str
    delivery: int
    mark: str
    placed_at: datetime
    placed_by: str


def mark_of(delivery: Delivery) -> str:
    """64 hex digits over everything of a delivery that people change: words, time, state, labels.

    What the daemon changes (holds, faults, the next look) is no part of it.
    """
    parts = (
        delivery.content.fingerprint(delivery.account),
        delivery.due_at.isoformat(),
        delivery.state.value,
        str(delivery.pinned),
        str(delivery.when_allowed),
        delivery.campaign or "",
        delivery.note,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_untouched(line: PlannedLine, delivery: Delivery) -> bool:
    """Whether a delivery still waits as planning placed it."""
    return delivery.state in WAITING and line.mark == mark_of(delivery)
