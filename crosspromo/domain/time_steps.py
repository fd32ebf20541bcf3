"""Steps from one time to another: the same time on another day, the slots before and after."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.timing import Slot, at_wall_clock, slot_times


def on_day(moment: datetime, day: date, zone: ZoneInfo) -> datetime:
    """The same time of day on another day; a time that the clocks skip there moves forward."""
    return at_wall_clock(day, moment.astimezone(zone).time(), zone)


def slot_beside(
    slots: Sequence[Slot], zone: ZoneInfo, moment: datetime, *, later: bool
) -> datetime | None:
    """Nearest slot time after the moment, or before it; None for an account without slots."""
    if later:
        return next(slot_times(slots, zone, moment), None)
    for weeks in (1, 2):
        before = [
            at
            for day in range(8 * weeks)
            for slot in slots
            for on in (moment.astimezone(zone).date() - timedelta(days=day),)
            if on.weekday() in slot.days and (at := at_wall_clock(on, slot.at, zone)) < moment
        ]
        if before:
            return max(before)
    return None
