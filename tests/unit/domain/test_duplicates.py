"""When two posts say the same, and what the gate makes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.duplicates import (
    Compared,
    EarlierDelivery,
    nearly_the_same,
    normalised,
    text_hash,
)
from crosspromo.domain.gate import decide
from crosspromo.domain.invisible import has_something_visible
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.ratio import Tally
from crosspromo.domain.reasons import faults
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Allow, Candidate, Facts, Override, Refuse, Standing

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
WENT_OUT = EarlierDelivery(3, "x-main", NOW, NOW - timedelta(days=2))
TEN = "the river cleanup starts on saturday morning at eight sharp"  # ten words


def same(one: str, other: str) -> bool:
    return text_hash(Content(one)) == text_hash(Content(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meet the River Keepers", "meet the RIVER keepers"),
        ("Meet the River Keepers", "  Meet\n\nthe  River Keepers "),
        ("Caf\u00e9 tonight", "Cafe\u0301 tonight"),
        ("STRASSE", "stra\u00dfe"),
        ("Meet the River Keepers", "Meet the River Keepers!"),
        ("Join us \u2014 Saturday, 9:00.", "join us: Saturday (9:00)"),
        ("don't", "don\u2019t"),
        ("Well-known #CleanWater", "well known CleanWater"),
        ("Meet the River\u200b Keepers", "Meet\u2060 the Ri\u00adver Keepers\ufeff"),
        ("\U0001d5e0\U0001d5f2\U0001d5f2\U0001d601 us", "Meet us"),
        ("\u2764\ufe0f us", "\u2764 us"),
        ("see https://us.example/a?utm_source=x&id=2", "see https://us.example/a?id=2"),
        ("see https://us.example/a/?fbclid=Iw1&gclid=2", "see http://www.us.example/a"),
        ("see HTTPS://Us.Example/a.", "See us.example/a"),
    ],
)
def test_capitals_white_space_signs_and_tracking_make_no_new_text(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("one two", "two one"),
        ("a b", "ab"),
        ("see https://us.example/?page=1", "see https://us.example/?page=2"),
        ("!!!", "???"),
        ("Hello \U0001f389", "Hello \U0001f30a"),
        ("C++ evening", "C evening"),
    ],
)
def test_another_word_address_or_order_does(one: str, other: str) -> None:
    assert not same(one, other)


def test_where_there_is_no_text_the_title_is_what_is_said() -> None:
    assert text_hash(Content("", title="One")) == text_hash(Content(" ", title="one"))
    assert text_hash(Content("", title="One")) != text_hash(Content("", title="Two"))
    assert text_hash(Content("text", title="One")) == text_hash(Content("text", title="Two"))


def reposted(number: int, text: str = "", *, native: bool = True) -> str:
    return text_hash(Content(text, reshare_of=f"https://x.example/{number}", native=native))


def test_two_reposts_are_the_same_only_where_they_show_the_same_post() -> None:
    assert reposted(1) == text_hash(Content("", reshare_of="https://x.example/1/", native=True))
    assert reposted(1) != reposted(2)
    assert reposted(1) != text_hash(Content(""))


def test_a_quote_is_what_it_shows_and_what_it_says() -> None:
    assert reposted(1, "So true.") == reposted(1, "so TRUE.")
    assert reposted(1, "So true.") != reposted(2, "So true.")
    assert reposted(1, "So true.") != reposted(1)


def test_a_text_with_an_address_is_a_text() -> None:
    assert reposted(1, "Read this", native=False) == reposted(2, "Read this", native=False)


def test_two_accounts_that_say_nothing_do_not_say_the_same() -> None:
    assert not nearly_the_same("", "")
    assert not nearly_the_same(" ", "\n")


@pytest.mark.parametrize(
    ("other", "near"),
    [
        (TEN, True),
        (TEN.title(), True),
        (" ".join(reversed(TEN.split())), True),
        (TEN + " now", True),  # 10 of 11
        (TEN + " right now", False),  # 10 of 12
        (TEN.replace("eight", "nine"), False),  # 9 of 11
        (TEN + " @riverkeepers", True),
        (TEN + " https://river.example/clean-up/now/and/then", True),
        ("something else entirely", False),
        ("", False),
    ],
)
def test_nine_tenths_of_the_words_are_nearly_the_same(other: str, near: bool) -> None:
    assert nearly_the_same(TEN, other) is near
    assert nearly_the_same(other, TEN) is near


def test_two_posts_of_nothing_but_links_are_the_same_only_if_they_are() -> None:
    assert not nearly_the_same("https://a.example", "https://b.example")
    assert nearly_the_same("https://a.example", "HTTPS://a.example ")


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text())
def test_every_text_is_nearly_the_same_as_itself(text: str) -> None:
    assert nearly_the_same(text, text) is bool(normalised(text))
    assert normalised(text) or not has_something_visible(text)


LONG = (
    "On Saturday, April 18 at 9:00 we clean the river bank with our neighbours from Millside, and "
    "everybody who has boots and an hour is welcome to come, to bring friends and children, and to "
    "stay for soup: https://us.example/clean"
)


@pytest.mark.parametrize(
    ("other", "repeats"),
    [
        (LONG.replace("boots", "wellies"), True),
        (LONG.replace("we clean", "We Clean").replace(", and", " - and"), True),
        (f"{LONG}?utm_campaign=april", True),
        (LONG.replace("April 18", "April 25"), False),
        (LONG.replace("us.example/clean", "us.example/soup"), False),
        (f"{LONG} @riverkeepers", False),
        (" ".join(LONG.split()[:20]), False),
    ],
)
def test_an_account_repeats_itself_in_nearly_the_same_words_about_the_same_thing(
    other: str, repeats: bool
) -> None:
    assert Compared(LONG).repeats(Compared(other)) is repeats
    assert Compared(other).repeats(Compared(LONG)) is repeats


@pytest.mark.parametrize("text", ["a." * 20_000, "?utm_a=1" * 5_000, "@u/" * 13_000])
def test_the_comparison_of_a_hostile_text_takes_time_in_proportion(text: str) -> None:
    began = perf_counter()
    assert Compared(text).is_near(Compared(text))
    assert perf_counter() - began < 2


# At the gate

PLENTY = Standing(Tally(100, 0))
FACTS = Facts(policy=Policy(), account=PLENTY, organisation=PLENTY, floor=None, zone=CHICAGO)
POST = Candidate(account="x-main", credit=Credit.OTHERS, due_at=NOW, pinned=False)


def test_the_gate_refuses_it_so_that_an_edit_gets_round_nothing() -> None:
    decision = decide(replace(FACTS, duplicate_here=WENT_OUT), POST, NOW)
    assert isinstance(decision, Refuse)
    assert (decision.code, decision.into) == ("duplicate", State.FAILED)
    assert decision.reason == faults.SameTextSent(WENT_OUT, nearly=False)


def test_a_reason_lets_the_same_account_say_it_again() -> None:
    allowed = replace(POST, duplicate_allowed=True)
    decision = decide(replace(FACTS, duplicate_here=WENT_OUT), allowed, NOW)
    assert isinstance(decision, Allow)
    assert [sentence for check, sentence in decision.trail if check == "duplicate"] == [
        "Delivery 3 says the same; it was allowed when this was queued."
    ]


def test_no_reason_and_no_override_lets_two_accounts_on_x_say_it() -> None:
    facts = replace(FACTS, duplicate_elsewhere=WENT_OUT)
    insistent = replace(
        POST, account="x-second", duplicate_allowed=True, override=Override("chair", "please")
    )
    decision = decide(facts, insistent, NOW)
    assert isinstance(decision, Refuse)
    assert (decision.code, decision.into) == ("duplicate", State.FAILED)
    assert decision.reason == faults.SameTextSent(WENT_OUT, nearly=True)
