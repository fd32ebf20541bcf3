"""Values of reports in files: what has none is empty, and lengths can be summed."""

from csv import DictReader
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from stories import NO_FLOOR, rules

from crosspromo.domain.partners import Partner
from crosspromo.domain.ratio import Target
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.phrasing.reports import gate, month, partners, ratio
from crosspromo.report_faces.sheets import csv_of, workbook_of
from crosspromo.reports.gate import HoldFigure
from crosspromo.reports.page import ReportPage
from crosspromo.services.month_report import MonthReports
from crosspromo.services.reports import Reports
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


def test_the_longest_hold_is_a_number_of_minutes(store: Store) -> None:
    hold = HoldFigure("ratio", 1, 1, timedelta(minutes=30), timedelta(hours=3))
    page = gate.page(replace(reports(store).gate(), holds=[hold]))
    sheet = load_workbook(BytesIO(workbook_of(page, UTC_ZONE)))["holds"]
    head, row = ([cell.value for cell in each] for each in sheet.iter_rows())
    assert dict(zip(head, row, strict=True))["longest_minutes"] == 180
    assert "3 hours" in repr(page.sections)
