import subprocess
import sys
import time
from dataclasses import replace

import pytest

from crosspromo.text.graphemes import grapheme_length, graphemes
from crosspromo.text.rules import (
    BLUESKY,
    BY_NETWORK,
    EMAIL,
    INSTAGRAM,
    LINKEDIN,
    MASTODON,
    REDDIT,
    TIKTOK,
    TextRules,
    X,
)

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("http://example.com/" + "a" * 500, 23),
        ("example.com", 23),
        ("see example.com, or t.co/a.", 4 + 23 + 5 + 23 + 1),
        ("example.invalidtld", 18),
        ("e\u0301", 1),  # é after NFC
        ("日本", 4),
        ("“quoted”", 8),  # quotation marks lie in a light range
        ("© ®", 3),
        ("©️", 2),
        ("©👍🏽", 3),
        ("😀", 2),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("1️⃣", 2),
        ("🇩🇪", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
    ],
)
def test_x_weighs(text: str, length: int) -> None:
    assert X.length(text) == length


@pytest.mark.parametrize(
    "emoji",
    [
        "🧑‍🤝‍🧑",  # 2019, in no table of the libraries
        "🐻‍❄️",
        "🧑🏽‍❤️‍🧑🏿",
        "🫠",
        "🫱🏻‍🫲🏿",
        "🐦‍🔥",
        "🙂‍↕️",
        "🏃🏽‍♀️‍➡️",
        "🇨🇶",  # 2024
        "\U0001fac8",  # 2025
        "\U0001faff",  # not assigned yet, set aside for emoji
        "👁️‍🗨️",
    ],
)
def test_x_weighs_an_emoji_newer_than_its_library_as_two(emoji: str) -> None:
    assert X.length(emoji) == 2
    assert X.length(f"a {emoji} b") == 6


def test_x_weighs_an_emoji_after_another_on_its_own() -> None:
    assert X.length("😀" * 140) == 280
    assert X.length("🇩🇪🇺🇸🇨🇦") == 6
    assert X.length("😀🏽") == 4  # a face takes no skin tone


def test_bluesky_counts_graphemes_and_bytes() -> None:
    assert BLUESKY.length(FAMILY * 100) == 100
    assert BLUESKY.fits("a" * 300)
    assert not BLUESKY.fits("a" * 301)
    assert BLUESKY.length(FAMILY * 121) == 121
    assert not BLUESKY.fits(FAMILY * 121)  # 3025 bytes
    assert BLUESKY.over_by(FAMILY * 121) == 25


def test_a_text_in_any_script_has_as_many_graphemes_as_it_has_clusters() -> None:
    for text in (
        "a\r\nb",
        "naïve",
        "e\u0301\u0301x",
        "क्षत्रिय",
        "각각",
        "\u1100\u1161\u11a8x",
        "🇩🇪🇩",
        "שָׁלוֹם",
    ):
        assert grapheme_length(text) == len(graphemes(text)), text


def test_mastodon_counts_a_link_23_and_a_remote_mention_without_its_domain() -> None:
    assert MASTODON.length("https://example.org/" + "a" * 100) == 23
    assert MASTODON.length("example.org") == 11  # no scheme, no link
    assert MASTODON.length("hi @alice@example.org") == len("hi @alice")
    assert MASTODON.length("me@example.org") == 14  # an address is no mention


def test_mastodon_counts_the_content_warning_and_others_do_not() -> None:
    assert MASTODON.length("abc", warning="de") == 5
    assert X.length("abc", warning="de") == 3


def test_a_server_with_a_limit_of_its_own_is_a_change_of_the_rules() -> None:
    assert not MASTODON.fits("a" * 800)
    assert replace(MASTODON, limit=1000).fits("a" * 800)


def test_tiktok_counts_utf_16_units() -> None:
    assert TIKTOK.length("a😀é") == 4


def test_linkedin_counts_the_escapes_it_wants() -> None:
    assert LINKEDIN.length("plain") == 5
    assert LINKEDIN.length("(a_b)") == 8
    assert LINKEDIN.length("#tag") == 4


def test_instagram_takes_five_hashtags() -> None:
    assert INSTAGRAM.hashtags_over("#a #b #c #d #e") == 0
    assert INSTAGRAM.hashtags_over("#a #b #c #d #e #f #g") == 2
    assert X.hashtags_over("#a #b #c #d #e #f") == 0


def test_titles_are_wanted_where_there_are_titles() -> None:
    assert REDDIT.title_fits("t" * 300)
    assert not REDDIT.title_fits("t" * 301)
    assert not REDDIT.title_fits(" ")
    assert EMAIL.title_fits("é" * 499)  # octets
    assert not EMAIL.title_fits("é" * 500)
    assert X.title_fits("")
    assert not X.title_fits("X has no titles")


def test_a_connector_of_ones_own_makes_its_own_rules() -> None:
    rules = TextRules("billboard", 10, len)
    assert rules.fits("ten chars.")
    assert rules.over_by("eleven char") == 1
    assert rules.entities("http://example.com") == []


@pytest.mark.parametrize("rules", BY_NETWORK.values(), ids=BY_NETWORK)
@pytest.mark.parametrize(
    "unit",
    ["a.", "a.co ", "a.co_.", "a.comの", "a.co/(", "(@a.b", "🇩", "e\u0301", "😀\u200d", "#", "@a"],
)
def test_time_is_linear_in_the_text(rules: TextRules, unit: str) -> None:
    text = unit * (40_000 // len(unit))
    rules.length("warm up: é 🇩🇪 #a")
    began = time.process_time()
    rules.length(text)
    rules.entities(text)
    assert time.process_time() - began < 1.5  # about 0.1 s; quadratic would be a minute


def test_counting_plain_text_loads_nothing_heavy() -> None:
    check = (
        "import sys; from crosspromo.text.rules import BY_NETWORK\n"
        "[rules.length('Join us at example.org') for rules in BY_NETWORK.values()]\n"
        "assert not {'regex', 'sqlalchemy', 'atproto'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", check], check=True)
