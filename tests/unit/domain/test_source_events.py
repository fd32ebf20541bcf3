"""When an edition counts as broken, and by what two events are perhaps the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.events import Event
from crosspromo.domain.source_events import FEWEST_GONE, Marks, Sign, is_broken, marks_of, signs

STARTS = datetime(2026, 4, 22, 14, tzinfo=UTC)
CLEANUP = Event("", "River cleanup", STARTS, STARTS, "America/Chicago", "1@river")


def marks(page: str = "", **values: object) -> Marks:
    return marks_of(replace(CLEANUP, uid="2@wood", **values), page)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "gone", "broken"),
    [(20, 12, True), (9, 3, False), (8, 3, True), (3, 3, True), (2, 2, False), (0, 0, False)],
)
def test_more_than_a_third_and_three_at_least_is_a_broken_edition(
    known: int, gone: int, broken: bool
) -> None:
    assert is_broken(known, gone) is broken


@given(st.integers(0, 500), st.integers(0, 500))
def test_what_loses_more_is_no_less_broken(known: int, gone: int) -> None:
    if is_broken(known, gone):
        assert gone >= FEWEST_GONE
        assert is_broken(known, gone + 1)


@pytest.mark.parametrize(
    "title",
    [
        "River cleanup",
        "RIVER CLEANUP!",
        "The river cleanup 2026",
        "River Cleanup with River Keepers",
    ],
)
def test_titles_with_much_in_common_at_one_time_are_alike(title: str) -> None:
    later = STARTS + timedelta(minutes=30)
    assert signs(marks_of(CLEANUP, ""), marks(title=title, starts_at=later)) == {Sign.TITLE}


@pytest.mark.parametrize("title", ["Board meeting", "River", "Dinner at the river house", ""])
def test_other_titles_are_not(title: str) -> None:
    assert signs(marks_of(CLEANUP, ""), marks(title=title)) == frozenset()


@pytest.mark.parametrize("by", [timedelta(hours=3), timedelta(days=1), timedelta(days=7)])
def test_the_same_title_at_another_time_is_another_event(by: timedelta) -> None:
    assert signs(marks_of(CLEANUP, ""), marks(starts_at=STARTS + by)) == frozenset()


def test_a_whole_day_goes_with_every_time_of_it() -> None:
    day = STARTS.replace(hour=5)  # midnight in Chicago
    assert Sign.TITLE in signs(marks_of(CLEANUP, ""), marks(starts_at=day, all_day=True))


def test_the_day_is_that_of_the_clocks_there() -> None:
    evening = STARTS.replace(day=23, hour=1)  # 20:00 on the 22nd in Chicago
    assert marks(starts_at=evening).day == STARTS.date()


def test_one_page_on_one_day_is_one_event_and_a_series_shares_its_page() -> None:
    page = "//river.example/cleanup"
    other = marks(page, title="Else", starts_at=STARTS + timedelta(hours=6))
    assert signs(marks_of(CLEANUP, page), other) == {Sign.PAGE}
    next_week = marks(page, title="Else", starts_at=STARTS + timedelta(days=7))
    assert signs(marks_of(CLEANUP, page), next_week) == frozenset()


def test_the_same_uid_is_the_same_event_whenever_it_is() -> None:
    moved = marks_of(replace(CLEANUP, title="Else", starts_at=STARTS + timedelta(days=9)), "")
    assert signs(marks_of(CLEANUP, ""), moved) == {Sign.UID}


TITLES = st.text("ab 1", max_size=12)
TIMES = st.timedeltas(timedelta(hours=-30), timedelta(hours=30)).map(lambda by: STARTS + by)
EVENTS = st.builds(
    lambda title, at, uid, page, whole: marks_of(
        replace(CLEANUP, title=title, starts_at=at, uid=uid, all_day=whole), page
    ),
    TITLES,
    TIMES,
    st.sampled_from(["1", "2"]),
    st.sampled_from(["", "//a", "//b"]),
    st.booleans(),
)


@given(EVENTS, EVENTS)
def test_it_does_not_matter_which_of_two_is_asked_about(one: Marks, other: Marks) -> None:
    assert signs(one, other) == signs(other, one)


@given(EVENTS)
def test_an_event_is_like_itself(one: Marks) -> None:
    assert Sign.UID in signs(one, one)
