"""Partner spreadsheets as people send them."""

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.naming import slugify
from crosspromo.domain.partner_numbers import HIGHEST
from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake import encoding, grids
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.handles import HANDLE_NETWORKS
from crosspromo.intake.partner_export import write_partners
from crosspromo.intake.partner_headings import COLUMNS, LISTED, OPTIONAL_COLUMNS
from crosspromo.intake.partner_workbook import write_partner_workbook
from crosspromo.intake.partners import PartnerRows, open_partners, read_rows
from crosspromo.phrasing.errors import of_row
from crosspromo.testing.clock import START

HEADER = "slug,name,kind,list,closeness,tier,why,bluesky,x,reddit,mastodon,website,topics"


def read(data: bytes) -> PartnerRows:
    try:
        return read_rows(open_partners(data))
    except UnreadableFileError as error:
        return PartnerRows((), (), (error.fault,), ())


def complete(data: bytes) -> list[Partner]:
    rows = read(data)
    assert (rows.errors, rows.warnings) == ((), ())
    return [row.applied_to(None, START) for row in rows.items]


def one(header: str, row: str) -> Partner:
    (partner,) = complete(f"{header}\n{row}\n".encode())
    return partner


def faults(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [of_row(error, UTC_ZONE) for error in read(data).errors]


def remarks(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [of_row(error, UTC_ZONE) for error in read(data).warnings]


def test_a_note_that_seems_to_ask_for_sign_off_is_not_guessed_and_named() -> None:
    told = "seems to say whether they sign off, and was kept as a note only; a column called"
    for heading, cell in (
        ("notes", "sign_off: yes"),
        ("Remarks", "Tuesdays. Sign-off: no"),
        ("Sign off?", "yes"),
        ("sign-off", "x"),
    ):
        (said,) = remarks(f"name,{heading}\nRiver Keepers,{cell}\n")
        assert told in said, heading
    for heading, cell in (
        ("sign_off", "yes"),
        ("notes", "They sign off on Fridays"),
        ("notes", ""),
    ):
        assert remarks(f"name,{heading}\nRiver Keepers,{cell}\n") == []


def test_all_columns_of_the_export_are_read() -> None:
    partner = one(
        HEADER,
        "keepers,River Keepers,nonprofit,core,ally,1,Clean water,@keepers.example,@Keepers,"
        "u/keepers,https://social.example/@keepers,https://keepers.example,#CleanWater; Rivers ;;",
    )
    assert partner == Partner(
        slug="keepers",
        name="River Keepers",
        kind="nonprofit",
        list="core",
        closeness="ally",
        tier="1",
        why="Clean water",
        website="https://keepers.example",
        handles={
            "bluesky": "keepers.example",
            "x": "Keepers",
            "reddit": "keepers",
            "mastodon": "keepers@social.example",
        },
        topics=("CleanWater", "Rivers"),
    )


def test_only_the_name_is_needed_and_the_slug_is_made_from_it() -> None:
    assert one("Name", "  Café  of the River ") == Partner(
        slug="cafe-of-the-river", name="Café of the River"
    )


def test_columns_come_in_any_order_and_case_and_others_are_kept_as_notes() -> None:
    partner = one("TOPICS,Phone,NAME,Tag OK,phone", "Rivers,555 0100,Keepers,YES,")
    assert (partner.name, partner.topics, partner.tag_ok) == ("Keepers", ("Rivers",), True)
    assert partner.notes == {"Phone": "555 0100"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_every_spreadsheet_program_are_read(
    separator: str, line_end: str, codec: str
) -> None:
    rows = [["slug", "name", "why"], ["b", "Brücke", '"a, b; c"']]
    text = line_end.join(separator.join(row) for row in rows) + line_end
    (partner,) = complete(text.encode(codec))
    assert (partner.name, partner.why) == ("Brücke", "a, b; c")


def test_a_row_number_is_that_of_the_spreadsheet() -> None:
    text = 'name,why,website\n"A","two\nlines",\n\n,,\nB,,ftp://b.example\n'
    (remark,) = remarks(text)
    assert remark == (
        'row 5, column website: "ftp://b.example" is no web address; write it whole, '
        "such as https://river.example; the cell was left out"
    )
    assert read(text.encode()).numbers == (2, 5)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name\nA,B\n", "row 2, column name: the row has 2 cells but the header only 1"),
        ("name,why\n,B\n", "row 2, column name: is empty"),
        ("name\nРека\n", 'row 2, column slug: "Река" makes no slug'),
        ("slug,name\nRiver Keepers,A\n", 'row 2, column slug: "River Keepers" cannot be a slug'),
        ("name,why\nA,x\nB,\na,y\n", 'row 4, column slug: "a" is the slug of row 2 and of row 4'),
        ("name,tag_ok\nA,maybe\n", 'row 2, column tag_ok: "maybe" is neither yes nor no'),
        ("name,status\nA,candiate\nB,527\n", 'row 2, column status: "candiate" is no legal status'),
        ('name\n"A" B\nC\n', "row 2: cannot be cut into cells"),
        ('name\nA\n"B\nC\n', "row 3: cannot be cut into cells"),
        ("name\nA\x07B\n", "row 2, column name: holds control characters"),
        ("name\nA\0B\n", "file: holds null bytes"),
        (b"name,n\x8fme\nA,\n", "row 1, column file: the header is not UTF-8"),
        (b"name,why\nA,ok\nB\x8f,no\n", "row 3, column name: is not UTF-8"),
        (b"\xff\xfen\0a", "file: starts as UTF-16 but is damaged"),
        (b"PK\x03\x04rest of a workbook", "file: is damaged; open it, and save it again"),
        (b"x" * (encoding.MOST_BYTES + 1), "file: has more than the 5,000,000 bytes"),
        ("name\n" + "x" * (grids.LONGEST_CELL + 1), "row 2, column name: has 4,001 char"),
        ("name\n" + "x" * 200_000, "row 2: has a cell with more than 131,072 characters"),
        ("name\n" + "\n" * grids.MOST_ROWS + "A\n", "row 20002: is beyond the 20,000 rows"),
    ],
)
def test_a_fault_names_its_row_and_column(text: str | bytes, fault: str) -> None:
    assert [found[: len(fault)] for found in faults(text)] == [fault]


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("name,x\nA,not a handle\n", 'row 2, column x: "not a handle" is no X handle'),
        ("name,website\nA,https://a@b.example\n", "row 2, column website:"),
        ("name,website\nA,javascript:alert(1)\n", "row 2, column website:"),
        ("name,website\nA,https://[\n", "row 2, column website:"),
        ("name,why\nA,B\x07C\n", "row 2, column why: holds control characters"),
        ("name,why\nA," + "x" * 4001, "row 2, column why: has 4,001 characters"),
        (b"name,why\nA,ok\nB,caf\x8f\n", "row 3, column why: is not UTF-8"),
        ("name\nA\nB\nA\n", 'row 4: says of "a" what row 2 says'),
    ],
)
def test_what_costs_a_cell_only_is_told(text: str | bytes, remark: str) -> None:
    assert faults(text) == []
    assert [found[: len(remark)] for found in remarks(text)] == [remark]


def test_headings_that_repeat_are_told_apart() -> None:
    (row,) = read(b"name,website,Website,Note,Note,\nA,,a.example,1,2,3\n").items
    assert row.texts == {"name": "A", "website": "https://a.example"}
    assert row.notes == {"Note": "1", "Note (2)": "2", "column F": "3"}


def test_characters_that_only_hide_are_taken_out_of_every_cell() -> None:
    partner = one("name,why,ph\u200bone", "\ufeffRiver\u202e Keepers\u200b,a\u2066b,1\u200e2")
    assert (partner.name, partner.why, partner.notes) == ("River Keepers", "ab", {"phone": "12"})


def test_every_faulty_row_is_named_and_the_good_ones_are_read() -> None:
    rows = read(b"name,tag_ok\nA,maybe\nB,\n,yes\n")
    assert [row.slug for row in rows.items] == ["b"]
    assert [error.row for error in rows.errors] == [2, 4]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("C3", "c3"),
        ("501(c)(3)", "c3"),
        ("501c4", "c4"),
        ("527", "527"),
        ("Candidate", "candidate"),
    ],
)
def test_a_legal_status_is_read_as_the_gate_compares_it(written: str, meant: str) -> None:
    assert one("name,status", f"A,{written}").status == meant


def test_an_export_has_the_thirteen_columns_and_others_only_when_needed() -> None:
    plain = Partner(slug="a", name="A")
    assert write_partners([plain]).splitlines()[0] == HEADER
    full = Partner(slug="b", name="B", tag_ok=True, status="c3", notes={"Phone": "1"})
    assert write_partners([plain, full]).splitlines()[0] == f"{HEADER},tag_ok,status,Phone"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_exported_cell_runs_as_a_formula_and_none_is_changed_by_the_way_back(start: str) -> None:
    partner = Partner(slug="a", name=f"{start}HYPERLINK(1)", notes={f"{start}x": f"'{start}1"})
    exported = write_partners([partner])
    assert not re.search(rf'(?:^|,|")\{start}', exported)
    assert complete(exported.encode()) == [partner]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_a_workbook_is_a_formula_and_none_becomes_one_when_it_is_edited(
    start: str,
) -> None:
    partner = Partner(slug="a", name=f"{start}HYPERLINK(1)", notes={f"{start}x": f"'{start}1"})
    data = write_partner_workbook([partner])
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    filled = [each for line in sheet.iter_rows() for each in line if each.value]
    assert {each.data_type for each in filled} == {"s"}
    assert [each.quotePrefix for each in filled if str(each.value).startswith(start)] == [True] * 2
    assert complete(data) == [partner]


text = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"))
    .map(without_invisible)
    .map(lambda found: found.strip()[:50].strip())
)
labels = text.map(lambda found: " ".join(found.split()))
names = labels.filter(slugify)
headers = text.filter(bool) | st.sampled_from(
    [*COLUMNS, *OPTIONAL_COLUMNS, "Tag OK", "WEBSITE", "notes.Owner", "notes", "Twitter", "_x0041_"]
)
topics = labels.map(lambda found: found.replace(";", "").lstrip("#").strip())
parts = labels.map(lambda found: found.replace(";", "").strip()).filter(bool)
handles = {
    "bluesky": st.from_regex(r"[a-z][a-z0-9]{0,20}\.example", fullmatch=True),
    "x": st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True),
    "reddit": st.from_regex(
        r"(?:r/[A-Za-z][A-Za-z0-9_]{2,19}|[A-Za-z0-9_-]{3,20})", fullmatch=True
    ),
    "mastodon": st.from_regex(r"[a-z0-9_]{1,20}@[a-z]{1,9}\.example", fullmatch=True),
}
partners = st.builds(
    Partner,
    slug=names.map(slugify),
    name=names,
    kind=text,
    list=text,
    closeness=text,
    tier=text,
    why=text,
    website=st.sampled_from(["", "https://a.example/?q=1,2;3", "http://b.example:8080/#x"]),
    handles=st.fixed_dictionaries({}, optional=handles),
    topics=st.lists(topics.filter(bool), unique=True, max_size=4).map(tuple),
    tag_ok=st.booleans(),
    status=st.sampled_from(["", "c3", "c4", "527", "candidate"]),
    notes=st.dictionaries(headers, text.filter(bool), max_size=3),
    owner=text,
    support=st.sampled_from(["", "+", "0", "-"]),
    **{name: st.lists(parts, unique=True, max_size=3).map(tuple) for name in LISTED},
    **{name: st.none() | st.integers(1, most) for name, most in HIGHEST.items()},
)


@given(st.lists(partners, max_size=4, unique_by=lambda partner: partner.slug))
def test_an_export_reads_back_as_the_same_partners(some: list[Partner]) -> None:
    exported = write_partners(some)
    assert complete(exported.encode()) == some
    assert complete(exported.encode("utf-16")) == some
    assert complete(write_partner_workbook(some)) == some


@given(
    st.binary(max_size=300)
    | st.text(alphabet='",;\t\r\n=name\ufeff\0é', max_size=80).map(str.encode)
)
def test_no_file_whatever_brings_the_reader_down(data: bytes) -> None:
    rows = read(b"name,x\n" + data)
    assert len(rows.items) == len(rows.numbers)


def test_a_handle_like_a_word_for_nothing_and_a_text_with_references_survive_an_export() -> None:
    partner = Partner("na", "A &amp; B", why="TBD", handles={"x": "none", "reddit": "null"})
    assert complete(write_partners([partner]).encode()) == [partner]


def test_every_network_with_a_column_has_a_reader() -> None:
    assert set(handles) == set(HANDLE_NETWORKS)
