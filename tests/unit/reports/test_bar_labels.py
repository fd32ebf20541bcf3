"""Labels beside bars fit, and tell every bar from every other."""

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.letter_cells import cells
from crosspromo.reports.bar_labels import short_labels

NAMES = st.lists(st.text("ab 川\u0301", min_size=1, max_size=40).map(str.split).map(" ".join))


def test_a_short_name_is_its_label_and_a_long_one_is_cut_at_its_end() -> None:
    assert short_labels(["Beta Food", "The Association of all"], 12) == ["Beta Food", "The…"]


def test_long_names_that_begin_alike_are_told_apart_by_their_ends() -> None:
    names = [f"The Very Long Named Club of Neighbours {each}" for each in range(400)]
    labels = short_labels(names, 24)
    assert labels[7] == "The Very Lo…Neighbours 7"
    assert len({*labels}) == 400


def test_names_that_differ_in_their_middle_have_the_number_of_their_bar() -> None:
    names = [f"The Very Long Named Club {each} of the Neighbours of Millside" for each in "ab"]
    assert short_labels(names, 24) == ["The Very Lo…of Millsi… 1", "The Very Lo…of Millsi… 2"]


def test_the_same_name_is_called_the_same() -> None:
    assert short_labels(["One of the accounts"] * 2, 10) == ["One of…"] * 2


@given(NAMES)
def test_a_label_fits_and_no_two_names_have_the_same(names: list[str]) -> None:
    labels = short_labels(names, 12)
    assert all(cells(label) <= 12 for label in labels)
    assert len({*labels}) == len({*names})
