"""When a database is not the one that was seen before."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.database_identity import (
    LEAP,
    PERHAPS_SENT,
    Identity,
    Mark,
    Oddity,
    in_words,
    merged,
    oddity,
)

MARKS = {"ours": Mark(5, (17,))}
counts = st.integers(0, 10**6)
numbers = st.integers(1, 5)


def found(
    name: str,
    beats: int,
    marks: Mapping[str, Mark] = MARKS,
    *,
    file: int | None = 17,
    empty: bool = False,
) -> Oddity | None:
    return oddity(Identity(name, beats), marks, file=file, only_here=file is not None, empty=empty)


@pytest.mark.parametrize(
    ("seen", "odd"),
    [
        (found("ours", 5), None),
        (found("ours", 6), None),
        (found("ours", 4), Oddity.WENT_BACK),
        (found("ours", 4, empty=True), Oddity.WENT_BACK),
        (found("ours", 9, file=18), Oddity.COPIED),
        (found("ours", 9, file=18, empty=True), None),
        (found("other", 9), Oddity.REPLACED),
        (found("other", 0, empty=True), None),
        (found("other", 9, {}), Oddity.COPIED),
        (found("other", 9, {}, empty=True), None),
        (found("other", 0, {}), None),
        (found("other", 9, {}, file=None), None),
        (found("ours", 4, file=None), Oddity.WENT_BACK),
        (found("other", 9, file=None), Oddity.REPLACED),
    ],
)
def test_what_is_odd(seen: Oddity | None, odd: Oddity | None) -> None:
    assert seen is odd


@given(beats=st.lists(counts, min_size=1), file=numbers)
def test_a_database_that_only_goes_on_is_never_odd(beats: list[int], file: int) -> None:
    """Whichever marks were written, by whatever process of the machine, in whatever order."""
    mark: Mark | None = None
    for each in beats:
        mark = merged(mark, Mark(each, (file,)))
    assert mark is not None
    assert mark.beats == max(beats)
    assert found("ours", max(beats), {"ours": mark}, file=file) is None
    if max(beats) > 0:
        assert found("ours", max(beats) - 1, {"ours": mark}, file=file) is Oddity.WENT_BACK


@given(here=counts, ahead=st.integers(0, LEAP), restored=counts)
def test_what_one_machine_told_is_not_told_by_the_next(
    here: int, ahead: int, restored: int
) -> None:
    """Another machine's mark may be higher than that of the machine which found the database."""
    leapt = max(here, restored + 1) + LEAP
    assert found("ours", leapt, {"ours": Mark(here + ahead)}, file=None) is None


@pytest.mark.parametrize("odd", Oddity)
def test_every_oddity_says_in_a_short_sentence_what_was_seen_and_what_may_follow(
    odd: Oddity,
) -> None:
    words = in_words(odd)
    assert len(words.split()) <= 22
    assert "the same posts" in words or PERHAPS_SENT in words
