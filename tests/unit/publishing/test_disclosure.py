"""A paid post says so where people see it without a click."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.publishing.disclosure import (
    RELATED,
    disclosed,
    first_told,
    stands_before_fold,
    titled,
)
from crosspromo.text.fitting import Segment, fit
from crosspromo.text.rules import BLUESKY, BY_NETWORK, FACEBOOK, REDDIT, TextRules, X
from crosspromo.text.threads import split

PAID = "Paid partnership"
LONG = "We clean the river every Saturday, and everybody is welcome to help us with that. " * 3


def test_a_paid_post_says_so_first_in_a_sentence_that_stays() -> None:
    assert disclosed(PAID, [Segment("Buy this.")], X) == (
        Segment("Paid partnership.\n\n"),
        Segment("Buy this."),
    )


def test_a_text_that_says_so_in_time_is_left_alone() -> None:
    said = (Segment("A PAID PARTNERSHIP with the shop."),)
    assert all(disclosed(PAID, said, rules) == said for rules in (*BY_NETWORK.values(), None))


def test_a_disclosure_that_may_be_left_out_is_none() -> None:
    optional = Segment(" Paid partnership.", drop=1)
    first, *_ = disclosed(PAID, [Segment("Buy this."), optional], X)
    assert first == Segment("Paid partnership.\n\n")


@pytest.mark.parametrize("rules", [X, BLUESKY], ids=lambda rules: rules.network)
def test_where_posts_are_shown_whole_it_may_stand_at_the_end(rules: TextRules) -> None:
    said = (Segment("Buy this.\n\nPaid partnership."),)
    assert disclosed(PAID, said, rules) == said


@pytest.mark.parametrize("before", [LONG, "Buy this.\n\n"], ids=["far down", "in a later line"])
def test_below_a_fold_it_is_said_again_above(before: str) -> None:
    first, *_ = disclosed(PAID, [Segment(f"{before}Paid partnership.")], FACEBOOK)
    assert first == Segment("Paid partnership.\n\n")


def test_in_a_thread_the_first_part_says_it() -> None:
    whole = "".join(each.text for each in disclosed(PAID, [Segment(f"{LONG * 2}{PAID}.")], X))
    assert PAID in split(whole, X)[0]


def test_where_lists_show_titles_only_the_title_says_it_too() -> None:
    assert titled(PAID, "River Keepers", REDDIT) == "Paid partnership: River Keepers"
    assert titled(PAID, "A paid partnership", REDDIT) == "A paid partnership"
    assert titled(PAID, "River Keepers", X) == "River Keepers"
    assert titled(PAID, "", REDDIT) == ""


@pytest.mark.parametrize("rules", BY_NETWORK.values(), ids=lambda rules: rules.network)
@pytest.mark.parametrize(
    "said", ["Unpaid partnership: meet them.", "This is NOT a paid partnership"]
)
def test_its_contrary_is_no_disclosure(said: str, rules: TextRules) -> None:
    assert disclosed(PAID, [Segment(said)], rules)[0] == Segment(f"{PAID}.\n\n")
    assert first_told(PAID, said, rules).startswith(f"{PAID}.\n")
    assert (titled(PAID, said, rules) == f"{PAID}: {said}") is (rules.fold == 0)


@pytest.mark.parametrize(
    "hidden",
    [
        '[x]: https://river.example/ "Paid partnership"\n\nMeet them.',
        '[Meet them](https://river.example/ "Paid partnership").',
        ">!Paid partnership.!<",
        "Un**paid partnership**",
    ],
)
def test_what_markdown_does_not_show_discloses_nothing(hidden: str) -> None:
    assert disclosed(PAID, [Segment(hidden)], REDDIT)[0] == Segment(f"{PAID}.\n\n")


def test_what_markdown_shows_is_taken_and_so_are_plain_words() -> None:
    for said in (
        "**Paid partnership.**",
        "# Paid partnership",
        "[Paid partnership](https://a.example)",
    ):
        assert disclosed(PAID, [Segment(said)], REDDIT) == (Segment(said),)
    plain = (Segment("[x]: a.org (Paid partnership)"),)
    assert disclosed(PAID, plain, REDDIT, plain=True) == plain
    assert disclosed(PAID, plain, REDDIT) != plain


@given(
    words=st.lists(st.sampled_from([PAID, RELATED]), min_size=1, max_size=5),
    title=st.text() | st.sampled_from(["No plastic", "Paid partnership? No.", "Not: a"]),
)
def test_a_title_is_told_each_of_them_once(words: list[str], title: str) -> None:
    for each in words:
        title = titled(each, title, REDDIT)
    for each in words:
        assert titled(each, title, REDDIT) == title


@given(text=st.text(max_size=400), rules=st.sampled_from(list(BY_NETWORK.values())))
def test_whatever_the_text_it_stands_before_the_fold(text: str, rules: TextRules) -> None:
    shown = "".join(each.text for each in disclosed(PAID, [Segment(text)], rules))
    assert stands_before_fold(PAID, shown, rules)
    assert stands_before_fold(PAID, first_told(PAID, text, rules), rules)
    if rules.fits(shown):
        fitted = fit(disclosed(PAID, [Segment(text)], rules), rules)
        assert stands_before_fold(PAID, fitted.text, rules)
