"""Faces of reports: each shows all that a report says, and nothing runs or asks for anything."""

import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import load_workbook
from report_samples import CHICAGO, FORMULA, HOSTILE, sample

from crosspromo.cli.report_acts import command_of
from crosspromo.cli.report_page import bars_of, say
from crosspromo.documents_reports import of_page
from crosspromo.report_faces.html import html_of
from crosspromo.report_faces.mail import mail_of
from crosspromo.report_faces.pictures import drawn, svg
from crosspromo.report_faces.sheets import csv_of, workbook_of
from crosspromo.reports.page import (
    Bar,
    Column,
    Doing,
    NextAct,
    Picture,
    Section,
    Table,
    Worded,
)

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"


def html(name: str = "River Keepers") -> str:
    return html_of(sample(name), CHICAGO, organisation="Us", command_of=command_of)


def is_golden(name: str, text: str) -> bool:
    """Whether the text is that of the golden file; delete the file to have it written anew."""
    file = GOLDEN / name
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8") == text


def test_the_terminal_says_what_it_always_said(capsys: pytest.CaptureFixture[str]) -> None:
    say(sample(), CHICAGO)
    assert is_golden("terminal.txt", capsys.readouterr().out)


def test_the_page_is_what_it_always_was() -> None:
    assert is_golden("page.html", html())


def test_the_csv_is_what_it_always_was() -> None:
    assert is_golden("first-table.csv", csv_of(sample()).replace("\r\n", "\n"))


class Elements(HTMLParser):
    """Elements of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    elements = Elements()
    elements.feed(html(HOSTILE))
    names = {name for name, _ in elements.found}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "image", "use"}
    for name, attributes in elements.found:
        assert not attributes.keys() & {"src", "href", "srcset", "action"}, name
        assert not any(key.startswith("on") for key in attributes), name
    assert not re.search(r"url\((?!#)|@import", html(HOSTILE))


def test_words_of_others_are_words_in_every_face() -> None:
    assert "<script>" not in html(HOSTILE)
    sheet = load_workbook(BytesIO(workbook_of(sample(FORMULA), CHICAGO)))["partners"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", FORMULA)
    assert not csv_of(sample(FORMULA)).splitlines()[1].startswith("=")


def test_a_chart_is_one_image_with_title_and_description_and_says_its_numbers() -> None:
    picture = sample().sections[0].picture
    assert picture is not None
    image = fromstring(svg(picture, "it"))
    assert image.get("role") == "img"
    told = {each.attrib["id"]: each.text for each in image if "id" in each.attrib}
    assert image.get("aria-labelledby") == " ".join(told)
    assert list(told.values()) == [picture.title, picture.description]
    texts = [each.text for each in image.iter(f"{SVG}text")]
    assert "3 · 1" in texts
    assert "1. we gave" in texts


def test_the_longest_bar_fits_a_terminal_and_no_count_vanishes() -> None:
    picture = Picture("It", "It", ("a", "b"), [Bar("many", (9000, 1)), Bar("none", (0, 0))])
    _, many, none = bars_of(picture)
    assert many == "many |" + "#" * 40 + "= 9,000 + 1"
    assert none == "none | 0 + 0"
    assert (many + none).isascii()


def test_bars_of_wide_letters_begin_in_one_column() -> None:
    picture = Picture("It", "It", ("a",), [Bar("川の会", (1,)), Bar("Us", (2,))])
    assert bars_of(picture)[1:] == ["川の会 |# 1", "Us     |## 2"]
    wide, narrow = (
        drawn(Picture("It", "It", ("a",), [Bar(name, (1,))])).zero for name in ("川の会", "abc")
    )
    assert wide > narrow


def test_what_is_not_known_is_so_in_every_face() -> None:
    document = of_page(sample())
    assert document["tables"]["partners"][0]["shares"] is None
    assert document["tables"]["partners"][1]["given"] == 0
    assert ">n/a<" in html()
    assert "n/a" in csv_of(sample())


def test_a_workbook_has_a_sheet_for_each_table_and_one_about_the_report() -> None:
    book = load_workbook(BytesIO(workbook_of(sample(), CHICAGO)))
    assert book.sheetnames == ["about", "partners", "none"]
    words = {row[1].value for row in book["about"].iter_rows()}
    assert {"One partner gave more", "the window", "the age", "What nobody knows."} <= words


def test_a_workbook_can_be_summed_and_sorted() -> None:
    sheet = load_workbook(BytesIO(workbook_of(sample(), CHICAGO)))["partners"]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    # a time stands there as the clocks of the zone showed it, and a day without a time
    noon, may = datetime(2026, 4, 22, 9), datetime(2026, 5, 1)  # noqa: DTZ001 (workbooks: no zones)
    assert first == ["River Keepers", 1234, "n/a", noon, may, "yes"]
    assert second == ["Food Bank", 0, 1.5, None, None, "no"]
    assert [sheet[place].data_type for place in ("B2", "C3", "D2", "E2")] == ["n", "n", "d", "d"]
    assert [sheet[place].number_format for place in ("D2", "E2")] == [
        "yyyy-mm-dd hh:mm",
        "yyyy-mm-dd",
    ]
    assert sheet.column_dimensions["D"].width > len("2026-04-22 09:00")


def test_words_of_a_cell_have_their_value_in_files() -> None:
    day, never = Worded("Fri 2026-05-01", date(2026, 5, 1)), Worded("never")
    table = Table("It", [Column("last", "Last")], [[day], [never]], "Nothing.")
    page = replace(sample(), sections=[Section("it", "It", table=table)])
    assert csv_of(page).splitlines() == ["last", "2026-05-01", '""']
    sheet = load_workbook(BytesIO(workbook_of(page, CHICAGO)))["it"]
    assert [sheet[place].data_type for place in ("A2", "A3")] == ["d", "n"]
    assert sheet["A3"].value is None


def test_a_report_with_a_table_for_spreadsheets_is_that_table_as_csv() -> None:
    figures = Table("It", [Column("account", "Account")], [["x-main"]], "Nothing.")
    page = replace(sample(), figures=figures)
    assert csv_of(page).splitlines() == ["account", "x-main"]
    book = load_workbook(BytesIO(workbook_of(page, CHICAGO)))
    assert book.sheetnames == ["about", "figures", "partners", "none"]


def test_a_long_name_is_cut_on_a_terminal_and_whole_in_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "Association of the neighbours " * 20
    table = Table("It", [Column("name", "Name", is_name=True)], [[name]], "Nothing.")
    picture = Picture("It", "It.", ("posts",), [Bar(name, (3,))])
    page = replace(sample(), sections=[Section("it", "It", table=table, picture=picture)])
    say(page, CHICAGO)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "Association of the… |### 3" in {" ".join(line.split()) for line in lines}
    assert name in csv_of(page)
    assert name in html_of(page, CHICAGO, organisation="Us")


def test_an_act_about_a_long_name_is_short_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    act = NextAct(Doing.SHARE, f"Share {'The Neighbours ' * 20}", "They are due.", "neighbours")
    say(replace(sample(), acts=[act]), CHICAGO)
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("1. Share"))
    assert len(lines[at]) <= 100
    assert lines[at + 1] == "   crosspromo queue spotlight neighbours --to all"


def test_a_day_is_not_divided_on_a_page() -> None:
    last = Worded("Sat 2026-11-28", date(2026, 11, 28))
    columns = [Column("name", "Partner"), Column("last", "Last shared")]
    table = Table("It", columns, [["River Keepers", last]], "Nothing.")
    page = replace(sample(), sections=[Section("it", "It", table=table)])
    assert 'class="short">Sat 2026-11-28<' in html_of(page, CHICAGO, organisation="Us")


def test_the_subject_of_a_mail_names_the_organisation_once() -> None:
    ours = mail_of(sample(), CHICAGO, organisation="Us")
    assert ours.subject == "Us: One partner gave more"
    theirs = replace(sample(), headline="Us has not shared River Keepers in 90 days")
    assert mail_of(theirs, CHICAGO, organisation="Us").subject == theirs.headline


def test_every_act_has_a_command() -> None:
    for doing in Doing:
        assert command_of(NextAct(doing, "It", "It.", "of")).startswith("crosspromo ")


def test_a_command_quotes_the_name_of_an_account() -> None:
    command = command_of(NextAct(Doing.SHARE_ON, "It", "It.", "my account", "river-keepers"))
    assert command == "crosspromo queue spotlight river-keepers --to 'my account'"
