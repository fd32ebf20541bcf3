"""Every event that icalendar and recurring-ical-events read is read by us."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar

from crosspromo.domain.events import Event
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.calendar import HORIZON, read_events

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[4] / "shared" / "data"
CALENDARS = Path(os.environ.get("CROSSPROMO_CORPUS", BESIDE_THE_REPOSITORY)) / "ics"

pytestmark = pytest.mark.skipif(
    not CALENDARS.is_dir(), reason=f"the corpus of calendars is not at {CALENDARS}"
)

FILES = sorted(path.name for path in CALENDARS.glob("*.ics"))
DAY = timedelta(days=1)

READ_OTHERWISE = {
    "icalendar__issue_1633_rdate_with_dates.ics": "the event has no title, so it is left out",
    "icalendar__issue_1633_rdate_with_dates_and_tzid.ics": "the same",
    "khal__event_dtr_notz_untilz.ics": (
        "nobody knows the zone GMT-05.00/-04.00: it is an error, where the others drop the zone"
    ),
    "libical__2446.ics": (
        "messages about the same events, one after the other, in a file: of each UID the newest "
        "edition counts, and a part that cannot be read makes all of it an error"
    ),
    "libical__classify.ics": "two editions of an event: the newer one counts",
    "node-ical__bad_custom_ms_tz.ics": (
        "the file does not define its zone tzone://Microsoft/Custom, which is an error"
    ),
}
"""Files of which we do not read every event, with the reason why."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """Start of an event that the others read in a file, and from when on it was looked for."""

    uid: str
    start: date
    since: datetime


def theirs(file: str) -> Iterator[Theirs]:
    """Starts of the single events of a file, and of its series in the year in which they begin."""
    try:
        calendars = Calendar.from_ical((CALENDARS / file).read_bytes(), multiple=True)
    except ValueError:
        return  # icalendar reads nothing of it
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            start = start_of(event)
            if start is None or "RECURRENCE-ID" in event:
                continue
            uid, since = str(event.get("UID", "")), datetime(start.year, 1, 1, tzinfo=UTC)
            for each in starts(calendar, uid, start, since):
                yield Theirs(uid, each, since)


def starts(calendar: Any, uid: str, start: date, since: datetime) -> list[date]:
    """Starts of a UID; only that of its first event where the library cannot follow it."""
    alone = Calendar()
    for part in calendar.subcomponents:
        if part.name == "VTIMEZONE" or str(part.get("UID", "")) == uid:
            alone.add_component(part)
    try:
        found = recurring_ical_events.of(alone).between(since, since + HORIZON - DAY)
        return [each["DTSTART"].dt for each in found if moment(each["DTSTART"].dt) >= since]
    except Exception:  # noqa: BLE001 (the library has no errors of its own)
        return [start]


def start_of(event: Any) -> date | None:
    try:
        start = event["DTSTART"].dt
    except (KeyError, AttributeError, ValueError):
        return None
    return start if isinstance(start, date) else None


def moment(start: date) -> datetime:
    if not isinstance(start, datetime):
        start = datetime.combine(start, time())
    return (start if start.tzinfo else start.replace(tzinfo=UTC)).astimezone(UTC)


def is_read(each: Theirs, events: tuple[Event, ...]) -> bool:
    return any(is_of(each.uid, event) and begins(event, each.start) for event in events)


def is_of(uid: str, event: Event) -> bool:
    return not uid or event.uid == uid


def begins(event: Event, start: date) -> bool:
    """Whether an event begins at a moment; on a day; or at an hour on the clock, without zone."""
    local = event.starts_at.astimezone(ZoneInfo(event.zone))
    if not isinstance(start, datetime):
        return local.date() == start
    if event.all_day and start.time() == time():
        return local.date() == start.date()
    return local.replace(tzinfo=None) == start if start.tzinfo is None else local == start


def missed(file: str) -> list[Theirs]:
    data = (CALENDARS / file).read_bytes()
    read: dict[datetime, tuple[Event, ...]] = {}
    found: list[Theirs] = []
    for each in theirs(file):
        if each.since not in read:
            reading = read_events(data, file, zone=UTC_ZONE, now=each.since)
            read[each.since] = reading.items
        if not is_read(each, read[each.since]):
            found.append(each)
    return found


@pytest.mark.parametrize("file", [file for file in FILES if file not in READ_OTHERWISE])
def test_every_event_that_others_read_is_read(file: str) -> None:
    assert missed(file) == []


@pytest.mark.parametrize("file", READ_OTHERWISE)
def test_what_is_read_otherwise_still_is(file: str) -> None:
    assert missed(file) != []


def test_what_is_read_otherwise_is_one_in_ten_at_most() -> None:
    missing = {(file, each.uid) for file in READ_OTHERWISE for each in missed(file)}
    events = {(file, each.uid) for file in FILES for each in theirs(file)}
    assert len(missing) <= len(events) / 10
    assert len(READ_OTHERWISE) <= len(FILES) / 10
