"""Reports as one self-contained page of HTML: no script, no request to anywhere."""

from zoneinfo import ZoneInfo

from crosspromo.report_faces.cells import in_words
from crosspromo.report_faces.commands import command_of
from crosspromo.report_faces.pictures import environment
from crosspromo.reports.page import Cell, ReportPage


def html_of(page: ReportPage, zone: ZoneInfo, *, organisation: str, acts: bool = True) -> str:
    """Whole document; `acts` False leaves out what we do next, as in a page for a partner."""

    def words(cell: Cell) -> str:
        return in_words(cell, zone)

    return (
        environment()
        .get_template("report.html")
        .render(page=page, organisation=organisation, acts=acts, words=words, command_of=command_of)
    )
