"""Workbooks from outside: cells as they are, and hostile files as one sentence."""

import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.calendar_sheet import RowOfCalendar, read_calendar_sheet
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.workbook import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_MARKS,
    MOST_OF_OTHERS,
    MOST_ROWS,
    MOST_UNPACKED,
    Formula,
    read_workbook,
)

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)


def book(*rows: list[Any], title: str = "Sheet") -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def with_file(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with another content of one of its files."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return target.getvalue()


def refusal(data: bytes) -> str:
    began = perf_counter()
    with pytest.raises(UnreadableFileError) as error:
        read_workbook(data)
    assert perf_counter() - began < 10
    return str(error.value)


def test_cells_come_as_they_are() -> None:
    (sheet,) = read_workbook(
        book(["a", 1, 1.5, True, date(2026, 5, 1), time(9, 30), "=1+1"], [], ["b"])
    )
    (first, second) = sheet.rows
    assert first == (
        1,
        ("a", 1, 1.5, True, datetime(2026, 5, 1), time(9, 30), Formula("=1+1")),  # noqa: DTZ001 (as a workbook has it)
    )
    assert second == (3, ("b",))


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def worksheet(rows: str) -> bytes:
    """File of a sheet with these rows."""
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<worksheet",
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        worksheet('<row><c r="ÄÄ"><v>1</v></c></row>'),
        worksheet('<row><c t="s"><v>99</v></c></row>'),
        worksheet(f"<row><c><v>{'9' * 9000}</v></c></row>"),
    ],
)
def test_a_damaged_sheet_is_refused_in_a_sentence(content: bytes) -> None:
    assert "damaged workbook" in refusal(with_file(book(["a"]), SHEET, content))


def test_what_is_no_workbook_is_refused() -> None:
    assert "is no workbook" in refusal(b"date,text\n")
    assert "is no workbook" in refusal(b"")
    assert "damaged" in refusal(b"PK\x03\x04" + b"\0" * 40)
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x.txt", "x")
    assert "is an archive, but no workbook" in refusal(other.getvalue())


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = with_file(book(["a"]), SHEET, b" " * (MOST_UNPACKED + 1))
    assert len(bomb) < 100_000
    assert "unpacks to more" in refusal(bomb)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SHEET, worksheet("<row>" + "<c/>" * MOST_MARKS + "</row>")),
        (SHEET, worksheet("<row a='1'/>" * (MOST_MARKS // 2))),
        ("xl/styles.xml", b"<xf/>" * MOST_OF_OTHERS),
    ],
)
def test_what_would_fill_the_memory_is_not_parsed(name: str, content: bytes) -> None:
    sentence = refusal(with_file(book(["a"]), name, content))
    assert "more cells than are read" in sentence or "too much in xl/styles.xml" in sentence


def test_too_many_rows_and_too_long_texts_are_refused() -> None:
    far = worksheet(f'<row r="{MOST_ROWS + 1}"><c><v>1</v></c></row>')
    assert "more than 20,000 rows" in refusal(with_file(book(["a"]), SHEET, far))
    long = worksheet(f'<row><c t="inlineStr"><is><t>{"x" * (LONGEST_CELL + 1)}</t></is></c></row>')
    assert "more than 50,000 characters" in refusal(with_file(book(["a"]), SHEET, long))


def test_cells_far_away_are_not_looked_at() -> None:
    far = worksheet(
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row><row r="1048576"/>'
    )
    (sheet,) = read_workbook(with_file(book(["a"]), SHEET, far))
    assert sheet.rows == ((1, (1,)),)
    assert MOST_COLUMNS < 16_384


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_any_damage_is_a_sentence_or_a_sheet(damage: bytes, place: int) -> None:
    data = book(["date", "text"], ["2026-05-01", "Hello"])
    at = place % len(data)
    with suppress(UnreadableFileError):
        read_workbook(data[:at] + damage + data[at + len(damage) :])


# -- calendars ---------------------------------------------------------------------------------


def rows_of(*rows: list[Any]) -> list[RowOfCalendar]:
    sheet = read_calendar_sheet(book(*rows), NOW, UTC_ZONE)
    assert not sheet.errors
    return list(sheet.rows)


@pytest.mark.parametrize(
    ("day", "at", "found"),
    [
        (date(2026, 5, 1), time(9), ("2026-05-01", "09:00")),
        (datetime(2026, 5, 1), datetime(1899, 12, 30, 9), ("2026-05-01", "09:00")),  # noqa: DTZ001 (as a workbook has it)
        ("2026-05-01", "9:00", ("2026-05-01", "09:00")),
        ("May 1", "9am", ("2026-05-01", "09:00")),
        (46143, 0.375, ("2026-05-01", "09:00")),
        (46143.5, 0.37499999999, ("2026-05-01", "09:00")),
        ("tomorrow", "17.30", ("2026-04-21", "17:30")),
        (date(2026, 5, 1), timedelta(hours=9), ("2026-05-01", "09:00")),
        (None, "Allowed ", ("", "allowed")),
        (None, None, ("", "")),
    ],
)
def test_days_and_times_are_read_as_programs_and_people_write_them(
    day: Any, at: Any, found: tuple[str, str]
) -> None:
    (row,) = rows_of(["Text", "DATE ", "time:"], ["x", day, at])
    assert (row.cells["date"], row.cells["time"]) == found


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date", "2026-02-30"),
        ("date", "someday"),
        ("date", True),
        ("date", 1e300),
        ("date", "03/04"),
        ("time", "25:00"),
        ("time", "noonish"),
        ("time", 7),
        ("id", "x"),
        ("id", -1),
        ("id", 2**31),
        ("id", 1.5),
        ("text", "=1+1"),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column(column: str, value: Any) -> None:
    sheet = read_calendar_sheet(book(["partner", column], ["a", value]), NOW, UTC_ZONE)
    ((row, found),) = [(each.row, each.column) for each in sheet.errors]
    assert (row, found) == (2, column)
    assert not sheet.rows


def test_titles_above_the_headings_and_rows_between_are_passed_over() -> None:
    first, second = rows_of(
        ["Our calendar"], [], ["Text", "Id", "text"], ["x", 7.0, "y"], [], ["z"]
    )
    assert (first.number, first.id, first.cells) == (4, 7, {"text": "x", "id": "7"})
    assert (second.number, second.id) == (6, None)


def test_a_workbook_without_headings_is_no_calendar() -> None:
    with pytest.raises(UnreadableFileError, match="no sheet with the headings"):
        read_calendar_sheet(book(["a", "b"], ["c", "d"]), NOW, UTC_ZONE)
