"""Reports as sheets: the table of figures as CSV, or all tables and sentences as a workbook.

Numbers, days and times can be summed and sorted. No cell of either runs as a formula.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from crosspromo.report_faces.cells import in_files, in_workbooks
from crosspromo.reports.page import ReportPage

LONGEST_NAME = 31
"""Characters that a worksheet's name may have."""

FIGURES = "figures"
"""Name of the worksheet of the table for spreadsheets."""

_NO_NAME = re.compile(r"[\[\]:*?/\\]")


def csv_of(page: ReportPage) -> str:
    """Table of figures of the report as CSV; the first table where the report has no such table."""
    from crosspromo.intake.spreadsheet import write_table  # noqa: PLC0415 (pages need none)

    tables = [each.table for each in page.sections if each.table is not None]
    table = page.figures or next(iter(tables), None)
    if table is None:
        return ""
    rows = [[in_files(cell) for cell in row] for row in table.rows]
    return write_table([each.key for each in table.columns], rows)


def workbook_of(page: ReportPage, zone: ZoneInfo) -> bytes:
    """Report as XLSX, times in `zone`: a worksheet of sentences, and one for each table."""
    from crosspromo.intake.workbook_writing import Sheet, write_sheets  # noqa: PLC0415 (likewise)

    tables = [(each.key, each.table) for each in page.sections if each.table is not None]
    if page.figures is not None:
        tables.insert(0, (FIGURES, page.figures))
    sheets: list[Sheet] = [("about", ("what", "words"), [*_about(page, zone)])]
    for key, table in tables:
        rows = [[in_workbooks(cell, zone) for cell in row] for row in table.rows]
        name = _NO_NAME.sub(" ", key)[:LONGEST_NAME]
        sheets.append((name, [each.key for each in table.columns], rows))
    file = BytesIO()
    write_sheets(file, sheets)
    return file.getvalue()


def _about(page: ReportPage, zone: ZoneInfo) -> Iterator[tuple[str, str | datetime]]:
    yield "report", page.title
    yield "answer", page.headline
    yield "as of", page.as_of.astimezone(zone).replace(tzinfo=None)
    yield "window", page.basis.window
    yield "zone", page.basis.zone
    yield "target", page.basis.target
    yield "age", page.basis.age
    for sentence in page.lead:
        yield "in short", sentence
    for act in page.acts:
        yield "next", f"{act.what}. {act.why}"
    for section in page.sections:
        for sentence in section.sentences:
            yield section.key, sentence
    for remark in page.remarks:
        yield "remark", remark
