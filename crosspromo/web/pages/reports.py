"""Reports: a month, with its verdict first; what was released, and what did not go out."""

from crosspromo.documents_reports import of_month_page
from crosspromo.domain.errors import UsageError
from crosspromo.domain.months import Month
from crosspromo.domain.people import Role
from crosspromo.phrasing.reports.month import page as month_words
from crosspromo.report_faces.cells import in_words
from crosspromo.report_faces.html import html_of
from crosspromo.report_faces.sheets import csv_of, workbook_of
from crosspromo.reports.month import AccountMonth
from crosspromo.services.month_report import ReportOfMonth
from crosspromo.web.errors import not_found
from crosspromo.web.routes import Answer, File, Page, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import reports as words
from crosspromo.web.words.today import MOST_MARKS

HERE = "/reports"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html; charset=utf-8"


def current(visit: Visit) -> Answer:
    """Report of the month that goes on."""
    return _page(visit, visit.services.month_reports.current())


def month(visit: Visit) -> Answer:
    """Page of the report of one month; a month that has not begun has no page."""
    asked = _asked(visit)
    return not_found() if asked is None else _page(visit, asked)


def csv(visit: Visit) -> Answer:
    """Figures of the accounts in the month, whole."""
    asked = _asked(visit)
    if asked is None:
        return not_found()
    found = month_words(visit.services.month_reports.of(asked))
    return File(csv_of(found).encode(), CSV, f"crosspromo-{asked}.csv")


def xlsx(visit: Visit) -> Answer:
    """Report of the month as a workbook."""
    asked = _asked(visit)
    if asked is None:
        return not_found()
    found = month_words(visit.services.month_reports.of(asked))
    return File(workbook_of(found, visit.zone), XLSX, f"crosspromo-{asked}.xlsx")


def html(visit: Visit) -> Answer:
    """Report of the month as one page that can be sent."""
    asked = _asked(visit)
    if asked is None:
        return not_found()
    found = month_words(visit.services.month_reports.of(asked))
    text = html_of(found, visit.zone, organisation=visit.workspace.settings.organisation.name)
    return File(text.encode(), HTML, f"crosspromo-{asked}.html")


def _asked(visit: Visit) -> Month | None:
    try:
        asked = Month.parse(visit.values["month"])
    except UsageError:
        return None
    return asked if asked <= visit.services.month_reports.current() else None


def _page(visit: Visit, asked: Month) -> Page:
    found = visit.services.month_reports.of(asked)
    report, made = found.report, month_words(found)
    sections = {each.key: each for each in made.sections}
    whole = () if report.organisation is None else (report.organisation,)
    return Page(
        "report.html",
        words.month_name(asked),
        words,
        {
            "month": asked,
            "heading": words.heading(asked, report),
            "report": report,
            "made": made,
            "acts": made.acts,
            "lines": sections["lines"],
            "wrong": sections["wrong"],
            "cell": lambda value: in_words(value, visit.zone),
            "reports": words.NAMES,
            "rows": [(each.account or words.WHOLE, each) for each in (*report.accounts, *whole)],
            "marks": [(each, _marks(each)) for each in report.accounts if each.others + each.self_],
            "partners": _partners(found),
            "silent": _silent(found),
            "before": asked.before,
            "after": None if found.is_current else asked.following,
        },
        document=lambda: of_month_page(made, found),
        command=f"report month {asked}",
    )


def _marks(account: AccountMonth) -> tuple[int, int] | None:
    """Numbers of marks; None: too many to be drawn one by one."""
    marks = account.others, account.self_
    return marks if sum(marks) <= MOST_MARKS else None


def _partners(found: ReportOfMonth) -> list[tuple[str, str, object]]:
    """Slug, name and shares of the partners who were shared, most posts first."""
    given = sorted(found.report.given.items(), key=lambda each: (-each[1].posts, each[0]))
    names = {slug: each.name for slug, each in found.partners.items()}
    return [(slug, names.get(slug, slug), each) for slug, each in given]


def _silent(found: ReportOfMonth) -> list[str]:
    """Names of offered partners without a share in the month."""
    return [
        each.name
        for slug, each in found.partners.items()
        if slug not in found.report.given and each.archived_at is None
    ]


ROUTES = (
    page(HERE, current, section=HERE),
    form("/reports/{month}.csv", csv, Role.READER, section=HERE),
    form("/reports/{month}.xlsx", xlsx, Role.READER, section=HERE),
    form("/reports/{month}.html", html, Role.READER, section=HERE),
    page("/reports/{month}", month, section=HERE),
)
