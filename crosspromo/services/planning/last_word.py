"""Last word on a plan: a rehearsal with its posts, which tells what would not go in its slot."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.errors import Refused
from crosspromo.domain.forecasts import Outcome, PlayedStep
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import OUTAGES
from crosspromo.planning.values import Line
from crosspromo.publishing.enqueue import Timing
from crosspromo.services.planning.basis import Item
from crosspromo.services.planning.posts import Placement
from crosspromo.services.play.engine import Stage

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.services.queue_post import AskedPost, PostQueue
    from crosspromo.store.unit import Store, Unit

IN_ITS_SLOT = timedelta(minutes=1)
"""Time after its slot within which a post still goes in it: the daemon rests between rounds."""

AFTER = timedelta(days=1)
"""Time after the last slot that is played, so that what goes late is seen."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Line that can be written: its post, None where its delivery is only moved."""

    line: Line
    item: Item
    asked: "AskedPost | None"


@dataclass(frozen=True, slots=True)
class NotQueued:
    """A post that cannot be queued, and the refusal."""

    refusal: Refused


@dataclass(frozen=True, slots=True)
class NotSent:
    """Post that misses its slot: the step of the rehearsal; None: the rehearsal ended before it."""

    step: PlayedStep | None


Objection = NotQueued | NotSent


@dataclass(frozen=True, slots=True)
class Tried:
    """What speaks against lines, and what was written of the lines, each by its key.

    `steps` are those of the rehearsal, by time.
    """

    objections: Mapping[str, Objection]
    written: "Mapping[str, Delivery]"
    steps: Sequence[PlayedStep]


@dataclass(frozen=True)
class LastWord:
    """Tries the lines of a plan with the real queue, and plays the weeks with them."""

    store: "Store"
    queue: "PostQueue"
    rules: "Mapping[str, AccountRules]"
    organisation: "OrganisationRules"

    def prepared(
        self,
        lines: Sequence[Line],
        items: Mapping[str, Item],
        author: str,
        now: datetime,
        *,
        as_draft: bool,
    ) -> list[Prepared]:
        """Lines with their posts, to be made before a transaction."""
        found = []
        for line in lines:
            item = items[line.candidate.key]
            if item.make is None:
                found.append(Prepared(line, item, None))
                continue
            request = item.make(line.account, Placement(author, as_draft))
            (asked,) = self.queue.asked([(request, [line.account])], now, kept=True)
            in_slot = {line.account: Timing(line.at, pinned=False)}
            found.append(Prepared(line, item, asked._replace(times=in_slot)))
        return found

    def late(
        self, deliveries: "Sequence[Delivery]", now: datetime, until: datetime
    ) -> frozenset[int]:
        """Ids of those waiting deliveries that would not go when they are due.

        What an outage holds is not among them: no other slot would help it.
        """
        with self.store.read() as unit:
            stage = Stage(unit, self.rules, self.organisation, now, until + AFTER)
        with stage:
            settled = stage.have_settled(each.id for each in deliveries)
            stage.play(goes_on=lambda: not settled())
        first = first_steps(stage.steps)
        return frozenset(
            each.id
            for each in deliveries
            if each.due_at <= now or not goes_when_due(first.get(each.id), each.due_at)
            if not _is_held_by_outage(first.get(each.id))
        )

    def by_themselves(
        self, deliveries: "Sequence[Delivery]", now: datetime, until: datetime
    ) -> Mapping[int, datetime]:
        """Times before `until` at which those waiting deliveries would go as it stands, by id."""
        with self.store.read() as unit:
            stage = Stage(unit, self.rules, self.organisation, now, until)
        with stage:
            settled = stage.have_settled(each.id for each in deliveries)
            stage.play(goes_on=lambda: not settled())
        ids = {each.id for each in deliveries}
        return {
            step.delivery: step.at
            for step in stage.steps
            if step.delivery in ids and step.outcome is Outcome.SENT and not step.races
        }

    def on(
        self,
        prepared: Sequence[Prepared],
        now: datetime,
        until: datetime,
        also: Collection[int] = (),
    ) -> Tried:
        """Try lines; those without an objection go in their slots.

        The play goes on until the lines and the deliveries `also` (ids) have come to an end.
        """
        with self.store.read() as unit:
            stage = Stage(unit, self.rules, self.organisation, now, until + AFTER)
        with stage:
            written: dict[str, Delivery] = {}
            objections: dict[str, Objection] = {}
            with self.store.write() as unit:
                for each in prepared:
                    try:
                        written[each.line.candidate.key] = place(self.queue, unit, each, now)
                    except Refused as refusal:
                        objections[each.line.candidate.key] = NotQueued(refusal)
                stage.add(unit, [each.id for each in written.values()])
                unit.roll_back()
            settled = stage.have_settled([*(each.id for each in written.values()), *also])
            stage.play(goes_on=lambda: not settled())
        first = first_steps(stage.steps)
        for key, delivery in written.items():
            step = first.get(delivery.id)
            if not goes_when_due(step, delivery.due_at):
                objections[key] = NotSent(step)
        return Tried(objections, written, stage.steps)


def place(queue: "PostQueue", unit: "Unit", each: Prepared, now: datetime) -> "Delivery":
    """Write a line within a transaction: a new post, or a delivery that gets another time.

    Errors are those of `PostQueue.queue_all`; StateError where the delivery was sent meanwhile.
    """
    if each.asked is not None:
        (view,) = queue.queue_in(unit, [each.asked], now)
        return view.delivery
    assert each.line.candidate.delivery is not None
    delivery = unit.deliveries.get(each.line.candidate.delivery)
    if delivery.state is State.DRAFT:
        unit.transitions.reschedule_draft(delivery, each.line.at, pinned=False)
    else:
        unit.transitions.requeue_at(delivery, each.line.at, now, pinned=False, when_allowed=False)
    return unit.deliveries.get(delivery.id)


def first_steps(steps: Sequence[PlayedStep]) -> Mapping[int, PlayedStep]:
    """First step of each delivery, by id."""
    return {step.delivery: step for step in reversed(steps)}


def goes_when_due(step: PlayedStep | None, due_at: datetime) -> bool:
    """Whether a delivery goes when it is due, and not by chance."""
    if step is None or step.races:
        return False
    return step.outcome is Outcome.SENT and step.at < due_at + IN_ITS_SLOT


def _is_held_by_outage(step: PlayedStep | None) -> bool:
    return step is not None and step.outcome is Outcome.HELD and step.code in OUTAGES
