"""Whether all is well: who runs, what waits, and what needs a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.pauses import Pause
from crosspromo.domain.states import State
from crosspromo.domain.workers import Worker

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

OVERDUE = timedelta(minutes=5)
"""A due delivery that nobody looks at for so long means that no daemon runs."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How the workspace stands.

    `counts` are deliveries by state, `held` how many of the queued ones wait for a reason. `asking`
    are deliveries in doubt about which only a person can say more; `late_drafts` those drafts that
    are past their time. `faults` and `resting` are accounts: refused by their network, with its
    words, or not served before a moment. `overdue` is since when the oldest due delivery waits that
    nobody has looked at.
    """

    daemons: Sequence[Worker]
    counts: Mapping[State, int]
    held: int
    unknown: Sequence[Delivery]
    drafts: Sequence[Delivery]
    late_drafts: Sequence[Delivery]
    faults: Mapping[str, str]
    resting: Mapping[str, datetime]
    pauses: Sequence[Pause]
    overdue: datetime | None

    @property
    def asking(self) -> Sequence[Delivery]:
        """Deliveries in doubt about which a person is asked."""
        return [delivery for delivery in self.unknown if delivery.needs_person]

    @property
    def needs_person(self) -> bool:
        """Whether anything needs a person."""
        return bool(self.asking or self.faults or self.overdue or self.late_drafts)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What waits after a run: deliveries that are due and held, how many are in doubt, and the
    accounts that are refused by their network, with its words.
    """

    held: Sequence[Delivery]
    unknown: int
    faults: Mapping[str, str]


@dataclass(frozen=True)
class Statuses:
    """Looks at the whole workspace. `is_dead` says that a worker surely runs no more."""

    store: "Store"
    clock: Clock
    is_dead: Callable[[str], bool]

    def report(self) -> StatusReport:
        """How everything stands now."""
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415 (the store loads when used)

        now = self.clock.now()
        with self.store.read() as unit:
            drafts = unit.deliveries.matching(Filter(states=frozenset({State.DRAFT})))
            return StatusReport(
                daemons=unit.workers.alive(now, self.is_dead),
                counts=unit.deliveries.counts(),
                held=unit.deliveries.held(),
                unknown=unit.deliveries.matching(Filter(states=frozenset({State.UNKNOWN}))),
                drafts=drafts,
                late_drafts=[draft for draft in drafts if draft.due_at <= now],
                faults=unit.accounts.faults(),
                resting=unit.accounts.resting(now),
                pauses=unit.pauses.all(),
                overdue=unit.deliveries.oldest_overdue(now - OVERDUE),
            )

    def after_run(self) -> Remaining:
        """What waits after what was due has been worked on."""
        now = self.clock.now()
        with self.store.read() as unit:
            return Remaining(
                held=unit.deliveries.held_and_due(now),
                unknown=unit.deliveries.counts().get(State.UNKNOWN, 0),
                faults=unit.accounts.faults(),
            )
