"""Reports as one self-contained page of HTML: no script, no request to anywhere."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from crosspromo.report_faces.cells import for_sums, in_words
from crosspromo.report_faces.pictures import environment
from crosspromo.reports.page import Cell, Column, NextAct, ReportPage

SHORT = 12
"""Characters of a cell that stay on one line; days and times always do."""


def html_of(
    page: ReportPage,
    zone: ZoneInfo,
    *,
    organisation: str,
    command_of: Callable[[NextAct], str] | None = None,
) -> str:
    """Whole document; `command_of` gives the command of an act, where commands are typed."""

    def words(cell: Cell) -> str:
        return in_words(cell, zone)

    return (
        environment()
        .get_template("report.html")
        .render(
            page=page,
            organisation=organisation,
            words=words,
            command_of=command_of,
            classes=lambda column, cell: _classes(column, cell, zone),
            is_address=_is_address,
        )
    )


def _classes(column: Column, cell: Cell, zone: ZoneInfo) -> str | None:
    """Class of a cell: a number stands at the right, and what is short is not divided."""
    if column.is_number:
        return "number"
    is_short = isinstance(for_sums(cell), date) or len(in_words(cell, zone)) <= SHORT
    return "short" if is_short else None


def _is_address(cell: Cell) -> bool:
    """Whether a cell is an address that a browser may open."""
    return isinstance(cell, str) and cell.startswith(("https://", "http://"))
