"""The audit log: every act of a person that bends or settles something."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log: who did what to which subject. `reason` is None where none was asked."""

    at: datetime
    who: str
    act: str
    subject: str
    reason: str | None
