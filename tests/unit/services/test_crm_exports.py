"""Exports of contact programs come in with one accepted mapping; the records beside were written
before the code.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import UnmappedError
from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.phrasing.errors import of_row
from crosspromo.services.import_partners import PartnerImport, PartnerImports
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

FOLDER = Path(__file__).parents[2] / "sheets" / "crm"
FILES = ("hubspot.csv", "civicrm.xlsx", "npsp.csv", "nationbuilder.csv", "everyaction.xlsx")


@pytest.fixture
def imports(store: Store) -> PartnerImports:
    return PartnerImports(store, FakeClock(), "ana")


def accepted(imports: PartnerImports, name: str) -> PartnerImport:
    return imports.import_((FOLDER / name).read_bytes(), name, accept=True)


def told(imported: PartnerImport) -> list[str]:
    return [of_row(each, UTC_ZONE) for each in imported.warnings]


def expected(name: str) -> list[Partner]:
    text = (FOLDER / f"{name.partition('.')[0]}_expected.json").read_text(encoding="utf-8")
    return sorted((_partner(each) for each in json.loads(text)), key=lambda each: each.slug)


def _partner(document: dict[str, Any]) -> Partner:
    return Partner(**{**document, "topics": tuple(document.get("topics", ()))})


@pytest.mark.parametrize("name", FILES)
def test_an_export_comes_in_with_one_accepted_mapping_and_then_with_none(
    imports: PartnerImports, store: Store, name: str
) -> None:
    data = (FOLDER / name).read_bytes()
    with pytest.raises(UnmappedError):
        imports.import_(data, name)

    assert accepted(imports, name).imported.errors == ()

    with store.read() as unit:
        assert unit.partners.all() == expected(name)
    again = imports.import_(data, name).imported
    assert again.changes == {Change.UNCHANGED: len(expected(name))}


def test_support_by_a_scale_is_turned_round_and_told(imports: PartnerImports) -> None:
    said = told(accepted(imports, "nationbuilder.csv"))
    assert said[1:] == [
        'topics: the tag "501c3" of 1 row was read as the status c3',
        'topics: the tag "501(c)(4)" of 1 row was read as the status c4',
    ]
    assert said[0] == (
        "support_level: counts from 1, strong support: 1 and 2 were read as +, 3 as 0, 4 and 5 as -"
    )


def test_a_second_organisation_of_a_row_is_told(imports: PartnerImports) -> None:
    said = told(accepted(imports, "npsp.csv"))
    assert said == [
        "file: names a second organisation in 1 row, and made a partner of it",
        'row 4: is about "river-keepers" like row 2, and what it says more was added to that',
    ]


def test_the_sheets_that_were_not_read_are_named(imports: PartnerImports) -> None:
    assert told(accepted(imports, "everyaction.xlsx")) == [
        'file: of its 2 sheets "Organizations" was read; not read: "Read me"'
    ]


def test_two_legal_statuses_among_tags_are_asked_about_and_a_column_decides() -> None:
    from crosspromo.intake.partners import open_partners, read_rows  # noqa: PLC0415

    rows = read_rows(open_partners(b'name,tags\nA,"501c3, 501c4, candidate"\n'))
    (error,) = rows.errors
    assert of_row(error, UTC_ZONE) == (
        "row 2, column status: the tags say c3 and c4; write which one it is under status"
    )
    rows = read_rows(open_partners(b'name,tags,status\nA,"501c3, candidate",c4\n'))
    (row,) = rows.items
    assert (row.texts["status"], row.lists["topics"]) == ("c4", ("candidate",))
    assert [of_row(each, UTC_ZONE) for each in rows.warnings] == [
        'topics: the tag "501c3" of 1 row was read as the status c3',
        "row 2, column status: the tags say c3; c4 was taken from its column",
    ]
