"""Partner sheets as the world writes them: FAULTS 2.6, 2.10 and 6, in files and in one sheet."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.partner_headings import Origin, heading_key
from crosspromo.intake.partners import PartnerRows, PartnerSheet, open_partners, read_rows
from crosspromo.phrasing.errors import of_row
from crosspromo.testing.clock import START

SHEETS = Path(__file__).parents[2] / "sheets"
FIELDS = ("website", "x", "bluesky", "mastodon", "reddit")


def opened(name: str) -> PartnerSheet:
    return open_partners((SHEETS / name).read_bytes())


def partners(rows: PartnerRows) -> dict[str, Partner]:
    return {row.slug: row.applied_to(None, START) for row in rows.items}


def values(partner: Partner) -> dict[str, str]:
    return {
        field: partner.website if field == "website" else partner.handles.get(field, "")
        for field in FIELDS
    }


def told(rows: PartnerRows) -> list[str]:
    return [of_row(warning, UTC_ZONE) for warning in rows.warnings]


class TestSixtyRows:
    """Every input of FAULTS 6 in one sheet; sixty_expected.csv was written before the code."""

    @pytest.fixture
    def expected(self) -> list[dict[str, str]]:
        text = (SHEETS / "sixty_expected.csv").read_text(encoding="utf-8")
        return list(csv.DictReader(text.splitlines(), delimiter=";"))

    def test_one_accepted_mapping_is_all_that_it_asks_for(self) -> None:
        sheet = opened("sixty.csv")
        proposed = {each.heading: each.column for each in sheet.proposed}
        assert proposed == {
            "Organisation": "name",
            "Org Website": "website",
            "X (Twitter)": "x",
            "Bluesky Handle": "bluesky",
        }
        assert sheet.noted == ("Phone", "column H")
        assert read_rows(sheet).errors == ()

    def test_what_must_come_out_comes_out(self, expected: list[dict[str, str]]) -> None:
        rows = read_rows(opened("sixty.csv"))
        found = partners(rows)
        assert len(rows.items) == len(expected) == 60
        for line, number, row in zip(expected, rows.numbers, rows.items, strict=True):
            warned = [error.column for error in rows.warnings if error.row == number]
            assert {"row": str(number), "slug": row.slug, **values(found[row.slug])} == {
                key: value for key, value in line.items() if key != "warned"
            }
            named = {each.heading: each.column for each in opened("sixty.csv").columns}
            assert {named[column] for column in warned} == set(line["warned"].split()), line["slug"]

    def test_names_and_notes_are_whole(self) -> None:
        found = partners(read_rows(opened("sixty.csv")))
        assert found["tom-jerry-s"].name == "Tom & Jerry's"
        assert found["cafe-riviere"].name == "Café Rivière"
        assert found["sum-1"].name == "=SUM(1)"
        assert found["a1"].notes == {"Phone": "555 0100"}
        assert found["see-note"].notes == {"column H": "see note"}

    def test_in_windows_1252_it_says_the_same_and_that_it_guessed(self) -> None:
        text = (SHEETS / "sixty.csv").read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("A15;")]
        western = read_rows(open_partners("\r\n".join(kept).encode("cp1252")))
        same = read_rows(open_partners("\r\n".join(kept).encode()))
        assert western.items == same.items
        assert told(western)[0] == (
            "file: is not UTF-8 and was read as Windows-1252, the encoding of Western European and "
            "American spreadsheets; look whether this word is right: Café"
        )
        assert western.warnings[1:] == same.warnings


class TestFilesOfTheFaults:
    def test_a_server_keeps_its_whole_name_and_other_addresses_are_no_handles(self) -> None:
        rows = read_rows(opened("mast.csv"))
        found = partners(rows)
        assert found["team-example"].handles == {"mastodon": "river@team.example.org"}
        assert found["hachy"].handles == {"mastodon": "river@hachyderm.io"}
        assert found["fb"].handles == found["deck"].handles == {}
        assert [(each.row, each.column) for each in rows.warnings] == [
            (4, "mastodon"),
            (5, "mastodon"),
        ]

    def test_a_bad_cell_costs_the_cell_and_all_of_a_row_are_told(self) -> None:
        rows = read_rows(open_partners(b"name,x,mastodon,website\nTwo,a b,river,www.x.org\n"))
        assert partners(rows)["two"] == Partner("two", "Two", website="https://www.x.org")
        assert {(each.row, each.column) for each in rows.warnings} == {(2, "x"), (2, "mastodon")}

    def test_empty_tails_are_ignored_and_a_cell_under_no_heading_is_a_note(self) -> None:
        sheet = opened("trailing.csv")
        rows = read_rows(sheet)
        assert rows.errors == ()
        assert [row.slug for row in rows.items] == [
            "river-keepers",
            "forest-friends",
            "lake-lovers",
        ]
        assert partners(rows)["lake-lovers"].notes == {"column D": "see note"}
        assert sheet.noted == ("column D",)

    def test_entities_are_resolved_in_every_field(self) -> None:
        (partner,) = partners(read_rows(opened("ent.csv"))).values()
        assert partner == Partner(
            "tom-jerry-s",
            "Tom & Jerry's",
            why="They’re great",
            website="https://a.example.org/?x=1&y=2",
        )

    def test_renamed_headings_are_proposed(self) -> None:
        sheet = opened("min.csv")
        assert [(each.heading, each.column) for each in sheet.proposed] == [
            ("url", "website"),
            ("Twitter", "x"),
        ]
        (partner,) = partners(read_rows(sheet)).values()
        assert partner == Partner("a-b", "A B", website="https://ab.example", handles={"x": "ab"})

    def test_several_headings_for_one_network_are_one_handle_and_the_rest_are_notes(self) -> None:
        sheet = opened("social.csv")
        (partner,) = partners(read_rows(sheet)).values()
        assert partner.handles == {"bluesky": "b1.org", "x": "b1", "mastodon": "b1@s.example"}
        assert sheet.noted == ("Facebook", "Instagram", "LinkedIn", "TikTok")

    def test_a_handle_that_differs_under_a_second_heading_is_kept_as_a_note(self) -> None:
        rows = read_rows(open_partners(b"name,Twitter,X Handle\nA,@one,@two\n"))
        (partner,) = partners(rows).values()
        assert (partner.handles, partner.notes) == ({"x": "one"}, {"X Handle": "@two"})
        assert told(rows) == [
            'row 2, column X Handle: "two" is another than "one"; it was kept as a note'
        ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("sep=;\nname;why\nA;b", "A"),
        ('"sep=|"\r\nname|why\r\nA|b', "A"),
        ("sep=\t\nname\twhy\nA\tb", "A"),
    ],
)
def test_a_first_line_that_names_the_separator_is_obeyed_and_is_no_row(
    line: str, name: str
) -> None:
    rows = read_rows(open_partners(line.encode()))
    assert (rows.items[0].texts["name"], rows.items[0].texts["why"], rows.numbers) == (
        name,
        "b",
        (2,),
    )


def test_a_row_above_the_headings_is_told() -> None:
    rows = read_rows(open_partners(b"Our partners,,\n\nname,why,x\nA,b,@a\n"))
    assert (rows.numbers, told(rows)) == (
        (4,),
        ['row 1: the row stands above the headings and was not read: "Our partners"'],
    )


def test_an_absent_column_is_not_named_and_an_empty_cell_clears() -> None:
    (row,) = read_rows(open_partners(b"name,x,why,Phone\nA,,,\n")).items
    assert row.texts == {"name": "A", "why": ""}
    assert (row.handles, row.notes) == ({"x": ""}, {"Phone": ""})
    assert (row.lists, row.tag_ok, row.archived) == ({}, None, None)


def test_a_cell_that_the_row_does_not_have_is_not_named() -> None:
    (row,) = read_rows(open_partners(b"name,x,why\nA\n")).items
    assert (row.texts, row.handles) == ({"name": "A"}, {})


def test_a_cell_that_cannot_be_used_names_nothing() -> None:
    (row,) = read_rows(open_partners(b"name,x,website\nA,a b,landtrust\n")).items
    assert (row.texts, row.handles) == ({"name": "A"}, {})


@pytest.mark.parametrize(
    ("text", "column", "origin"),
    [
        ("name,Status\nA,Active\nB,Lapsed\n", "notes", Origin.PROPOSED),
        ("name,Status\nA,Active\nB,c3\n", "status", Origin.NAMED),
        ("name,Status\nA,\n", "status", Origin.NAMED),
    ],
)
def test_a_status_that_is_no_legal_one_anywhere_is_asked_about(
    text: str, column: str, origin: Origin
) -> None:
    status = open_partners(text.encode()).columns[1]
    assert (status.column, status.origin) == (column, origin)


def test_a_misspelt_legal_status_costs_the_row_where_others_are_legal() -> None:
    rows = read_rows(open_partners(b"name,status\nA,c3\nB,candiate\n"))
    assert [error.row for error in rows.errors] == [3]


def test_what_a_person_chose_comes_before_everything() -> None:
    chosen = {heading_key("Name"): "notes", heading_key("Org"): "name", heading_key("Tel"): "skip"}
    sheet = open_partners(b"Name,Org,Tel\nJane,River,555\n", chosen=chosen)
    (partner,) = partners(read_rows(sheet)).values()
    assert partner == Partner("river", "River", notes={"Name": "Jane"})


def test_what_was_accepted_once_is_asked_no_more() -> None:
    sheet = open_partners(b"name,url\nA,a.example\n", remembered={heading_key("URL"): "website"})
    assert sheet.proposed == ()
    assert partners(read_rows(sheet))["a"].website == "https://a.example"


def test_an_export_of_ours_is_read_as_it_stands_whatever_is_remembered() -> None:
    header = "slug,name,kind,list,closeness,tier,why,bluesky,x,reddit,mastodon,website,topics,url"
    remembered: Mapping[str, str] = {heading_key("url"): "website", heading_key("why"): "notes"}
    sheet = open_partners(f"{header}\n".encode(), remembered=remembered)
    assert {each.origin for each in sheet.columns} == {Origin.NAMED, Origin.UNKNOWN}
    assert sheet.columns[-1].column == "notes"


RECOGNISED = {
    "name": "name",
    "website": "website",
    "x": "x",
    "topics": "topics",
    "tier": "tier",
} | {
    "kind": "kind",
    "domain": "website",
    "owner": "owner",
}
NOT_THEIRS = {
    "Account2 Name",  # a second organisation
    "Email Domain",  # of a mail address
    "IsOrganization",  # yes or no
    "point_person_id",  # a number
}
"""Headings of contact programs that do not hold what the list says, or not for certain."""


def test_headings_that_contact_programs_export_are_known() -> None:
    folder = os.environ.get("CROSSPROMO_CORPUS")
    if folder is None:
        pytest.skip("no list of headings: CROSSPROMO_CORPUS does not name a folder")
    with (Path(folder) / "headers.tsv").open(encoding="utf-8") as lines:
        known = [
            (line["header"], RECOGNISED[line["field"]])
            for line in csv.DictReader(lines, delimiter="\t")
            if line["entity"] == "partner" and line["field"] in RECOGNISED
        ]
    assert len(known) > 50
    wrong = []
    for heading, column in known:
        (assigned,) = open_partners(f"{heading}\ncell\n".encode()).columns
        if assigned.column != column and heading not in NOT_THEIRS:
            wrong.append((heading, column, assigned.column))
    assert wrong == []


@given(st.text(max_size=60))
def test_no_heading_brings_the_proposals_down(heading: str) -> None:
    assert isinstance(heading_key(heading), str)


@pytest.mark.parametrize(
    "row",
    [
        "Total: 3,,,",
        "Sum,,3,",
        "Grand total,12,,4.5",
        "Summe,,=SUM(C2:C9),",
        "Total général,,,",
        ",Total,12,",
        "Total: 2 partners,,,",
        "Total (2),,,",
        "Total: 1 partner,,,",
        "Total partners,,12,",
        "Total,2 partners,5 yes,",
        "Total of 3,,,",
        "3 organisations in all,,,",
        "3 in total,,,",
        "3 groups so far (4?),,,",
        "12 partners,,,",
        "Partners: 12,,,",
        "Number of organizations: 7,,,",
        "Number of partners,7,,",
        "* = may be tagged,,,",
        "Legend: x = may be tagged,,,",
        "Last updated: 3 May 2026,,,",
        "n/a,,,",
        "TBD,why,,",
    ],
)
def test_a_row_of_sums_or_explanations_is_no_partner_and_is_told(row: str) -> None:
    rows = read_rows(open_partners(f"name,why,kind,list\nA,b,c,d\n{row}\n".encode()))
    assert [each.slug for each in rows.items] == ["a"]
    (said,) = told(rows)
    assert said.startswith("row 3: ")
    assert said.endswith(", and was left out; a partner of that name needs a slug")


@pytest.mark.parametrize(
    "row",
    [
        *("Total,They sell fuel.,,", "Sum of Us,,,", "Keynote Speakers,,,", "None,,,"),
        *("Total Partners,,,", "Number 10,,,", "350.org,,,", "Group 42,,,", "In All,,,"),
        *("12 partners,They meet on Mondays.,,", "C40 Groups,,,"),
    ],
)
def test_an_organisation_whose_name_sounds_like_a_sum_is_a_partner(row: str) -> None:
    rows = read_rows(open_partners(f"name,why,kind,list\n{row}\n".encode()))
    assert len(rows.items) == 1


def test_with_a_slug_any_name_is_a_partner() -> None:
    rows = read_rows(open_partners(b"slug,name\nsum,Sum\n"))
    assert [each.slug for each in rows.items] == ["sum"]


@pytest.mark.parametrize(
    "heading", ["Okay to tag?", "OK to tag?", "Can we tag them?", "Happy to be tagged"]
)
def test_a_question_about_tagging_is_proposed_for_it(heading: str) -> None:
    sheet = open_partners(f"name,{heading}\nA,yes\n".encode())
    assert [each.column for each in sheet.proposed] == ["tag_ok"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        *((cell, True) for cell in ("Yes please", "x", "X", "OK", "Okay!", "✓", "✔️")),
        *((cell, False) for cell in ("no thanks", "No, thank you.", "n/a", "-")),
    ],
)
def test_yes_and_no_are_read_as_people_write_them(cell: str, answer: bool) -> None:
    (row,) = read_rows(open_partners(f'name,tag_ok\nA,"{cell}"\n'.encode())).items
    assert row.tag_ok is answer


@pytest.mark.parametrize(
    "sign",
    [
        *("✓", "✔", "✔\ufe0f", "✔\ufe0e", "☑", "☑\ufe0f", "✅", "&#10004;", "✓ (Ana)"),
        *("☐", "⬜", "□", "❌", "❎", "✗", "✘", "✖\ufe0f", "☒", "×"),
    ],
)
def test_a_letter_x_beside_ticks_boxes_or_crosses_is_no_consent(sign: str) -> None:
    rows = read_rows(open_partners(f"name,tag_ok\nA,{sign}\nB,x\nC,Yes\n".encode()))
    assert "b" not in {each.slug for each in rows.items}
    assert (
        'row 3, column tag_ok: "x" stands in a column with ticks, boxes or crosses; write yes or no'
    ) in map(str, rows.errors)


def test_signs_of_another_column_cast_no_doubt() -> None:
    (row,) = read_rows(open_partners("name,tag_ok,archived\nA,x,❌\n".encode())).items
    assert (row.tag_ok, row.archived) == (True, False)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        *(("yes", "no", False), ("no", "yes", False), ("yes", "", False), ("", "yes", False)),
        *(("yes", "yes", True), ("no", "", False)),
    ],
)
def test_two_answers_about_tagging_that_disagree_are_no_consent(
    first: str, second: str, answer: bool
) -> None:
    sheet = open_partners(
        f"name,Okay to tag?,Can we tag them?\nA,{first},{second}\nB,no,no\n".encode()
    )
    rows = read_rows(sheet)
    assert rows.items[0].tag_ok is answer
    headings = ("Okay to tag?", "Can we tag them?")
    yes, no = headings if first == "yes" else reversed(headings)
    disagree = "yes" in {first, second} and first != second
    word = f'row 2, column {yes}: says yes, and "{no}" does not; no was taken'
    assert told(rows) == ([word] if disagree else [])


@pytest.mark.parametrize("cell", ["n/a", "-", "none", "TBD", "(none)"])
def test_a_word_for_nothing_is_no_note(cell: str) -> None:
    sheet = open_partners(f"name,Remark\nA,{cell}\n".encode())
    (row,) = read_rows(sheet).items
    assert (row.notes, sheet.noted) == ({"Remark": ""}, ())


@pytest.mark.parametrize("heading", ["topics", "tags"])
def test_hashtags_beside_each_other_are_topics_of_their_own(heading: str) -> None:
    (row,) = read_rows(open_partners(f"name,{heading}\nA,#Water #Rivers\n".encode())).items
    assert row.lists == {"topics": ("Water", "Rivers")}


def test_a_name_that_makes_no_slug_needs_a_column_of_slugs() -> None:
    (error,) = read_rows(open_partners("name\nКлюч\n".encode())).errors
    assert str(error) == (
        'row 2, column slug: "Ключ" makes no slug; write one under "slug", such as "river-keepers"'
    )
