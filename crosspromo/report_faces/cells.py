"""Cells of reports as text for people."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.timing import wall_clock
from crosspromo.reports.page import Cell, Worded

NOT_KNOWN = "n/a"
"""Text of a value that is not known; it is never 0 and never empty."""


def in_words(cell: Cell, zone: ZoneInfo) -> str:
    """Cell as people read it: times in `zone`, numbers with thousands set apart."""
    match cell:
        case None:
            return NOT_KNOWN
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return wall_clock(cell, zone)
        case date():
            return cell.isoformat()
        case int():
            return f"{cell:,}"
        case _:
            return str(cell)


def for_sums(cell: Cell) -> Cell:
    """Value of a cell that a spreadsheet sums and sorts; of words without one, an empty text."""
    if isinstance(cell, Worded):
        return "" if cell.value is None else cell.value
    return cell


def in_files(cell: Cell) -> str:
    """Cell as CSV keeps it: times in UTC, numbers bare."""
    match for_sums(cell):
        case None:
            return NOT_KNOWN
        case bool() as value:
            return "yes" if value else "no"
        case datetime() as moment:
            return moment.isoformat(timespec="seconds")
        case value:
            return str(value)


def in_workbooks(cell: Cell, zone: ZoneInfo) -> str | int | float | date | datetime:
    """Cell as a workbook keeps it: numbers and days as such, times on the clocks of `zone`.

    A workbook has no zones; the worksheet about the report names the one of its times.
    """
    match for_sums(cell):
        case datetime() as moment:
            return moment.astimezone(zone).replace(tzinfo=None)
        case bool() | None as value:
            return in_files(value)
        case value:
            return value
