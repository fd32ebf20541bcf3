"""What holds for every text. The strategies lean to what is hard: scripts, emoji, links, spaces."""

from collections.abc import Sequence

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspromo.text.fitting import DoesNotFit, Fitted, Segment, fit, fits_shortened
from crosspromo.text.graphemes import grapheme_length, graphemes, trimmed
from crosspromo.text.rules import BLUESKY, BY_NETWORK, MASTODON, TextRules, X
from crosspromo.text.threads import split

HARD = st.sampled_from(
    [
        "http://a.com",
        "https://www.example.org/a/long/path/(with)/brackets?and=query",
        "@user",
        "@a.bsky.social",
        "@bob@example.org",
        "#tag",
        "#日本",
        "＃x",
        "$ABC",
        "b.co/x",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "🇩",
        "👍🏽",
        "\u200d",
        "\ufe0f",
        "e\u0301",
        "\u0301",
        "क्ष",
        "\u094d",
        "각",
        "שָׁ",
        ".",
        "!",
        ",",
        "(",
        ")",
        "…",
        "。",
        "a",
        "é",
        "日",
        "/",
        ":",
        "#",
        "@",
        "-",
    ]
)
SPACES = st.sampled_from([" ", "\n", "\n\n", "\r\n", "\u00a0", "  ", ""])
TEXTS = st.lists(st.one_of(HARD, SPACES, st.text(max_size=8)), max_size=12).map("".join)
NETWORKS = st.sampled_from(sorted(BY_NETWORK.values(), key=lambda rules: rules.network))
SMALL = st.builds(
    lambda rules, limit: TextRules(
        rules.network, limit, rules.measure, find=rules.find, shortens_links=rules.shortens_links
    ),
    st.sampled_from([X, BLUESKY, MASTODON]),
    st.integers(min_value=1, max_value=60),
)
LEVELS = st.none() | st.integers(min_value=1, max_value=4)
SEGMENTS = st.lists(st.builds(Segment, TEXTS, LEVELS), max_size=6)
WORDS = st.sampled_from(
    ["a", "word", "日本", "@user", "#tag", "naïve", "👍🏽👍🏽", "antidisestablish"]
)


@given(NETWORKS, TEXTS)
def test_offsets_lead_back_to_the_text(rules: TextRules, text: str) -> None:
    in_bytes = text.encode()
    for entity in rules.entities(text):
        assert text[entity.start : entity.end] == entity.text
        assert in_bytes[entity.byte_start : entity.byte_end].decode() == entity.text


@given(NETWORKS, TEXTS)
def test_entities_stand_in_order_apart_from_each_other(rules: TextRules, text: str) -> None:
    end = 0
    for entity in rules.entities(text):
        assert end <= entity.start < entity.end <= len(text)
        end = entity.end


@given(TEXTS)
def test_graphemes_joined_again_are_the_text(text: str) -> None:
    assert "".join(graphemes(text)) == text
    assert grapheme_length(text) == len(graphemes(text))


@given(SMALL, SEGMENTS)
def test_what_was_fitted_is_within_the_limit(rules: TextRules, segments: list[Segment]) -> None:
    if fitted := fitted_or_none(segments, rules):
        assert rules.fits(fitted.shown)
        assert fitted.length == rules.length(fitted.shown) <= rules.limit


@given(SMALL, SEGMENTS)
def test_fitting_what_was_fitted_changes_nothing(rules: TextRules, segments: list[Segment]) -> None:
    if fitted := fitted_or_none(segments, rules):
        again = fit([Segment(fitted.text)], rules)
        assert (again.text, again.shown, again.dropped) == (fitted.text, fitted.shown, ())


@given(SMALL, st.lists(st.tuples(WORDS, LEVELS), max_size=8))
def test_parts_go_by_their_numbers_and_no_sooner_than_they_must(
    rules: TextRules, marked: list[tuple[str, int | None]]
) -> None:
    levels: list[float] = sorted({level for _, level in marked if level is not None}, reverse=True)
    candidates = [
        " ".join(word for word, level in marked if level is None or level < bound)
        for bound in (float("inf"), *levels)
    ]
    first_that_fits = next((text for text in candidates if rules.fits(text)), None)
    fitted = fitted_or_none([Segment(f"{word} ", level) for word, level in marked], rules)
    assert (fitted.text if fitted else None) == first_that_fits


@given(SMALL, SEGMENTS)
def test_no_entity_is_cut(rules: TextRules, segments: list[Segment]) -> None:
    whole = "".join(segment.text for segment in segments)
    fitted = fitted_or_none(segments, rules)
    if fitted is None:
        return
    gone = "\0".join(fitted.dropped)
    for entity in rules.entities(whole):
        assert entity.text in fitted.text or entity.text in gone


@given(SMALL, SEGMENTS)
def test_no_grapheme_is_cut(rules: TextRules, segments: list[Segment]) -> None:
    fitted = fitted_or_none(segments, rules)
    if fitted is None:
        return
    whole = set(graphemes("".join(segment.text for segment in segments))) | {" ", "\n"}
    assert set(graphemes(fitted.text)) <= whole


@given(SMALL, TEXTS)
@settings(max_examples=examples(200))
def test_every_part_of_a_thread_fits_and_nothing_is_lost(rules: TextRules, text: str) -> None:
    try:
        parts = split(text, rules)
    except DoesNotFit:
        return
    assert all(fits_shortened(part, rules) for part in parts)
    bare = parts if len(parts) == 1 else [part.rpartition(" ")[0] for part in parts]
    assert "".join("".join(bare).split()) == "".join(text.split())


@given(SMALL, TEXTS)
def test_no_grapheme_is_divided_between_parts(rules: TextRules, text: str) -> None:
    try:
        parts = split(text, rules)
    except DoesNotFit:
        return
    whole = {*graphemes(text), *graphemes(trimmed(text)), *" 0123456789/"}
    assert {grapheme for part in parts for grapheme in graphemes(part)} <= whole


@given(SMALL, TEXTS)
@settings(max_examples=examples(200))
def test_no_entity_is_divided_between_parts(rules: TextRules, text: str) -> None:
    try:
        parts = split(text, rules)
    except DoesNotFit:
        return
    for entity in rules.entities(trimmed(text)):
        assert any(entity.text in part for part in parts), entity


def fitted_or_none(segments: Sequence[Segment], rules: TextRules) -> Fitted | None:
    try:
        return fit(segments, rules)
    except DoesNotFit:
        return None
