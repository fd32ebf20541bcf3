"""The documents say what the code does."""

import re
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import get_args

import pytest

from crosspromo.domain import matters
from crosspromo.domain.ledger import columns
from crosspromo.domain.outcomes import LookUp, Outcome, Removal
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import TRANSITIONS, State
from crosspromo.publishing.networks import Capabilities
from crosspromo.settings import FILE_NAME, account_keys, load

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    text = (DOCS / page).read_text(encoding="utf-8")
    table = re.search(rf"^## {heading}\n(?:[^#|\n].*\n|\n)*((?:\|.*\n)+)", text, re.MULTILINE)
    assert table, f"{page} has no table under {heading}"
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table[1].splitlines()]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def test_the_table_of_states_is_that_of_the_code() -> None:
    documented = {
        state.strip("`"): set(re.findall(r"`(\w+)`", targets))
        for state, _, targets in rows("explanation/deliveries.md", "States")
    }

    assert documented == {
        state.value: {target.value for target in targets} for state, targets in TRANSITIONS.items()
    }


def test_the_table_of_what_counts_is_that_of_the_code() -> None:
    documented = {
        state: (int(others), int(self_))
        for states, self_, others in rows("explanation/deliveries.md", "What counts")
        for state in re.findall(r"`(\w+)`", states)
    }

    assert documented == {
        state.value: (
            columns(Credit.OTHERS, state).others,
            columns(Credit.SELF, state).self_,
        )
        for state in State
    }


def test_every_key_of_an_account_is_documented() -> None:
    documented = {
        key
        for cells in rows("reference/configuration.md", "Keys of an account")
        for key in re.findall(r"`(\w+)`", cells[0])
    }

    assert documented == account_keys()


def test_every_capability_of_a_network_is_documented() -> None:
    documented = [cells[0].strip("`") for cells in rows("reference/connectors.md", "Capabilities")]

    assert sorted(documented) == sorted(field.name for field in fields(Capabilities))


@pytest.mark.parametrize(
    ("heading", "union"), [("Outcomes", Outcome), ("Look-ups", LookUp), ("Removals", Removal)]
)
def test_every_answer_of_a_connector_is_documented(heading: str, union: UnionType) -> None:
    documented = [cells[0].strip("`") for cells in rows("reference/connectors.md", heading)]

    assert documented == [answer.__name__ for answer in get_args(union)]


def test_the_sample_configuration_can_be_used_as_it_is() -> None:
    assert load(ROOT / "config" / FILE_NAME).accounts.keys() == {"trial"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_decision_is_listed_and_numbered_without_gaps() -> None:
    decisions = sorted(path.name for path in (DOCS / "decisions").glob("*.md"))
    index = (DOCS / "index.md").read_text(encoding="utf-8")

    assert [name[:4] for name in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    for name in decisions:
        assert f"decisions/{name}" in index


def test_every_matter_that_needs_a_person_is_documented() -> None:
    documented = [
        code.strip("`")
        for cells in rows("explanation/deliveries.md", "What needs a person")
        for code in cells[0].split(", ")
    ]
    ended = [state.value for state in (State.FAILED, State.MISSED, State.EXPIRED)]
    assert documented == [*ended, *dict.fromkeys(matters.CODES.values())]


def test_no_document_holds_the_marks_of_a_merge() -> None:
    marks = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
    assert [page.name for page in PAGES if marks.search(page.read_text(encoding="utf-8"))] == []
