"""Partner spreadsheets as people send them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.naming import slugify
from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake import encoding, spreadsheet
from crosspromo.intake.handles import HANDLE_NETWORKS
from crosspromo.intake.partners import COLUMNS, OPTIONAL_COLUMNS, read_partners, write_partners
from crosspromo.phrasing.errors import of_row

HEADER = "slug,name,kind,list,closeness,tier,why,bluesky,x,reddit,mastodon,website,topics"


def one(header: str, row: str) -> Partner:
    (partner,) = read_partners(f"{header}\n{row}\n".encode(), "list.csv").complete()
    return partner


def faults(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [of_row(error, UTC_ZONE) for error in read_partners(data, "list.csv").errors]


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
    (partner,) = read_partners(text.encode(codec), "list.csv").complete()
    assert (partner.name, partner.why) == ("Brücke", "a, b; c")


def test_a_row_number_is_that_of_the_spreadsheet() -> None:
    text = 'name,why,website\n"A","two\nlines",\n\n,,\nB,,ftp://b.example\n'
    (fault,) = faults(text)
    assert fault == (
        'row 5, column website: "ftp://b.example" is no web address; write it whole, '
        "such as https://river.example"
    )
    assert read_partners(text.encode(), "list.csv").rows == (2,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "row 1, column name: the header has no such column"),
        ("slug,why\na,b\n", "row 1, column name: the header has no such column"),
        ("name,website,Website\nA,,\n", "row 1, column website: stands more than once"),
        ("name,Note,Note\nA,,\n", "row 1, column Note: stands more than once"),
        ("name\nA,B\n", "row 2, column name: the row has 2 cells but the header only 1"),
        ("name,\nA,B\n", "row 2, column without a name: the cell stands under no header"),
        ("name,why\n,B\n", "row 2, column name: is empty"),
        ("name\nРека\n", 'row 2, column slug: "Река" makes no slug'),
        ("slug,name\nRiver Keepers,A\n", 'row 2, column slug: "River Keepers" cannot be a slug'),
        ("name\nA\nB\na\n", 'row 4, column slug: "a" is the slug of row 2 and of row 4'),
        ("name,x\nA,not a handle\n", 'row 2, column x: "not a handle" is no X handle'),
        ("name,tag_ok\nA,maybe\n", 'row 2, column tag_ok: "maybe" is neither yes nor no'),
        ("name,status\nA,candiate\n", 'row 2, column status: "candiate" is no legal status'),
        ("name,website\nA,www.a.example\n", 'row 2, column website: "www.a.example" is no web'),
        ("name,website\nA,https://a@b.example\n", "row 2, column website:"),
        ("name,website\nA,javascript:alert(1)\n", "row 2, column website:"),
        ("name,website\nA,https://[\n", "row 2, column website:"),
        ('name\n"A" B\nC\n', "row 2, column row: cannot be cut into cells"),
        ('name\nA\n"B\nC\n', "row 3, column row: cannot be cut into cells"),
        ("name\nA\x07B\n", "row 2, column name: holds control characters"),
        ("name\nA\0B\n", "file: holds null bytes"),
        (b"name,why\nA,ok\nB,caf\xe9\n", "row 3, column why: is not UTF-8"),
        (b"n\xe4me\nA\n", "row 1, column file: the header is not UTF-8"),
        (b"\xff\xfen\0a", "file: starts as UTF-16 but is damaged"),
        (b"PK\x03\x04rest of a workbook", "file: is a workbook"),
        (b"x" * (encoding.MOST_BYTES + 1), "file: has more than the 5,000,000 bytes"),
        ("name\n" + "x" * (spreadsheet.LONGEST_CELL + 1), "row 2, column name: has 4,001 char"),
        ("name\n" + "x" * 200_000, "row 2, column row: cannot be cut into cells"),
        ("name\n" + "\n" * spreadsheet.MOST_ROWS, "row 10001, column row: is beyond"),
    ],
)
def test_a_fault_names_its_row_and_column(text: str | bytes, fault: str) -> None:
    assert [found[: len(fault)] for found in faults(text)] == [fault]


def test_characters_that_only_hide_are_taken_out_of_every_cell() -> None:
    partner = one("name,why,ph\u200bone", "\ufeffRiver\u202e Keepers\u200b,a\u2066b,1\u200e2")
    assert (partner.name, partner.why, partner.notes) == ("River Keepers", "ab", {"phone": "12"})


def test_every_faulty_row_is_named_and_the_good_ones_are_read() -> None:
    reading = read_partners(b"name,x\nA,!\nB,\n,x\n", "list.csv")
    assert [partner.slug for partner in reading.items] == ["b"]
    assert [error.row for error in reading.errors] == [2, 4]


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
    assert read_partners(exported.encode(), "list.csv").complete() == (partner,)


text = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"))
    .map(without_invisible)
    .map(lambda found: found.strip()[:50].strip())
)
labels = text.map(lambda found: " ".join(found.split()))
names = labels.filter(slugify)
known = {column.replace("_", " ") for column in (*COLUMNS, *OPTIONAL_COLUMNS)}
headers = text.filter(lambda found: found and found.casefold().replace("_", " ") not in known)
topics = labels.map(lambda found: found.replace(";", "").lstrip("#").strip())
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
)


@given(st.lists(partners, max_size=4, unique_by=lambda partner: partner.slug))
def test_an_export_reads_back_as_the_same_partners(some: list[Partner]) -> None:
    exported = write_partners(some)
    assert list(read_partners(exported.encode(), "export.csv").complete()) == some
    assert list(read_partners(exported.encode("utf-16"), "export.csv").complete()) == some


@given(
    st.binary(max_size=300)
    | st.text(alphabet='",;\t\r\n=name\ufeff\0é', max_size=80).map(str.encode)
)
def test_no_file_whatever_brings_the_reader_down(data: bytes) -> None:
    reading = read_partners(b"name,x\n" + data, "list.csv")
    assert len(reading.items) == len(reading.rows)


def test_every_network_with_a_column_has_a_reader() -> None:
    assert set(handles) == set(HANDLE_NETWORKS)
