"""Values of reports in files: what has none is empty, and lengths can be summed."""

from csv import DictReader
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from openpyxl import load_workbook
from stories import NO_FLOOR, rules

from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.ratio import Target
from crosspromo.domain.timing import UTC_ZONE, wall_clock
from crosspromo.phrasing.reports import events, gate, month, partner, partners, ratio
from crosspromo.report_faces.sheets import csv_of, workbook_of
from crosspromo.reports.gate import HoldFigure
from crosspromo.reports.page import ReportPage
from crosspromo.services.month_report import MonthReports
from crosspromo.services.reports import EVENTS_AROUND, Reports
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

ACCOUNTS = {"free": rules("free"), "bound": rules("bound", target=Target(1, 1))}


def reports(store: Store) -> Reports:
    return Reports(store, FakeClock(), UTC_ZONE, ACCOUNTS, NO_FLOOR, "Us")


def in_file(page: ReportPage, key: str) -> dict[str, str]:
    """Cells of a column of a report as CSV, by the first column."""
    rows = [*DictReader(csv_of(page).splitlines())]
    return {next(iter(row.values())): row[key] for row in rows}


def test_an_account_without_a_promise_has_neither_kept_it_nor_not(store: Store) -> None:
    months = MonthReports(store, FakeClock(), UTC_ZONE, ACCOUNTS, NO_FLOOR)
    for page in (ratio.page(reports(store).ratio()), month.page(months.of())):
        assert in_file(page, "ok") == {"free": "", "bound": "yes"}


def test_a_partner_who_was_never_shared_has_no_day_in_files(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("aspen", "Aspen"), START)
    page = partners.partners_page(reports(store).partners())
    assert in_file(page, "last_shared") == {"aspen": ""}
    assert "never" in repr(page.sections)


def test_a_chart_of_some_partners_says_so(store: Store) -> None:
    with store.write() as unit:
        for number in range(40):
            unit.partners.save(Partner(f"p{number}", f"P {number}", list="focus"), START)
    for page in (
        partners.partners_page(reports(store).partners()),
        partners.focus_page(reports(store).focus()),
    ):
        shown = page.sections[0]
        assert shown.picture is not None
        assert len(shown.picture.bars) == 30
        assert [*shown.sentences] == [
            "The chart has the first 30 of 40 partners, the table has all."
        ]


def save_event(store: Store, title: str, starts: datetime, partner: str = "aspen") -> None:
    hour = timedelta(hours=1)
    event = Event("", title, starts, starts + hour, "UTC", title, partners=(partner,))
    with store.write() as unit:
        unit.events.save(event)


def test_the_window_of_events_is_the_time_in_which_they_are_looked_at(store: Store) -> None:
    window = events.page(reports(store).events()).basis.window
    begins, ends = (wall_clock(START + way * EVENTS_AROUND, UTC_ZONE)[:14] for way in (-1, 1))
    assert begins in window.split(" to ")[0]
    assert ends in window.split(" to ")[1]


def test_a_partner_reads_of_their_events_however_far_they_are(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("aspen", "Aspen"), START)
        unit.partners.save(Partner("birch", "Birch"), START)
    save_event(store, "Fair", START + timedelta(days=1500))
    save_event(store, "Old fair", START - timedelta(days=1))
    save_event(store, "Walk", START + timedelta(days=3), "birch")
    said = partner.page(reports(store).partner("aspen")).sections[-1].sentences
    assert [sentence.split(":")[0] for sentence in said] == ["Fair"]
    for number in range(10):
        save_event(store, f"Market {number}", START + timedelta(days=70 + number))
    *named, more = partner.page(reports(store).partner("aspen")).sections[-1].sentences
    assert [sentence.split(":")[0] for sentence in named] == [f"Market {n}" for n in range(10)]
    assert more == "These are the next 10 events; there may be more."


def test_the_longest_hold_is_a_number_of_minutes(store: Store) -> None:
    hold = HoldFigure("ratio", 1, 1, timedelta(minutes=30), timedelta(hours=3))
    page = gate.page(replace(reports(store).gate(), holds=[hold]))
    sheet = load_workbook(BytesIO(workbook_of(page, UTC_ZONE)))["holds"]
    head, row = ([cell.value for cell in each] for each in sheet.iter_rows())
    assert dict(zip(head, row, strict=True))["longest_minutes"] == 180
    assert "3 hours" in repr(page.sections)
