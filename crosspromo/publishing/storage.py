"""What the spine asks of the store. `crosspromo.store` is the implementation; the contract of each
method is written there and held by tests/conformance/store.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crosspromo.domain.attempts import Attempt, Ending, Json, Prepared
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.gate import Override
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.ratio import Counted, Tally, Window
from crosspromo.domain.states import State


@dataclass(frozen=True, slots=True)
class Intent:
    """What the gate allowed: everything that must be durable before a byte leaves."""

    worker: str
    prepared: Prepared
    decision: Mapping[str, Json]
    lease_until: datetime
    now: datetime


class Deliveries(Protocol):
    """The queue: how it grows and how it is read."""

    def add(
        self,
        *,
        post: int,
        account: str,
        network: str,
        state: State,
        credit: Credit,
        content: Content,
        due_at: datetime,
        pinned: bool,
        expires_at: datetime | None,
        cost: float | None,
        dropped: Sequence[str] = (),
    ) -> int: ...
    def taken_slots(self, account: str, after: datetime) -> frozenset[datetime]: ...
    def get(self, delivery_id: int) -> Delivery: ...
    def accounts_with_work(self, now: datetime) -> list[str]: ...
    def next_due(self, account: str, now: datetime) -> Delivery | None: ...
    def to_look_up(self, now: datetime) -> Sequence[Delivery]: ...
    def in_flight(self) -> Sequence[Delivery]: ...
    def attempt(self, delivery_id: int, number: int) -> Attempt: ...
    def first_attempted_at(self, delivery_id: int, token: str) -> datetime: ...


class Transitions(Protocol):
    """Moving deliveries, each move guarded."""

    def hold(self, delivery: Delivery, note: HoldNote) -> None: ...
    def postpone(self, delivery: Delivery, fault: Fault, until: datetime) -> None: ...
    def refuse(self, delivery: Delivery, into: State, fault: Fault) -> None: ...
    def intend(self, delivery: Delivery, intent: Intent) -> Attempt: ...
    def publish(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None: ...
    def requeue(
        self,
        delivery: Delivery,
        ending: Ending,
        fault: Fault | None,
        until: datetime,
        now: datetime,
    ) -> None: ...
    def fail(self, delivery: Delivery, fault: Fault, now: datetime) -> None: ...
    def doubt(
        self,
        delivery: Delivery,
        fault: Fault,
        look_up_at: datetime | None,
        now: datetime,
        *,
        needs_person: bool = False,
    ) -> None: ...
    def still_in_doubt(
        self, delivery: Delivery, detail: str, look_up_at: datetime | None, *, absent: bool
    ) -> None: ...
    def cancel(self, delivery: Delivery) -> None: ...
    def retry(self, delivery: Delivery, due_at: datetime, *, pinned: bool) -> None: ...
    def edit(self, delivery: Delivery, content: Content) -> None: ...
    def override(self, delivery: Delivery, override: Override, now: datetime) -> None: ...
    def wake_held(self, account: str) -> None: ...
    def wake_account(self, account: str) -> None: ...


class Posts(Protocol):
    """What we wanted to say, once for all its deliveries."""

    def add(
        self,
        *,
        kind: Kind,
        partners: Sequence[str],
        event: str | None,
        template: str | None,
        reason: str | None,
        author: str,
        now: datetime,
    ) -> int: ...


class Audit(Protocol):
    """Every human act that bends or settles something."""

    def add(self, at: datetime, who: str, act: str, subject: str, reason: str | None) -> None: ...


class Ledger(Protocol):
    """What counts. `account` None means the whole organisation."""

    def tally(self, account: str | None, window: Window, now: datetime) -> Tally: ...
    def counted(self, account: str | None, window: Window, now: datetime) -> Sequence[Counted]: ...


class Accounts(Protocol):
    """Accounts as the store knows them."""

    def register(self, names: Iterable[str]) -> None: ...
    def lock(self, name: str) -> None: ...
    def fault(self, name: str) -> str | None: ...
    def set_fault(self, name: str, fault: str | None, now: datetime) -> None: ...


class Unit(Protocol):
    """One transaction over all of it."""

    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def transitions(self) -> Transitions: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def posts(self) -> Posts: ...
    @property
    def audit(self) -> Audit: ...


class Store(Protocol):
    """Opens transactions: committed at the end of the block, undone on any error."""

    def read(self) -> AbstractContextManager[Unit]: ...
    def write(self) -> AbstractContextManager[Unit]: ...
