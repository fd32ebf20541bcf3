"""What X makes of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.simulators.x_text import as_returned, normalised


@pytest.mark.parametrize(
    ("sent", "expanded"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("(https://example.org/a).", "https://example.org/a"),
        ("https://en.wikipedia.org/wiki/River_(disambiguation)",) * 2,
        ("at example.org/x, today", "http://example.org/x"),
        ("https://example.org/?a=1&b=2!", "https://example.org/?a=1&b=2"),
    ],
)
def test_a_link_is_found_without_the_sentence_around_it(sent: str, expanded: str) -> None:
    (link,) = as_returned("1", sent).entities["urls"]
    assert link["expanded_url"] == expanded


@pytest.mark.parametrize("sent", ["me@example.org", "no link.at all", "v1.2 of it", "@example.org"])
def test_what_only_looks_like_a_link_stays(sent: str) -> None:
    assert as_returned("1", sent).text == sent


def test_mentions_and_hashtags_are_entities() -> None:
    entities = as_returned("1", "<3 @river_keeper #Ohio2026 #1 a@b").entities
    assert entities == {
        "mentions": [{"start": 6, "end": 19, "username": "river_keeper"}],
        "hashtags": [{"start": 20, "end": 29, "tag": "Ohio2026"}],
    }


WORDS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["https://example.org/a?b=c&d", "example.com.", "@someone", "#tag", "<&>"]),
    ),
    max_size=12,
).map(" ".join)


def spanned(text: str, entity: dict[str, object]) -> str:
    return text[int(str(entity["start"])) : int(str(entity["end"]))]


@given(WORDS)
def test_every_index_points_at_its_entity(sent: str) -> None:
    returned = as_returned("1", normalised(sent))
    for link in returned.entities.get("urls", []):
        assert spanned(returned.text, link) == link["url"]
    for mention in returned.entities.get("mentions", []):
        assert spanned(returned.text, mention) == f"@{mention['username']}"
    assert "<" not in returned.text
    assert "://example" not in returned.text
