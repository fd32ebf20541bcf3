"""Occasions are told when a window needs them: not a month too early, and not a day too late."""

from datetime import timedelta

from planning_tasks import A_WEEK, DAY, NOW, account, local, milestone

from bench.planning.instances import SMALL, instance
from crosspromo.domain.ratio import Target
from crosspromo.planning.planner import plan
from crosspromo.planning.settling import AHEAD, RESERVE
from crosspromo.planning.values import Account, Fixed, Span, Task

FOUR_WEEKS = Span(NOW, local(28))


def test_while_the_window_has_headroom_occasions_are_kept_for_later() -> None:
    full = with_past(*(Fixed(NOW - n * DAY, others=1) for n in range(1, 11)))
    lines = plan(task(full, 5), most_steps=200).lines
    assert len(lines) == 5
    assert [line.at for line in lines if line.at < NOW + AHEAD * DAY] == []


def test_an_occasion_is_told_shortly_before_the_window_would_fall_short() -> None:
    rolls_off = NOW - 28 * DAY + 5 * DAY
    thin = with_past(
        *(Fixed(rolls_off + timedelta(hours=n), others=1) for n in range(3)),
        Fixed(NOW - DAY, self_=1),
    )
    days = [(line.at - NOW).days for line in plan(task(thin, 6), most_steps=200).lines]
    soon = [day for day in days if day < AHEAD]
    assert len(soon) == 1 + RESERVE
    assert min(soon) >= 2


def test_without_a_ratio_nothing_is_kept_for_it() -> None:
    lines = plan(Task((account(),), (milestone("m", "p"),), A_WEEK, NOW), most_steps=50).lines
    assert len(lines) == 1


def test_posts_about_partners_make_room_for_a_self_post_that_none_of_them_allows_alone() -> None:
    """Proven optimum of an instance whose wished self post needs five partner posts before it."""
    assert plan(instance(SMALL, 25)).points == 1613


def with_past(*rows: Fixed) -> Account:
    made = account(target=Target(1, 1))
    return Account(made.name, made.network, made.policy, fixed=tuple(rows))


def task(on: Account, occasions: int) -> Task:
    told = tuple(milestone(f"m{n}", f"partner-{n}") for n in range(occasions))
    return Task((on,), told, FOUR_WEEKS, NOW, floor=None)
