"""Tables keep their columns under one another and lose nothing of a cell."""

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.cli.tables import GAP, NARROWEST, table
from crosspromo.domain.letter_cells import cells

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
CELLS = st.lists(WORDS, max_size=8).map(" ".join)


def test_columns_are_aligned_and_lines_end_where_the_text_ends() -> None:
    assert table(["id", "about"], [["1", "river"], ["12", "x"]], None) == [
        "id  about",
        "─────────",
        "1   river",
        "12  x",
    ]


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert cells("日本") == 4
    assert cells("é") == 1
    assert table(["a", "b"], [["日", "x"], ["e", "y"]], None)[2:] == ["日  x", "e   y"]


def test_a_long_cell_is_folded_at_its_spaces_where_the_terminal_is_narrow() -> None:
    assert table(["id", "reason"], [["1", "it waits for two posts"]], 16) == [
        "id  reason",
        "────────────────",
        "1   it waits for",
        "    two posts",
    ]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.integers(30, 90))
def test_nothing_is_wider_than_the_terminal_and_nothing_is_lost(
    rows: list[tuple[str, str, str]], width: int
) -> None:
    assert width >= 3 * NARROWEST + 2 * len(GAP)
    lines = table(["a", "b", "c"], rows, width)

    assert max(map(cells, lines)) <= width
    written = "".join(line for line in lines[2:])
    for character in "".join("".join(row) for row in rows).replace(" ", ""):  # folds take spaces
        assert character in written


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_without_a_terminal_a_row_is_a_line(rows: list[tuple[str, str]]) -> None:
    assert len(table(["a", "b"], rows, None)) == 2 + len(rows)


def test_what_can_be_spared_is_left_out_before_the_rest_is_cramped() -> None:
    rows = [["12", "others", "a text that is longer than the terminal is wide"]]
    assert table(["id", "credit", "words"], rows, 30, ["credit"])[0] == "id  words"
    assert table(["id", "credit", "words"], rows, 40, ["credit"])[0] == "id  credit  words"


def test_where_even_folding_is_not_enough_each_row_is_a_block_of_lines() -> None:
    rows = [["alpha beta", "gamma gamma", "delta delta"]]
    assert table(["first", "second", "third"], rows, 20) == [
        "────────────────────",
        "first   alpha beta",
        "second  gamma gamma",
        "third   delta delta",
    ]


@given(st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=3), st.integers(20, 130))
def test_no_line_is_wider_than_the_terminal_however_many_columns_there_are(
    rows: list[tuple[str, ...]], width: int
) -> None:
    assert max(map(cells, table(list("abcdef"), rows, width))) <= width
