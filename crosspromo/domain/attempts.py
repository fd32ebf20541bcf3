"""Attempts: each try to send a delivery, recorded before a byte leaves."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Union

from crosspromo.domain.values import Value

Json = Union[str, int, float, bool, None, list["Json"], dict[str, "Json"]]  # noqa: UP007 (recursive)
"""Values that survive conversion to JSON and back."""


class Prepared(Value, frozen=True):
    """Exact data to send, stored durably before a byte leaves. Without secrets.

    `token` distinguishes this send from every other: the network's own idempotency token, if the
    network has one. `payload` is sufficient to send the post, and to find the post again after a
    crash.
    """

    token: str
    payload: Mapping[str, Json]


class Ending(StrEnum):
    """Attempt's end, as far as known."""

    OPEN = "open"  # no answer recorded yet
    SENT = "sent"
    NOT_SENT = "not-sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    ABSENT = "absent"  # was unknown; two spaced look-ups did not find the post


class Attempt(Value, frozen=True):
    """Recorded intent to send: delivery, worker, data and time. `number` counts from 1 per
    delivery.
    """

    delivery: int
    number: int
    account: str
    worker: str
    prepared: Prepared
    started_at: datetime
    ending: Ending = Ending.OPEN
    absences: int = 0
    look_ups: int = 0


class Intent(Value, frozen=True):
    """Send that the gate allowed: data to store durably before a byte leaves."""

    worker: str
    prepared: Prepared
    decision: Mapping[str, Json]
    lease_until: datetime
    now: datetime
