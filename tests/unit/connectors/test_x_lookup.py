"""A text is recognised in whatever X makes of it, and in nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unicodedata import normalize

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.simulators.x_posts import XPost
from servers.simulators.x_text import normalised

from crosspromo.connectors.x.lookup import Entities, Link, Post, Wording, matching_post, normalized

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
FIELDS = ("created_at", "entities", "note_tweet")


def post(text: str, post_id: str = "1", at: datetime = NOON) -> Post:
    """The text as X returns it."""
    return returned(XPost(post_id, "crosspromo", normalised(text), at))


def returned(published: XPost) -> Post:
    return msgspec.convert(published.as_json(FIELDS, "1001"), type=Post)


WORDS = st.sampled_from(
    [
        "Clean-up",
        "&",
        "&amp;",
        "&copy",
        "<3",
        "Café",
        normalize("NFD", "Việt"),
        "👩‍👩‍👧‍👦",
        "漢字",
        "@riverkeeper",
        "#CleanUp",
        "50%",
        "%26",
        "\n",
        "  ",
        "https://t.co/",
        "example.org",
        "http://example.org/Path?a=1&b=2",
        "https://example.org/wiki/München.",
        "(https://example.org/a_(b))",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@given(TEXTS, st.lists(st.sampled_from(["3_1", "3_2"]), max_size=2, unique=True))
def test_a_text_is_recognised_with_its_links_and_pictures(text: str, media: list[str]) -> None:
    published = XPost("1", "crosspromo", normalised(text), NOON, media_keys=tuple(media))
    assert returned(published).has_text(text)


@given(TEXTS, st.integers(min_value=1))
def test_a_long_post_is_recognised_by_its_note(text: str, cut_at: int) -> None:
    published = XPost("1", "crosspromo", normalised(text), NOON, note_cut_at=cut_at % 40 + 1)
    assert returned(published).has_text(text)


@given(TEXTS, TEXTS)
def test_another_text_is_not_recognised(text: str, other: str) -> None:
    assert post(text).has_text(other) is (normalized(text) == normalized(other))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Look: https://example.org/1", "Look: https://example.org/2"),
        ("Look: https://example.org/1", "Look: https://example.org/12"),
        ("Look: https://example.org/?a=1&b=2", "Look: https://example.org/?a=1"),
        ("Look: https://example.org", "Look:"),
        ("Saturday", "Sunday"),
        ("cafe", "café"),
        ("1 &amp; 2", "1 & 2"),
        ("two words", "twowords"),
    ],
)
def test_what_differs_for_a_reader_differs(text: str, other: str) -> None:
    assert not post(text).has_text(other)
    assert not post(other).has_text(text)


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("See example.org/Path", "http://example.org/Path"),
        ("See HTTPS://Example.org/Path", "https://example.org/Path"),
        ("See https://example.org/München", "https://example.org/M%C3%BCnchen"),
    ],
)
def test_addresses_are_the_same_however_x_writes_them(text: str, shown_as: str) -> None:
    link = Link("https://t.co/abcdefghij", expanded_url=shown_as)
    wording = Wording("See https://t.co/abcdefghij", Entities(urls=(link,)))
    assert normalized(wording.expanded()) == normalized(text)


@pytest.mark.parametrize("shown", ["pic.x.com/abcdefghij", "pic.twitter.com/abcdefghij"])
def test_a_picture_without_its_key_is_known_by_its_page(shown: str) -> None:
    assert Link("https://t.co/abcdefghij", "https://x.com/i/1/photo/1", shown).written == ""


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("posted", "chosen"),
    [
        ([-30, 0, 30], 0),
        ([-30, -20], -30),
        ([10, 20], 10),
        ([], None),
    ],
)
def test_of_several_the_earliest_since_the_attempt_is_ours(
    posted: list[int], chosen: int | None
) -> None:
    posts = [post("again", str(at), NOON + at * SECOND) for at in reversed(posted)]
    posts.append(post("another", "0", NOON))
    found = matching_post("again", posts, NOON + 0.7 * SECOND)
    assert (found and found.created_at) == (None if chosen is None else NOON + chosen * SECOND)
