from dataclasses import replace

import pytest

from crosspromo.text.fitting import DoesNotFit, Segment, fit, shorten_links
from crosspromo.text.rules import BLUESKY, MASTODON, TextRules, X

SHORT = TextRules("short", 30, len, find=X.find)
LONG_LINK = "https://www.example.org/a/very/long/path/to/a/page.html"


def test_a_text_that_fits_keeps_everything() -> None:
    fitted = fit([Segment("Come"), Segment(", all of you", 1), Segment("!")], SHORT)
    assert fitted.text == fitted.shown == "Come, all of you!"
    assert (fitted.length, fitted.limit, fitted.dropped) == (17, 30, ())


def test_the_highest_number_goes_first_and_no_more_than_needed() -> None:
    segments = [
        Segment("Come to the march"),
        Segment(" on Saturday", 1),
        Segment(" at noon sharp", 3),
        Segment(" please do", 2),
        Segment("!"),
    ]
    fitted = fit(segments, SHORT)
    assert fitted.text == "Come to the march on Saturday!"
    assert fitted.dropped == (" at noon sharp", " please do")


def test_segments_of_one_number_go_together() -> None:
    segments = [Segment("a" * 10), Segment(" b", 1), Segment("c" * 18), Segment(" d", 1)]
    assert fit(segments, SHORT).dropped == (" b", " d")


@pytest.mark.parametrize(
    ("before", "gap", "after", "left"),
    [
        ("one ", "two ", "three", "one three"),
        ("one", " two", " three", "one three"),
        ("one ", "two", " three", "one three"),
        ("one ", "two", "!", "one!"),
        ("(", "one ", "two)", "(two)"),
        ("one\n\n", "two", "\n\nthree", "one\n\nthree"),
        ("one\n", "two\n", "three", "one\nthree"),
        ("one\n", "\ntwo\n", "\nthree", "one\n\nthree"),
        ("one ", "two\n", "three", "one\nthree"),
        ("Avec", " vous", "\u00a0!", "Avec\u00a0!"),
        ("", "one ", "two", "two"),
        ("one", " two", "", "one"),
        ("東京", "で", "行進", "東京行進"),
    ],
)
def test_what_a_drop_leaves_behind_is_tidied(before: str, gap: str, after: str, left: str) -> None:
    rules = replace(SHORT, limit=max(len(left), len(before + gap + after) - 1))
    rules = replace(rules, limit=min(rules.limit, len((before + gap + after).strip()) - 1))
    assert fit([Segment(before), Segment(gap, 1), Segment(after)], rules).text == left


def test_white_space_elsewhere_stays_as_it_was_written() -> None:
    fitted = fit([Segment("a  b\n\n\n    c"), Segment(" " + "x" * 30, 1)], SHORT)
    assert fitted.text == "a  b\n\n\n    c"


@pytest.mark.parametrize(
    ("segments", "left"),
    [
        ([Segment("x" * 20 + " http://a.co"), Segment("m/page and more", 1)], "http://a.com/page"),
        ([Segment("x" * 20 + " #long"), Segment("tag and more", 1)], "#longtag"),
        ([Segment("x" * 28 + "👩"), Segment("\u200d💻 and more", 1)], "👩\u200d💻"),
        ([Segment("x" * 20 + " @us"), Segment("er", 2), Segment("name!!!!!!!!!!", 1)], "@username"),
    ],
)
def test_what_reaches_over_an_edge_stays_whole(segments: list[Segment], left: str) -> None:
    rules = replace(SHORT, limit=40)
    fitted = fit([*segments, Segment("." * 40, 9)], rules)
    assert left in fitted.text


def test_a_link_does_not_grow_into_what_follows_the_gap() -> None:
    fitted = fit(
        [Segment("http://a.com/x"), Segment(" (a map of the place) ", 1), Segment("/y")], SHORT
    )
    assert [entity.text for entity in fitted.entities] == ["http://a.com/x"]


def test_what_would_grow_together_over_the_gap_is_kept_apart() -> None:
    hashtag = fit(
        [Segment("#tag"), Segment(", and many more words;", 1), Segment("s of ours")], SHORT
    )
    assert hashtag.text == "#tag s of ours"
    flag = fit([Segment("🇩"), Segment("-" * 40, 1), Segment("🇪")], SHORT)
    assert flag.text == "🇩 🇪"


def test_a_text_too_long_says_by_how_much_and_what_could_be_shorter() -> None:
    with pytest.raises(DoesNotFit) as error:
        fit([Segment("Short. A sentence that is far too long for it."), Segment(" x", 1)], SHORT)
    assert (error.value.over_by, error.value.length, error.value.limit) == (16, 46, 30)
    assert error.value.longest == (
        ("A sentence that is far too long for it.", 39),
        ("Short.", 6),
    )
    assert str(error.value) == "too long by 16 (46 of 30)"


def test_bytes_over_the_limit_are_told_as_bytes() -> None:
    with pytest.raises(DoesNotFit) as error:
        fit([Segment("👨‍👩‍👧‍👦" * 121)], BLUESKY)
    assert (error.value.over_by, error.value.limit) == (25, 3000)


def test_the_content_warning_takes_its_room() -> None:
    segments = [Segment("a" * 490), Segment(" extra", 1)]
    assert fit(segments, MASTODON).dropped == ()
    assert fit(segments, MASTODON, warning="w" * 10).dropped == (" extra",)


def test_a_link_is_shown_shortened_on_bluesky_only_when_the_text_is_too_long() -> None:
    assert shorten_links(f"see {LONG_LINK}", BLUESKY).text == f"see {LONG_LINK}"
    shown = shorten_links("é " * 130 + LONG_LINK + " #tag", BLUESKY)
    assert shown.text == "é " * 130 + "example.org/a/very/long… #tag"
    link, tag = shown.entities
    assert (link.text, link.target) == ("example.org/a/very/long…", LONG_LINK)
    assert shown.text.encode()[tag.byte_start : tag.byte_end].decode() == "#tag"


def test_fitting_shortens_a_link_before_it_drops_a_word() -> None:
    fitted = fit([Segment("a " * 130 + LONG_LINK), Segment(" please", 1)], BLUESKY)
    assert fitted.dropped == ()
    assert LONG_LINK in fitted.text
    assert fitted.shown.endswith("example.org/a/very/long… please")
    assert fitted.length == BLUESKY.length(fitted.shown) <= 300


def test_elsewhere_links_are_left_alone() -> None:
    text = "a" * 270 + " " + LONG_LINK
    assert shorten_links(text, X).text == text
