"""Audit log: acts of people that bend or settle something."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Audit log entry: time, person, act and subject. `reason` None: the act needs no reason.

    A later entry has a higher `id`.
    """

    id: int
    at: datetime
    who: str
    act: str
    subject: str
    reason: str | None
