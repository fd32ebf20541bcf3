"""Characters that move the cursor, hide words or reverse a line are shown for what they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.cli.output import escaped_json
from crosspromo.domain.invisible import escaped, has_invisible, without_invisible


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


@given(st.text())
def test_a_json_document_says_the_same_when_it_is_escaped(text: str) -> None:
    document = json.dumps({"name": text}, ensure_ascii=False)
    shown = escaped_json(document)
    assert escaped(shown) == shown
    assert json.loads(shown) == {"name": text}
