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


@dataclass(frozen=True, slots=True)
class AccountState:
    """What is wrong with an account, in words, and until when its network takes nothing of it."""

    fault: str | None = None
    rests_until: datetime | None = None
