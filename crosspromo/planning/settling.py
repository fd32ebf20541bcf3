"""Settling of a plan: of plans with as many points, the one whose windows fall short the least.

The wishes ask for headroom at the end of each week, and for the self posts that are known. Nothing
in them says when else a post about a partner is told, so it may come long before it is needed, or
a day too late. Settling moves it earlier where an account's window would fall short in the days
that come, and puts off what these days do not need.
"""

from collections.abc import Sequence

from crosspromo.planning.board import Board
from crosspromo.planning.counts import Counts
from crosspromo.planning.terrain import Item, Slot, seconds

AHEAD = 7
"""Days within which windows are looked at: later ones get occasions that nobody knows yet."""

RESERVE = 2
"""Self posts that should be allowed at the end of each of these days."""

_DAY = 86_400
_USUALLY = 28 * _DAY
"""Seconds before the plan whose self posts tell how many come."""


def settle(board: Board, items: Sequence[Item]) -> bool:
    """Put off occasions that are not needed yet, and tell those that are; whether one was moved."""
    moved = False
    for number, ground in enumerate(board.grounds):
        if ground.counts is not None:
            one = _Settling(board, number, ground.counts, items)
            moved = one.put_off() or moved
            while one.tell():
                moved = True
    return moved


class _Settling:
    """Occasions of one account, and the days of its window that are looked at."""

    def __init__(self, board: Board, number: int, counts: Counts, items: Sequence[Item]) -> None:
        self._board, self._number, self._counts = board, number, counts
        self._start = seconds(board.task.span.start)
        self._told = sorted((each for each in items if each.is_told), key=_growing_old)

    def put_off(self) -> bool:
        """Put off occasions of these days as long as no window falls short; whether one was."""
        moved, soon = False, self._start + AHEAD * _DAY
        slots = self._board.terrain.of_account[self._number]
        for item in reversed(self._told):
            here = item.slot
            if here is None or here.account != self._number or here.at >= soon:
                continue
            needed = self._needed(here)
            if needed is None:
                later = [slot for slot in slots if slot.at >= soon]
            else:
                later = [slot for slot in reversed(slots) if here.at < slot.at < needed]
            free = (slot for slot in later if slot.item is None)
            moved = any(_moves(self._board, item, slot) for slot in free) or moved
        return moved

    def _needed(self, slot: Slot) -> int | None:
        """End of the first day that falls short without the occasion in the slot; None: no day."""
        for day, short in enumerate(self._short(), start=1):
            end = self._start + day * _DAY
            if short >= 0 and slot.at < end:
                return end
        return None

    def tell(self) -> bool:
        """Tell one occasion earlier, if fewer days fall short then; whether one was moved."""
        short = self._short()
        days = [day for day, each in enumerate(short, start=1) if each > 0]
        if not days:
            return False
        first, last = self._start + days[0] * _DAY, self._start + days[-1] * _DAY
        slots = [
            slot
            for slot in self._board.terrain.of_account[self._number]
            if slot.item is None and slot.at < last
        ]
        for item in self._told:
            if item.slot is None or item.slot.account != self._number or item.slot.at < first:
                continue
            for slot in reversed(slots):
                gains = any(slot.at < self._start + day * _DAY <= item.slot.at for day in days)
                if gains and _moves(self._board, item, slot):
                    return True
        return False

    def _short(self) -> list[int]:
        """Partner posts that the window lacks at the end of each day."""
        ends = range(1, AHEAD + 1)
        return [_short(self._counts, self._start + day * _DAY, self._start) for day in ends]


def _growing_old(item: Item) -> tuple[int, int]:
    return item.latest, item.number


def _short(counts: Counts, at: int, start: int) -> int:
    """Partner posts that the window lacks at a time, if self posts go on coming as they came."""
    target = counts.target
    known = counts.tally(at)
    usual = counts.self_between(start - _USUALLY, start) * (at - start) // _USUALLY
    expected = known.self_ + max(0, usual - counts.self_between(start, at))
    return -(-target.num * (expected + RESERVE) // target.den) - known.others


def _moves(board: Board, item: Item, slot: Slot) -> bool:
    """Move the item to a free slot, unless a rule or a wish speaks against it."""
    points, before = board.points, board.take(item)
    if board.against(item, slot) is None:
        board.put(item, slot)
        if board.points >= points and not board.too_many:
            return True
        board.take(item)
    board.put(item, before)
    return False
