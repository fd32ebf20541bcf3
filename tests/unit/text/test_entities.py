from itertools import pairwise

import pytest

from crosspromo.text.entities import Entity
from crosspromo.text.rules import (
    BLUESKY,
    BY_NETWORK,
    FACEBOOK,
    INSTAGRAM,
    MASTODON,
    REDDIT,
    TextRules,
    X,
)


def found(rules: TextRules, text: str) -> list[str]:
    return [entity.text for entity in rules.entities(text)]


def targets(rules: TextRules, text: str) -> list[str]:
    return [entity.target for entity in rules.entities(text)]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see http://example.com.", ["http://example.com"]),
        ("see example.com/a, example.org!", ["example.com/a", "example.org"]),
        ("(http://example.com/a)", ["http://example.com/a"]),
        ("http://en.wikipedia.org/wiki/A_(b)_(c)", ["http://en.wikipedia.org/wiki/A_(b)_(c)"]),
        ("http://example.com/a_((b)_c)", ["http://example.com/a_((b)_c)"]),
        ("http://a.com http://b.com", ["http://a.com", "http://b.com"]),
        ("http://a.com,http://b.com", ["http://a.com", "http://b.com"]),
        ("http://münchen.de/straße", ["http://münchen.de/straße"]),
        ("http://例え.テスト", []),  # a test domain is no domain
        ("http://例え.みんな/a", ["http://例え.みんな/a"]),
        ("xn--e1afmkfd.xn--p1ai", ["xn--e1afmkfd.xn--p1ai"]),
        ("日本語example.comです", ["example.com"]),
        ("a.comのb.jp/x", ["a.com", "b.jp/x"]),
        ("me@example.com", []),
        ("#example.com", []),
        ("file.txt and node.js, e.g. 3.14", []),
        ("http://localhost/x", []),
        ("ftp://example.com", []),
        ("http://user:pass@example.com", []),
        ("http://example.com:8080/x?a=b&c#d", ["http://example.com:8080/x?a=b&c#d"]),
        ("example.com?x=1", ["example.com"]),
        ("http://t.co/abc/def", ["http://t.co/abc"]),
        ("http://t.co/" + "a" * 41, []),
        ("http://" + "a" * 64 + ".com", []),
        ("http://example.com/" + "a" * 4096, []),
    ],
)
def test_x_links(text: str, links: list[str]) -> None:
    assert [entity.text for entity in X.entities(text) if entity.type == "link"] == links


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("@user hi", ["@user"]),
        ("hi @user/list.", ["@user/list"]),
        (".@user", [".@user"[1:]]),
        ("RT@user", ["@user"]),
        ("a@user", []),
        ("@user@example.com", []),
        ("#tag #2026 #1st", ["#tag", "#1st"]),
        ("#日本語です #тег ＃全角", ["#日本語です", "#тег", "＃全角"]),
        ("&#tag;", []),
        ("#a#b", []),
        ("#tag://x", []),
    ],
)
def test_x_mentions_and_tags(text: str, entities: list[str]) -> None:
    assert found(X, text) == entities


def test_a_bare_link_gets_a_scheme_a_mention_loses_its_sign() -> None:
    assert targets(X, "example.com @user/list #tag") == ["https://example.com", "user", "tag"]
    assert targets(BLUESKY, "example.com @a.bsky.social #tag $abc") == [
        "https://example.com",
        "a.bsky.social",
        "tag",
        "$ABC",
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("hi @alice.bsky.social.", ["@alice.bsky.social"]),
        ("(@alice.test)", ["@alice.test"]),
        ("@alice and me@alice.com", []),
        ("@alice.xn--p1ai", ["@alice.xn--p1ai"]),
        ("see https://example.com/a.", ["https://example.com/a"]),
        ("(https://example.com/a)", ["https://example.com/a"]),
        ("https://example.com/a_(b)", ["https://example.com/a_(b)"]),
        ("[https://example.com]", []),  # only after white space or a bracket
        ("https://localhost:3000", ["https://localhost:3000"]),
        ("example.com/a, my-site.org file.txt", ["example.com/a"]),
        ("httpbin.org", ["httpbin.org"]),
        ("#tag, #a#b! #2026 #x-1", ["#tag", "#a#b", "#x-1"]),
        ("#\ufe0f #", []),
        ("#" + "a" * 64, ["#" + "a" * 64]),
        ("#" + "a" * 65, []),
        ("#a\u200bb", ["#a"]),
    ],
)
def test_bluesky_marks(text: str, entities: list[str]) -> None:
    assert found(BLUESKY, text) == entities


def test_a_domain_that_begins_with_http_is_still_a_domain() -> None:
    # The reference library takes it for an address with a scheme and writes it into the facet.
    assert targets(BLUESKY, "httpbin.org") == ["https://httpbin.org"]
    assert targets(BLUESKY, "httpfoo.invalidtld") == []


def test_bluesky_offsets_are_bytes_of_utf_8() -> None:
    (entity,) = BLUESKY.entities("é😀 @a.bsky.social")
    assert entity == Entity("mention", "@a.bsky.social", 3, 17, 7, 21, "a.bsky.social")


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("https://example.com/日本?a=é.", ["https://example.com/日本?a=é"]),
        (
            "gemini://example.com ipfs://example.org/x",
            ["gemini://example.com", "ipfs://example.org/x"],
        ),
        ("example.com", []),
        ("@alice @bob@example.org.", ["@alice", "@bob@example.org"]),
        ("mail me@example.org", []),
        ("#tag #2026 #a·b /#no", ["#tag", "#a·b"]),
    ],
)
def test_mastodon_links(text: str, entities: list[str]) -> None:
    assert found(MASTODON, text) == entities


def test_the_others_find_what_they_link() -> None:
    assert found(INSTAGRAM, "by @some.one. #tag") == ["@some.one", "#tag"]
    assert found(REDDIT, "ask u/some-one in example.org") == ["u/some-one", "example.org"]
    assert found(FACEBOOK, "@no one example.org #tag") == ["example.org", "#tag"]


def test_entities_come_in_order_and_never_overlap() -> None:
    text = "#a https://example.com/#b?@c.com @d.com #e.com (f.com)"
    for rules in BY_NETWORK.values():
        entities = rules.entities(text)
        assert all(one.end <= other.start for one, other in pairwise(entities))
