"""Reports as one self-contained page of HTML: no script, no request to anywhere."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from crosspromo.report_faces.cells import in_words
from crosspromo.report_faces.pictures import environment
from crosspromo.reports.page import Cell, NextAct, ReportPage


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
        .render(page=page, organisation=organisation, words=words, command_of=command_of)
    )
