"""Reports by name, and the page for one partner: as pages, and as files to be taken along."""

from collections.abc import Callable

from crosspromo.documents_reports import of_page
from crosspromo.domain.people import Role
from crosspromo.phrasing.reports.named import NAMED
from crosspromo.phrasing.reports.partner import page as partner_words
from crosspromo.report_faces.cells import in_words
from crosspromo.report_faces.html import html_of
from crosspromo.report_faces.pictures import svg
from crosspromo.report_faces.sheets import csv_of, workbook_of
from crosspromo.reports.page import ReportPage
from crosspromo.web.routes import Answer, File, Page, Route, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import report_pages as words

SECTION = "/reports"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html; charset=utf-8"

Making = Callable[[Visit], ReportPage]


def _named(name: str) -> Making:
    """Making of the report with this name, as of now."""
    return lambda visit: NAMED[name](visit.services.reports, None)


def _of_partner(visit: Visit) -> ReportPage:
    return partner_words(visit.services.reports.partner(visit.values["partner"]))


def _shown(making: Making, path: str, command: str) -> Callable[[Visit], Answer]:
    def show(visit: Visit) -> Answer:
        made = making(visit)
        partner = visit.values.get("partner", "")
        return Page(
            "report_page.html",
            made.title,
            words,
            {
                "report": made,
                "acts": made.acts,
                "svg": svg,
                "cell": lambda value: in_words(value, visit.zone),
                "files": path.format(partner=partner),
                "reports": words.NAMES,
            },
            document=lambda: of_page(made),
            command=command.format(partner=partner),
        )

    return show


def _csv(making: Making) -> Callable[[Visit], Answer]:
    def write(visit: Visit) -> Answer:
        made = making(visit)
        return File(csv_of(made).encode(), CSV, f"{_file(made)}.csv")

    return write


def _xlsx(making: Making) -> Callable[[Visit], Answer]:
    def write(visit: Visit) -> Answer:
        made = making(visit)
        return File(workbook_of(made, visit.zone), XLSX, f"{_file(made)}.xlsx")

    return write


def _html(making: Making) -> Callable[[Visit], Answer]:
    def write(visit: Visit) -> Answer:
        made = making(visit)
        name = visit.workspace.settings.organisation.name
        text = html_of(made, visit.zone, organisation=name)
        return File(text.encode(), HTML, f"{_file(made)}.html")

    return write


def _file(made: ReportPage) -> str:
    return f"crosspromo-{made.name}"


def _routes(making: Making, path: str, command: str, section: str) -> tuple[Route, ...]:
    """A report's files and its page."""
    return (
        form(f"{path}.csv", _csv(making), Role.READER, section=section),
        form(f"{path}.xlsx", _xlsx(making), Role.READER, section=section),
        form(f"{path}.html", _html(making), Role.READER, section=section),
        page(path, _shown(making, path, command), section=section),
    )


ROUTES = (
    *_routes(_of_partner, "/partners/{partner}/report", "report partner {partner}", "/partners"),
    *(
        route
        for name in NAMED
        for route in _routes(_named(name), f"/reports/{name}", f"report {name}", SECTION)
    ),
)
