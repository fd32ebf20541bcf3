"""Workbooks for tests: XLSX by openpyxl, and ODS written by hand as its programs do."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def xlsx(*rows: Sequence[Any], title: str = "Partners") -> bytes:
    """Workbook of one worksheet with these rows."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def archive(files: dict[str, Any]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return file.getvalue()


def ods(*tables: str) -> bytes:
    """Spreadsheet in OpenDocument's format, from the content of its tables."""
    named = "".join(
        f'<table:table table:name="Sheet{number}">{table}</table:table>'
        for number, table in enumerate(tables, 1)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}><office:body>'
        f"<office:spreadsheet>{named}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    )


def row(*cells: str, given: str = "") -> str:
    """Row of an ODS table; a cell is its text, or an element as it is."""
    written = "".join(each if each.startswith("<") else cell(each) for each in cells)
    return f"<table:table-row {given}>{written}</table:table-row>"


def cell(text: str, given: str = "") -> str:
    """Cell of an ODS table."""
    inside = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {given}>{inside}</table:table-cell>"
