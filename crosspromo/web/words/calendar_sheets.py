"""Words of the page on which an editorial calendar is brought back."""

from typing import TYPE_CHECKING

from crosspromo.domain.changes import Change
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.sheets import of_remark
from crosspromo.web.words.imports import (
    AFTER,
    ANOTHER_FILE,
    BEFORE,
    CHANGED_MEANWHILE,
    CHOOSE_FIRST,
    CHOSEN,
    DIFFERENCES,
    DIFFERENCES_CAPTION,
    FIELD,
    FILE,
    FILE_HINT,
    IMPORT,
    LOOK,
    LOOK_AGAIN,
    MOST_ROWS,
    NEW,
    NONE,
    NOTHING,
    REMARKS,
    more_rows,
)

if TYPE_CHECKING:
    from crosspromo.services.calendar_rows import RowRemark
    from crosspromo.services.import_calendar import CalendarImport, RowChange

__all__ = [
    "AFTER",
    "ANOTHER_FILE",
    "BEFORE",
    "CHANGED_MEANWHILE",
    "CHOOSE_FIRST",
    "CHOSEN",
    "DIFFERENCES",
    "DIFFERENCES_CAPTION",
    "FIELD",
    "FILE",
    "FILE_HINT",
    "IMPORT",
    "LOOK",
    "LOOK_AGAIN",
    "MOST_ROWS",
    "NEW",
    "NONE",
    "NOTHING",
    "REMARKS",
    "more_rows",
]

TITLE = "Bring back the calendar"
LEAD = (
    "The workbook that you downloaded from the queue, with your changes. You see what it would "
    "change, cell by cell, before anything is written."
)
BACK = "Queue"
DELIVERY = "Delivery"
REFUSED = "Rows that are refused"
NOTHING_YET = (
    "Nothing is written as long as a row is refused. Change the file, and choose it again."
)


def verdict(done: "CalendarImport") -> str:
    """Figures of an import, in a sentence."""
    changes = done.imported.changes
    told = [plural(changes.get(Change.NEW, 0), "new post")] if changes.get(Change.NEW) else []
    if changes.get(Change.UPDATED):
        told.append(f"{changes[Change.UPDATED]} changed")
    if changes.get(Change.UNCHANGED):
        told.append(f"{changes[Change.UNCHANGED]} as before")
    refused = len({each.row for each in done.imported.errors})
    if refused:
        told.append(f"{plural(refused, 'row')} refused")
    words = ", ".join(told) or "nothing in it"
    return f"{words[:1].upper()}{words[1:]}."


def imported(done: "CalendarImport") -> list[str]:
    """The calendar was brought back."""
    return [f"Done: {verdict(done)}", *(remark(each) for each in done.remarks[:6])]


def remark(each: "RowRemark") -> str:
    """Remark on a row, as a sentence."""
    place = f"Row {each.row}: " if each.row else ""
    words = of_remark(each.remark)
    return f"{place}{words}." if place else f"{words[:1].upper()}{words[1:]}."


def name_of(change: "RowChange") -> str:
    """Delivery of a row, in a few words."""
    return change.account if change.is_new else f"{change.delivery}, {change.account}"
