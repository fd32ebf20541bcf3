"""Answer of a plan: lines with their reasons, what has no line and why, and what is missing."""

from collections.abc import Iterator

from crosspromo.domain.ratio import Tally, Target
from crosspromo.planning.board import Board
from crosspromo.planning.counts import Counts
from crosspromo.planning.dues import days_of
from crosspromo.planning.occasions import CadenceDue, Occasion
from crosspromo.planning.terrain import Item, Slot, seconds
from crosspromo.planning.values import Line, Missing, PartnerTerms, Plan, Unplaced, WeekOf, Why

_ORDER = tuple(Why)
_ANY = Target(1, 1)
"""Target for counts that no ratio is asked of."""

_FOR_OTHERS = frozenset({Why.RATIO, Why.ROOM})
"""Reasons for which a self post is left out that partner posts might let go: another self post may
stand in the one place that the ratio gives.
"""


def answer(board: Board, steps: int, *, stopped: bool) -> Plan:
    """Plan as the board stands."""
    lines = [_line(board, slot) for slot in board.terrain.slots if slot.item is not None]
    unplaced = [found for item in board.terrain.items if (found := _unplaced(board, item))]
    return Plan(
        lines=tuple(sorted(lines, key=lambda line: (line.at, line.account))),
        unplaced=tuple(unplaced),
        missing=tuple(_missing(board, unplaced)),
        weeks=tuple(_weeks(board)),
        points=board.points,
        steps=steps,
        stopped=stopped,
    )


def _line(board: Board, slot: Slot) -> Line:
    assert slot.item is not None
    candidate = slot.item.candidate
    account = board.terrain.accounts[slot.account].name
    reasons: list[Occasion] = [candidate.occasion]
    if not isinstance(candidate.occasion, CadenceDue) and slot.item.counts[slot.account][0]:
        terms = {each.partner: each for each in board.task.partners}
        for partner in candidate.partners:
            if partner in terms:
                reasons += _fulfilled(board, terms[partner], slot)
    return Line(account, slot.moment, candidate, candidate.credits[account], tuple(reasons))


def _fulfilled(board: Board, terms: PartnerTerms, slot: Slot) -> Iterator[CadenceDue]:
    """Yield the due that a line about the partner fulfils: none where an earlier share did."""
    if terms.due is None or terms.cadence is None:
        return
    today = board.task.now.astimezone(board.task.zone).date()
    dues = board.terrain.terms[terms.partner].dues
    for due, day in zip(dues, days_of(terms.due, terms.cadence, today), strict=False):
        opens = due.after if day <= today else due.opens
        if opens <= slot.at < due.closes and not _is_shared(board, terms.partner, due.after, slot):
            past = max(0, (today - day).days)
            yield CadenceDue(terms.partner, terms.name, terms.cadence, day, past)


def _is_shared(board: Board, partner: str, after: int, slot: Slot) -> bool:
    """Whether the partner is shared after a time and before a slot, in the order of slots."""
    if board.is_shared_within(partner, after, slot.at):
        return True
    return any(
        other.at == slot.at
        and other.item is not None
        and partner in other.item.candidate.partners
        and bool(other.item.counts[other.account][0])
        for other in board.terrain.slots[: slot.number]
    )


def _unplaced(board: Board, item: Item) -> Unplaced | None:
    """Reason for an item without a line; None: it has a line, or its partner is shared already."""
    if item.slot is not None:
        return None
    names = tuple(board.terrain.accounts[number].name for number in item.accounts)
    why = _why(board, item)
    return None if why is Why.NOT_DUE else Unplaced(item.candidate, why, names)


def _why(board: Board, item: Item) -> Why:
    """The reason that stands last in the order of the rules, over all slots."""
    if not item.accounts:
        return Why.NO_ACCOUNT
    found = Why.NO_SLOT
    for number in item.accounts:
        for slot in board.terrain.of_account[number]:
            if not item.earliest <= slot.at < item.latest:
                continue
            why = _why_not_here(board, item, slot)
            if _ORDER.index(why) > _ORDER.index(found) or why is Why.NOT_DUE:
                found = why
            if found in {Why.ROOM, Why.NOT_DUE}:
                return found
    return found


def _why_not_here(board: Board, item: Item, slot: Slot) -> Why:
    other = slot.item
    if other is not None:
        board.take(other)
    try:
        why = board.against(item, slot)
        if why is not None:
            return why
        board.put(item, slot)
        ground = board.grounds[slot.account]
        on_account = ground.counts is None or not ground.counts.too_many
        under_floor = board.floor is None or not board.floor.too_many
        board.take(item)
        if not on_account:
            return Why.RATIO
        return Why.ROOM if under_floor else Why.FLOOR
    finally:
        if other is not None:
            board.put(other, slot)


def _missing(board: Board, unplaced: list[Unplaced]) -> Iterator[Missing]:
    """Yield the partner posts that each account lacks for self posts that had to be left out."""
    for number, account in enumerate(board.terrain.accounts):
        target = account.policy.target
        if target is None:
            continue
        left_out = sum(
            each.why in _FOR_OTHERS
            and account.name in each.accounts
            and each.candidate.credits[account.name].counts_self
            for each in unplaced
        )
        if not left_out and not board.holds_on(number):
            continue
        tally = _tally(board, number, board.terrain.weeks[-1][1])
        needed = -(-target.num * (tally.self_ + left_out) // target.den) - tally.others
        if needed > 0:
            yield Missing(account.name, needed, target)


def _weeks(board: Board) -> Iterator[WeekOf]:
    for number, account in enumerate(board.terrain.accounts):
        target = account.policy.target
        for monday, end in board.terrain.weeks:
            tally = _tally(board, number, end)
            headroom = None if target is None else tally.headroom(target)
            yield WeekOf(account.name, monday, tally.others, tally.self_, headroom)


def _tally(board: Board, number: int, at: int) -> Tally:
    """Counts of the account's window at a moment."""
    counts = board.grounds[number].counts
    if counts is not None:
        return counts.tally(at)
    account = board.terrain.accounts[number]
    rows = [(seconds(row.at), row.others, row.self_) for row in account.fixed]
    rows += [
        (slot.at, *slot.item.counts[number])
        for slot in board.terrain.of_account[number]
        if slot.item is not None
    ]
    return Counts(_ANY, account.policy.window, rows).tally(at)
