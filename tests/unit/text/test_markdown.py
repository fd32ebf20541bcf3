"""Plain words in Markdown: what a person types is what readers see."""

import re
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crosspromo.text.markdown import _spoilers_told, escaped, shown
from crosspromo.text.rules import BLUESKY, REDDIT

HOURS = "Open hours:\nMon 9-5\n#CleanWater matters\n* note\n1986. A year"


def test_lines_tags_stars_and_years_stay_as_they_are_typed() -> None:
    assert escaped(HOURS) == (
        "Open hours:  \nMon 9-5  \n\\#CleanWater matters  \n\\* note  \n1986\\. A year"
    )
    assert shown(escaped(HOURS)) == HOURS


def test_an_address_stays_a_link_and_names_stay_names() -> None:
    text = "See https://us.example/a_b. u/river_keepers and r/a_b, or www.us.example/x_y"
    assert escaped(text) == text
    address = "https://en.wikipedia.org/wiki/Acme_Inc."
    assert escaped(f"See {address}", [address]) == f"See <{address}>"


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("one\ntwo", "one two"),
        ("#CleanWater matters", "CleanWater matters\n=================="),
        ("**River** _Keepers_ ~~old~~", "River Keepers old"),
        ("* a\n* b\n\n3. c", "• a\n• b\n\n3. c"),
        ("[us](https://us.example/a)", "us (https://us.example/a)"),
        ("> said\n\n---\n\n    code", "│ said\n\n────────────────────\n\n    code"),
        ("|a|b|\n|-|-|\n|1|2|", "a | b\n1 | 2"),
        ("the end: >!he lives!<", "the end: (spoiler: he lives)"),
    ],
)
def test_markdown_is_shown_as_readers_see_it(markdown: str, words: str) -> None:
    assert shown(markdown) == words


PIECES = st.sampled_from(
    [
        *("*", "**", "_", "`", "```", "~~", "#", " ", "    ", "\t", "\n", "\n\n", ">", ">!", "!<"),
        *("-", "---", "- ", "+ ", "1. ", "12) ", "===", "|", "|-|-|\n", "[a](b)", "![", "<b>"),
        *("&amp;", "\\", "word", "snake_case", "u/a_b", "https://us.example/a_b", "^", "é", ":"),
        *("https://us.example/x_(y)_", "HTTPS://A.org/_b_.", "!", "(", ")"),
        *("https://a.example/*b*", "www.a_b.org/_x_"),
    ]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_a_plain_text_is_shown_as_it_is_typed(text: str) -> None:
    assume(not re.search(r"[\x00\x0b\x0c\x1c-\x1f\x85\u2028\u2029]", text))
    assert _lines(shown(escaped(text))) == _lines(text)


def _lines(text: str) -> str:
    """The text without white space around its lines, and with single empty lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip("\n")


@given(st.lists(PIECES).map("".join))
def test_no_text_of_a_person_breaks_the_reading_of_markdown(text: str) -> None:
    shown(text)


def test_a_length_is_that_of_the_text_as_sent() -> None:
    assert REDDIT.of_post(plain=True).length("#a") == len("\\#a")
    assert REDDIT.of_post(plain=False).length("#a") == len("#a")
    assert BLUESKY.sent("#a", plain=True) == "#a"


@pytest.mark.parametrize("unit", [">!", ">!a", ">!!<", ">!a!<", "!<", ">!\n"])
def test_spoilers_are_read_in_time_by_the_length_of_the_text(unit: str) -> None:
    def seconds(times: int) -> float:
        taken = []
        for _ in range(3):
            begun = process_time()
            _spoilers_told(unit * times)
            taken.append(process_time() - begun)
        return min(taken)

    # Quadratic work would take 256 times as long for a text that is 16 times as long.
    assert seconds(16_000) < 64 * max(seconds(1_000), 0.0001)


@pytest.mark.parametrize("columns", [5, 500])
def test_a_table_is_filled_up_only_as_far_as_people_write_tables(columns: int) -> None:
    head = "a|" * columns + "\n" + "-|" * columns
    text = head + "\na|b" * 1_000
    words = shown(text)
    assert len(words) < 10 * len(text)
    assert ("-|-" in words) == (columns == 500)  # no table any more, but all of its words
