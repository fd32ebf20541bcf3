"""Search for a plan: a greedy beginning, then small changes, limited in steps.

A change that the rules do not allow is taken back. One that has fewer points is kept with a chance
that falls with the loss and with every step, so that the search leaves places where no single
change helps; the best plan on the way is the one that counts. The same seed makes the same choices.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from random import Random

from crosspromo.planning.board import Board, value_of
from crosspromo.planning.settling import settle
from crosspromo.planning.terrain import Item, Slot, seconds

WARM, COLD = 100.0, 1.0
"""Points whose loss is kept with a chance of 1 in e, at the first step and at the last."""

CHEAP, DEAR = 500.0, 700.0
"""Points that each self post too many costs, at the first step and at the last."""

STEPS_PER_ITEM = 200
"""Steps for each item after which the search begins again, warm, from where it is."""

MOST_LOOKED_AT = 8
"""Allowed slots of an account that the greedy beginning compares for an item."""

SOON = 6
"""Slots that are tried for an item which had to leave its own."""

OFTEN = 0.7
"""Chance of a choice that is often the right one."""

_BETWEEN_LOOKS = 256
"""Steps after which the caller is asked whether to stop."""


@dataclass(frozen=True, slots=True)
class Found:
    """Number of steps that were taken; `stopped`: the caller ended the search."""

    steps: int
    stopped: bool


class Search:
    """Search on a board; at its end the board has the best plan that was found."""

    def __init__(self, board: Board, seed: int) -> None:
        self.board = board
        self._random = Random(seed)  # noqa: S311 (no secret: the same seed gives the same plan)
        self._domains = [self._domain(item) for item in board.terrain.items]
        self._wanted = [self._most_wanted(item) for item in board.terrain.items]
        self._items = [item for item in board.terrain.items if self._domains[item.number]]
        self._makes_room = False

    def begin(self) -> None:
        """Place each item where it has most points, the most wished first."""
        for item in sorted(self._items, key=_first):
            self._place_best(item)

    def run(self, most_steps: int, stop: Callable[[], bool]) -> Found:
        """Improve the plan in at most so many steps."""
        if not self._items:
            return Found(0, stopped=False)
        best, places, stopped = self.board.points, self._places(), False
        of_round = max(1, min(most_steps, STEPS_PER_ITEM * len(self._items)))
        cooling = (COLD / WARM) ** (1 / of_round)
        rising = (DEAR / CHEAP) ** (1 / of_round)
        warmth, price, step = WARM, CHEAP, 0
        while step < most_steps:
            if step % _BETWEEN_LOOKS == 0 and stop():
                stopped = True
                break
            if step and step % of_round == 0:
                warmth, price, self._makes_room = WARM, CHEAP, True
            step += 1
            warmth *= cooling
            price *= rising
            self._change(warmth, price)
            if self.board.points > best and not self.board.too_many:
                best, places = self.board.points, self._places()
        self._restore(places)
        self._fill()
        if settle(self.board, self._items):
            self._fill()
        return Found(step, stopped)

    def _fill(self) -> None:
        """Place what may still be added as things stand, so that a further plan finds nothing."""
        placed = True
        while placed:
            placed = False
            for item in sorted(self._items, key=_first):
                if item.slot is None:
                    self._place_best(item)
                    placed = placed or item.slot is not None

    # -- changes -------------------------------------------------------------------------------

    def _change(self, warmth: float, price: float) -> None:
        """Put an item elsewhere, with what stood there in other slots or left out."""
        random = self._random
        item = random.choice(self._items)
        wanted = self._wanted[item.number] if random.random() < OFTEN else ()
        slot = random.choice(wanted or self._domains[item.number])
        if slot is item.slot:
            return
        least = self._energy(price) + warmth * log(1.0 - random.random())
        moved = [(item, item.slot)]
        occupant = slot.item
        if occupant is not None:
            moved.append((occupant, slot))
        if item.slot is None and item.counts[slot.account][1] and random.random() < OFTEN:
            moved += self._rival(slot)
        for each, home in moved:
            if home is not None:
                self.board.take(each)
        if self._try(item, slot):
            if occupant is not None:
                self._resettle(occupant, moved[0][1])
            if self._makes_room and item.is_self and moved[0][1] is None:
                moved += self._make_room(slot, occupant)
            if self._energy(price) >= least:
                return
        self._put_back(moved)

    def _rival(self, slot: Slot) -> list[tuple[Item, Slot | None]]:
        """Another self or joint post on the account, whose headroom the item may have."""
        rivals = [
            each.item
            for each in self.board.terrain.of_account[slot.account]
            if each.item is not None and each.item.counts[slot.account][1] and each is not slot
        ]
        return [(rival, rival.slot) for rival in rivals and [self._random.choice(rivals)]]

    def _make_room(self, slot: Slot, left: Item | None) -> list[tuple[Item, Slot | None]]:
        """Have posts about partners stand before a self post until it is allowed; with their homes.

        One after another they gain nothing, so that small changes alone do not come there. `left`
        has been moved already.
        """
        board, account = self.board, slot.account
        slots = board.terrain.of_account[account]
        free = [each for each in slots if each.item is None and each.at < slot.at]
        others = [
            each
            for each in self._items
            if each.counts.get(account) == (1, 0)
            and each is not left
            and not (each.slot and each.slot.account == account and each.slot.at < slot.at)
        ]
        self._random.shuffle(free)
        self._random.shuffle(others)
        moved: list[tuple[Item, Slot | None]] = []
        for place in free:
            if board.is_allowed(account):
                break
            for each in others:
                home = each.slot
                if home is not None:
                    board.take(each)
                if self._try(each, place):
                    moved.append((each, home))
                    others.remove(each)
                    break
                if home is not None:
                    board.put(each, home)
        return moved

    def _energy(self, price: float) -> float:
        return self.board.points - price * self.board.too_many

    def _resettle(self, item: Item, free: Slot | None) -> None:
        """Find another slot for an item that had to leave; without one it is left out."""
        tried = self._random.choices(self._domains[item.number], k=SOON)
        if free is not None and free.account in item.counts:
            tried.insert(0, free)
        for slot in tried:
            if slot.item is None and self._try(item, slot):
                return

    def _try(self, item: Item, slot: Slot) -> bool:
        if self.board.against(item, slot) is not None:
            return False
        self.board.put(item, slot)
        return True

    def _put_back(self, moved: Sequence[tuple[Item, Slot | None]]) -> None:
        for item, _ in moved:
            if item.slot is not None:
                self.board.take(item)
        for item, slot in moved:
            if slot is not None:
                self.board.put(item, slot)

    # -- greedy --------------------------------------------------------------------------------

    def _place_best(self, item: Item) -> None:
        best: tuple[int, Slot] | None = None
        start = self.board.task.span.start
        for account in item.accounts:
            slots = [slot for slot in self._domains[item.number] if slot.account == account]
            slots.sort(key=lambda slot: -value_of(item, slot, seconds(start)))
            looked_at = 0
            for slot in slots:
                if slot.item is not None or not self._try(item, slot):
                    continue
                if self.board.is_allowed(account):
                    looked_at += 1
                    points = self.board.points
                    if best is None or points > best[0]:
                        best = points, slot
                self.board.take(item)
                if looked_at >= MOST_LOOKED_AT:
                    break
        if best is not None and best[0] >= self.board.points:
            self.board.put(item, best[1])

    # -- places --------------------------------------------------------------------------------

    def _domain(self, item: Item) -> list[Slot]:
        """Slots between the earliest and the latest of the item, on its accounts."""
        found: list[Slot] = []
        for account in item.accounts:
            slots = self.board.terrain.of_account[account]
            first = bisect_left(slots, item.earliest, key=_at)
            found += slots[first : bisect_left(slots, item.latest, key=_at)]
        return found

    def _most_wanted(self, item: Item) -> list[Slot]:
        """Slots at the time for which the item is wished."""
        wished = item.wished
        if wished is None:
            return []
        return [each for each in self._domains[item.number] if wished[0] <= each.at < wished[1]]

    def _places(self) -> list[Slot | None]:
        return [item.slot for item in self._items]

    def _restore(self, places: Sequence[Slot | None]) -> None:
        moved = [
            (item, slot)
            for item, slot in zip(self._items, places, strict=True)
            if item.slot is not slot
        ]
        self._put_back(moved)


def _first(item: Item) -> tuple[int, int, int]:
    """Order of the greedy beginning: steps, occasions, cadences, self posts; each by its time."""
    rank = 3 if item.is_self else 2 if item.only_due else 0 if item.is_step else 1
    return rank, item.wished[0] if item.wished else item.earliest, item.number


def _at(slot: Slot) -> int:
    return slot.at
