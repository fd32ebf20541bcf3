"""One try to send a delivery, recorded before a byte leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Union

Json = Union[str, int, float, bool, None, list["Json"], dict[str, "Json"]]  # noqa: UP007 (recursive)
"""What survives a trip through JSON."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Exactly what will be sent, durable before a byte leaves.

    `token` tells this send from every other: the network's own idempotency token where it has one.
    `payload` is enough to send it, and to find it again, after a crash. No secrets.
    """

    token: str
    payload: Mapping[str, Json]


class Ending(StrEnum):
    """How an attempt ended, as far as we know."""

    OPEN = "open"  # no answer recorded yet
    SENT = "sent"
    NOT_SENT = "not-sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    ABSENT = "absent"  # was unknown; two spaced look-ups did not find it


@dataclass(frozen=True, slots=True)
class Attempt:
    """An intent to send: who, what, when. `number` counts from 1 within the delivery."""

    delivery: int
    number: int
    account: str
    worker: str
    prepared: Prepared
    started_at: datetime
    ending: Ending = Ending.OPEN
    absences: int = 0
    look_ups: int = 0


@dataclass(frozen=True, slots=True)
class Intent:
    """What the gate allowed: everything that must be durable before a byte leaves."""

    worker: str
    prepared: Prepared
    decision: Mapping[str, Json]
    lease_until: datetime
    now: datetime
