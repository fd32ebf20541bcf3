"""Shortfall: since when the counts of a trailing window have not kept what was promised."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from crosspromo.domain.ratio import Counted, Tally, Window, tally


def looked_back(window: Window) -> Window:
    """Window that holds every row which `below_since` needs: twice as long."""
    if window.days is not None:
        return Window(days=2 * window.days)
    return Window(posts=2 * (window.posts or 0))


def below_since(
    rows: Sequence[Counted], window: Window, now: datetime, keeps: Callable[[Tally], bool]
) -> datetime | None:
    """Moment since which the counts have not kept the promise, for counts that do not keep it now.

    `rows` are those of `looked_back(window)`. None: the counts were below in the whole length of a
    window before `now`, and of earlier times the rows do not tell.
    """
    span = window.span
    steps = _steps_of_posts(rows, window.posts or 0) if span is None else _steps(rows, span, now)
    for moment, before in steps:
        if keeps(before):
            return moment
    return None


def _steps(rows: Sequence[Counted], span: timedelta, now: datetime) -> list[tuple[datetime, Tally]]:
    """Moments at which the counts changed, latest first, each with the counts before it.

    A row counts from its time on, one with a later time than `now` from `now` on.
    """
    changes: dict[datetime, list[Tally]] = defaultdict(list)
    for row in rows:
        entered = min(row.at, now)
        changes[entered].append(Tally(row.others, row.self_))
        changes[entered + span].append(Tally(-row.others, -row.self_))
    standing = tally(row for row in rows if min(row.at, now) > now - span)
    steps = []
    for moment in sorted((each for each in changes if now - span < each <= now), reverse=True):
        standing = _without(standing, changes, moment)
        steps.append((moment, standing))
    return steps


def _without(
    standing: Tally, changes: Mapping[datetime, Sequence[Tally]], moment: datetime
) -> Tally:
    others = sum(change.others for change in changes[moment])
    self_ = sum(change.self_ for change in changes[moment])
    return Tally(standing.others - others, standing.self_ - self_)


def _steps_of_posts(rows: Sequence[Counted], posts: int) -> list[tuple[datetime, Tally]]:
    """As `_steps`, for the last `posts` posts: each one pushed out the one that far before it."""
    in_order = sorted(rows, key=lambda row: row.at)
    standing = tally(in_order[-posts:] if posts else ())
    steps = []
    for place in range(len(in_order) - 1, -1, -1):
        entered, left = in_order[place], place - posts
        if left < 0 and len(in_order) >= 2 * posts:
            break
        back = in_order[left] if left >= 0 else None
        standing = Tally(
            standing.others - entered.others + (back.others if back else 0),
            standing.self_ - entered.self_ + (back.self_ if back else 0),
        )
        steps.append((entered.at, standing))
    return steps
