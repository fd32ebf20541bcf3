"""Links that we write into a post ourselves: known addresses whole, and better ones in texts."""

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.text import bluesky
from crosspromo.text.own_links import known, links
from crosspromo.text.rules import BLUESKY, X

FOUND = {
    "I like wiki.vg's logo": ["https://wiki.vg"],
    "I like wiki.vg\u2019s logo": ["https://wiki.vg"],
    "https://s.dev@ https://s.dev* https://s.dev.": ["https://s.dev"] * 3,
    "see ko-fi.com/us and hey-there.example.com": [
        "https://ko-fi.com/us",
        "https://hey-there.example.com",
    ],
    "see (https://en.wikipedia.org/wiki/Foo_(bar)) ok": ["https://en.wikipedia.org/wiki/Foo_(bar)"],
    'see "https://us.example/b" or \u201chttps://us.example/c\u201d': [
        "https://us.example/b",
        "https://us.example/c",
    ],
    "https://us.example/c... https://us.example/d!!! https://z.com?!": [
        "https://us.example/c",
        "https://us.example/d",
        "https://z.com",
    ],
    "**https://us.example/a** _https://us.example/b_": [
        "https://us.example/a",
        "https://us.example/b",
    ],
    "Check this out.https://afterdot.com": ["https://afterdot.com"],
    "HTTPS://US.example.org/A": ["https://US.example.org/A"],
    "http://localhost:8080/x http://192.168.1.1/a": [
        "http://localhost:8080/x",
        "http://192.168.1.1/a",
    ],
    "https://пример.рф/путь https://ja.wikipedia.org/wiki/東京": [
        "https://пример.рф/путь",
        "https://ja.wikipedia.org/wiki/東京",
    ],
    "https://us.example.org/a\u200bb": ["https://us.example.org/a"],
    "(see https://x.com.) <https://v.com> [https://u.com] https://x.com.).": [
        "https://x.com",
        "https://v.com",
        "https://u.com",
        "https://x.com",
    ],
    "https://en.wikipedia.org/wiki/McDonald's": ["https://en.wikipedia.org/wiki/McDonald's"],
    "info@riverkeepers.example.org, e.g. this": [],
}


@pytest.mark.parametrize(("text", "addresses"), FOUND.items())
def test_no_sign_of_the_sentence_gets_into_an_address(text: str, addresses: list[str]) -> None:
    assert [span.target for span in links(text)] == addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://en.wikipedia.org/wiki/Acme_Inc.",
        "https://us.example/what?",
        "https://us.example/(a",
    ],
)
@pytest.mark.parametrize("text", ["{}", "See {}", "See {}\nand more", "({}) ok", "“{}”", "{}, {}."])
def test_an_address_that_we_put_in_a_text_is_linked_whole(address: str, text: str) -> None:
    whole = text.format(*[address] * text.count("{}"))
    found = BLUESKY.of_post([address]).entities(whole)
    assert [(each.text, each.target) for each in found] == [(address, address)] * text.count("{}")


def test_a_scheme_in_capitals_is_linked_as_apps_expect_it() -> None:
    address = "HTTPS://EXAMPLE.ORG/Path."
    (found,) = BLUESKY.of_post([address]).entities(f"See {address}")
    assert (found.text, found.target) == (address, "https://EXAMPLE.ORG/Path.")


def test_an_address_inside_a_longer_one_is_not_it() -> None:
    short = "https://us.example/a"
    assert not list(known("https://us.example/a/b", [short]))
    assert not list(known("https://go.example/?to=https://us.example/a", [short]))


def test_a_network_that_finds_links_itself_is_believed() -> None:
    assert X.of_post(["https://us.example/Inc."]) is X


TEXTS = st.lists(
    st.sampled_from(
        [
            "https://us.example/a",
            "wiki.vg",
            "'s",
            "(",
            ")",
            ".",
            " ",
            "\n",
            "@us",
            "#tag",
            "*",
            '"',
            "/x",
        ]
    )
    | st.text(max_size=3)
).map("".join)


@given(TEXTS)
def test_what_the_app_links_with_a_scheme_is_linked_by_us_too(text: str) -> None:
    ours = list(links(text))
    for span in bluesky.find(text):
        host = span.target.partition("://")[2][:1]
        if span.type == "link" and host.isalnum() and text.startswith("http", span.start):
            assert any(each.start < span.end and span.start < each.end for each in ours)


@given(TEXTS, st.sampled_from(["https://us.example/Inc.", "https://us.example/a"]))
def test_mentions_and_tags_stay_and_no_two_overlap(text: str, address: str) -> None:
    found = BLUESKY.of_post([address]).entities(text)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("text", ["a." * 20_000, "http://a" + ")" * 40_000, "a.com'" * 7_000])
def test_a_hostile_text_takes_time_in_proportion(text: str) -> None:
    began = perf_counter()
    list(links(text))
    assert perf_counter() - began < 2
