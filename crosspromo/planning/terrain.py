"""Terrain of a plan: slots, candidates and terms as whole numbers, worked out once.

Times are seconds since 1970, local days are ordinals of the zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.pacing import start_of
from crosspromo.domain.tones import FIT_FOR_MOURNING, tone_of
from crosspromo.planning.dues import Due, dues_of
from crosspromo.planning.occasions import CadenceDue, LadderStep
from crosspromo.planning.slots import free_slots
from crosspromo.planning.values import Account, Candidate, PartnerTerms, Task

_FAR = 1 << 60
"""A time after all others."""

_NONE = -1


@dataclass(slots=True, eq=False)
class Slot:
    """Free slot of an account, and the item that stands in it."""

    account: int
    at: int
    day: int
    month: int
    mourned: bool
    moment: datetime
    number: int = 0
    item: "Item | None" = None


@dataclass(slots=True, eq=False)
class Item:
    """Candidate, and the slot in which it stands."""

    candidate: Candidate
    number: int
    accounts: tuple[int, ...]
    counts: Mapping[int, tuple[int, int]]
    costs: Mapping[int, int]
    says: str
    earliest: int
    latest: int
    wished: tuple[int, int] | None
    is_step: bool
    is_self: bool
    only_due: bool
    is_told: bool
    fits_mourning: bool
    slot: Slot | None = None


@dataclass(slots=True)
class DueAt:
    """A due (`dues.Due`) in seconds."""

    after: int
    opens: int
    by: int
    closes: int


@dataclass(slots=True)
class Terms:
    """Terms of a partner: dues, the points of one, most posts within some seconds, and notice."""

    focus: bool
    dues: tuple[DueAt, ...]
    most: int | None = None
    within: int = 0
    not_before: int = 0
    silences: tuple[Blackout, ...] = ()


@dataclass(slots=True)
class Terrain:
    """What a plan is made on. `slots` are all slots, by account and time."""

    task: Task
    accounts: tuple[Account, ...]
    slots: list[Slot]
    of_account: list[list[Slot]]
    items: list[Item]
    terms: dict[str, Terms] = field(default_factory=dict)
    weeks: list[tuple[date, int]] = field(default_factory=list)


def terrain_of(task: Task) -> Terrain:
    """Terrain of a task: accounts by name and candidates by key, whatever their order was."""
    accounts = tuple(sorted(task.accounts, key=lambda each: each.name))
    of_account = [
        [_slot(number, account, at, task.zone) for at in _free(account, task)]
        for number, account in enumerate(accounts)
    ]
    slots = [slot for of_one in of_account for slot in of_one]
    for number, slot in enumerate(slots):
        slot.number = number
    numbers = {account.name: number for number, account in enumerate(accounts)}
    ordered = sorted(task.candidates, key=lambda each: each.key)
    items = [_item(number, each, numbers) for number, each in enumerate(ordered)]
    terms = {each.partner: _terms(each, task) for each in task.partners}
    return Terrain(task, accounts, slots, of_account, items, terms, weeks_of(task))


def weeks_of(task: Task) -> list[tuple[date, int]]:
    """Mondays of the local weeks of the span, each with the last second of the week in the span."""
    first = task.span.start.astimezone(task.zone).date()
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while start_of(monday, task.zone) < task.span.end:
        following = monday + timedelta(days=7)
        weeks.append((monday, seconds(min(start_of(following, task.zone), task.span.end)) - 1))
        monday = following
    return weeks


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970."""
    return int(moment.timestamp())


def micros(cost: float) -> int:
    """US dollars in millionths."""
    return round(cost * 1_000_000)


def month_of(moment: datetime, zone: ZoneInfo) -> int:
    """Local month, as a number that grows by one a month."""
    local = moment.astimezone(zone)
    return local.year * 12 + local.month


def day_of(moment: datetime, zone: ZoneInfo) -> int:
    """Local day, as an ordinal."""
    return moment.astimezone(zone).date().toordinal()


def _free(account: Account, task: Task) -> list[datetime]:
    return free_slots(account, task.span, task.now, task.zone)


def _slot(number: int, account: Account, at: datetime, zone: ZoneInfo) -> Slot:
    mourned = account.mourning.wait(zone, at) is not None
    return Slot(number, seconds(at), day_of(at, zone), month_of(at, zone), mourned, at)


def _item(number: int, candidate: Candidate, numbers: Mapping[str, int]) -> Item:
    counts = {
        numbers[name]: (int(credit.counts_others), int(credit.counts_self))
        for name, credit in sorted(candidate.credits.items())
        if name in numbers
    }
    costs = {
        numbers[name]: micros(cost) for name, cost in candidate.costs.items() if name in numbers
    }
    is_step = isinstance(candidate.occasion, LadderStep)
    is_self = any(self_ for _, self_ in counts.values())
    only_due = isinstance(candidate.occasion, CadenceDue)
    wished = candidate.wished
    return Item(
        candidate,
        number,
        tuple(counts),
        counts,
        costs,
        candidate.item or candidate.key,
        _NONE if candidate.earliest is None else seconds(candidate.earliest),
        _FAR if candidate.latest is None else seconds(candidate.latest),
        None if wished is None else (seconds(wished.start), seconds(wished.end)),
        is_step=is_step,
        is_self=is_self and not is_step,
        only_due=only_due,
        is_told=not (is_step or is_self or only_due),
        fits_mourning=tone_of(candidate.kind, candidate.tone) in FIT_FOR_MOURNING,
    )


def _terms(terms: PartnerTerms, task: Task) -> Terms:
    dues = tuple(_due_at(each) for each in dues_of(terms, task.span, task.zone))
    limits = terms.limits
    if limits is None:
        return Terms(terms.focus, dues)
    return Terms(
        terms.focus,
        dues,
        limits.most,
        limits.days * 86_400,
        0 if limits.notice is None else seconds(task.now + limits.notice),
        limits.blackouts,
    )


def _due_at(due: Due) -> DueAt:
    return DueAt(seconds(due.after), seconds(due.opens), seconds(due.by), seconds(due.closes))
