"""A person's word that nothing goes out for a while (SEMANTICS, *Late, paused, missed*)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Who paused what, when (aware, in UTC) and why. `account` None: everything."""

    account: str | None
    who: str
    at: datetime
    reason: str
