"""HTML of strangers: tags and texts, in time that grows with its length only."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.text.markup import Tag, pieces, unescaped


def texts(html: str) -> str:
    return "".join(piece for piece in pieces(html) if isinstance(piece, str))


def tags(html: str) -> list[tuple[str, dict[str, str]]]:
    return [(each.name, dict(each.attributes())) for each in pieces(html) if isinstance(each, Tag)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<b>c</b>d", "acd"),
        ("AT&amp;T &#8211; &#x1F33E; &nosuch;", "AT&T – 🌾 &nosuch;"),
        ("a<!-- <b>not</b> --->c<!-->d<!--e", "acd"),
        ("a<![x]>b<![CDATA[c]]>d<!DOCTYPE html>e<?php f ?>g</>h", "abdegh"),
        ("<title>a <b> &lt; c</title><script>if (a<b) '</b>'</script>", "a <b> < cif (a<b) '</b>'"),
        ("3 < 4 and <a unclosed", "3 < 4 and <a unclosed"),
        ("<p title=it's>it's here</p>", "it's here"),
        ("<a title='a > b' href=\"<c>\">d", "d"),
    ],
)
def test_the_text_of_a_document_is_found(html: str, text: str) -> None:
    assert texts(html) == text


def test_attributes_are_read_in_every_way_of_writing_them() -> None:
    html = (
        "<META Name=a content = 'b > c' content=no data-x disabled/>"
        "<a href=https://a.example/?b=c&amp;d>"
    )
    assert tags(html) == [
        ("meta", {"name": "a", "content": "b > c", "data-x": "", "disabled": ""}),
        ("a", {"href": "https://a.example/?b=c&d"}),
    ]


@pytest.mark.parametrize("number", ["9" * 9, "9" * 100_000, "x" + "f" * 100_000])
def test_a_character_that_unicode_does_not_have_is_replaced(number: str) -> None:
    assert unescaped(f"a&#{number};b") == "a\ufffdb"


ODD = (
    *("<a ", "<", "<!--", "<![", "</", "</a", "<?", '<a "', '<a "="', "<a ='", "<a \"'", "&"),
    *("&#", "&#9", "&a", "<script>", "</script", "<title>", "<!-", '<a b="c" ', "<![x]>", "<a ''"),
    *('<meta a="', "<a x='<a y=\"", "-->", "\0", '" <a "', "=", " = '"),
)


@pytest.mark.parametrize("odd", ODD)
def test_the_work_grows_with_the_length_only(odd: str) -> None:
    began = time.perf_counter()
    for piece in pieces(odd * 50_000):
        if isinstance(piece, Tag):
            piece.attributes()
    for piece in pieces(f"<meta {odd * 50_000}>"):
        if isinstance(piece, Tag):
            piece.attributes()
    assert time.perf_counter() - began < 5  # a tenth of it as a rule; the square takes minutes


@given(st.lists(st.sampled_from((*ODD, ">", '"', "'", "a", "/")) | st.text()).map("".join))
def test_no_text_is_an_error(html: str) -> None:
    for piece in pieces(html):
        if isinstance(piece, Tag):
            assert piece.source in html
            piece.attributes()
