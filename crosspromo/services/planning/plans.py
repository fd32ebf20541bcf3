"""Plans: a calendar for the coming weeks is proposed, and what a person accepts is queued."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, SourceError
from crosspromo.domain.pacing import start_of
from crosspromo.domain.pauses import Pause
from crosspromo.domain.planned import REMEMBERED, PlannedLine, is_untouched, mark_of
from crosspromo.domain.reasons.inputs import NotInThatSlot, NotProposed, WordsWanted
from crosspromo.domain.reasons.sources import SuggestionDecided
from crosspromo.domain.requests import Spotlight, given_name
from crosspromo.domain.sources import SuggestionState
from crosspromo.domain.states import State
from crosspromo.plan_settings import DEFAULT_WEEKS, checked_weeks
from crosspromo.planning.values import (
    Line,
    Span,
)
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.services.planning.basis import Basis
from crosspromo.services.planning.gathering import Gathered, gather
from crosspromo.services.planning.items import Items, waits
from crosspromo.services.planning.last_word import LastWord, NotQueued, Prepared, place
from crosspromo.services.planning.posts import Placement
from crosspromo.services.planning.proposals import Proposal, ProposedLine
from crosspromo.services.planning.proposing import Proposing
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.domain.observances import Observance
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.services.queue_post import PostQueue
    from crosspromo.store.unit import Store, Unit

NO_WORDS: Mapping[str, str] = MappingProxyType({})


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

        Nothing is planned on accounts that are paused: nobody knows for how long.
        UsageError for a number of weeks out of range, NotFoundError for an unknown account.
        """
        weeks = checked_weeks(self.weeks if weeks is None else weeks)
        chosen = {name: account_named(name, self.rules) for name in accounts or self.rules}
        now, zone = self.clock.now(), self.organisation.zone
        last = now.astimezone(zone).date() + timedelta(weeks=weeks)
        span = Span(now, start_of(last, zone))
        with self.store.read() as unit:
            gathered = gather(unit, self.rules, self.organisation, now)
            pauses = [each for each in unit.pauses.all() if each.account in {None, *chosen}]
        gathered = self._with_times(gathered, span)
        at_work = {name: each for name, each in chosen.items() if not _is_paused(name, pauses)}
        basis = Basis(
            gathered,
            at_work,
            self.organisation,
            self.observances(),
            span,
            self._released(gathered, at_work, span),
        )
        proposal = Proposing(Items(basis), self.last_word, self.rules).proposal()
        return replace(proposal, pauses=pauses, drafts=_drafts(gathered, chosen))

    @property
    def last_word(self) -> LastWord:
        """Rehearsal of what is planned."""
        return LastWord(self.store, self.queue, self.rules, self.organisation)

    def _with_times(self, gathered: Gathered, span: Span) -> Gathered:
        """What was gathered, with a time for self posts that go soonest where nobody plans them.

        A slot of the plan could only make them later.
        """
        found = [each for each in gathered.waiting if each.waits_to_be_allowed and waits(each)]
        if not found:
            return gathered
        goes = self.last_word.by_themselves(found, gathered.now, span.end)
        waiting = [
            replace(each, due_at=goes[each.id], when_allowed=False, hold=None)
            if each.id in goes
            else each
            for each in gathered.waiting
        ]
        return replace(gathered, waiting=waiting)

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


def _is_paused(account: str, pauses: Iterable[Pause]) -> bool:
    return any(each.account in {None, account} for each in pauses)


def _drafts(gathered: Gathered, accounts: Container[str]) -> int:
    """Number of drafts that planning made on the accounts, and that wait for approval."""
    placed = {line.delivery for line in gathered.lines.values()}
    return sum(
        each.state is State.DRAFT and each.id in placed and each.account in accounts
        for each in gathered.waiting
    )


def _is_made(each: Prepared, before: Mapping[str, PlannedLine]) -> bool:
    """Whether a post was made of the line already."""
    return each.item.make is not None and each.line.candidate.key in before


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
