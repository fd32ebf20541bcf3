"""Reports as mails: the answer in plain words, and the whole page as an attachment."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from crosspromo.domain.notices import Attachment, Digest
from crosspromo.report_faces.cells import in_words
from crosspromo.report_faces.html import html_of
from crosspromo.reports.page import ReportPage, Table

MOST_ROWS = 12
"""Rows of a table that a mail has; the attachment has them all."""


def mail_of(page: ReportPage, zone: ZoneInfo, *, organisation: str) -> Digest:
    """Mail with the report; no line of it is wider than its words.

    Its subject names the organisation once, and has one colon at most.
    """
    mark = "," if ": " in page.headline else ":"
    is_named = page.headline.startswith(f"{organisation} ")
    file = f"{page.name}-{page.as_of.astimezone(zone):%Y-%m-%d}.html"
    return Digest(
        page.headline if is_named else f"{organisation}{mark} {page.headline}",
        "\n".join(_lines(page, zone)) + "\n",
        Attachment(file, html_of(page, zone, organisation=organisation)),
    )


def _lines(page: ReportPage, zone: ZoneInfo) -> Iterator[str]:
    yield f"{page.headline}."
    yield from page.lead
    if page.acts:
        yield from ("", "WHAT TO DO NEXT")
    for number, act in enumerate(page.acts, 1):
        yield f"{number}. {act.what}. {act.why}"
    for section in page.sections:
        yield from ("", section.heading.upper())
        yield from section.sentences
        if section.table is not None:
            yield from _rows(section.table, zone)
    yield from ("", "HOW TO READ THIS")
    yield f"Window: {page.basis.window} ({page.basis.zone})"
    yield f"Target: {page.basis.target}"
    yield f"Age of the data: {page.basis.age}"
    yield from page.remarks
    yield "The attached page has tables and pictures; it opens in any browser and prints well."


def _rows(table: Table, zone: ZoneInfo) -> Iterator[str]:
    """Yield each row as a line, with its headings."""
    if not table.rows:
        yield table.empty
    for row in table.rows[:MOST_ROWS]:
        first, *rest = (in_words(cell, zone) for cell in row)
        headings = (column.heading for column in table.columns[1:])
        said = (f"{name}: {cell}" for name, cell in zip(headings, rest, strict=True) if cell)
        yield f"- {first}. {'; '.join(said)}".rstrip(". ")
    if len(table.rows) > MOST_ROWS:
        yield f"{len(table.rows) - MOST_ROWS:,} more are in the attached page."
