"""Workbooks of Excel and LibreOffice as people keep lists in them."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from workbooks import archive, cell, ods, row, saved, xlsx

from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake import grids, workbook_files
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.file_kinds import FileKind, kind_of
from crosspromo.intake.partner_files import read_partner_file
from crosspromo.intake.partner_headings import is_familiar
from crosspromo.intake.partners import PartnerRows, open_partners, read_rows
from crosspromo.intake.sheet import Sheet
from crosspromo.intake.worksheets import Budget
from crosspromo.phrasing.errors import of_row

HEADINGS = ("name", "website", "why", "Note")
ERROR = "holds the error #REF!; mend the formula, or empty the cell; the cell was left out"
NO_RESULT = "holds a formula without its result; open the file, save it, and import it again"


def read(data: bytes) -> Sheet:
    return read_partner_file(data, is_familiar)


def cells(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(each.number, each.cells) for each in read(data).rows]


def rows(data: bytes) -> PartnerRows:
    return read_rows(open_partners(data))


def told(data: bytes) -> list[str]:
    return [of_row(each, UTC_ZONE) for each in rows(data).warnings]


def fault(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as error:
        read(data)
    return of_row(error.value.fault, UTC_ZONE)


class TestCells:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            *(
                (5550100, "5550100"),
                (0.1 + 0.2, "0.3"),
                (-2.50, "-2.5"),
                (123456789012, "123456789012"),
            ),
            *((True, "TRUE"), (False, "FALSE"), (date(2026, 5, 1), "2026-05-01")),
            *(
                (datetime.fromisoformat("2026-05-01T09:30"), "2026-05-01 09:30"),
                (time(18, 45), "18:45"),
            ),
            *(
                (datetime.fromisoformat("1900-01-01"), "1900-01-01"),
                ("=1", None),
                ("Zoë & Co", "Zoë & Co"),
            ),
        ],
    )
    def test_a_value_is_the_text_that_a_person_sees(self, value: object, text: str | None) -> None:
        (found,) = read(xlsx(HEADINGS, ("A", None, None, value))).rows
        if text is None:
            assert found.faults == {3: NO_RESULT}
        else:
            assert (found.cells[3], found.faults) == (text, {})

    def test_a_format_of_zeros_keeps_them(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        sheet.append(("name", "Postcode"))
        sheet.append(("A", 2134))
        sheet["B2"].number_format = "00000"
        assert cells(saved(workbook)) == [(2, ("A", "02134"))]

    def test_a_colour_or_a_text_in_a_format_makes_no_date(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        sheet.append(("name", "Number"))
        sheet.append(("A", 7))
        sheet["B2"].number_format = '[Red]0" days"'
        assert cells(saved(workbook)) == [(2, ("A", "7"))]

    def test_an_error_costs_its_cell_and_the_value_of_before_stays(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        sheet.append(("name", "why"))
        sheet.append(("A", "#REF!"))
        sheet["B2"].data_type = "e"
        found = rows(saved(workbook))
        assert "why" not in found.items[0].texts
        assert [of_row(each, UTC_ZONE) for each in found.warnings] == [
            f"row 2, column why: {ERROR}"
        ]

    def test_an_empty_cell_at_the_end_of_a_row_clears_as_any_other(self) -> None:
        (found,) = rows(xlsx(("name", "why", "Phone"), ("A",))).items
        assert (found.texts["why"], found.notes) == ("", {"Phone": ""})

    def test_characters_that_excel_writes_by_number_are_read(self) -> None:
        assert cells(xlsx(("name", "why"), ("A", "_x0041_ and _x005F_x0041_"))) == [
            (2, ("A", "A and _x0041_"))
        ]


class TestSheets:
    def test_the_first_with_partners_is_read_and_the_others_are_named(self) -> None:
        workbook = Workbook()
        first = workbook.active
        assert first is not None
        first.title = "About"
        first.append(("Our lists",))
        second = workbook.create_sheet("Partners")
        second.append(("name", "website"))
        second.append(("A", "a.example"))
        workbook.create_sheet("Old").append(("name", "website"))
        data = saved(workbook)
        assert cells(data) == [(2, ("A", "a.example"))]
        assert told(data) == ['file: of its 3 sheets "Partners" was read; not read: "About", "Old"']

    def test_a_hidden_sheet_comes_last(self) -> None:
        workbook = Workbook()
        first = workbook.active
        assert first is not None
        first.append(("name", "website"))
        first.append(("Old", "old.example"))
        first.sheet_state = "hidden"
        second = workbook.create_sheet("Partners")
        second.append(("name", "website"))
        second.append(("New", "new.example"))
        assert cells(saved(workbook)) == [(2, ("New", "new.example"))]

    def test_hidden_rows_and_columns_are_read_and_told(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        for line in (("name", "why"), ("A", "b"), ("B", "c")):
            sheet.append(line)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        data = saved(workbook)
        assert [number for number, _ in cells(data)] == [2, 3]
        assert told(data) == ["file: 1 hidden row and 1 hidden column were read like the others"]

    def test_a_title_above_and_titles_between_are_no_partners(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        lines = (("Our partners",), ("name", "why", "Note"), ("North",), ("A", "b"), ("South", "c"))
        for line in lines:
            sheet.append(line)
        sheet["A1"].font = Font(bold=True)
        for merged in ("A1:C1", "A3:C3"):
            sheet.merge_cells(merged)
        data = saved(workbook)
        assert [found for _, found in cells(data)] == [("A", "b", ""), ("South", "c", "")]
        assert told(data) == [
            'row 1: the row stands above the headings and was not read: "Our partners"',
            'row 3: "North" stretches over several columns like a title, and was left out',
        ]

    def test_a_value_merged_downwards_is_that_of_every_row(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        for line in (("kind", "name"), ("choir", "A"), (None, "B"), (None, "C")):
            sheet.append(line)
        sheet.merge_cells("A2:A3")
        assert [found for _, found in cells(saved(workbook))] == [
            ("choir", "A"),
            ("choir", "B"),
            ("", "C"),
        ]

    def test_a_cell_under_a_merged_one_says_nothing(self) -> None:
        workbook = Workbook()
        sheet = workbook.active
        assert sheet is not None
        for line in (("name", "why", "tier", "Note"), ("A", "both", None, "x")):
            sheet.append(line)
        sheet.merge_cells("B2:C2")
        (found,) = rows(saved(workbook)).items
        assert found.texts == {"name": "A", "why": "both"}

    def test_what_stands_under_no_heading_is_a_note(self) -> None:
        (found,) = rows(xlsx(("name",), ("A", None, "see below"))).items
        assert found.notes == {"column C": "see below"}


class TestOds:
    def test_texts_numbers_dates_and_ticks_are_read(self) -> None:
        data = ods(
            row("name", "Phone", "Postcode", "Since", "tag_ok", "why")
            + row(
                "A &amp; B",
                cell("5,550,100", 'office:value-type="float" office:value="5550100"'),
                cell("02134", 'office:value-type="float" office:value="2134"'),
                cell("1 May", 'office:value-type="date" office:date-value="2026-05-01T00:00:00"'),
                cell("WAHR", 'office:value-type="boolean" office:boolean-value="true"'),
                "two<text:s text:c='2'/>words<text:line-break/>here",
            )
        )
        assert cells(data) == [
            (2, ("A & B", "5550100", "02134", "2026-05-01", "TRUE", "two  words\nhere"))
        ]

    def test_repeated_cells_and_rows_stand_where_they_are_seen(self) -> None:
        data = ods(
            row("name", cell("", 'table:number-columns-repeated="2"'), "why")
            + row("", given='table:number-rows-repeated="3"')
            + row("A", cell("x", 'table:number-columns-repeated="2"'), "b")
            + row(
                cell("", 'table:number-columns-repeated="16384"'),
                given='table:number-rows-repeated="1048571"',
            )
        )
        assert cells(data) == [(5, ("A", "x", "x", "b"))]

    def test_a_comment_is_no_part_of_its_cell(self) -> None:
        note = "<office:annotation><text:p>ask Ana</text:p></office:annotation>"
        data = ods(
            row("name", "why") + row("A", cell("").replace("></", f">{note}<text:p>b</text:p></"))
        )
        assert cells(data) == [(2, ("A", "b"))]

    def test_errors_hidden_rows_and_merged_cells_are_told_as_in_excel(self) -> None:
        data = ods(
            row("name", "why", "Note")
            + row(cell("North", 'table:number-columns-spanned="3"'), "<table:covered-table-cell/>")
            + row(
                "A", cell("#REF!", 'table:formula="of:=[.Z1]"'), given='table:visibility="filter"'
            )
        )
        assert [each.slug for each in rows(data).items] == ["a"]
        assert told(data) == [
            "file: 1 hidden row was read like the others",
            'row 2: "North" stretches over several columns like a title, and was left out',
            f"row 3, column why: {ERROR}",
        ]

    def test_the_sheet_with_partners_is_found(self) -> None:
        data = ods(row("Read me"), row("name", "website") + row("A", "a.example"))
        assert cells(data) == [(2, ("A", "a.example"))]


TYPES = "[Content_Types].xml"
BOOK = '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="a"/></sheets></workbook>'
RELATIONS = (
    '<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>'
)


def book(sheet: str, **others: str) -> bytes:
    files = {
        TYPES: "<Types/>",
        "xl/workbook.xml": others.get("workbook", BOOK),
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/s.xml": sheet,
    }
    return archive(files)


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (book("<a>"), "is damaged"),
            (book("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "is damaged"),
            (book("<a>" * 101 + "</a>" * 101), "has more than 100 elements inside one another"),
            (book(" " * 1_000_001), "unpacks to more than 300 times its size"),
            (xlsx(HEADINGS, (None,) * 1_000 + ("x",)), "row 2: has more than the 1,000 columns"),
            (b"PK\x03\x04" + b"x" * 5_000_000, "has more than the 5,000,000 bytes"),
            (
                archive({TYPES: "", **{f"a{n}": "" for n in range(2_001)}}),
                "has more than 2,000 files",
            ),
            (archive({TYPES: ""}), "is no workbook that can be read"),
        ],
    )
    def test_a_file_beyond_a_bound_is_refused_in_a_sentence(self, data: bytes, words: str) -> None:
        assert words in fault(data)

    def test_a_damaged_type_in_an_archive_is_no_type(self) -> None:
        packed = bytearray(ods(row("name", "website")))
        start = packed.index(b"mimetype") + len("mimetype")
        packed[start : start + 8] = b"\xff" * 8
        assert kind_of(bytes(packed)) is FileKind.XLSX
        assert "is no workbook that can be read" in fault(bytes(packed))

    def test_elements_are_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbook_files, "MOST_ELEMENTS", 50)
        assert "has more than 50 elements" in fault(book("<a>" + "<b/>" * 60 + "</a>"))

    def test_unpacked_bytes_are_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbook_files, "MOST_UNPACKED", 1_000)
        assert "unpacks to more than the 1,000 bytes" in fault(book(" " * 2_000))

    def test_rows_beyond_those_that_are_read_are_told(self) -> None:
        lines = (
            "<row r='1'><c t='str'><v>name</v></c></row><row r='{}'><c t='str'><v>A</v></c></row>"
        )
        beyond = lines.format(grids.MOST_ROWS + 2)
        (error,) = rows(book(f"<d>{beyond}</d>")).errors
        assert of_row(error, UTC_ZONE) == (
            "row 20002: is beyond the 20,000 rows below the header that are read; split the file"
        )

    def test_a_text_that_many_cells_share_is_counted_for_each(self) -> None:
        text = "x" * 4_000
        cell_ = f"<c t='inlineStr'><is><t>{text}</t></is></c>"
        repeated = "".join(
            f'<table:table-row table:number-rows-repeated="9000"><table:table-cell>'
            f"<text:p>{text}</text:p></table:table-cell></table:table-row>"
            for _ in range(1)
        )
        assert "has more than the 30,000,000 characters" in fault(ods(repeated))
        assert cells(book(f"<d><row><c t='str'><v>name</v></c></row><row>{cell_}</row></d>"))

    def test_cells_are_counted_while_they_are_read(self) -> None:
        budget = Budget(cells=3)
        budget.take(3, 10)
        with pytest.raises(UnreadableFileError, match="more than the 2,000,000 cells"):
            budget.take(1, 0)

    def test_a_cell_that_repeats_for_ever_is_counted(self) -> None:
        wide = cell("x", 'table:number-columns-repeated="999999999"')
        assert "has more than the 1,000 columns" in fault(ods(row(wide)))
        tall = row(*["x"] * 900, given='table:number-rows-repeated="999999999"')
        assert "has more than the 2,000,000 cells" in fault(ods(tall))
