"""Characters that move the cursor, hide words or reverse a line are shown for what they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.cli.output import escaped_json
from crosspromo.domain.invisible import escaped, fit_to_post, has_invisible, without_invisible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("River\u202esrepeeK\u202c", "River\\u202esrepeeK\\u202c"),
        ("a\rb\x07\x9b1mc\u200b\ufeff", "a\\x0db\\x07\\u009b1mc\\u200b\\ufeff"),
        ("\U000e0041", "\\U000e0041"),
        ("\udcff", "\\udcff"),
    ],
)
def test_an_invisible_character_is_shown_as_its_code(text: str, shown: str) -> None:
    assert escaped(text) == shown
    assert has_invisible(text)
    assert not has_invisible(without_invisible(text))


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines\r\nand\ta tab",
        "👩\u200d🌾 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "שומרי הנהר",
        "حماة النهر \u06dd",
        "می\u200cخواهم",
        "zażółć – …",
    ],
)
def test_languages_and_emoji_stay_as_they_are(text: str) -> None:
    assert escaped(text) == without_invisible(text) == text


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    assert escaped(escaped(text)) == escaped(text)
    assert not has_invisible(without_invisible(text))


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines and\ta tab",
        "👩\u200d🌾 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "Donau\u00addampf\u00adschiff",  # may be divided there
        "ภาษา\u200bไทย",  # words without spaces
        "C++ \u05d4\u05d5\u05d0\u200e!",  # the mark keeps the signs at their place
        "\u2068Anna\u2069 כתבה",
    ],
)
def test_what_a_language_or_an_emoji_needs_may_be_posted(text: str) -> None:
    assert fit_to_post(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("River\u202esrepeeK\u202c", "RiversrepeeK"),
        ("a\x00b\x1b[2Jc\x7f\x9b", "ab[2Jc"),
        ("the\u200b end\ufeff \u2060", "the end "),
        ("ab\u00ad cd", "ab cd"),
        ("\u2066Latin\u2069 only\u200f", "Latin only"),
        ("\U000e0041hidden", "hidden"),
        ("\udcff", ""),
        ("one\x1ftwo", "one two"),
    ],
)
def test_what_nobody_needs_is_taken_out_of_a_post_and_named(text: str, posted: str) -> None:
    kept, taken = fit_to_post(text)
    assert kept == posted
    assert {*taken} == {*text} - {*posted} | ({"\U000e0041"} & {*text})


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_every_end_of_a_line_is_a_line_feed(end: str) -> None:
    assert fit_to_post(f"one{end}two") == ("one\ntwo", ())


@given(st.text(st.characters() | st.sampled_from("\u200b\u00ad\u202e\u200f\u2067\x00\x85ab ש")))
def test_a_text_that_is_fit_to_post_stays(text: str) -> None:
    posted, _ = fit_to_post(text)
    assert fit_to_post(posted) == (posted, ())
    assert not {*posted} & {*map(chr, range(9)), "\x1b", "\x7f", "\u202a", "\u202e", "\ufeff"}


@given(st.text())
def test_a_json_document_says_the_same_when_it_is_escaped(text: str) -> None:
    document = json.dumps({"name": text}, ensure_ascii=False)
    shown = escaped_json(document)
    assert escaped(shown) == shown
    assert json.loads(shown) == {"name": text}
