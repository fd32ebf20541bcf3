"""Attention: everything in a workspace that needs a person, with the reason and since when."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crosspromo.disks import Disk, disk_of, nearly_full
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.matters import (
    AccountGone,
    AccountRefused,
    AccountRests,
    ApprovalDue,
    ClockOff,
    DaemonTrouble,
    Detail,
    DiskFull,
    EndedUnsent,
    Matter,
    NoDaemon,
    NotTold,
    OutcomeUnknown,
    PastDue,
    PausedInDoubt,
    ToPostByHand,
)
from crosspromo.domain.reasons.faults import ByHand
from crosspromo.domain.workers import Worker

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

MOST = 100
"""Most deliveries of one kind that are named at a time."""

PATIENCE = timedelta(minutes=10)
"""Time past its due time after which a postponed delivery needs a person."""

UNTOUCHED = timedelta(minutes=5)
"""Time after which an untouched due delivery shows that no daemon runs."""

LONG_REST = timedelta(hours=1)
"""Rest of an account that people should know of."""

CLOCK_TOLERANCE = 60.0
"""Seconds by which our clock and a network's may differ."""


@dataclass(frozen=True)
class Attention:
    """Finds what needs a person.

    `accounts` are the names in crosspromo.toml. `folders` are folders on whose disks space is
    needed. `is_dead`: whether a worker is surely dead.
    """

    store: "Store"
    clock: Clock
    accounts: Sequence[str]
    folders: Sequence[Path]
    is_dead: Callable[[str], bool]
    disk_of: Callable[[Path], Disk] = disk_of

    def matters(self) -> list[Matter]:
        """Every matter there is now: pauses in doubt, deliveries, accounts, the machine."""
        with self.store.read() as unit:
            return self.matters_in(unit, unit.workers.alive(self.clock.now(), self.is_dead))

    def matters_in(self, unit: "Unit", daemons: Sequence[Worker]) -> list[Matter]:
        """The same within a transaction; `daemons` are those alive."""
        return [
            *_pauses(unit),
            *self._deliveries(unit, alive=bool(daemons)),
            *self._accounts(unit),
            *self._machine(unit),
        ]

    def _deliveries(self, unit: "Unit", *, alive: bool) -> Iterator[Matter]:
        now = self.clock.now()
        rows = unit.attention(MOST)
        for delivery in rows.ended_unsent():
            fault = None if delivery.fault is None else delivery.fault.reason
            yield _of(delivery, EndedUnsent(delivery.state, fault))
        for delivery in rows.unknown():
            yield _of(delivery, _unknown(delivery))
        here = frozenset(self.accounts)
        for delivery in rows.postponed(now - PATIENCE):
            if delivery.account in here and delivery.fault is not None:
                yield _of(delivery, PastDue(delivery.fault.reason, delivery.wake_at))
        for delivery in rows.unapproved(now):
            yield _of(delivery, ApprovalDue())
        untouched = [each for each in rows.untouched(now - UNTOUCHED) if each.account in here]
        if untouched:
            since = min(each.wake_at or each.due_at for each in untouched)
            yield Matter(NoDaemon(alive), since)

    def _accounts(self, unit: "Unit") -> Iterator[Matter]:
        now = self.clock.now()
        for name, (words, since) in sorted(unit.accounts.faulted().items()):
            yield Matter(AccountRefused(words), since, name)
        for name, until in sorted(unit.accounts.resting(now + LONG_REST).items()):
            yield Matter(AccountRests(until), None, name)
        rows = unit.attention(MOST)
        for name, count in sorted(rows.accounts_with_waiting().items()):
            if name not in self.accounts:
                ids = tuple(delivery.id for delivery in rows.waiting_on(name))
                yield Matter(AccountGone(ids, count), None, name)

    def _machine(self, unit: "Unit") -> Iterator[Matter]:
        for disk in nearly_full(self.folders, self.disk_of):
            yield Matter(DiskFull(str(disk.mount), disk.free))
        for name, offset in sorted(unit.accounts.clock_offsets().items()):
            seconds = offset.total_seconds()
            if abs(seconds) > CLOCK_TOLERANCE:
                yield Matter(ClockOff(seconds), None, name)
        for name, words in unit.workers.troubles().items():
            yield Matter(DaemonTrouble(name, words))
        errors: dict[tuple[str, str], datetime] = {}
        for telling in unit.tellings.all():
            if telling.error is not None:
                errors.setdefault((telling.channel, telling.error), telling.since)
        for (channel, error), since in errors.items():
            yield Matter(NotTold(f"{channel}: {error}"), since)


def _pauses(unit: "Unit") -> Iterator[Matter]:
    for pause in unit.pauses.all():
        if pause.is_ours:
            yield Matter(PausedInDoubt(pause.reason), pause.at, pause.account)


def _of(delivery: Delivery, detail: Detail) -> Matter:
    return Matter(detail, delivery.due_at, delivery.account, delivery.id)


def _unknown(delivery: Delivery) -> Detail:
    fault = None if delivery.fault is None else delivery.fault.reason
    return ToPostByHand(fault) if isinstance(fault, ByHand) else OutcomeUnknown(fault)
