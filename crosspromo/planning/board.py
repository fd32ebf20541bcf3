"""Board of a plan: lines in slots, which of them the rules allow, and the points of all wishes.

The rules are those that the gate keeps; `against` gives the first that speaks against a line, and
`is_allowed` whether all ratios hold after one was put. A step of the search puts and takes lines,
looks at the points, and takes them back.
"""

from bisect import bisect_left, insort
from collections import defaultdict

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.planning import wishes
from crosspromo.planning.counts import Counts, Moment, Role
from crosspromo.planning.ground import Ground
from crosspromo.planning.terrain import DueAt, Item, Slot, Terms, Terrain, seconds
from crosspromo.planning.values import Fixed, Why

_DAY = 86_400
_DUPLICATES = int(DUPLICATE_WINDOW.total_seconds())
_NO_TERMS = Terms(focus=False, dues=())


class Board:
    """Lines on a terrain, in slots."""

    def __init__(self, terrain: Terrain) -> None:
        task = self.task = terrain.task
        self.terrain = terrain
        self.grounds = [Ground(each, task.zone, task.now) for each in terrain.accounts]
        self._own = [each.counts for each in self.grounds if each.counts is not None]
        self.floor: Counts | None = None
        if task.floor is not None:
            rows = [
                (seconds(row.at), row.others, row.self_)
                for account in terrain.accounts
                for row in account.fixed
            ]
            self.floor = Counts(task.floor, task.floor_window, rows)
        self._start = seconds(task.span.start)
        self._groups: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._shared: defaultdict[str, list[int]] = defaultdict(list)
        self._limited: defaultdict[str, list[int]] = defaultdict(list)
        self._pencilled: defaultdict[str, list[int]] = defaultdict(list)
        self._held: list[tuple[int, tuple[Moment, ...], int]] = []
        self._moments: dict[int, list[tuple[Counts, Moment]]] = {}
        self._points = 0
        numbers = {account.name: number for number, account in enumerate(terrain.accounts)}
        self._sharing = [
            frozenset({number, *(numbers[name] for name in account.sharing if name in numbers)})
            for number, account in enumerate(terrain.accounts)
        ]
        for terms in task.partners:
            self._limited[terms.partner] = sorted(seconds(each.at) for each in terms.shared)
        for number, account in enumerate(terrain.accounts):
            for row in account.fixed:
                self._stand(number, row)
        self._ask_weeks()
        self._points += sum(self._of_partner(partner) for partner in sorted(terrain.terms))

    # -- what stands ---------------------------------------------------------------------------

    def _stand(self, account: int, row: Fixed) -> None:
        at = seconds(row.at)
        if row.group is not None:
            self._groups[row.group].append((account, at))
        if row.others:
            for partner in row.partners:
                insort(self._shared[partner], at)
        if row.queued and row.self_:
            self._ask_fixed(account, row, at)

    def _ask_fixed(self, account: int, row: Fixed, at: int) -> None:
        """Ask for a queued self post at its time: it must go, or was held without the plan."""
        ledgers = self._ledgers(account)
        moments = [Moment(at, Role.HELD, joint=bool(row.others)) for _ in ledgers]
        for ledger, moment in zip(ledgers, moments, strict=True):
            ledger.ask(moment)
        if all(moment.slack >= 0 for moment in moments):
            for moment in moments:
                moment.role = Role.LINE
            return
        points = wishes.SELF_ON_TIME if row.wished else wishes.SELF_PLACED
        self._held.append((account, tuple(moments), points))

    def _ask_weeks(self) -> None:
        for ground in self.grounds:
            if ground.counts is not None:
                for _, end in self.terrain.weeks:
                    ground.counts.ask(Moment(end, Role.ASKED))

    def _ledgers(self, account: int) -> list[Counts]:
        own = self.grounds[account].counts
        return [each for each in (own, self.floor) if each is not None]

    # -- rules ---------------------------------------------------------------------------------

    def against(self, item: Item, slot: Slot) -> Why | None:
        """First rule that speaks against the item in the slot, which is free; the ratio aside."""
        ground, at = self.grounds[slot.account], slot.at
        if not item.earliest <= at < item.latest or not ground.has_time(slot):
            return Why.NO_SLOT
        if slot.mourned and (item.counts[slot.account][1] or not item.fits_mourning):
            return Why.SILENCE
        for partner in item.candidate.partners:
            terms = self.terrain.terms.get(partner, _NO_TERMS)
            if terms.silences and self._is_silent(terms, slot):
                return Why.SILENCE
            if not self._is_within_limits(item, partner, terms, at):
                return Why.LIMIT
            if not self._is_due(item, partner, terms, slot):
                return Why.NOT_DUE
        if ground.has_said(item, slot) or not self._is_new(item, slot):
            return Why.SAID
        return None if ground.has_budget(item, slot) else Why.BUDGET

    def _is_silent(self, terms: Terms, slot: Slot) -> bool:
        zone = self.task.zone
        return any(each.wait(zone, slot.moment) is not None for each in terms.silences)

    def _is_within_limits(self, item: Item, partner: str, terms: Terms, at: int) -> bool:
        if at < terms.not_before and item.candidate.delivery is None:
            return False
        if terms.most is None:
            return True
        times = sorted([*self._limited[partner], at])
        return all(
            sum(1 for other in times if end - terms.within < other <= end) <= terms.most
            for end in times
            if at <= end < at + terms.within
        )

    def _is_due(self, item: Item, partner: str, terms: Terms, slot: Slot) -> bool:
        """Whether a line with nothing but a cadence is due, and no other takes away such a line."""
        at, is_due = slot.at, False
        for due in terms.dues:
            if not due.after <= at < due.closes:
                continue
            if item.only_due and due.opens <= at:
                is_due = True
                if _any_within(self._shared[partner], due.after, due.closes):
                    return False
            elif item.counts[slot.account][0] and _any_within(
                self._pencilled[partner], due.opens, due.closes
            ):
                return False
        return is_due or not item.only_due

    def _is_new(self, item: Item, slot: Slot) -> bool:
        group = item.candidate.group
        if group is None:
            return True
        sharing = self._sharing[slot.account]
        return not any(
            account in sharing and abs(other - slot.at) < _DUPLICATES
            for account, other in self._groups[group]
        )

    def is_shared_within(self, partner: str, begin: int, end: int) -> bool:
        """Whether a post that counts for the partner stands from `begin` on, before `end`."""
        return _any_within(self._shared[partner], begin, end)

    def is_allowed(self, account: int) -> bool:
        """Whether every self and joint post on the account, and under the floor, may go."""
        return not any(ledger.too_many for ledger in self._ledgers(account))

    @property
    def too_many(self) -> int:
        """Number of self posts by which the ratios are exceeded, summed over all moments."""
        found = self.floor.too_many if self.floor else 0
        for counts in self._own:
            found += counts.too_many
        return found

    def holds_on(self, account: int) -> bool:
        """Whether the account's ratio holds a queued self post, as the lines stand."""
        counts = self.grounds[account].counts
        return counts is not None and any(
            number == account and moments[0].slack < 0 for number, moments, _ in self._held
        )

    # -- lines ---------------------------------------------------------------------------------

    def put(self, item: Item, slot: Slot) -> None:
        """Put an item that stands nowhere into a free slot."""
        ground = self.grounds[slot.account]
        others, self_ = item.counts[slot.account]
        partners = item.candidate.partners
        before = self._of_partners(partners) if others else 0
        self._points -= wishes.PARTNER_AGAIN * ground.near_shares(item, slot.at)
        self._points += value_of(item, slot, self._start)
        if not ground.lines_of_day[slot.day]:
            self._points += wishes.DAY_WITH_A_POST
        ground.put(item, slot)
        self._note(item, slot, others)
        if others:
            self._points += self._of_partners(partners) - before
        asked = []
        if others or self_:
            for ledger in self._ledgers(slot.account):
                ledger.add(slot.at, others, self_)
                if self_:
                    moment = Moment(slot.at, Role.LINE, joint=bool(others))
                    ledger.ask(moment)
                    asked.append((ledger, moment))
        self._moments[item.number] = asked
        item.slot, slot.item = slot, item

    def take(self, item: Item) -> Slot:
        """Take an item out of its slot; returns the slot."""
        slot = item.slot
        assert slot is not None
        ground = self.grounds[slot.account]
        others, self_ = item.counts[slot.account]
        partners = item.candidate.partners
        before = self._of_partners(partners) if others else 0
        for ledger, moment in self._moments.pop(item.number):
            ledger.ask_no_more(moment)
        if others or self_:
            for ledger in self._ledgers(slot.account):
                ledger.remove(slot.at, others, self_)
        ground.pull(item, slot)
        self._forget(item, slot, others)
        if others:
            self._points += self._of_partners(partners) - before
        if not ground.lines_of_day[slot.day]:
            self._points -= wishes.DAY_WITH_A_POST
        self._points -= value_of(item, slot, self._start)
        self._points += wishes.PARTNER_AGAIN * ground.near_shares(item, slot.at)
        item.slot = slot.item = None
        return slot

    def _note(self, item: Item, slot: Slot, others: int) -> None:
        for partner in item.candidate.partners:
            insort(self._limited[partner], slot.at)
            if others:
                insort(self._shared[partner], slot.at)
            if item.only_due:
                insort(self._pencilled[partner], slot.at)
        if item.candidate.group is not None:
            self._groups[item.candidate.group].append((slot.account, slot.at))

    def _forget(self, item: Item, slot: Slot, others: int) -> None:
        for partner in item.candidate.partners:
            self._limited[partner].remove(slot.at)
            if others:
                self._shared[partner].remove(slot.at)
            if item.only_due:
                self._pencilled[partner].remove(slot.at)
        if item.candidate.group is not None:
            self._groups[item.candidate.group].remove((slot.account, slot.at))

    # -- points --------------------------------------------------------------------------------

    @property
    def points(self) -> int:
        """Points of all wishes as the lines stand."""
        found = self._points
        for counts in self._own:
            found += wishes.ONE_ALLOWED * counts.asked_and_allowed
        for _, moments, points in self._held:
            for moment in moments:  # loops, since the search asks at every step
                if moment.slack < 0:
                    break
            else:
                found += points
        return found

    def _of_partners(self, partners: tuple[str, ...]) -> int:
        found = 0
        for partner in partners:
            found += self._of_partner(partner)
        return found

    def _of_partner(self, partner: str) -> int:
        """Points for the dues of a partner."""
        shared = self._shared[partner]
        if not shared:
            return 0
        terms = self.terrain.terms.get(partner, _NO_TERMS)
        full = wishes.FOCUS_IN_CADENCE if terms.focus else wishes.IN_CADENCE
        found = 0
        for due in terms.dues:
            found += _of_due(due, shared, full)
        return found


def value_of(item: Item, slot: Slot, start: int) -> int:
    """Points that an item has for itself in a slot; `start` is the beginning of the plan."""
    at, wished = slot.at, item.wished
    is_met = wished is not None and wished[0] <= at < wished[1]
    if item.is_step:
        return (
            wishes.STEP_IN_TIME if is_met or wished is None else wishes.STEP_IN_TIME // wishes.LATE
        )
    if item.is_self:
        if is_met:
            return wishes.SELF_ON_TIME + wishes.SELF_PLACED + wishes.EARLY_DAYS
        ready = max(item.earliest, start) if wished is None else wished[1]
        early = wishes.EARLY_DAYS - max(0, at - ready) // _DAY
        return wishes.SELF_PLACED + max(0, early)
    return wishes.TOLD if item.is_told else 0


def _of_due(due: DueAt, shared: list[int], full: int) -> int:
    if _any_within(shared, due.after, due.by):
        return full
    return full // wishes.LATE if _any_within(shared, due.by, due.closes) else 0


def _any_within(times: list[int], first: int, end: int) -> bool:
    """Whether one of the times lies from `first` on, before `end`."""
    place = bisect_left(times, first)
    return place < len(times) and times[place] < end
