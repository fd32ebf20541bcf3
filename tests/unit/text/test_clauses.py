"""Words that a text says, told apart from longer words and from their contrary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.text.clauses import stands_as_clause

PAID = "Paid partnership"
SAYING = (
    "Paid partnership.",
    "PAID PARTNERSHIP",
    "Paid partnership with River Keepers.",
    "Paid partnership: River Keepers",
    "This is a paid partnership.",
    "It's a paid partnership with River Keepers.",
    "#ad Paid partnership with River Keepers",
    "#PaidPost #ad: a paid partnership",
    "In paid partnership with River Keepers, we clean.",
    "Meet River Keepers (paid partnership).",
    "Meet River Keepers \N{EM DASH} paid partnership",
    "Meet River Keepers\nPaid partnership",
    "\N{HANDSHAKE}Paid partnership",
    "**Paid partnership**",
    "No plastic in the river! Paid partnership.",
    "Paid partnership. No plastic in the river!",
    "Paid\npartnership",
)
SAYING_NOTHING = (
    "",
    "Unpaid partnership: meet them.",
    "Un-paid partnership",
    "Non paid partnership",
    "This is NOT a paid partnership.",
    "This isn't a paid partnership.",
    "This isn\N{RIGHT SINGLE QUOTATION MARK}t: a paid partnership.",
    "Not: a paid partnership",
    "This is NOT\na paid partnership.",
    "No paid partnership here.",
    "Never a paid partnership",
    "Paid partnership? No!",
    "Paid partnership: no",
    "Paid partnership \N{EM DASH} not at all",
    "Paid partnerships are bad.",
    "Paid partnership-free zone",
    "Why we refuse every paid partnership",
    "They call it \N{LEFT DOUBLE QUOTATION MARK}paid partnership\N{RIGHT DOUBLE QUOTATION MARK}.",
    "paidpartnership",
)


@pytest.mark.parametrize("text", SAYING)
def test_words_of_good_faith_are_taken(text: str) -> None:
    assert stands_as_clause(PAID, text)


@pytest.mark.parametrize("text", SAYING_NOTHING)
def test_longer_words_and_the_contrary_are_not(text: str) -> None:
    assert not stands_as_clause(PAID, text)


def test_words_that_are_cut_off_are_not_said() -> None:
    assert stands_as_clause(PAID, "Paid partnership.", within=len(PAID))
    assert not stands_as_clause(PAID, "Paid partnership.", within=len(PAID) - 1)
    assert not stands_as_clause(PAID, "Paid partnerships", within=len(PAID))


@given(st.lists(st.sampled_from(SAYING_NOTHING[1:])))
def test_no_number_of_contraries_says_it(texts: list[str]) -> None:
    assert not stands_as_clause(PAID, "\n\n".join(texts))
