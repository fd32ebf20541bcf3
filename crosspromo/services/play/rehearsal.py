"""Rehearsal: the coming weeks day by day, as they will really go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Outcome, PlayedStep, Uncertainty
from crosspromo.domain.pacing import start_of
from crosspromo.domain.ratio import Tally
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.play.doubts import own_doubts, step_doubts
from crosspromo.services.play.engine import Stage, Standing

if TYPE_CHECKING:
    from crosspromo.domain.requests import PostRequest
    from crosspromo.services.queue_post import AskedPost, PostQueue
    from crosspromo.store.unit import Store

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AlsoQueued:
    """Post that is queued for the rehearsal only, on these accounts."""

    request: "PostRequest"
    accounts: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewPost:
    """Post that is queued for the rehearsal only: its number among `count` of them, from 1 on."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class RehearsedStep:
    """Step of the play with its delivery as it stands now, and what it hangs on (None: certain).

    `new` is the delivery's post where it is queued for the rehearsal only; `hangs_on_new` is the
    same of the delivery on which the step hangs.
    """

    step: PlayedStep
    delivery: Delivery
    uncertainty: Uncertainty | None
    new: NewPost | None
    hangs_on_new: NewPost | None

    @property
    def is_sent(self) -> bool:
        """Whether the delivery goes out in this step."""
        return self.step.outcome is Outcome.SENT


@dataclass(frozen=True, slots=True)
class AccountDay:
    """Counts of an account at the end of a local day; `headroom` None: nothing limits self posts.

    `headroom` is the number of self posts that account and organisation allow then.
    """

    account: str
    day: date
    tally: Tally
    headroom: int | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Coming weeks as they were played, from `begins` to `ends`. `cost` is in US dollars.

    `days` has each account at the end of each local day, the last one at `ends`. `not_reached` are
    deliveries of new posts whose time lies behind the end.
    """

    begins: datetime
    ends: datetime
    steps: Sequence[RehearsedStep]
    days: Sequence[AccountDay]
    cost: float
    not_reached: Sequence[tuple[NewPost, Delivery]] = ()

    @property
    def weeks(self) -> Sequence[AccountDay]:
        """Each account at the end of each calendar week, or at the end of the rehearsal."""
        last = {(row.day.isocalendar()[:2], row.account): row for row in self.days}
        return list(last.values())


@dataclass(frozen=True)
class Rehearsals:
    """Plays the coming weeks under account rules and organisation rules.

    `queue` queues the posts that are only tried.
    """

    store: "Store"
    clock: Clock
    rules: Mapping[str, AccountRules]
    organisation: OrganisationRules
    queue: "PostQueue"

    def rehearse(self, weeks: int, also: Sequence[AlsoQueued] = ()) -> Rehearsal:
        """Rehearsal of the coming weeks, with the posts of `also` besides those of the queue.

        Nothing of the workspace changes. Errors for `also` are those of `PostQueue.queue_all`.
        """
        now = self.clock.now()
        ends = now + weeks * WEEK
        asked = self.queue.asked([(one.request, one.accounts) for one in also], now, kept=False)
        with self.store.read() as unit:
            stage = Stage(unit, self.rules, self.organisation, now, ends)
        moments = self._ends_of_days(now, ends)
        with stage:
            new = self._tried(stage, asked, now) if asked else {}
            played = stage.play(list(moments))
        own = own_doubts(played, self.rules)
        doubts = step_doubts(played, own, self.organisation)
        steps = [
            RehearsedStep(
                step,
                played.deliveries[step.delivery],
                doubt,
                _post(new, step.delivery),
                None if doubt is None else _post(new, doubt.delivery),
            )
            for step, doubt in zip(played.steps, doubts, strict=True)
        ]
        return Rehearsal(
            begins=now,
            ends=ends,
            steps=steps,
            days=[
                self._account_day(standing, moments[standing.at], name)
                for standing in played.standings
                for name in self.rules
            ],
            cost=round(sum(each.delivery.cost or 0.0 for each in steps if each.is_sent), 6),
            not_reached=[
                (post, delivery) for post, delivery in new.values() if delivery.due_at > ends
            ],
        )

    def _tried(
        self, stage: Stage, asked: "Sequence[AskedPost]", now: datetime
    ) -> dict[int, tuple[NewPost, Delivery]]:
        """Deliveries that are queued on the stage only, by id, each with its post.

        Images and the copy are done before: they take long, and the transaction locks others out.
        """
        with self.store.write() as unit:
            queued = [each.delivery for each in self.queue.queue_in(unit, asked, now)]
            stage.add(unit, [each.id for each in queued])
            unit.roll_back()
        posts = list(dict.fromkeys(each.post for each in queued))
        return {each.id: (NewPost(posts.index(each.post) + 1, len(posts)), each) for each in queued}

    def _ends_of_days(self, now: datetime, ends: datetime) -> dict[datetime, date]:
        """Last moments of the local days, each with its day; the last one is the end."""
        zone = self.organisation.zone
        day, found = now.astimezone(zone).date(), {}
        while (midnight := start_of(day + timedelta(days=1), zone)) <= ends:
            found[midnight] = day
            day += timedelta(days=1)
        return found | ({ends: day} if ends not in found else {})

    def _account_day(self, standing: Standing, day: date, name: str) -> AccountDay:
        tally = standing.tallies[name]
        limits = [
            counts.headroom(target)
            for counts, target in (
                (tally, self.rules[name].policy.target),
                (standing.tallies[None], self.organisation.floor),
            )
            if target is not None
        ]
        return AccountDay(name, day, tally, min(limits, default=None))


def _post(new: Mapping[int, tuple[NewPost, Delivery]], delivery: int | None) -> NewPost | None:
    """New post of the delivery; None for a delivery of the real queue."""
    return None if delivery is None or delivery not in new else new[delivery][0]
