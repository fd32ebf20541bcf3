"""The formulas of the share ratio, held against the plainest reading of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.errors import UsageError
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import (
    Counted,
    Stretch,
    Tally,
    Target,
    Window,
    earliest_by_roll_off,
    tally,
)

NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
SPAN = timedelta(days=1)
WINDOW = Window(days=1)
COLD = Tally(0, 0)

counts = st.integers(min_value=0, max_value=60)
tallies = st.builds(Tally, counts, counts)
targets = st.builds(Target, st.integers(1, 12), st.integers(1, 12))
rows = st.lists(
    st.builds(
        Counted,
        st.integers(0, 24 * 60 - 1).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        st.integers(0, 1),
        st.integers(0, 1),
    ),
    max_size=12,
)


def self_posts_that_pass(standing: Tally, target: Target) -> int:
    """Let self posts out one after another, as long as the gate lets them."""
    passed = 0
    while standing.others * target.den >= target.num * (standing.self_ + 1):
        standing = Tally(standing.others, standing.self_ + 1)
        passed += 1
    return passed


@given(tallies, targets)
def test_headroom_is_how_many_self_posts_pass_one_after_another(
    standing: Tally, target: Target
) -> None:
    assert standing.headroom(target) == self_posts_that_pass(standing, target)


@given(tallies, targets)
def test_partner_posts_to_next_is_the_least_that_raises_headroom(
    standing: Tally, target: Target
) -> None:
    needed = standing.partner_posts_to_next(target)
    assert needed >= 1
    enough = Tally(standing.others + needed, standing.self_)
    one_less = Tally(standing.others + needed - 1, standing.self_)
    assert enough.headroom(target) > standing.headroom(target)
    assert one_less.headroom(target) == standing.headroom(target)


@given(tallies, targets)
def test_a_self_post_may_go_exactly_while_there_is_headroom(
    standing: Tally, target: Target
) -> None:
    assert standing.allows(Credit.SELF, target) == (standing.headroom(target) > 0)


@given(tallies, targets)
def test_a_joint_post_brings_its_own_share_of_others(standing: Tally, target: Target) -> None:
    with_its_share = Tally(standing.others + 1, standing.self_)
    assert standing.allows(Credit.BOTH, target) == with_its_share.allows(Credit.SELF, target)


@given(tallies, targets, st.sampled_from([Credit.OTHERS, Credit.NONE]))
def test_what_is_not_about_us_is_never_held(
    standing: Tally, target: Target, credit: Credit
) -> None:
    assert standing.allows(credit, target)


@given(tallies, targets)
def test_whatever_the_gate_allows_keeps_the_ratio_afterwards(
    standing: Tally, target: Target
) -> None:
    if standing.allows(Credit.SELF, target):
        assert Tally(standing.others, standing.self_ + 1).meets(target)
    if standing.allows(Credit.BOTH, target):
        assert Tally(standing.others + 1, standing.self_ + 1).meets(target)


@pytest.mark.parametrize(
    ("standing", "target", "allowed"),
    [
        (Tally(3, 0), "3:1", True),  # 3 x 1 = 3 x 1: equality passes
        (Tally(2, 0), "3:1", False),
        (Tally(6, 1), "3:1", True),
        (Tally(5, 1), "3:1", False),
        (Tally(1, 1), "1:2", True),
        (Tally(1, 2), "1:2", False),
        (Tally(3, 1), "3:2", True),
        (COLD, "1:1", False),  # a cold start holds
    ],
)
def test_equality_passes(standing: Tally, target: str, allowed: bool) -> None:
    assert standing.allows(Credit.SELF, Target.parse(target)) is allowed


def test_a_cold_start_holds_all_but_a_joint_post_at_one_to_one() -> None:
    assert not COLD.allows(Credit.SELF, Target(1, 1))
    assert COLD.allows(Credit.BOTH, Target(1, 1))
    assert not COLD.allows(Credit.BOTH, Target(3, 1))
    assert COLD.headroom(Target(3, 1)) == 0
    assert COLD.partner_posts_to_next(Target(3, 1)) == 3


def test_an_overdrawn_account_needs_all_that_is_missing() -> None:
    overdrawn = Tally(1, 4)
    assert overdrawn.headroom(Target(3, 1)) == 0
    assert overdrawn.partner_posts_to_next(Target(3, 1)) == 14


# Roll-off


def by_the_hour(rows: Sequence[Counted]) -> list[Stretch]:
    """The rows cut into stretches, as the store does it."""
    hours: dict[datetime, list[Counted]] = {}
    for row in sorted(rows, key=lambda row: row.at):
        hours.setdefault(row.at.replace(minute=0, second=0, microsecond=0), []).append(row)
    return [Stretch(tally(part), partial(iter, part)) for part in hours.values()]


def naive_roll_off(
    counted: Sequence[Counted], target: Target, credit: Credit = Credit.SELF
) -> datetime | None:
    """Watch the window slide over the rows, minute by minute."""
    for minute in range(24 * 60 + 1):
        then = NOW + timedelta(minutes=minute)
        left = tally(row for row in counted if then - SPAN < row.at <= then)
        if left.allows(credit, target):
            return then if minute else None
    return None


@given(rows, targets, st.sampled_from([Credit.SELF, Credit.BOTH]))
def test_roll_off_is_the_first_minute_at_which_expiries_alone_let_it_go(
    counted: list[Counted], target: Target, credit: Credit
) -> None:
    expected = naive_roll_off(counted, target, credit)
    assert earliest_by_roll_off(by_the_hour(counted), target, WINDOW, NOW, credit) == expected


def test_roll_off_waits_for_our_own_posts_to_leave_before_those_about_others() -> None:
    ours = Counted(NOW - timedelta(hours=20), 0, 1)
    theirs = Counted(NOW - timedelta(hours=2), 1, 0)
    found = earliest_by_roll_off(by_the_hour([theirs, ours]), Target(1, 1), WINDOW, NOW)
    assert found == NOW + timedelta(hours=4)


def test_posts_about_others_that_leave_first_take_the_headroom_with_them() -> None:
    theirs = Counted(NOW - timedelta(hours=20), 1, 0)
    ours = Counted(NOW - timedelta(hours=2), 0, 1)
    assert earliest_by_roll_off(by_the_hour([theirs, ours]), Target(1, 1), WINDOW, NOW) is None


def test_a_joint_post_can_go_sooner_than_one_about_ourselves() -> None:
    ours = Counted(NOW - timedelta(hours=20), 0, 1)
    assert earliest_by_roll_off(by_the_hour([ours]), Target(1, 1), WINDOW, NOW) is None
    joint = earliest_by_roll_off(by_the_hour([ours]), Target(1, 1), WINDOW, NOW, Credit.BOTH)
    assert joint == NOW + timedelta(hours=4)


def test_nothing_rolls_off_where_headroom_is_open_already() -> None:
    theirs = Counted(NOW - timedelta(hours=1), 1, 0)
    assert earliest_by_roll_off(by_the_hour([theirs]), Target(1, 1), WINDOW, NOW) is None


def test_nothing_rolls_off_a_window_of_posts() -> None:
    ours, theirs = Counted(NOW - SPAN, 0, 1), Counted(NOW, 1, 0)
    assert (
        earliest_by_roll_off(by_the_hour([ours, theirs]), Target(1, 1), Window(posts=20), NOW)
        is None
    )


# Windows


def test_a_window_of_days_is_half_open() -> None:
    opens = Window(days=28).opens_after(NOW)
    assert opens == NOW - timedelta(days=28)
    # What went out at that very moment has left; a row rolls off exactly then.
    row = Counted(NOW - SPAN + timedelta(minutes=1), 0, 1)
    kept = Counted(NOW, 1, 0)
    leaves = earliest_by_roll_off(by_the_hour([row, kept]), Target(1, 1), WINDOW, NOW)
    assert leaves == row.at + SPAN


def test_a_window_of_posts_has_no_length_in_time() -> None:
    window = Window.parse("20 posts")
    assert (window.posts, window.days, window.span) == (20, None, None)
    assert window.opens_after(NOW) is None


@pytest.mark.parametrize(
    ("text", "shown", "in_words"),
    [
        ("28d", "28d", "28 days"),
        (" 7 days ", "7d", "7 days"),
        ("1d", "1d", "day"),
        ("20 posts", "20 posts", "20 posts"),
        ("20posts", "20 posts", "20 posts"),
    ],
)
def test_a_window_is_read_and_shown(text: str, shown: str, in_words: str) -> None:
    window = Window.parse(text)
    assert (str(window), window.in_words) == (shown, in_words)


@pytest.mark.parametrize("text", ["", "28", "0d", "-1d", "28h", "2.5d", "d", "posts", "٢d"])
def test_what_is_no_window_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(UsageError) as error:
        Window.parse(text)
    assert str(error.value) == f'"{text}" is not a window; write "28d" or "20 posts"'


# Targets


@given(targets)
def test_a_target_reads_back_as_it_is_written(target: Target) -> None:
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize("text", ["", "3", "3:", "3/1", "3:1:1", "3.5:1", "75%", "-3:1", "٣:1"])
def test_what_is_no_ratio_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(UsageError) as error:
        Target.parse(text)
    assert str(error.value) == f'"{text}" is not a ratio; write others:self, such as "3:1"'


@pytest.mark.parametrize("text", ["0:1", "1:0", "0:0"])
def test_a_ratio_has_no_zeros(text: str) -> None:
    with pytest.raises(UsageError) as error:
        Target.parse(text)
    assert str(error.value) == f"a ratio needs two whole numbers above 0, not {text}"
