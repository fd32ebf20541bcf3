"""The scanner reads well-formed XML as expat does, and broken XML as far as it goes."""

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.intake.feeds.elements import (
    MOST_DEPTH,
    MOST_ELEMENTS,
    Element,
    Tree,
    read_elements,
)
from crosspromo.intake.feeds.feed import MOST_ITEMS

ADDRESS = "https://a.example/feed"

names = st.sampled_from(["a", "title", "b1", "x-y", "media_z"])
characters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
texts = st.text(st.sampled_from("<>&\"'] \nab;#-") | characters, max_size=12).map(
    lambda text: text.replace("\ufffe", "").replace("\uffff", "")
)


def escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def unlike(text: str, *marks: str) -> str:
    for mark in marks:
        text = text.replace(mark, "")
    return text


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(names, texts.map(lambda text: escaped(" ".join(text.split()))))
    return st.builds(
        lambda name, values, parts: (
            f"<{name}"
            + "".join(f' {each}="{value}"' for each, value in values.items())
            + ">"
            + "".join(parts)
            + f"</{name} >"
        ),
        names,
        attributes,
        st.lists(inner, max_size=4),
    )


parts = st.recursive(
    texts.map(escaped)
    | texts.map(lambda text: f"<![CDATA[{unlike(text, ']')}]]>")
    | texts.map(lambda text: f"<!--{unlike(text, '-')}-->")
    | st.sampled_from(["<?php x > 1 ?>", "<a/>", "<b1 title='<&gt;\"'/>".replace("<&", "&lt;&")]),
    element,
    max_leaves=12,
)
documents = st.lists(parts, max_size=4).map(
    lambda inner: f'<?xml version="1.0"?><!DOCTYPE rss [<!-- ]> -->]><rss>{"".join(inner)}</rss>'
)


def by_expat(text: str) -> list[object]:
    """Start tags with their attributes, texts and end tags, as expat reports them."""
    seen: list[object] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda *tag: seen.append(tag)
    parser.EndElementHandler = seen.append
    parser.CharacterDataHandler = lambda data: seen.append([data])
    parser.Parse(text.encode(), True)
    return merged(seen)


def ours(element: Element) -> list[object]:
    seen: list[object] = [(element.name, dict(element.attributes))]
    for each in element.content:
        seen += [[each]] if isinstance(each, str) else ours(each)
    return merged([*seen, element.name])


def merged(seen: list[object]) -> list[object]:
    """The same with texts joined that follow each other."""
    found: list[object] = []
    for each in seen:
        if isinstance(each, list) and found and isinstance(found[-1], list):
            found[-1] = [found[-1][0] + each[0]]
        elif each != [""]:
            found.append(each)
    return found


def read(text: str) -> Tree:
    return read_elements(text, ADDRESS)


def root_of(text: str) -> Element:
    root = read(text).root
    assert root is not None
    return root


@given(documents)
def test_well_formed_xml_is_read_as_expat_reads_it(text: str) -> None:
    tree = read(text)
    assert tree.root is not None
    assert tree.remarks == []
    assert ours(tree.root) == by_expat(text)


@pytest.mark.parametrize(
    ("broken", "texts"),
    [
        ("<item><title>a<br>b</title></item><item><title>c</title></item>", ["ab", "c"]),
        ("<item><title>a</item><item><title>b</title></item>", ["a", "b"]),
        ("<item><title>a</title><item><title>b</title></item>", ["a", "b"]),
        ("<item><title>Tom & Ann</title></item>", ["Tom & Ann"]),
        ("<item><title>caf&eacute;&nbsp;&unknown;</title></item>", ["café\xa0&unknown;"]),
        ("<item><title>1 < 2</title></item>", ["1 < 2"]),
        ("<item><title>a</title></item></channel></rss></rss>garbage<item>", ["a"]),
        ("<item><title><![CDATA[a <b> ]] c", ["a <b> ]] c"]),
        ("<item><title a='b>c</title></item>", ["c"]),
    ],
)
def test_broken_xml_is_read_as_far_as_it_goes(broken: str, texts: list[str]) -> None:
    assert [item.of("title") for item in read(f"<rss><channel>{broken}").items] == texts


def test_what_stands_before_the_feed_is_passed_over() -> None:
    text = "<br /><b>Warning</b>: x\n<?xml version='1.0'?><rss><item><title>a</title></item></rss>"
    assert [item.of("title") for item in read(text).items] == ["a"]


def test_a_feed_that_is_cut_off_is_remarked() -> None:
    (remark,) = read("<rss><channel><item><title>a</title></item>").remarks
    assert "ends before its last element" in str(remark)


def test_prefixes_mean_what_the_file_says() -> None:
    root = root_of(
        '<rss xmlns:x="http://purl.org/dc/elements/1.1/" xmlns:dc="urn:other">'
        "<x:creator>Ann</x:creator></rss>"
    )
    assert root.of("dc:creator") == "Ann"


def test_addresses_start_from_the_nearest_base() -> None:
    root = root_of('<rss xml:base="/blog/"><channel xml:base="2030/"><title/></channel></rss>')
    (title,) = (each for each in root.all() if each.name == "title")
    assert title.base == "https://a.example/blog/2030/"


def test_no_entity_is_expanded() -> None:
    tree = read(
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
        "<rss><item><title>&a;&b;</title></item></rss>"
    )
    assert tree.items[0].of("title") == ""
    assert "declares entities of its own" in str(tree.remarks[0])


def test_elements_that_are_too_deep_lose_their_tags_and_no_item() -> None:
    deep = "<b>" * 300 + "deep" + "</b>" * 300
    tree = read(f"<rss><channel><item>{deep}</item><item><title>a</title></item></channel></rss>")
    assert [item.text() for item in tree.items] == ["deep", "a"]
    assert f"more than {MOST_DEPTH} elements deep" in str(tree.remarks[0])


def test_a_remark_is_short_whatever_the_name_of_an_element() -> None:
    (remark, *_) = read("<rss>" + f"<{'b' * 9_000}>" * 300).remarks
    assert len(str(remark)) < 200


def test_more_items_than_are_read_are_remarked() -> None:
    tree = read("<rss><channel>" + "<item/>" * (MOST_ITEMS + 1) + "</channel></rss>")
    assert len(tree.items) == MOST_ITEMS
    assert f"more than the {MOST_ITEMS:,} items" in str(tree.remarks[0])


def test_more_elements_than_are_read_are_remarked() -> None:
    tree = read("<rss><item>" + "<b/>" * MOST_ELEMENTS + "</item><item/></rss>")
    assert len(tree.items) == 1
    assert f"more than the {MOST_ELEMENTS:,} elements" in str(tree.remarks[0])


def test_what_names_an_entity_of_the_feeds_own_is_left_out_and_other_text_stays() -> None:
    text = (
        '<!DOCTYPE r [<!ENTITY a0 "lol"><!ENTITY a9 "&a0;&a0;">]><rss><channel>'
        "<title>A &a9;walk &amp;a9; R&D; &copy;</title></channel></rss>"
    )
    root = read_elements(text, "https://a.example/").root
    assert root is not None
    channel = root.first("channel")
    assert channel is not None
    assert channel.of("title") == "A walk &a9; R&D; ©"
