"""Times in the words of the console: `Tue 24 Nov 09:00`, in the organisation's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from crosspromo.domain.timing import DAYS, is_shown_twice
from crosspromo.domain.typed_days import MONTHS


@dataclass(frozen=True, slots=True)
class Moments:
    """Times in words, in `zone`, as of `now`."""

    zone: ZoneInfo
    now: datetime

    def day(self, moment: datetime) -> str:
        """Day: `Tue 24 Nov`, with the year where it is another than now."""
        local = moment.astimezone(self.zone)
        year = "" if local.year == self.now.astimezone(self.zone).year else f" {local.year}"
        return (
            f"{_short(DAYS[local.weekday()])} {local.day} {_short(MONTHS[local.month - 1])}{year}"
        )

    def clock(self, moment: datetime) -> str:
        """Time of day: `09:00`, with the letters of its zone where the clocks show it twice."""
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M %Z}" if is_shown_twice(local) else f"{local:%H:%M}"

    def full(self, moment: datetime) -> str:
        """Day and time: `Tue 24 Nov 09:00`."""
        return f"{self.day(moment)} {self.clock(moment)}"

    def abroad(self, moment: datetime) -> str:
        """Time for a reader outside the house: `Tue 24 Nov 2026, 09:00 (Chicago)`."""
        day, year = self.day(moment), str(moment.astimezone(self.zone).year)
        day = day if day.endswith(year) else f"{day} {year}"
        return f"{day}, {self.clock(moment)} ({self.city})"

    @property
    def city(self) -> str:
        """Place of the zone."""
        return self.zone.key.rpartition("/")[2].replace("_", " ")

    def near(self, moment: datetime) -> str:
        """Time of day alone for today, `yesterday 18:00`, or day and time."""
        days = (self._date(self.now) - self._date(moment)).days
        if days == 0:
            return self.clock(moment)
        return f"yesterday {self.clock(moment)}" if days == 1 else self.full(moment)

    def tag(self, moment: datetime, words: str | None = None) -> Markup:
        """Element `<time>` with the moment in UTC; the words are those of `full` by default."""
        utc = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        shown = self.full(moment) if words is None else words
        return Markup('<time datetime="{}">{}</time>').format(utc, shown)

    def late(self, moment: datetime) -> str:
        """Time since then: `1 h 42 min`."""
        minutes = max(0, int((self.now - moment) / timedelta(minutes=1)))
        hours, rest = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        if days:
            return f"{days} d {hours} h" if hours else f"{days} d"
        if hours:
            return f"{hours} h {rest} min" if rest else f"{hours} h"
        return f"{rest} min"

    def _date(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _short(name: str) -> str:
    return name[:3].capitalize()
