"""The sample that `crosspromo demo` and the tutorial import."""

from pathlib import Path

from unit.intake.ics import CHICAGO, NOW

from crosspromo.intake.calendar import read_events
from crosspromo.intake.partner_export import write_partners
from crosspromo.intake.partner_headings import COLUMNS
from crosspromo.intake.partners import open_partners, read_rows
from crosspromo.testing.clock import START

DEMO = Path(__file__).resolve().parents[3] / "config" / "demo"


def test_the_demos_partners_are_read_and_exported_as_they_stand() -> None:
    data = (DEMO / "partners.csv").read_bytes()
    rows = read_rows(open_partners(data))
    assert (rows.errors, rows.warnings) == ((), ())
    partners = [row.applied_to(None, START) for row in rows.items]
    assert len(partners) == 6
    assert {partner.tag_ok for partner in partners} == {True, False}
    exported = write_partners(partners).encode()
    assert exported.splitlines()[0].decode() == ",".join([*COLUMNS, "tag_ok"])
    assert read_rows(open_partners(exported)).items[0].applied_to(None, START) == partners[0]


def test_the_demos_events_show_what_calendars_hold() -> None:
    data = (DEMO / "events.ics").read_bytes()
    events = read_events(data, "events.ics", zone=CHICAGO, now=NOW).complete()
    assert [event.slug for event in events] == [
        "spring-river-cleanup-2030-04-20",
        "earth-day-in-the-river-valley-2030-04-22",
        "tenants-assembly-2030-05-02",
        "bridge-night-ride-2030-05-10",
    ]
    assert [event.all_day for event in events] == [False, True, False, False]
    assert [event.cancelled for event in events] == [False, False, False, True]
    assert {event.zone for event in events} == {"America/Chicago"}
    assert b"\r\n " in data, "one line is folded"
    assert events[0].description.endswith("getting wet, and bring a neighbor.")
