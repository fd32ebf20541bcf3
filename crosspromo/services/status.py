"""Workspace status: running daemons, deliveries by state, and problems that need a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Latest
from crosspromo.domain.matters import MACHINE, Matter
from crosspromo.domain.pauses import Pause
from crosspromo.domain.states import State
from crosspromo.domain.workers import Worker
from crosspromo.services.attention import MOST, UNTOUCHED, Attention

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Workspace status at one moment.

    `counts` are numbers of deliveries by state, `held` the number of held deliveries among the
    queued ones. `late_drafts` are drafts past their due time. `faults` are accounts that their
    network refuses, with the network's words; `resting` are accounts with the time before which
    their network takes no requests of them. `overdue` is the time since which the oldest untouched
    delivery has waited to be looked at, if longer than UNTOUCHED; else None. `matters` are all
    conditions that need a person.
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
    matters: Sequence[Matter]

    @property
    def asking(self) -> Sequence[Delivery]:
        """Unknown deliveries that only a person can settle."""
        return [delivery for delivery in self.unknown if delivery.needs_person]

    @property
    def machine(self) -> Sequence[Matter]:
        """Matters about the machine and its daemons, without those about posts and accounts."""
        return [matter for matter in self.matters if matter.code in MACHINE]

    @property
    def machine_is_well(self) -> bool:
        """Whether a daemon is alive, and nothing about the machine needs a person."""
        return bool(self.daemons) and not self.machine

    @property
    def needs_person(self) -> bool:
        """Whether anything needs a person."""
        return bool(self.matters)


@dataclass(frozen=True, slots=True)
class Remaining:
    """Deliveries left after a run: the due and held ones, the postponed, and the number of unknown.

    `faults` are accounts that their network refuses, with the network's words.
    """

    held: Sequence[Delivery]
    postponed: Latest
    unknown: int
    faults: Mapping[str, str]


@dataclass(frozen=True)
class Statuses:
    """Reads the workspace status. `is_dead`: whether a worker is surely dead."""

    store: "Store"
    clock: Clock
    is_dead: Callable[[str], bool]
    attention: Attention

    def report(self) -> StatusReport:
        """Status of the workspace now."""
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415 (the store loads when used)

        now = self.clock.now()
        with self.store.read() as unit:
            daemons = unit.workers.alive(now, self.is_dead)
            drafts = unit.deliveries.matching(Filter(states=frozenset({State.DRAFT})))
            return StatusReport(
                daemons=daemons,
                counts=unit.deliveries.counts(),
                held=unit.deliveries.held(),
                unknown=unit.deliveries.matching(Filter(states=frozenset({State.UNKNOWN}))),
                drafts=drafts,
                late_drafts=[draft for draft in drafts if draft.due_at <= now],
                faults=unit.accounts.faults(),
                resting=unit.accounts.resting(now),
                pauses=unit.pauses.all(),
                overdue=unit.deliveries.oldest_overdue(now - UNTOUCHED),
                matters=self.attention.matters_in(unit, daemons),
            )

    def after_run(self) -> Remaining:
        """Deliveries left after a run over all due deliveries."""
        now = self.clock.now()
        with self.store.read() as unit:
            return Remaining(
                held=unit.deliveries.held_and_due(now),
                postponed=unit.deliveries.postponed(now, MOST),
                unknown=unit.deliveries.counts().get(State.UNKNOWN, 0),
                faults=unit.accounts.faults(),
            )
