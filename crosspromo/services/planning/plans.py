"""Plans: a calendar for the coming weeks is proposed, and what a person accepts is queued."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, SourceError
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.pacing import start_of
from crosspromo.domain.planned import BY_PLANNING, REMEMBERED, PlannedLine, is_untouched, mark_of
from crosspromo.domain.reasons.inputs import NotInThatSlot, NotProposed, WordsWanted
from crosspromo.domain.reasons.sources import SuggestionDecided
from crosspromo.domain.requests import Spotlight, given_name
from crosspromo.domain.sources import SuggestionState
from crosspromo.plan_settings import DEFAULT_WEEKS, checked_weeks
from crosspromo.planning.planner import MOST_STEPS, plan
from crosspromo.planning.values import (
    Account,
    Candidate,
    Line,
    Missing,
    Plan,
    Span,
    Task,
    Unplaced,
    WeekOf,
    Why,
)
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.services.planning.gathering import Gathered, gather
from crosspromo.services.planning.items import Item, Items, Placement
from crosspromo.services.planning.last_word import LastWord, NotQueued, Objection, Prepared, place
from crosspromo.services.planning.standing import fixed_of, with_lines
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.domain.observances import Observance
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.services.queue_post import PostQueue
    from crosspromo.store.unit import Store, Unit

MOST_ROUNDS = 4
"""Times that a plan is made anew without what would not go, before the rest is only taken out."""

MOST_SECONDS = 20.0
"""Time after which a search for a better plan ends."""

STEPS_OF_AN_ITEM = 400
"""Steps of the search for each item: a few items are soon placed as well as can be."""

MOST_OTHERS = 8
"""Most items that are offered for the slot of another one."""

NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """Line of a plan with the item that stands in it."""

    line: Line
    item: Item

    @property
    def key(self) -> str:
        """Lasting identity of the item."""
        return self.line.candidate.key

    @property
    def is_pencilled(self) -> bool:
        """Whether a person has still to write it, so that it is in the plan alone."""
        return self.line.candidate.asks_for_words


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Item without a line: by the plan, or by the rehearsal, which has the last word."""

    item: Item
    why: Why | Objection
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed calendar from `begins` until `ends` (aware, in UTC), by time and account.

    `weeks` are the counts at the end of each week as they would become, without pencilled lines.
    `missing` are partner posts that accounts lack. `stopped`: the search was ended by the clock.
    """

    begins: datetime
    ends: datetime
    accounts: tuple[str, ...]
    lines: Sequence[ProposedLine]
    left_out: Sequence[LeftOut]
    missing: Sequence[Missing]
    weeks: Sequence[WeekOf]
    stopped: bool = False

    @property
    def firm(self) -> Sequence[ProposedLine]:
        """Lines that can become posts as they are."""
        return [each for each in self.lines if not each.is_pencilled]

    def others_for(self, slot: Line) -> Sequence[Item]:
        """Other items that might stand in the slot of a line, at most MOST_OTHERS.

        Later ones come first. Only the rehearsal knows whether they would go there.
        """
        later = [each.item for each in self.firm if each.line.at > slot.at]
        left = [each.item for each in self.left_out]
        return [item for item in (*later, *left) if _may_stand(item.candidate, slot)][:MOST_OTHERS]


@dataclass(frozen=True)
class PlanService:
    """Proposes a calendar and takes it over.

    `rules` are those of every account by name. `observances` reads those that the workspace keeps.
    `queue` queues the posts, and `forecasting` foretells what becomes of them. `weeks` are planned
    where nobody names a number.
    """

    store: "Store"
    clock: Clock
    rules: "Mapping[str, AccountRules]"
    organisation: "OrganisationRules"
    observances: "Callable[[], Sequence[Observance]]"
    queue: "PostQueue"
    forecasting: "Forecasting"
    weeks: int = DEFAULT_WEEKS

    # -- proposing -----------------------------------------------------------------------------

    def propose_as_set(self) -> Proposal:
        """Plan of all accounts for as many weeks as the settings say; nothing is written."""
        return self.propose()

    def propose(self, weeks: int | None = None, accounts: Sequence[str] = ()) -> Proposal:
        """Plan for the coming weeks on these accounts (none named: all); nothing is written.

        UsageError for a number of weeks out of range, NotFoundError for an unknown account.
        """
        weeks = checked_weeks(self.weeks if weeks is None else weeks)
        chosen = {name: account_named(name, self.rules) for name in accounts or self.rules}
        now, zone = self.clock.now(), self.organisation.zone
        last = now.astimezone(zone).date() + timedelta(weeks=weeks)
        span = Span(now, start_of(last, zone))
        with self.store.read() as unit:
            gathered = gather(unit, self.rules, self.organisation, now)
        items = Items(
            gathered,
            chosen,
            self.organisation,
            self.observances(),
            span,
            self._released(gathered, chosen, span),
        )
        return _Proposing(self, items, span).proposal()

    @property
    def last_word(self) -> LastWord:
        """Rehearsal of what is planned."""
        return LastWord(self.store, self.queue, self.rules, self.organisation)

    def _released(self, gathered: Gathered, chosen: Iterable[str], span: Span) -> Mapping[str, int]:
        """Deliveries that planning placed, that nobody touched, and that would not go, by key."""
        waiting = {each.id: each for each in gathered.waiting}
        placed = {
            key: waiting[line.delivery]
            for key, line in gathered.lines.items()
            if line.delivery in waiting
            and waiting[line.delivery].account in chosen
            and is_untouched(line, waiting[line.delivery])
        }
        if not placed:
            return {}
        late = self.last_word.late(list(placed.values()), gathered.now, span.end)
        return {key: each.id for key, each in placed.items() if each.id in late}

    # -- taking over ---------------------------------------------------------------------------

    def apply(
        self,
        proposal: Proposal,
        author: str,
        *,
        queue: bool,
        keys: frozenset[str] | None = None,
        words: Mapping[str, str] = NO_WORDS,
        once: datetime | None = None,
    ) -> Sequence[DeliveryView]:
        """Make the posts of a plan: drafts, or queued ones if `queue` says so.

        All of them or none, in one transaction. `keys`: those of these items alone; InputError
        where the plan has no such item, or where one would not go in its slot any more. Pencilled
        lines stay in the plan, except those with `words` of a person, by key. What somebody took
        over meanwhile is left as it is. `once`: nothing is made where the plan of this time has
        been made. Other errors are those of `PostQueue.queue_all`.
        """
        given_name(author)
        lines = self._chosen(proposal, keys, words)
        now = self.clock.now()
        items = {each.key: each.item for each in lines}
        prepared = self.last_word.prepared(
            [each.line for each in lines], items, author, now, as_draft=not queue
        )
        if keys is not None:
            self._check(prepared, now, proposal.ends)
        with self.store.write() as unit:
            if once is not None and not unit.planned_lines.claim(once, now):
                return []
            written = self._written(unit, prepared, author, now)
            policies = {name: each.policy for name, each in self.rules.items()}
            seen = views(unit, policies, unit.deliveries.named(written))
        if not seen:
            return []
        found = self.forecasting.after_queueing([each.delivery for each in seen])
        return [replace(each, forecast=found.get(each.delivery.id)) for each in seen]

    def swap(self, proposal: Proposal, key: str, other: str, author: str) -> DeliveryView:
        """Queue another item in the slot of a line, which the next plan gives another place.

        InputError where the plan has no such line or item, or where the rehearsal objects.
        """
        line = next((each.line for each in proposal.lines if each.key == key), None)
        offered = () if line is None else proposal.others_for(line)
        item = next((each for each in offered if each.candidate.key == other), None)
        if line is None or item is None:
            raise InputError(NotProposed())
        there = Line(
            line.account,
            line.at,
            item.candidate,
            item.candidate.credits[line.account],
            (item.candidate.occasion,),
        )
        alone = replace(proposal, lines=[ProposedLine(there, item)])
        (made,) = self.apply(alone, author, queue=True, keys=frozenset({other}))
        return made

    def skip(self, key: str, who: str) -> None:
        """Have an item proposed no more for some weeks. Nothing happens to what is queued."""
        given_name(who)
        with self.store.write() as unit:
            now = self.clock.now()
            unit.planned_lines.skip(key, now, who)
            unit.audit.add(now, who, "skip", f"plan {key}", None)

    def _check(self, prepared: Sequence[Prepared], now: datetime, until: datetime) -> None:
        """Raise what speaks against one of the lines: others may have queued posts since."""
        before = self._lines()
        new = [each for each in prepared if not _is_made(each, before)]
        for why in self.last_word.on(new, now, until).objections.values():
            raise why.refusal if isinstance(why, NotQueued) else InputError(NotInThatSlot())

    def _lines(self) -> Mapping[str, PlannedLine]:
        with self.store.read() as unit:
            return unit.planned_lines.since(self.clock.now() - REMEMBERED)

    def _chosen(
        self, proposal: Proposal, keys: frozenset[str] | None, words: Mapping[str, str]
    ) -> list[ProposedLine]:
        now = self.clock.now()
        known = {each.key: each for each in proposal.lines if each.line.at > now}
        for key in sorted(keys or ()):
            if key not in known:
                raise InputError(NotProposed())
        found = []
        for key, each in known.items():
            if keys is not None and key not in keys:
                continue
            text = words.get(key, "").strip()
            if text:
                found.append(_worded(each, text))
            elif not each.is_pencilled:
                found.append(each)
            elif keys is not None:
                raise InputError(WordsWanted())
        return found

    def _written(
        self, unit: "Unit", prepared: Sequence[Prepared], author: str, now: datetime
    ) -> list[int]:
        """Ids of the deliveries of the lines, written within the transaction."""
        before = unit.planned_lines.since(now - REMEMBERED)
        used: set[int] = set()
        placed: dict[str, int] = {}
        for each in prepared:
            key, item = each.line.candidate.key, each.item
            if _is_made(each, before):
                continue
            placed[key] = place(self.queue, unit, each, now).id
            if item.suggestion is not None and item.suggestion not in used:
                used.add(item.suggestion)
                self._use(unit, item.suggestion, placed[key], author, now)
        deliveries = {each.id: each for each in unit.deliveries.named(list(placed.values()))}
        unit.planned_lines.put(
            [
                PlannedLine(key, number, mark_of(deliveries[number]), now, author)
                for key, number in placed.items()
            ]
        )
        for number in placed.values():
            unit.audit.add(now, author, "plan", f"delivery {number}", None)
        return list(placed.values())

    def _use(
        self, unit: "Unit", suggestion: int, delivery: int, author: str, now: datetime
    ) -> None:
        post = unit.deliveries.get(delivery).post
        into = SuggestionState.USED
        if not unit.suggestions.decide(suggestion, into, author, now, post=post):
            raise SourceError(SuggestionDecided(suggestion, "Somebody"))


class _Proposing:
    """One proposal in the making."""

    def __init__(self, service: PlanService, items: Items, span: Span) -> None:
        self._service, self._items, self._span = service, items, span
        self._gathered = items.gathered
        self._all = items.all()
        self._terms = items.terms()
        self._moved = [each for key, each in items.released.items() if key in self._all]
        self._ends = monotonic() + MOST_SECONDS
        self._stopped = False
        self._written: dict[str, Delivery] = {}

    def proposal(self) -> Proposal:
        """Firm lines that the rehearsal sends, then pencilled ones in slots that are left."""
        firm = {key: each for key, each in self._all.items() if not _asks(each)}
        pencilled = {key: each for key, each in self._all.items() if _asks(each)}
        first, lines, objections = self._rehearsed(firm)
        second = self._plan(pencilled, lines) if pencilled else None
        found = [*lines, *(second.lines if second else ())]
        chosen = tuple(self._items.rules)
        unplaced = [*first.unplaced, *(second.unplaced if second else ())]
        return Proposal(
            begins=self._span.start,
            ends=self._span.end,
            accounts=chosen,
            lines=[
                ProposedLine(line, self._all[line.candidate.key])
                for line in sorted(found, key=lambda line: (line.at, line.account))
            ],
            left_out=[
                *(_left_out(each, self._all) for each in unplaced),
                *(self._taken_out(key, why) for key, why in objections.items()),
            ],
            missing=[each for each in first.missing if each.account in chosen],
            weeks=[each for each in self._plan({}, lines).weeks if each.account in chosen],
            stopped=self._stopped,
        )

    def _rehearsed(
        self, items: Mapping[str, Item]
    ) -> tuple[Plan, list[Line], Mapping[str, Objection]]:
        """Lines that go, with the plan of what is left, and what speaks against it.

        What is left is planned again beside the lines, until nothing more goes: so the next plan
        proposes nothing new once this one is taken over.
        """
        lines: list[Line] = []
        rest = dict(items)
        while True:
            found = self._plan(rest, lines)
            more, objections = self._sent(found, rest, lines)
            if not more:
                return found, lines, objections
            lines += more
            for line in more:
                del rest[line.candidate.key]

    def _sent(
        self, found: Plan, items: Mapping[str, Item], standing: Sequence[Line]
    ) -> tuple[list[Line], dict[str, Objection]]:
        """Lines of a plan that the rehearsal sends beside those that stand, and what it objects."""
        lines = list(found.lines)
        objections: dict[str, Objection] = {}
        rounds = 1
        while new := self._objections(lines, standing):
            objections |= new
            left = {key: each for key, each in items.items() if key not in objections}
            if rounds < MOST_ROUNDS:
                lines = list(self._plan(left, standing).lines)
                rounds += 1
            else:
                lines = [each for each in lines if each.candidate.key in left]
        return lines, objections

    def _objections(
        self, lines: Sequence[Line], standing: Sequence[Line]
    ) -> Mapping[str, Objection]:
        if not lines:
            return {}
        word, now = self._service.last_word, self._gathered.now
        every = [*standing, *lines]
        tried = word.on(
            word.prepared(every, self._all, BY_PLANNING, now, as_draft=False), now, self._span.end
        )
        self._written |= tried.written
        keys = {each.candidate.key for each in lines}
        found = {key: why for key, why in tried.objections.items() if key in keys}
        if tried.objections and not found:  # a line that stands would not go beside them
            why = next(iter(tried.objections.values()))
            return dict.fromkeys(sorted(keys), why)
        return found

    def _taken_out(self, key: str, why: Objection) -> LeftOut:
        item = self._all[key]
        return LeftOut(item, why, tuple(item.candidate.credits))

    def _plan(self, items: Mapping[str, Item], lines: Sequence[Line]) -> Plan:
        """Plan of the items beside lines that stand."""
        standing = {line.candidate.key: self._written[line.candidate.key] for line in lines}
        fixed = fixed_of(self._gathered, self._moved, self._service.rules, standing)
        service = self._service
        silences = service.organisation.blackouts
        task = Task(
            accounts=tuple(
                Account(
                    name=name,
                    network=rules.network,
                    policy=rules.policy,
                    fixed=tuple(fixed[name]),
                    silences=tuple(each for each in silences if isinstance(each, Blackout)),
                    mourning=next(
                        (each for each in silences if isinstance(each, Mourning)), Mourning()
                    ),
                    spent=self._gathered.spent[name],
                    sharing=frozenset(rules.accounts_sharing_duplicate_rule),
                )
                for name, rules in service.rules.items()
            ),
            candidates=tuple(each.candidate for each in items.values()),
            span=self._span,
            now=self._gathered.now,
            partners=with_lines(self._terms, lines),
            floor=service.organisation.floor,
            floor_window=service.organisation.window,
            zone=service.organisation.zone,
        )
        found = plan(
            task,
            most_steps=min(MOST_STEPS, STEPS_OF_AN_ITEM * len(items)),
            stop=lambda: monotonic() > self._ends,
        )
        self._stopped |= found.stopped
        return found


def _is_made(each: Prepared, before: Mapping[str, PlannedLine]) -> bool:
    """Whether a post was made of the line already."""
    return each.item.make is not None and each.line.candidate.key in before


def _asks(item: Item) -> bool:
    return item.candidate.asks_for_words


def _may_stand(candidate: Candidate, slot: Line) -> bool:
    """Whether an item has an account and a time in the slot of a line about something else."""
    if candidate.key == slot.candidate.key or candidate.asks_for_words:
        return False
    after = candidate.earliest is None or candidate.earliest <= slot.at
    before = candidate.latest is None or slot.at < candidate.latest
    return slot.account in candidate.credits and after and before


def _left_out(unplaced: Unplaced, items: Mapping[str, Item]) -> LeftOut:
    return LeftOut(items[unplaced.candidate.key], unplaced.why, unplaced.accounts)


def _worded(pencilled: ProposedLine, text: str) -> ProposedLine:
    """The same line with the words of a person."""
    (partner,) = pencilled.line.candidate.partners

    def make(_: str, it: Placement) -> Spotlight:
        return Spotlight(
            author=it.author,
            as_draft=it.as_draft,
            partner=partner,
            text=text,
        )

    return replace(pencilled, item=replace(pencilled.item, make=make))
