"""Cells of reports as text for people."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.timing import wall_clock
from crosspromo.reports.page import Cell

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


def in_files(cell: Cell) -> str:
    """Cell as a spreadsheet keeps it: times in UTC, numbers bare."""
    match cell:
        case None:
            return NOT_KNOWN
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return cell.isoformat(timespec="seconds")
        case _:
            return str(cell)
