"""What people who hear a text read out would miss of it, and its repair."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspromo.text.accessibility import MOST_TRIES, Flaw, flaws, repaired
from crosspromo.text.entities import Span
from crosspromo.text.rules import BLUESKY, BY_NETWORK, MASTODON, REDDIT, TextRules, X

HASHTAGS = [MASTODON, BLUESKY, X]


@pytest.mark.parametrize("rules", HASHTAGS, ids=lambda rules: rules.network)
@pytest.mark.parametrize(
    ("tag", "better"),
    [
        ("#earthday", "#EarthDay"),
        ("#savetherivers", "#SaveTheRivers"),
        ("#blacklivesmatter", "#BlackLivesMatter"),
        ("#earthday2026", "#EarthDay2026"),
        ("#Riverkeepers", "#RiverKeepers"),
        ("#RIVERCLEANUP", "#RiverCleanup"),
    ],
)
def test_a_hashtag_of_several_words_gets_its_capitals(
    rules: TextRules, tag: str, better: str
) -> None:
    text = f"Meet us there {tag} today"
    assert flaws(text, rules) == [Flaw("hashtag", 15, 14 + len(tag), better[1:])]
    assert repaired(text, rules) == f"Meet us there {better} today"


@pytest.mark.parametrize(
    "tag",
    [
        "#RiverKeepers",  # has them
        "#riverKeepers",
        "#river_keepers",  # is divided otherwise
        "#conservation",  # is one word
        "#weekend",
        "#GOTV",  # are letters
        "#LGBTQ",
        "#klimaschutz",  # is no row of words that we know
        "#2026",
    ],
)
def test_another_hashtag_is_left_alone(tag: str) -> None:
    assert flaws(f"Meet us {tag}", X) == []


def test_names_of_the_post_and_its_own_words_divide_better_than_common_words() -> None:
    assert repaired("#blauwassertag", X, ["blau-wasser", "tag-2026"]) == "#BlauWasserTag"
    assert repaired("Act on climate! #actonclimate", X) == "Act on climate! #ActOnClimate"


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Yes 🎉🎉🎉🎉!", "Yes 🎉!"),
        ("🌊 🐟 🌿 🎣 today", "🌊🐟 today"),
        ("👩\u200d👩\u200d👧👩🏽\u200d🚒👍🏿", "👩\u200d👩\u200d👧👩🏽\u200d🚒"),
    ],
)
def test_a_run_of_emoji_becomes_short(text: str, better: str) -> None:
    assert [flaw.kind for flaw in flaws(text, X)] == ["emoji"]
    assert repaired(text, X) == better


@pytest.mark.parametrize("text", ["🎉🎉", "🎉 a 🎉 b 🎉", "1️⃣2️⃣3️⃣", "© ® ™ ©", "👩\u200d👩\u200d👧"])
def test_few_emoji_and_signs_are_left_alone(text: str) -> None:
    assert flaws(text, X) == []


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("𝐁𝐨𝐥𝐝 𝐰𝐨𝐫𝐝𝐬!", "Bold words!"),
        ("𝓢𝓬𝓻𝓲𝓹𝓽 𝔞𝔫𝔡 ℱ𝓇", "Script and Fr"),
        ("ꜱᴍᴀʟʟ ᴄᴀᴘꜱ", "small caps"),
        ("ⓒⓘⓡⓒⓛⓔⓢ 🅱🅾🅻🅳", "circles BOLD"),
        ("Ｗｉｄｅ", "Wide"),
        ("s̶t̶r̶u̶c̶k̶ out", "struck out"),
        ("#𝐫𝐢𝐯𝐞𝐫𝐜𝐥𝐞𝐚𝐧𝐮𝐩", "#RiverCleanup"),
    ],
)
def test_styled_letters_become_letters(text: str, better: str) -> None:
    assert "styled" in {flaw.kind for flaw in flaws(text, MASTODON)}
    assert repaired(text, MASTODON) == better


@pytest.mark.parametrize(
    "text", ["𝑥 is a number", "ℝ and ℤ", "日本語 ＡＢＣ", "Ångström, 5 K, ﬁne", "é̱"]
)
def test_letters_that_mean_something_are_left_alone(text: str) -> None:
    assert flaws(text, X) == []


def test_links_and_mentions_are_left_alone() -> None:
    text = "See https://us.example/#savetherivers and @savetherivers"
    assert flaws(text, X) == []


def test_where_there_are_no_hashtags_none_is_found() -> None:
    assert flaws("#savetherivers", REDDIT) == []


@pytest.mark.parametrize(
    "unit", ["#savetherivers ", "🎉🎉🎉 a ", "𝐁𝐨𝐥𝐝 ", "@us#savetherivers🎉🎉🎉", "a🎉🎉🎉.com "]
)
@pytest.mark.parametrize("times", [5, 500])
def test_a_long_text_is_not_read_oftener_than_a_short_one(unit: str, times: int) -> None:
    """Each reading takes time by the length of the text: their number must not grow with it."""
    readings = 0

    def find(text: str) -> Iterable[Span]:
        nonlocal readings
        readings += 1
        return MASTODON.find(text)

    repaired(unit * times, replace(MASTODON, find=find))
    assert 0 < readings <= 3 * (MOST_TRIES + 1)


def test_one_repair_that_would_do_harm_keeps_no_other_from_being_made() -> None:
    harmful = "a.𝐜𝐨𝐦"  # plain letters would make a link of it
    text = f"#earthday 𝐛𝐨𝐥𝐝 {harmful} and 𝐛𝐨𝐥𝐝 " * 5
    assert repaired(text, BLUESKY) == f"#EarthDay bold {harmful} and bold " * 5


_PIECES = st.sampled_from(
    [
        "#savetherivers",
        "#𝐫𝐢𝐯𝐞𝐫",
        "🎉",
        "👍🏽",
        "𝐛",
        "ᴀ",
        "river",
        " ",
        "\n",
        "@us.example",
        "https://a.org/🎉🎉🎉",
    ]
)


@settings(deadline=None)  # the first text reads the list of words
@given(
    text=st.lists(_PIECES | st.text(max_size=3), max_size=12).map("".join),
    rules=st.sampled_from(list(BY_NETWORK.values())),
)
def test_a_repaired_text_has_no_flaw_and_the_same_links_and_mentions(
    text: str, rules: TextRules
) -> None:
    better = repaired(text, rules)
    assert repaired(better, rules) == better
    assert flaws(better, rules) == []
    kept = [[e.text for e in rules.entities(t) if e.type != "hashtag"] for t in (text, better)]
    assert kept[0] == kept[1]
