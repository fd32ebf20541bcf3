"""Rules and wishes of a plan as rows of a mixed-integer program.

A binary column says that an item stands in a slot. What rules and wishes ask is written as rows
over these, apart from the planner's own board; only what is fixed (slots, points of an item in a
slot) is shared. There is no notion of texts that are nearly the same, nor of windows of posts, nor
of budgets, which the instances do not have.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

import numpy as np

from bench.planning.program import INFINITE, Program
from crosspromo.domain.ratio import Target
from crosspromo.planning import wishes
from crosspromo.planning.board import Board, value_of
from crosspromo.planning.counts import MARGIN
from crosspromo.planning.terrain import Item, Slot, Terrain, seconds, terrain_of
from crosspromo.planning.values import Task

_DAY = 86_400
_WEEK = 7 * _DAY

Lines = tuple[tuple[str, str, int], ...]
"""Lines of a plan: key of the candidate, account, time in seconds."""


class PlanRows:
    """Program of a task."""

    def __init__(self, task: Task) -> None:
        self.program = Program()
        self.terrain: Terrain = terrain_of(task)
        self.empty = Board(self.terrain)
        self.start = seconds(task.span.start)
        self.x: dict[tuple[int, int], int] = {}
        self._stood: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        self.of_item: defaultdict[int, list[tuple[Slot, int]]] = defaultdict(list)
        self.in_slot: defaultdict[int, list[tuple[Item, int]]] = defaultdict(list)
        for item in self.terrain.items:
            for account in item.accounts:
                for slot in self.terrain.of_account[account]:
                    if self.empty.against(item, slot) is None:
                        self._may_stand(item, slot)

    def _may_stand(self, item: Item, slot: Slot) -> None:
        column = self.program.binary(value_of(item, slot, self.start))
        self.x[item.number, slot.number] = column
        self.of_item[item.number].append((slot, column))
        self.in_slot[slot.number].append((item, column))

    def write(self) -> None:
        """Write all rows."""
        self._once_each()
        for number in range(len(self.terrain.accounts)):
            self._paces(number)
            self._says(number)
            self._days(number)
        self._ratios()
        self._limits()
        self._dues()
        self._again()

    def lines(self, values: np.ndarray) -> Lines:
        """Lines of a solution."""
        slots, items = self.terrain.slots, self.terrain.items
        return tuple(
            (
                items[item].candidate.key,
                self.terrain.accounts[slots[slot].account].name,
                slots[slot].at,
            )
            for (item, slot), column in self.x.items()
            if len(values) and values[column] > 0.5
        )

    def chosen(self, lines: Lines) -> set[tuple[int, int]]:
        """Numbers of item and slot of each line."""
        items = {item.candidate.key: item.number for item in self.terrain.items}
        accounts = self.terrain.accounts
        slots = {(accounts[each.account].name, each.at): each for each in self.terrain.slots}
        return {(items[key], slots[account, at].number) for key, account, at in lines}

    def _columns(self, slots: Iterable[Slot]) -> list[int]:
        return [column for slot in slots for _, column in self.in_slot[slot.number]]

    def _once_each(self) -> None:
        for stands in self.of_item.values():
            self.program.at_most(1, [column for _, column in stands])
        for stands_here in self.in_slot.values():
            self.program.at_most(1, [column for _, column in stands_here])

    def _paces(self, number: int) -> None:
        ground, slots = self.empty.grounds[number], self.terrain.of_account[number]
        for one, other in pairwise(slots):
            if other.at - one.at < ground.gap:
                self.program.at_most(1, self._columns((one, other)))
        days = defaultdict(list)
        for slot in slots:
            days[slot.day].append(slot)
        for day, of_day in days.items():
            if ground.per_day is not None:
                self.program.at_most(ground.per_day - ground.days[day], self._columns(of_day))
        if ground.per_week is not None:
            ends = [*(slot.at for slot in slots), *ground.times]
            for end in ends:
                week = [slot for slot in slots if end - _WEEK < slot.at <= end]
                stands = bisect_right(ground.times, end) - bisect_right(ground.times, end - _WEEK)
                self.program.at_most(max(0, ground.per_week - stands), self._columns(week))

    def _says(self, number: int) -> None:
        says, days, told = defaultdict(list), defaultdict(list), defaultdict(list)
        for slot in self.terrain.of_account[number]:
            for item, column in self.in_slot[slot.number]:
                event = item.candidate.event
                says[item.says].append(column)
                if event is not None:
                    days[event, slot.day].append(column)
                    if item.counts[number][0]:
                        told[event].append(column)
        for columns in (*says.values(), *days.values(), *told.values()):
            self.program.at_most(1, columns)

    def _days(self, number: int) -> None:
        days: defaultdict[int, list[int]] = defaultdict(list)
        for slot in self.terrain.of_account[number]:
            if not self.empty.grounds[number].lines_of_day[slot.day]:
                days[slot.day] += self._columns([slot])
        for columns in days.values():
            self._rewarded(wishes.DAY_WITH_A_POST, columns)

    def _rewarded(self, points: float, columns: list[int]) -> int:
        """Binary with points that may be 1 where one of the columns is."""
        some = self.program.binary(points)
        self.program.row(-INFINITE, 0, [(some, 1.0), *((each, -1.0) for each in columns)])
        return some

    # -- ratio ---------------------------------------------------------------------------------

    def _ratios(self) -> None:
        for number, account in enumerate(self.terrain.accounts):
            target = account.policy.target
            if target is not None:
                assert account.policy.window.days is not None
                ledger = _Ledger(self, [number], target, account.policy.window.days * _DAY)
                ledger.write()
                for _, end in self.terrain.weeks:
                    ledger.ask(end)
        floor = self.terrain.task.floor
        if floor is not None:
            days = self.terrain.task.floor_window.days
            assert days is not None
            _Ledger(self, list(range(len(self.terrain.accounts))), floor, days * _DAY).write()

    # -- partners ------------------------------------------------------------------------------

    def _shares(self, partner: str) -> Iterator[tuple[Item, Slot, int]]:
        for item in self.terrain.items:
            if partner in item.candidate.partners:
                for slot, column in self.of_item[item.number]:
                    yield item, slot, column

    def _limits(self) -> None:
        for partner, terms in self.terrain.terms.items():
            if terms.most is None:
                continue
            at_once: defaultdict[int, list[int]] = defaultdict(list)
            for _, slot, column in self._shares(partner):
                at_once[slot.at].append(column)
            times, so_far = sorted(at_once), list[int]()
            for place, end in enumerate(times):
                so_far.append(self.program.number())
                terms_ = [(so_far[-1], 1.0), *((each, -1.0) for each in at_once[end])]
                terms_ += [(each, -1.0) for each in so_far[-2:-1]]
                self.program.row(0, 0, terms_)
                before = bisect_right(times, end - terms.within)
                rolled_off = [(each, -1.0) for each in so_far[before - 1 : before]]
                self.program.row(-INFINITE, terms.most, [(so_far[place], 1.0), *rolled_off])

    def _dues(self) -> None:
        for partner, terms in self.terrain.terms.items():
            full = wishes.FOCUS_IN_CADENCE if terms.focus else wishes.IN_CADENCE
            shares = [each for each in self._shares(partner) if each[0].counts[each[1].account][0]]
            for due in terms.dues:
                early = [c for _, slot, c in shares if due.after <= slot.at < due.by]
                late = [c for _, slot, c in shares if due.by <= slot.at < due.closes]
                in_time = self._rewarded(full, early)
                too_late = self._rewarded(full // wishes.LATE, late)
                self.program.at_most(1, [in_time, too_late])
                pencils = [
                    c for item, s, c in shares if item.only_due and due.opens <= s.at < due.closes
                ]
                pencilled = set(pencils)
                rest = [c for c in (*early, *late) if c not in pencilled]
                # one pencilled line, or any number of others
                many = float(len({item.number for item, _, _ in shares}))
                terms_ = [*((c, many) for c in pencils), *((c, 1.0) for c in rest)]
                self.program.row(-INFINITE, many, terms_)

    def _again(self) -> None:
        by_pair: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
        items = {item.number: item for item in self.terrain.items}
        for item in self.terrain.items:
            for account in item.accounts:
                for partner in item.candidate.partners:
                    by_pair[account, partner].add(item.number)
        for (account, _), numbers in sorted(by_pair.items()):
            for one, other in combinations(sorted(numbers), 2):
                event = items[one].candidate.event
                if event is None or event != items[other].candidate.event:
                    self._pair(account, one, other)

    def _pair(self, account: int, one: int, other: int) -> None:
        """Binary that must be 1 where both stand on the account within seven days."""
        mine, theirs = self._so_far(account, one), self._so_far(account, other)
        times = [at for at, _, _ in theirs]
        again = None
        for at, column, _ in mine:
            first, last = bisect_right(times, at - _WEEK), bisect_left(times, at + _WEEK)
            if first == last:
                continue
            if again is None:
                again = self.program.binary(-wishes.PARTNER_AGAIN)
            terms = [(column, 1.0), (theirs[last - 1][2], 1.0), (again, -1.0)]
            if first:
                terms.append((theirs[first - 1][2], -1.0))
            self.program.row(-INFINITE, 1, terms)

    def _so_far(self, account: int, item: int) -> list[tuple[int, int, int]]:
        """Times at which the item may stand on the account, each with its column.

        The third is a column that says whether the item stands there at this time or before it.
        """
        if (account, item) not in self._stood:
            found: list[tuple[int, int, int]] = []
            for slot, column in self.of_item[item]:
                if slot.account == account:
                    so_far = self.program.number()
                    terms = [(so_far, 1.0), (column, -1.0)]
                    if found:
                        terms.append((found[-1][2], -1.0))
                    self.program.row(0, 0, terms)
                    found.append((slot.at, column, so_far))
            self._stood[account, item] = found
        return self._stood[account, item]

    @property
    def constant(self) -> float:
        """Points of what stands without any line; those for weeks are columns of the program."""
        grounds = self.empty.grounds
        asked = sum(each.counts.asked_and_allowed for each in grounds if each.counts)
        return float(self.empty.points - wishes.ONE_ALLOWED * asked)


class _Ledger:
    """Rows of one ratio: of an account, or of the floor.

    Columns count the posts about others and about us from the beginning to each time.
    """

    def __init__(self, plan: PlanRows, accounts: list[int], target: Target, span: int) -> None:
        self.plan, self.target, self.span = plan, target, span
        self.fixed = [
            (seconds(row.at), row.others, row.self_)
            for number in accounts
            for row in plan.terrain.accounts[number].fixed
        ]
        self.at: defaultdict[int, list[Slot]] = defaultdict(list)
        for number in accounts:
            for slot in plan.terrain.of_account[number]:
                self.at[slot.at].append(slot)
        self.times = sorted(self.at)
        self.others = self._counted(0)
        self.self_ = self._counted(1)

    def _counted(self, which: int) -> list[int]:
        program, columns = self.plan.program, list[int]()
        for at in self.times:
            terms = [
                (column, -float(item.counts[slot.account][which]))
                for slot in self.at[at]
                for item, column in self.plan.in_slot[slot.number]
                if item.counts[slot.account][which]
            ]
            so_far = program.number()
            if columns:
                terms.append((columns[-1], -1.0))
            program.row(0, 0, [(so_far, 1.0), *terms])
            columns.append(so_far)
        return columns

    def write(self) -> None:
        """Each self or joint post that is placed is allowed."""
        for at in self.times:
            for slot in self.at[at]:
                here = [
                    (column, *item.counts[slot.account])
                    for item, column in self.plan.in_slot[slot.number]
                    if item.counts[slot.account][1]
                ]
                if here:
                    stands = [column for column, _, _ in here]
                    joint = [(column, float(self.target.den)) for column, both, _ in here if both]
                    self._allowed(slot.at, stands, joint, asks=0)

    def ask(self, at: int) -> None:
        """A binary with points that may be 1 where one self post is allowed at this time."""
        self._allowed(at, [self.plan.program.binary(wishes.ONE_ALLOWED)], [], asks=1)

    def _allowed(
        self, at: int, stands: list[int], joint: list[tuple[int, float]], *, asks: int
    ) -> None:
        """Row: where one of `stands` is 1, others x den >= num x self at this time."""
        num, den = float(self.target.num), float(self.target.den)
        stand = -num * asks
        for when, others, self_ in self.fixed:
            if at - self.span + MARGIN < when < at:
                stand += others * den
            if at - self.span - MARGIN < when <= at:
                stand -= self_ * num
        terms = list(joint)
        terms += self._between(self.others, at - self.span + MARGIN, at - 1, den)
        terms += self._between(self.self_, at - self.span - MARGIN, at, -num)
        most_self = sum(1 for each in self.times if at - self.span - MARGIN < each <= at)
        most_self *= max((len(slots) for slots in self.at.values()), default=0)
        slack = max(0.0, num * min(most_self, len(self.plan.terrain.items)) - stand)
        terms += [(column, -slack) for column in stands]
        self.plan.program.row(-stand - slack, INFINITE, terms)

    def _between(
        self, columns: list[int], after: int, until: int, value: float
    ) -> Iterator[tuple[int, float]]:
        """Terms of a count later than `after` and not later than `until`."""
        last, before = bisect_right(self.times, until), bisect_right(self.times, after)
        if last:
            yield columns[last - 1], value
        if before:
            yield columns[before - 1], -value
