"""Queue of ladders: the steps of an event that accounts do not have yet, all of them or none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import InputError, QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.ladder_places import Place, Places, Told, counted_as
from crosspromo.domain.ladders import (
    Ladder,
    MissedStep,
    Step,
    StepDay,
    day_of,
    missed_steps,
    step_days,
)
from crosspromo.domain.posts import Credit, credit_of
from crosspromo.domain.reasons.inputs import LadderIsOver
from crosspromo.domain.reasons.notes import Silent
from crosspromo.domain.reasons.queueing import EventIsCancelled
from crosspromo.domain.requests import EventPost
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.compose import Material
from crosspromo.publishing.enqueue import Timing
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.silences import silences_of
from crosspromo.services.queue_post import AskedPost, PostQueue, QueuedDelivery

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class QueuedStep:
    """Newly queued step on an account, with its day in the event's zone and what it will count as.

    `moved`: it is not on the day that was meant for it. `gave_way`: the step of the event's day has
    its own day; else `silences` are what is in the way there, and without any no slot is free.
    """

    step: Step
    day: date
    counts_as: Credit
    moved: bool
    queued: QueuedDelivery
    gave_way: bool = False
    silences: tuple[Silent, ...] = ()


@dataclass(frozen=True, slots=True)
class UnplacedStep:
    """Step that found no place on an account near its day.

    `silences` are what is in the way; without any, no slot is free. `pinned`: it would be held at
    its time until it is too late. `slots`: the account has slots.
    """

    account: str
    step: Step
    day: date
    silences: tuple[Silent, ...] = ()
    pinned: bool = False
    slots: bool = True


@dataclass(frozen=True, slots=True)
class QueuedLadder:
    """What was queued of a ladder, in order, and what was not.

    `missed` are steps that no account gets, with the reasons; `unplaced` are those without a place
    on an account. `had` is the number of steps that the accounts had already.
    """

    event: str
    ladder: Ladder
    steps: tuple[QueuedStep, ...]
    missed: tuple[MissedStep, ...]
    unplaced: tuple[UnplacedStep, ...]
    had: int


@dataclass(frozen=True)
class LadderQueue:
    """Queues ladders of events; `ladder` finds one by its name."""

    queue: PostQueue
    ladder: Callable[[str], Ladder]

    def queue_ladder(
        self, request: EventPost, name: str, accounts: Sequence[str], *, dry_run: bool = False
    ) -> QueuedLadder:
        """Queue the steps of the ladder `name` that these accounts do not have: all or none.

        `request` tells what all steps have in common; it has no time, title or template of its own.
        A step is one post. It takes the first free slot of its day, which is one of the event's
        zone; only the step of the event's day is pinned. InputError where no step is to come any
        more; QueueingError for a cancelled event; else errors are those of `PostQueue.queue_all`,
        with the step that they are about.
        """
        ladder = self.ladder(name)
        now = self.queue.clock.now()
        requests = [
            replace(request, step=step.name, template=step.template) for step in ladder.steps
        ]
        asked = self.queue.asked([(each, accounts) for each in requests], now, kept=not dry_run)
        placing = _Placing(self.queue, ladder, dict(zip(ladder.steps, asked, strict=True)), now)
        queued = self.queue.queue_asked(
            lambda unit: placing.in_turn(unit, request.event), now, dry_run=dry_run
        )
        return QueuedLadder(
            request.event,
            ladder,
            tuple(placing.counted(queued)),
            placing.missed,
            tuple(placing.unplaced),
            placing.had,
        )


class _Placing:
    """Placing of a ladder's steps within a transaction; `asked` has the post of each step."""

    def __init__(
        self, queue: PostQueue, ladder: Ladder, asked: Mapping[Step, AskedPost], now: datetime
    ) -> None:
        self._queue, self._ladder, self._asked, self._now = queue, ladder, asked, now
        self._zone = UTC_ZONE
        self._told: list[Told] = []
        self._placed: list[tuple[StepDay, str, Place]] = []
        self._own: dict[Step, date] = {}
        self.unplaced: list[UnplacedStep] = []
        self.missed: tuple[MissedStep, ...] = ()
        self.had = 0

    def in_turn(self, unit: "Unit", slug: str) -> Iterator[AskedPost]:
        """Yield each step with the accounts that have a place for it, in the order of their days.

        The event is locked: two people who do this at once find each other's steps.
        """
        event = unit.events.get_to_queue_a_ladder(slug)
        if event.cancelled:
            raise QueueingError(EventIsCancelled(slug))
        days = step_days(self._ladder, event, self._now)
        if not days:
            raise InputError(LadderIsOver(slug, self._ladder.name))
        self._zone = ZoneInfo(event.zone)
        self._told = list(unit.announcements.of(slug))
        self._own = {each.step: day_of(each.step, event) for each in days}
        self.missed = missed_steps(self._ladder, event, self._now)
        rules = self._asked[days[0].step].rules
        places = {each.name: self._places(unit, event, each, days) for each in rules}
        for each in days:
            times = dict(self._times(each, places))
            if times:
                yield _only(self._asked[each.step], times)

    def _places(
        self, unit: "Unit", event: Event, account: AccountRules, days: Sequence[StepDay]
    ) -> Mapping[Step, Place]:
        """Places of the steps that the account lacks; the days of those that it has are taken."""
        known = {step.name: step.days for step in self._ladder.steps}
        places = Places(event, self._queue.organisation.zone, self._now)
        had = [told for told in self._told if told.account == account.name and told.step]
        for told in had:
            places.reserve(told.at, known.get(told.step or ""))
        spacing = partial(self._spacing, unit, account, event)
        return places.plan(days, [told.step or "" for told in had], spacing)

    def _times(
        self, each: StepDay, places: Mapping[str, Mapping[Step, Place]]
    ) -> Iterator[tuple[str, Timing]]:
        """Yield the time of the step for each account that lacks it and has a place for it."""
        for account in self._asked[each.step].rules:
            place = places[account.name].get(each.step)
            if place is None:
                self.had += 1
            elif place.moment is None:
                self.unplaced.append(
                    UnplacedStep(
                        account.name,
                        each.step,
                        each.day,
                        place.silences,
                        pinned=each.at is not None,
                        slots=bool(account.policy.slots),
                    )
                )
            else:
                self._placed.append((each, account.name, place))
                yield account.name, Timing(place.moment, pinned=each.at is not None)

    def _spacing(self, unit: "Unit", account: AccountRules, event: Event, step: Step) -> Spacing:
        organisation = self._queue.organisation
        post = Material(self._asked[step].request, (), event)
        silences = silences_of(
            unit,
            event.partners,
            credit=credit_of(
                post.kind,
                about_own_group=set(event.partners) <= organisation.own_group,
                hosting=event.hosting,
                paid=post.paid,
            ),
            tone=post.tone,
            blackouts=organisation.blackouts,
            zone=organisation.zone,
            now=self._now,
        )
        times = unit.deliveries.timetable(account.name)
        return Spacing(account.policy, organisation.zone, silences, times)

    def counted(self, queued: Sequence[QueuedDelivery]) -> Iterator[QueuedStep]:
        """Yield each queued step with what it will count as, when those before it have gone."""
        new = [
            Told(account, each.step.name, one.view.delivery.due_at, one.view.delivery.credit)
            for (each, account, _), one in zip(self._placed, queued, strict=True)
        ]
        counts: dict[tuple[str, str | None], Credit] = {}
        earlier: dict[str, list[Told]] = {}
        for told in sorted([*self._told, *new], key=lambda told: told.at):
            before = earlier.setdefault(told.account, [])
            rules, counts_as = self._queue.rules.get(told.account), told.credit
            if rules is not None:
                counts_as = counted_as(told.credit, told.at, rules.policy.window, before)
            before.append(told._replace(credit=counts_as))
            counts[told.account, told.step] = counts_as
        for (each, account, place), one in zip(self._placed, queued, strict=True):
            day = one.view.delivery.due_at.astimezone(self._zone).date()
            own = self._own[each.step]
            yield QueuedStep(
                each.step,
                day,
                counts[account, each.step.name],
                moved=day != each.day or each.day < own,
                queued=one,
                gave_way=each.day < own and day == each.day,
                silences=place.silences,
            )


def _only(asked: AskedPost, times: Mapping[str, Timing]) -> AskedPost:
    """The post on those accounts only that have a time."""
    kept = [
        (rules, fitted)
        for rules, fitted in zip(asked.rules, asked.fitted, strict=True)
        if rules.name in times
    ]
    return AskedPost(
        asked.request, [rules for rules, _ in kept], [fitted for _, fitted in kept], times
    )
