"""Pauses: a person's order to send nothing for a while (docs/explanation/deliveries.md)."""

from dataclasses import dataclass
from datetime import datetime

EVERYTHING = "everything"
"""Subject in the audit log of a pause over all accounts."""

OURSELVES = "crosspromo itself"
"""Name in a pause that no person ordered: it guards a database in doubt, and asks for a person."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause with person, time (aware, in UTC) and reason. `account` None: over everything."""

    account: str | None
    who: str
    at: datetime
    reason: str

    @property
    def is_ours(self) -> bool:
        """Whether crosspromo paused by itself."""
        return self.who == OURSELVES


@dataclass(frozen=True, slots=True)
class AccountState:
    """Account fault in words, and end of the rest that the network imposed.

    Until `rests_until` the network takes no posts of the account. None: no fault, no rest.
    """

    fault: str | None = None
    rests_until: datetime | None = None
