"""Reports as sheets: the first table as CSV, or all tables and sentences as a workbook.

No cell of either runs as a formula.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO

from crosspromo.report_faces.cells import in_files
from crosspromo.reports.page import ReportPage, Table

LONGEST_NAME = 31
"""Characters that a worksheet's name may have."""

_NO_NAME = re.compile(r"[\[\]:*?/\\]")


def csv_of(page: ReportPage) -> str:
    """First table of the report as CSV."""
    from crosspromo.intake.spreadsheet import write_table  # noqa: PLC0415 (pages need none)

    table = next((each.table for each in page.sections if each.table is not None), None)
    if table is None:
        return ""
    return write_table([each.key for each in table.columns], _rows(table))


def workbook_of(page: ReportPage) -> bytes:
    """Report as XLSX: a worksheet of sentences, and one for each table."""
    from crosspromo.intake.workbook_writing import write_sheets  # noqa: PLC0415 (likewise)

    sheets: list[tuple[str, Sequence[str], Sequence[Sequence[str]]]] = [
        ("about", ("what", "words"), [*_about(page)])
    ]
    for section in page.sections:
        if section.table is not None:
            name = _NO_NAME.sub(" ", section.key)[:LONGEST_NAME]
            columns = [each.key for each in section.table.columns]
            sheets.append((name, columns, _rows(section.table)))
    file = BytesIO()
    write_sheets(file, sheets)
    return file.getvalue()


def _rows(table: Table) -> Sequence[Sequence[str]]:
    return [[in_files(cell) for cell in row] for row in table.rows]


def _about(page: ReportPage) -> Iterator[tuple[str, str]]:
    yield "report", page.title
    yield "answer", page.headline
    yield "as of", in_files(page.as_of)
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
