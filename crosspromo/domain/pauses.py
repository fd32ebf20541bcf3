"""A person's word that nothing goes out for a while (SEMANTICS, *Late, paused, missed*)."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.timing import wall_clock


@dataclass(frozen=True, slots=True)
class Pause:
    """Who paused what, when (aware, in UTC) and why. `account` None: everything."""

    account: str | None
    who: str
    at: datetime
    reason: str

    def sentence(self, zone: ZoneInfo) -> str:
        """What is paused since when, why, and how it ends, for people who live in `zone`."""
        what = "Everything" if self.account is None else self.account
        resume = "" if self.account is None else f" {self.account}"
        return (
            f"{what} was paused by {self.who} at {wall_clock(self.at, zone)}: "
            f"{self.reason}; to go on: crosspromo resume{resume}"
        )
