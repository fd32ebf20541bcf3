"""Editorial calendars as programs bring them back, and hostile files as sentences."""

import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from time import perf_counter
from typing import Any

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from workbooks import cell, ods, row

from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.calendar_sheet import LONGEST_CELL, RowOfCalendar, read_calendar_sheet
from crosspromo.intake.cell_values import Formula, Value
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.grids import MOST_CELLS, MOST_ROWS, Grid, Wanted
from crosspromo.intake.workbook_files import MOST_UNPACKED
from crosspromo.intake.workbook_reading import open_worksheets

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)


def book(*rows: list[Any], title: str = "Sheet") -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for each in rows:
        sheet.append(each)
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


def table(data: bytes) -> Grid:
    """Table of the first worksheet, its values beside its texts."""
    with open_worksheets(data, Wanted(LONGEST_CELL, values=True)) as worksheets:
        return worksheets[0].read()


def refusal(data: bytes) -> str:
    began = perf_counter()
    with pytest.raises(UnreadableFileError) as error:
        read_calendar_sheet(data, NOW, UTC_ZONE)
    assert perf_counter() - began < 10
    return str(error.value)


def test_cells_come_as_they_are() -> None:
    found = table(
        book(
            ["a", 1, 1.5, True, date(2026, 5, 1), time(9, 30), "=1+1", timedelta(hours=33)],
            [],
            ["b"],
        )
    )
    assert found.values == {
        1: {
            1: 1,
            2: 1.5,
            3: True,
            4: datetime(2026, 5, 1),  # noqa: DTZ001 (as a workbook has it)
            5: time(9, 30),
            6: Formula(),
            7: timedelta(hours=33),
        }
    }
    assert [number for number, _ in found.rows] == [1, 3]
    assert found.rows[0][1][:6] == ["a", "1", "1.5", "TRUE", "2026-05-01", "09:30"]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ('office:value-type="float" office:value="1.5"', 1.5),
        ('office:value-type="boolean" office:boolean-value="true"', True),
        ('office:value-type="date" office:date-value="2026-05-01"', date(2026, 5, 1)),
        (
            'office:value-type="date" office:date-value="2026-05-01T09:30:00"',
            datetime(2026, 5, 1, 9, 30),  # noqa: DTZ001 (as a workbook has it)
        ),
        ('office:value-type="time" office:time-value="PT09H30M00S"', timedelta(hours=9.5)),
        ('office:value-type="float" office:value="2" table:formula="of:=1+1"', Formula()),
        ('calcext:value-type="error" office:value-type="string"', Formula()),
    ],
)
def test_cells_of_libreoffice_come_as_they_are(given: str, value: Value) -> None:
    assert table(ods(row("a", cell("seen", given)))).values == {1: {1: value}}


def test_a_value_merged_downwards_is_that_of_every_row() -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    for line in (["date", "text"], [date(2026, 5, 1), "a"], [None, "b"]):
        sheet.append(line)
    sheet.merge_cells("A2:A3")
    found = read_calendar_sheet(saved(made), NOW, UTC_ZONE)
    assert [each.cells["date"] for each in found.rows] == ["2026-05-01", "2026-05-01"]


def test_values_are_kept_only_where_they_are_wanted() -> None:
    with open_worksheets(book(["a", 1]), Wanted()) as worksheets:
        assert not worksheets[0].read().values


def test_values_count_as_cells() -> None:
    given = 'office:value-type="float" office:value="1" table:number-columns-repeated="999"'
    tall = f'table:number-rows-repeated="{MOST_CELLS // 999 - 1}"'
    data = ods(row(cell("1", given), given=tall))
    assert "more than the 2,000,000 cells" in refusal(data)
    with open_worksheets(data, Wanted()) as worksheets:
        assert worksheets[0].read().rows


MANY = 300_000
"""Elements of a document that is packed closer than any list."""

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
        worksheet('<row><c t="s"><v>99</v></c></row>'),
    ],
)
def test_a_damaged_sheet_is_refused_in_a_sentence(content: bytes) -> None:
    assert "is damaged" in refusal(with_file(book(["a"]), SHEET, content))


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ('<c r="ÄÄ"><v>1</v></c>', ["1"]),
        (f"<c><v>{'9' * 9_000}</v></c>", ["9" * 9_000]),
        ("<c><v>1e999</v></c>", ["1e999"]),
    ],
)
def test_what_is_no_place_and_no_number_is_no_damage(cells: str, texts: list[str]) -> None:
    found = table(with_file(book(["a"]), SHEET, worksheet(f"<row>{cells}</row>")))
    assert found.rows == [(1, texts)]


def test_what_is_no_workbook_is_refused() -> None:
    assert "is no workbook" in refusal(b"date,text\n")
    assert "is no workbook" in refusal(b"")
    assert "damaged" in refusal(b"PK\x03\x04" + b"\0" * 40)
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x.txt", "x")
    assert "is no workbook that can be read" in refusal(other.getvalue())


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = with_file(book(["a"]), SHEET, b" " * (MOST_UNPACKED + 1))
    assert len(bomb) < 100_000
    assert "unpacks to more" in refusal(bomb)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SHEET, worksheet("<row>" + "<c/>" * MANY + "</row>")),
        (SHEET, worksheet("<row a='1'/>" * MANY)),
        ("xl/styles.xml", b"<s>" + b"<xf/>" * MANY + b"</s>"),
    ],
)
def test_what_would_fill_the_memory_is_not_parsed(name: str, content: bytes) -> None:
    assert "unpacks to more than 300 times" in refusal(with_file(book(["a"]), name, content))


def test_too_many_rows_and_too_long_texts_are_refused() -> None:
    far = worksheet(
        "<row><c t='str'><v>date</v></c><c t='str'><v>text</v></c></row>"
        f'<row r="{MOST_ROWS + 2}"><c><v>1</v></c></row>'
    )
    assert "beyond the 20,000 rows" in refusal(with_file(book(["a"]), SHEET, far))
    long = worksheet(
        "<row><c t='str'><v>date</v></c><c t='str'><v>text</v></c></row>"
        f'<row><c/><c t="inlineStr"><is><t>{"x" * (LONGEST_CELL + 1)}</t></is></c></row>'
    )
    sheet = read_calendar_sheet(with_file(book(["a"]), SHEET, long), NOW, UTC_ZONE)
    ((number, column, problem),) = [(each.row, each.column, each.problem) for each in sheet.errors]
    assert (number, column) == (2, "text")
    assert "more than 50,000 characters" in str(problem)


def test_cells_far_away_are_refused_where_they_hold_something() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1">{}</c></row><row r="1048576"/>'
    full, empty = (worksheet(far.format(each)) for each in ("<v>2</v>", ""))
    assert "more than the 1,000 columns" in refusal(with_file(book(["a"]), SHEET, full))
    assert table(with_file(book(["a"]), SHEET, empty)).rows == [(1, ["1"])]


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_any_damage_is_a_sentence_or_a_sheet(damage: bytes, place: int) -> None:
    data = book(["date", "text"], ["2026-05-01", "Hello"])
    at = place % len(data)
    with suppress(UnreadableFileError):
        read_calendar_sheet(data[:at] + damage + data[at + len(damage) :], NOW, UTC_ZONE)


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
    (only,) = rows_of(["Text", "DATE ", "time:"], ["x", day, at])
    assert (only.cells["date"], only.cells["time"]) == found


def test_a_calendar_saved_by_libreoffice_is_read() -> None:
    data = ods(
        row("date", "time", "text", "approver")
        + row(
            cell("1 May", 'office:value-type="date" office:date-value="2026-05-01"'),
            cell("9 am", 'office:value-type="time" office:time-value="PT09H00M00S"'),
            "Hello",
            cell("WAHR", 'office:value-type="boolean" office:boolean-value="true"'),
        )
    )
    (found,) = read_calendar_sheet(data, NOW, UTC_ZONE).rows
    assert found.cells == {
        "date": "2026-05-01",
        "time": "09:00",
        "text": "Hello",
        "approver": "yes",
    }


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
    ((number, found),) = [(each.row, each.column) for each in sheet.errors]
    assert (number, found) == (2, column)
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


def test_half_a_character_that_a_workbook_names_is_left_out() -> None:
    (found,) = rows_of(["partner", "text"], ["a", "Hello_xD800_"])
    assert found.cells["text"] == "Hello"
