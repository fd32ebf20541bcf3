"""Queue of ladders: the steps of an event that accounts do not have yet, all of them or none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import InputError, QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.ladder_places import Places, Told, counted_as
from crosspromo.domain.ladders import Ladder, Step, StepDay, missed_steps, step_days
from crosspromo.domain.posts import Credit, credit_of
from crosspromo.domain.reasons.inputs import LadderIsOver
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

    `moved`: the account has no free slot on the step's own day.
    """

    step: Step
    day: date
    counts_as: Credit
    moved: bool
    queued: QueuedDelivery


@dataclass(frozen=True, slots=True)
class UnplacedStep:
    """Step that found no place on an account near its day."""

    account: str
    step: Step
    day: date


@dataclass(frozen=True, slots=True)
class QueuedLadder:
    """What was queued of a ladder, in order, and what was not.

    `missed` are steps whose day has passed, or which an event that was entered late leaves out;
    `had` is the number of steps that the accounts had already.
    """

    event: str
    ladder: Ladder
    steps: tuple[QueuedStep, ...]
    missed: tuple[Step, ...]
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
        self._placed: list[tuple[StepDay, str]] = []
        self.unplaced: list[UnplacedStep] = []
        self.missed: tuple[Step, ...] = ()
        self.had = 0

    def in_turn(self, unit: "Unit", slug: str) -> Iterator[AskedPost]:
        """Yield each step with the accounts that have a place for it, once those before are queued.

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
        self.missed = missed_steps(self._ladder, event, self._now)
        rules = self._asked[days[0].step].rules
        places = {each.name: self._places(event, each, days) for each in rules}
        for each, following in zip(days, [*days[1:], None], strict=True):
            times = dict(self._times(unit, each, following, places))
            if times:
                yield _only(self._asked[each.step], times)

    def _places(self, event: Event, account: AccountRules, days: Sequence[StepDay]) -> Places:
        """Places on an account, without the days of steps that it has and of those pinned."""
        places = Places(event, self._queue.organisation.zone, self._now)
        steps = [told for told in self._told if told.account == account.name and told.step]
        had = {told.step for told in steps}
        places.reserve(told.at for told in steps)
        places.reserve(each.at for each in days if each.at and each.step.name not in had)
        return places

    def _times(
        self,
        unit: "Unit",
        each: StepDay,
        following: StepDay | None,
        places: Mapping[str, Places],
    ) -> Iterator[tuple[str, Timing]]:
        """Yield the time of the step for each account that lacks it and has a place for it."""
        had = {(told.account, told.step) for told in self._told}
        # Thanks wait for a slot longer than for the recap, which then goes later itself.
        before = None if following is None or each.step.comes_after else following.day
        for account in self._asked[each.step].rules:
            if (account.name, each.step.name) in had:
                self.had += 1
                continue
            on = places[account.name]
            moment = on.moment(each, before, self._spacing(unit, account, each.step, on.event))
            if moment is None:
                self.unplaced.append(UnplacedStep(account.name, each.step, each.day))
                continue
            self._placed.append((each, account.name))
            yield account.name, Timing(moment, pinned=each.at is not None)

    def _spacing(self, unit: "Unit", account: AccountRules, step: Step, event: Event) -> Spacing:
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
            for (each, account), one in zip(self._placed, queued, strict=True)
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
        for (each, account), one in zip(self._placed, queued, strict=True):
            day = one.view.delivery.due_at.astimezone(self._zone).date()
            counts_as = counts[account, each.step.name]
            yield QueuedStep(each.step, day, counts_as, day != each.day, one)


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
