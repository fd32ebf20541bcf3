"""Editorial calendar: the queue as a workbook, and what people changed in it."""

from typing import TYPE_CHECKING

from crosspromo.domain.errors import CrosspromoError, DatabaseError, UsageError
from crosspromo.domain.people import Role
from crosspromo.phrasing.editorial import ABOUT
from crosspromo.phrasing.errors import of_row
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, File, Page, act, form
from crosspromo.web.uploads import BODY_BYTES, Upload, said_about, seen_as, taken
from crosspromo.web.visit import Visit
from crosspromo.web.words import calendar_sheets as words

if TYPE_CHECKING:
    from crosspromo.services.import_calendar import CalendarImport

HERE = "/queue/import"
SECTION = "/queue"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ICS = "text/calendar; charset=utf-8"


def workbook(visit: Visit) -> Answer:
    """All open deliveries and the latest sent ones, as a workbook to be changed."""
    exported = visit.services.editorial_calendar.export(ABOUT)
    return File(exported.content, XLSX, "calendar.xlsx")


def events(visit: Visit) -> Answer:
    """Coming events, for anybody."""
    return File(visit.services.calendar_files.public(), ICS, "events.ics")


def ours(visit: Visit) -> Answer:
    """Queue, cadences and follow-ups, for ourselves."""
    return File(visit.services.calendar_files.private(), ICS, "calendar.ics")


def new(visit: Visit) -> Answer:
    """Form for a workbook."""
    return _page(visit)


def change(visit: Visit) -> Answer:
    """Preview of a workbook's changes; or their import, once this very preview was shown."""
    try:
        upload = taken(visit)
    except UsageError as error:
        return _page(visit, error=said(error, visit))
    if upload is None:
        return _page(visit, error=words.CHOOSE_FIRST)
    imports = visit.services.calendar_imports(visit.me.name, signed_in=True)
    try:
        tried = imports.import_(upload.data, upload.name, dry_run=True)
        wanted = visit.text("act") == "import" and bool(tried.changes)
        if wanted and visit.text("seen") == _seen(tried) and not tried.imported.errors:
            done = imports.import_(upload.data, upload.name)
            if not done.imported.errors:
                return Done(SECTION, told=words.imported(done))
            tried = done
    except DatabaseError:
        raise
    except CrosspromoError as error:
        return _page(visit, upload=upload, error=said_about(upload, error, visit))
    meanwhile = words.CHANGED_MEANWHILE if wanted else ""
    return _page(visit, upload=upload, tried=tried, error=meanwhile)


def _page(
    visit: Visit,
    *,
    upload: Upload | None = None,
    tried: "CalendarImport | None" = None,
    error: str = "",
) -> Page:
    rows = [] if tried is None else _rows(tried)
    errors = () if tried is None else tried.imported.errors
    remarks = () if tried is None else tried.remarks
    values = {
        "upload": upload,
        "tried": tried,
        "seen": "" if tried is None else _seen(tried),
        "verdict": "" if tried is None else words.verdict(tried),
        "faults": [of_row(each, visit.zone) for each in errors[: words.MOST_ROWS]],
        "remarks": [words.remark(each) for each in remarks[: words.MOST_ROWS]],
        "rows": rows[: words.MOST_ROWS],
        "more": len(rows) - words.MOST_ROWS,
        "error": error,
    }
    status = 422 if error or errors else 200
    return Page("calendar_import.html", words.TITLE, words, values, status=status)


def _rows(tried: "CalendarImport") -> list[tuple[str, str, str, str, bool]]:
    """Delivery, column, value before and after, and whether it is the first row of the delivery."""
    found = []
    for each in tried.changes:
        if each.is_new:
            values = "; ".join(after for _, _, after in each.cells)
            found.append((words.name_of(each), words.NEW, words.NONE, values, True))
            continue
        for place, (column, before, after) in enumerate(each.cells):
            pair = before or words.NONE, after or words.NONE
            found.append((words.name_of(each), column, *pair, place == 0))
    return found


def _seen(tried: "CalendarImport") -> str:
    """Mark of the changes of an import.

    The id of a new post is not kept, and where the sheet gives no time it may be another by then.
    """
    found = [
        (each.row, None if each.is_new else each.delivery, each.account, column, before, after)
        for each in tried.changes
        for column, before, after in each.cells
        if not (each.is_new and column in {"date", "time", "id"})
    ]
    return seen_as([found, [each.row for each in tried.imported.errors]])


ROUTES = (
    form("/queue.xlsx", workbook, Role.READER, section=SECTION),
    form("/queue.ics", ours, Role.READER, section=SECTION),
    form("/events.ics", events, Role.READER, section="/events"),
    form(HERE, new, Role.AUTHOR, section=SECTION),
    act(HERE, change, Role.AUTHOR, section=SECTION, largest_body=BODY_BYTES),
)
