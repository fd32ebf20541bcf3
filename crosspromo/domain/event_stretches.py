"""Stretches of events: start and end after an edit, and whether they are whole days."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event

_DAY = timedelta(days=1)

LENGTH = timedelta(hours=2)
"""Length of an event, unless a person gives another."""


class Stretch(NamedTuple):
    """Start and end (UTC) of an event, and whether it takes whole days of its zone."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool


def stretch_of(
    event: Event, starts_at: datetime | None, length: timedelta | None, *, all_day: bool
) -> Stretch:
    """Stretch of the event with a new start or length; None keeps the old one.

    An event of whole days stays one, also where only its length is new: three hours are a whole
    day then. It ends to be one where it gets a time of day, or a start and a length that is not of
    whole days. `all_day`: it takes whole days from now on.
    """
    zone = ZoneInfo(event.zone)
    begins = event.starts_at if starts_at is None else starts_at
    in_hours = starts_at is not None and length is not None and bool(length % _DAY)
    stays = event.all_day and begins.astimezone(zone).time() == time() and not in_hours
    if stays or all_day:
        if length is None:
            length = _wall_clock(event.ends_at, zone) - _wall_clock(event.starts_at, zone)
        return _whole_days(begins, length, zone)
    if length is None:
        length = LENGTH if event.all_day else event.ends_at - event.starts_at
    return Stretch(begins, begins + length, all_day=False)


def _whole_days(starts_at: datetime, length: timedelta, zone: ZoneInfo) -> Stretch:
    """Stretch from the local day of the start to that of the end.

    The length is one of the wall clock: a day on which the clocks change is one day, too.
    """
    there = _wall_clock(starts_at, zone)
    last = (there + length - timedelta.resolution).date()
    first_moment = datetime.combine(there.date(), time(), zone)
    over = datetime.combine(last + _DAY, time(), zone)
    return Stretch(first_moment.astimezone(UTC), over.astimezone(UTC), all_day=True)


def _wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks there show at the moment, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
