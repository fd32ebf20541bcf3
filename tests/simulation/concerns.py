"""What a person would want to hear of, worked out once more and naively.

From the rows as they lie and from the truth of the story; nothing here is shared with the code
behind `status`. Each concern must be among the matters that `status` shows, and each matter must
have a concern for its cause: a matter ends with its cause.

Concerns are worked out after every commit and at the end of every turn. `status` is asked, which
takes longer than most commits, whenever they are others than at the last time, and at the end of
every third turn of the busy days, for what it shows without a cause. While a daemon works through
what it has not touched for a while, only the end of the turn counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from simulation.machine import Machine
from simulation.rows import AccountRow, File, Row

from crosspromo.disks import Disk
from crosspromo.domain.states import State
from crosspromo.services.attention import Attention

MINUTES_PAST_DUE = timedelta(minutes=10)
MINUTES_UNTOUCHED = timedelta(minutes=5)
LONG = timedelta(hours=1)
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
ANNOUNCES = {State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN, State.PUBLISHED}
"""States of what announces an event, or will."""
NO_RULE = (None, "rate-limit")
"""Holds that are none, and that no rule of the organisation has made."""


SOON_OVER = {"daemon"}
"""Concerns that come and go while a daemon works through what it has not touched for a while."""


class Ask(Enum):
    """When `status` is asked."""

    NOW = auto()
    IF_CHANGED = auto()
    LATER = auto()
    """Now if more has changed than what is soon over."""


class Concern(NamedTuple):
    """What is not as a person would want it, and whose concern it is."""

    code: str
    account: str | None = None
    delivery: int | None = None

    def __str__(self) -> str:
        whose = self.delivery or self.account
        return self.code if whose is None else f"{self.code} of {whose}"


@dataclass
class Concerns:
    """Compares what concerns people with what `status` shows."""

    machine: Machine
    file: File
    _last: frozenset[Concern] = frozenset()

    def look(self, rows: Mapping[int, Row], ask: Ask) -> list[str]:
        """What `status` does not show, and what it shows without a cause."""
        now = self.machine.clock.now()
        found = _Found(self.machine, self.file, rows, now)
        concerns = frozenset(found.concerns())
        changed = {concern.code for concern in concerns ^ self._last}
        if ask is Ask.LATER:
            changed -= SOON_OVER
        if not changed and ask is not Ask.NOW:
            return []
        self._last = concerns
        return list(_differences(found, concerns, self._matters()))

    def _matters(self) -> set[Concern]:
        machine = self.machine
        attention = Attention(
            machine.bare_store(),
            machine.clock,
            list(machine.world.settings),
            [machine.stage.folder],
            machine.is_dead,
            self._disk,
        )
        return {Concern(each.code, each.account, each.delivery) for each in attention.matters()}

    def _disk(self, folder: Path) -> Disk:
        return Disk(folder, self.machine.disk.free)


@dataclass(frozen=True)
class _Found:
    machine: Machine
    file: File
    rows: Mapping[int, Row]
    now: datetime

    def concerns(self) -> Iterator[Concern]:
        dismissed, paused = self.file.dismissed(), self.file.paused()
        accounts, here = self.file.accounts(), self.machine.world.settings
        busy = {row.account for row in self.rows.values() if row.state is State.SENDING}
        resting = {name for name in accounts if self._rests(accounts[name])}
        for row in self.rows.values():
            if (row.id, row.state, row.attempt) not in dismissed:
                yield from self._ended(row)
            yield from self._unapproved(row)
            if row.account in here:
                yield from self._late(
                    row,
                    paused=bool({row.account, "all"} & paused),
                    rests=row.account in resting,
                    busy=row.account in busy,
                )
            elif row.state in {State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN}:
                yield Concern("account-gone", row.account)
        for number in self.file.stands_withdrawn() & self.rows.keys():
            row = self.rows[number]
            if row.state is State.PUBLISHED and (number, row.state, row.attempt) not in dismissed:
                yield Concern("permission-withdrawn", row.account, number)
        yield from self._pauses()
        yield from self._errands()
        for name in accounts.keys() & here.keys():
            yield from self._of_account(name, accounts[name])
        if any(row.sent_at and row.sent_at > self.now + A_MINUTE for row in self.rows.values()):
            yield Concern("dated-ahead")
        if self.machine.disk.free < 100_000_000:
            yield Concern("disk")

    def _errands(self) -> Iterator[Concern]:
        """Concerns about readings, events to review, plans, and partners to ask."""
        for name, since in self.file.not_read().items():
            if name in self.machine.world.settings and since and self.now - since >= A_DAY:
                yield Concern("reading", name)
        if any(ends_at and ends_at > self.now for ends_at in self.file.to_review()):
            yield Concern("to-review")
        rows = (self.rows.get(number) for number in self.file.planned())
        if any(row is not None and row.state is State.DRAFT for row in rows):
            yield Concern("planned")
        for _, starts_at, steps in self.file.asks_refused():
            if starts_at is not None and self._is_to_be_asked(starts_at, steps):
                yield Concern("ask-partners")

    def _is_to_be_asked(self, starts_at: datetime, steps: Mapping[int, datetime | None]) -> bool:
        """Whether partners are to be told now of an event in UTC that these deliveries announce."""
        day = datetime.combine(starts_at.date(), time(9), tzinfo=UTC)
        live = [
            at
            for number, at in steps.items()
            if number in self.rows and self.rows[number].state in ANNOUNCES
        ]
        announced_at = min((at for at in live if at is not None), default=None)
        if announced_at is None or self.now - announced_at < MINUTES_UNTOUCHED:
            return False
        return day - timedelta(days=30) <= self.now < day - timedelta(days=3)

    def _pauses(self) -> Iterator[Concern]:
        if self.machine.in_doubt and self.machine.noticed and not self.machine.is_resuming:
            yield Concern("paused")
        for name in self.file.paused_without_reason():
            yield Concern("pause-reason", None if name == "all" else name)

    def _unapproved(self, row: Row) -> Iterator[Concern]:
        if row.state is State.DRAFT and row.fault_values is not None:
            withdrawn = "-withdrawn" in str(row.fault_values)
            code = "permission-withdrawn" if withdrawn else "event-changed"
            yield Concern(code, row.account, row.id)
        elif self._waits_for_approval(row):
            yield Concern("approval", row.account, row.id)

    def _late(self, row: Row, *, paused: bool, rests: bool, busy: bool) -> Iterator[Concern]:
        """Concerns about a delivery that nobody looks at, or that does not go out."""
        if self._is_untouched(row, parked=paused or rests or busy):
            yield Concern("daemon")
        if self._is_past_due(row) and not paused:
            about_to_be = row.wake_at is not None and row.wake_at <= self.now
            if row.fault_values is not None or not about_to_be or rests:
                yield Concern("past-due", row.account, row.id)

    def _rests(self, account: AccountRow, least: timedelta = timedelta()) -> bool:
        return account.rests_until is not None and account.rests_until > self.now + least

    def _ended(self, row: Row) -> Iterator[Concern]:
        if row.state in {State.FAILED, State.MISSED, State.EXPIRED}:
            yield Concern(row.state.value, row.account, row.id)
        if row.state is State.UNKNOWN and row.needs_person:
            yield Concern("unknown", row.account, row.id)

    def _waits_for_approval(self, row: Row) -> bool:
        waits = row.state is State.DRAFT or (
            row.state is State.QUEUED and row.hold_code == "approval"
        )
        return waits and row.due_at <= self.now

    def _is_untouched(self, row: Row, *, parked: bool) -> bool:
        """Whether a daemon was to look at it, or at the send of another, a while ago."""
        at_work = row.state in {State.SENDING, State.UNKNOWN}
        if not at_work and (row.state is not State.QUEUED or parked):
            return False
        return row.wake_at is not None and row.wake_at <= self.now - MINUTES_UNTOUCHED

    def _is_past_due(self, row: Row) -> bool:
        no_rule = row.state is State.QUEUED and row.hold_code in NO_RULE
        return no_rule and row.due_at < self.now - MINUTES_PAST_DUE

    def _of_account(self, name: str, account: AccountRow) -> Iterator[Concern]:
        if account.fault is not None:
            yield Concern("account", name)
        if self._rests(account, LONG):
            yield Concern("resting", name)
        if account.clock_offset is not None and abs(account.clock_offset) > 60:
            yield Concern("clock", name)


def _differences(
    found: _Found, concerns: frozenset[Concern], matters: set[Concern]
) -> Iterator[str]:
    for missing in sorted(map(str, concerns - matters)):
        yield f"status says nothing of: {missing}"
    for extra in sorted(map(str, matters - concerns)):
        if extra != "paused" or not found.machine.in_doubt:  # it may have noticed just now
            yield f"status speaks without a cause of: {extra}"
