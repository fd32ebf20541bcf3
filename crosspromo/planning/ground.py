"""Ground of one account in a plan: when it sends, and what it says about whom."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.pacing import WEEK
from crosspromo.planning.counts import Counts
from crosspromo.planning.terrain import Item, Slot, day_of, micros, month_of, seconds
from crosspromo.planning.values import Account

SEVEN_DAYS = int(WEEK.total_seconds())


class Ground:
    """Sends, items, shares and costs of an account, fixed and planned.

    `counts` is None for an account without a ratio. `shares` maps a partner to the times and events
    of the posts about them, `told` an event to the number of posts that count it as about others.
    """

    def __init__(self, account: Account, zone: ZoneInfo, now: datetime) -> None:
        policy = account.policy
        self.gap = max(1, int((policy.min_gap or timedelta()).total_seconds()))
        self.per_day, self.per_week = policy.max_per_day, policy.max_per_week
        most = policy.monthly_budget
        self.budget = None if most is None else micros(most)
        self.times: list[int] = []
        self.days: defaultdict[int, int] = defaultdict(int)
        self.lines_of_day: defaultdict[int, int] = defaultdict(int)
        self.items: set[str] = set()
        self.event_days: defaultdict[tuple[str, int], int] = defaultdict(int)
        self.told: defaultdict[str, int] = defaultdict(int)
        self.shares: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self.costs: defaultdict[int, int] = defaultdict(int)
        self.costs[month_of(now, zone)] = micros(account.spent)
        self.counts = None
        rows = [(seconds(row.at), row.others, row.self_) for row in account.fixed]
        if policy.target is not None:
            self.counts = Counts(policy.target, policy.window, rows)
        for row in account.fixed:
            at, day = seconds(row.at), day_of(row.at, zone)
            if row.paces:
                insort(self.times, at)
                self.days[day] += 1
                self.lines_of_day[day] += 1
            if row.item is not None:
                self.items.add(row.item)
            if row.event is not None:
                self.event_days[row.event, day] += 1
                self.told[row.event] += row.others
            for partner in row.partners:
                insort(self.shares[partner], (at, row.event or ""))
            if row.queued:
                self.costs[month_of(row.at, zone)] += micros(row.cost)

    def has_time(self, slot: Slot) -> bool:
        """Whether gaps and caps leave room for a send in the slot, and for those after it."""
        at, times = slot.at, self.times
        place = bisect_left(times, at)
        if place < len(times) and times[place] - at < self.gap:
            return False
        if place and at - times[place - 1] < self.gap:
            return False
        if self.per_day is not None and self.days[slot.day] >= self.per_day:
            return False
        return self.per_week is None or self._has_week(at, place, self.per_week)

    def _has_week(self, at: int, place: int, most: int) -> bool:
        """Whether no seven days that end with a send get more than `most`."""
        times = self.times
        if place - bisect_right(times, at - SEVEN_DAYS) >= most:
            return False
        last = bisect_left(times, at + SEVEN_DAYS)
        return all(
            later + 1 - bisect_right(times, times[later] - SEVEN_DAYS) < most
            for later in range(place, last)
        )

    def has_said(self, item: Item, slot: Slot) -> bool:
        """Whether the account has the item, its event on that day, or counts its event already."""
        event = item.candidate.event
        if item.says in self.items:
            return True
        if event is None:
            return False
        counts_others = item.counts[slot.account][0]
        return self.event_days[event, slot.day] > 0 or bool(counts_others and self.told[event])

    def has_budget(self, item: Item, slot: Slot) -> bool:
        """Whether the month's budget allows the cost of the item."""
        cost = item.costs.get(slot.account, 0)
        return self.budget is None or not cost or self.costs[slot.month] + cost <= self.budget

    def near_shares(self, item: Item, at: int) -> int:
        """Number of posts within seven days about a partner of the item, not of the same event."""
        event, near = item.candidate.event, 0
        for partner in item.candidate.partners:
            for other, its_event in self.shares.get(partner, ()):
                if abs(other - at) < SEVEN_DAYS and (event is None or its_event != event):
                    near += 1
        return near

    def put(self, item: Item, slot: Slot) -> None:
        """Count the item in the slot."""
        insort(self.times, slot.at)
        for partner in item.candidate.partners:
            insort(self.shares[partner], (slot.at, item.candidate.event or ""))
        self.items.add(item.says)
        self._count(item, slot, 1)

    def pull(self, item: Item, slot: Slot) -> None:
        """Count the item no more."""
        del self.times[bisect_left(self.times, slot.at)]
        for partner in item.candidate.partners:
            self.shares[partner].remove((slot.at, item.candidate.event or ""))
        self.items.remove(item.says)
        self._count(item, slot, -1)

    def _count(self, item: Item, slot: Slot, by: int) -> None:
        self.days[slot.day] += by
        self.lines_of_day[slot.day] += by
        self.costs[slot.month] += by * item.costs.get(slot.account, 0)
        event = item.candidate.event
        if event is not None:
            self.event_days[event, slot.day] += by
            self.told[event] += by * item.counts[slot.account][0]
