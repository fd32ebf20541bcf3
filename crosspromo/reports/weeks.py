"""Weeks of reports: from Monday to Monday, by the clocks of the organisation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.ratio import Target
from crosspromo.domain.report_rows import CountedRow, GivenRow
from crosspromo.domain.timing import at_wall_clock

INSTANT = timedelta(microseconds=1)
"""Least step of time: a stretch opens after an instant, a week begins at one."""


@dataclass(frozen=True, slots=True)
class Week:
    """Week by its Monday; it has what is later than `after` and not later than `until`, in UTC."""

    monday: date
    after: datetime
    until: datetime

    def has(self, moment: datetime) -> bool:
        """Whether the moment lies in the week."""
        return self.after < moment <= self.until


def last_weeks(as_of: datetime, zone: ZoneInfo, count: int) -> Sequence[Week]:
    """The last weeks, the earliest first; the last one goes on until `as_of`."""
    today = as_of.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    found = []
    for back in range(count - 1, -1, -1):
        first = monday - timedelta(weeks=back)
        begins = at_wall_clock(first, time(), zone)
        ends = at_wall_clock(first + timedelta(weeks=1), time(), zone)
        found.append(Week(first, begins - INSTANT, min(ends - INSTANT, as_of)))
    return found


@dataclass(frozen=True, slots=True)
class AccountWeek:
    """Counts of an account in a week; `allowed` are the self posts for which its partner posts
    suffice by the target, None without one.
    """

    account: str
    monday: date
    others: int
    self_: int
    allowed: int | None


def sums_by_week(
    rows: Iterable[CountedRow], weeks: Sequence[Week]
) -> Mapping[tuple[str, date], tuple[int, int]]:
    """Others and self of each account in each week, by account and Monday."""
    sums: dict[tuple[str, date], tuple[int, int]] = {}
    for row in rows:
        for week in weeks:
            if week.has(row.at):
                key = row.account, week.monday
                others, self_ = sums.get(key, (0, 0))
                sums[key] = others + row.others, self_ + row.self_
    return sums


def weeks_of_accounts(
    sums: Mapping[tuple[str, date], tuple[int, int]],
    targets: Mapping[str, Target | None],
    weeks: Sequence[Week],
) -> Sequence[AccountWeek]:
    """Counts of each account in each week, in the order of the accounts."""
    found = []
    for account, target in targets.items():
        for week in weeks:
            others, self_ = sums.get((account, week.monday), (0, 0))
            allowed = None if target is None else others * target.den // target.num
            found.append(AccountWeek(account, week.monday, others, self_, allowed))
    return found


def weeks_of_partners(
    rows: Iterable[GivenRow], partners: Iterable[str], weeks: Sequence[Week]
) -> Mapping[str, Sequence[int]]:
    """Number of posts about each partner in each week; a post on three accounts is one."""
    posts: dict[str, list[set[object]]] = {slug: [set() for _ in weeks] for slug in partners}
    for number, row in enumerate(rows):
        if row.partner in posts:
            for place, week in enumerate(weeks):
                if week.has(row.at):
                    outside = ("outside", number)
                    posts[row.partner][place].add(outside if row.post is None else row.post)
    return {slug: [len(each) for each in found] for slug, found in posts.items()}
