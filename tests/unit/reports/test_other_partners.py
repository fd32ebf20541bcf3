"""Names of other partners are found in words, however they are written."""

import pytest

from crosspromo.domain.partners import Partner
from crosspromo.reports.other_partners import OtherPartners

RIVER = Partner("river-keepers", "River Keepers", handles={"x": "riverkeepers"})
RIVAL = Partner(
    "secret-rival",
    "Secret Rival",
    handles={"x": "srival_now", "bluesky": "rival.example.org"},
    website="https://www.secret.example/about",
)
SHORT = Partner("river", "River")
LONG = Partner("league", "League of Neighbours along the Millside Canal")
FOOD = Partner("beta-food", "Beta Food", website="https://beta.example", handles={"x": "b_food"})
UNION = Partner("millside-tenants", "Millside Tenants' Union", website="https://facebook.com/mtu")
KAWA = Partner("kawa", "川の会")
ACT = Partner("act", "ACT", handles={"bluesky": "actnow.bsky.social"})
WATCH = Partner("gwb", "Greenwatch Berlin")
OTHERS = OtherPartners([RIVER, RIVAL, SHORT, LONG, FOOD, UNION, KAWA, ACT, WATCH], "river-keepers")


@pytest.mark.parametrize(
    "words",
    [
        "Cleanup with SECRET RIVAL",
        "cleanup: secret-rival, and us",
        "With @srival_now!",
        "With @rival.example.org",
        "#SecretRival is coming",
        "Read secret.example/today",
        "The river",
        "With the league of neighbours alo",
        "The rivers are rising",
        "昨日は川の会とRiver Keepers",
        "与Beta Food一起",
        "Shared #TeamBetaFood",
        "#betafoodweek",
        "Bêta Food helped",
        "B e t a Food",
        "beta\u200bfood",
        "https://beta.example/about/keepers",
        "https://news.example/?of=b%C3%AAta%20food",
        "@b_food_team",
        "Tenants’ Union walk",
        "Cleanup with Greenwatch",
        "With ACT",
        "与ACT一起",
        "#TeamAct",
        "#teamact",
        "@actnow",
    ],
)
def test_a_name_of_another_is_found(words: str) -> None:
    assert OTHERS.are_named_in(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Cleanup with River Keepers",
        "#RiverKeepers and @riverkeepers meet",
        "The river-keepers’ facts: action, practice",
        "Neighbours of the union share food",
        "https://facebook.com/story/1",
    ],
)
def test_own_names_and_other_words_are_none(words: str) -> None:
    assert not OTHERS.are_named_in(words)


def test_a_word_that_several_partners_have_or_that_is_the_readers_own_names_nobody() -> None:
    clubs = [Partner(f"club-{each}", f"Northside {each}") for each in ("Rowing", "Chess")]
    mine = Partner("mine", "Greenbelt Gardens")
    other = Partner("other", "Greenbelt Cats")
    others = OtherPartners([*clubs, mine, other], "mine")
    assert not others.are_named_in("A day at Northside in the Greenbelt")
    assert others.are_named_in("Rowing with Northside Rowing")
    assert others.are_named_in("The Greenbelt cats")
