"""What calendars call a description becomes text that can be read and posted."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.intake.plain_text import literal_text, one_line, plain_text


def test_markup_goes_and_its_lines_stay() -> None:
    html = "<p>Bring <b>boots</b> &amp; gloves.</p><ul><li>soup<li>bread</ul><br/>See you"
    assert plain_text(html, 200) == "Bring boots & gloves.\n\nsoup\nbread\n\nSee you"


def test_a_text_without_markup_keeps_what_looks_like_it() -> None:
    assert literal_text("The <b> tag &amp; more\u202e\r\n\r\n\r\n\r\nx", 100) == (
        "The <b> tag &amp; more\n\nx"
    )


def test_scripts_and_styles_go_with_what_is_in_them() -> None:
    assert plain_text("a<script>steal('</b>')</script><style>b{}</style>c", 100) == "ac"


def test_text_that_only_looks_like_markup_stays() -> None:
    assert plain_text("1 < 2, AT&T, R&B, 3 > 2", 100) == "1 < 2, AT&T, R&B, 3 > 2"
    assert plain_text("Join: <https://a.example/X?y=1>", 100) == "Join: https://a.example/X?y=1"

    assert plain_text("Write to <us@a.example> &c", 100) == "Write to us@a.example &c"


def test_a_text_of_unclosed_tags_takes_no_longer_than_another() -> None:
    began = time.perf_counter()
    plain_text("<a " * 50_000, 5_000)
    assert time.perf_counter() - began < 2  # 0.02 s; 45 s where the work grew with the square


@pytest.mark.parametrize("text", ["<![x]>River day", "River day&#" + "9" * 5_000 + ";"])
def test_what_stops_a_common_parser_costs_nothing_but_itself(text: str) -> None:
    assert plain_text(text, 100).startswith("River day")


def test_hidden_characters_go_and_joined_emoji_stay() -> None:
    assert plain_text("a\x00b\u202ec\x85 👩\u200d🌾", 100) == "abc 👩\u200d🌾"


def test_a_long_text_is_cut_between_words() -> None:
    assert plain_text("one two three", 9) == "one two…"
    assert plain_text("x" * 20, 9) == "xxxxxxxx…"
    assert one_line(" one\n\n two\tthree ", 100) == "one two three"


pieces = st.sampled_from(
    [
        "<",
        ">",
        "<!",
        "<![",
        "<![x[",
        "]]>",
        "<!--",
        "-->",
        "<?",
        "</",
        "<a href='",
        "<script>",
        "</script",
        "&",
        "&#",
        "&#xD800;",
        "&#0;",
        "&lt;",
        ";",
        "a",
        " ",
        "\n",
        "\0",
        "é",
        "'",
    ]
)


@given(st.lists(pieces).map("".join) | st.text())
def test_no_text_whatever_brings_it_down(text: str) -> None:
    plain = plain_text(text, 50)
    assert len(plain) <= 50
    assert "\0" not in plain
