"""Ports: the parts of the store that each consumer in `publishing` uses, as protocols.

`crosspromo.store` implements all of them. The contract of each method stands there;
tests/conformance/store checks it. A transaction is a *unit*; each consumer names the unit it needs:

    NeedsUnit         needs       reads and writes what a delivery needs of partners and people
    QueueingUnit      enqueue     writes a post and its deliveries
    NotingUnit        notes       reads what will hold a delivery that a person queued
    GateUnit          facts       reads everything that the gate is told
    DispatchUnit      dispatch    claims, records intents and settles sends
    ReconcileUnit     reconcile   settles deliveries whose outcome is unknown
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol, TypeVar

from crosspromo.domain.approval import Signature
from crosspromo.domain.attempts import Attempt, Ending, Intent, Json
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote, NewDelivery
from crosspromo.domain.duplicates import EarlierDelivery, PriorDelivery
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.partner_limits import PartnerLimits, Shared
from crosspromo.domain.pauses import AccountState, Pause
from crosspromo.domain.permissions import Need, NeedsAsked, Permission
from crosspromo.domain.photos import PhotoConsent
from crosspromo.domain.posts import Content, Kind, Making
from crosspromo.domain.ratio import Counted, Stretch, Tally, Window
from crosspromo.domain.spacing import Timetable
from crosspromo.domain.states import State
from crosspromo.domain.tones import Tone

AnyUnit_co = TypeVar("AnyUnit_co", covariant=True)


class Store(Protocol[AnyUnit_co]):
    """Transactions: committed at the end of the block, rolled back on any error."""

    def read(self) -> AbstractContextManager[AnyUnit_co]: ...
    def write(self) -> AbstractContextManager[AnyUnit_co]: ...


# -- needs -------------------------------------------------------------------------------------


class AskedPermissions(Protocol):
    def asked(self, ids: Iterable[int]) -> Mapping[int, Sequence[NeedsAsked]]: ...


class NeededPermissions(AskedPermissions, Protocol):
    def of(self, slugs: Collection[str] | None = None) -> Sequence[Permission]: ...
    def asked_of(self, needs: Collection[Need]) -> Sequence[NeedsAsked]: ...
    def needs(self, ids: Collection[int]) -> Mapping[int, Sequence[Need]]: ...
    def set_needs(self, delivery: int, needs: Iterable[Need]) -> None: ...
    def with_handles(self, network: str, handles: Collection[str]) -> Mapping[str, str]: ...


class AskedPhotoConsents(Protocol):
    def of_deliveries(self, ids: Iterable[int]) -> Mapping[int, Sequence[PhotoConsent]]: ...


class NeededPhotoConsents(AskedPhotoConsents, Protocol):
    def on(self, hashes: Collection[str]) -> Sequence[PhotoConsent]: ...
    def hashes(self, delivery: int) -> frozenset[str]: ...
    def set_hashes(self, delivery: int, hashes: Iterable[str]) -> None: ...


class AskingUnit(Protocol):
    """A transaction that reads what deliveries need, and which permissions there are."""

    @property
    def permissions(self) -> AskedPermissions: ...
    @property
    def photo_consents(self) -> AskedPhotoConsents: ...


class NeedsUnit(Protocol):
    """A transaction that reads and writes what a delivery needs of partners and people."""

    @property
    def permissions(self) -> NeededPermissions: ...
    @property
    def photo_consents(self) -> NeededPhotoConsents: ...


class Limits(Protocol):
    def of(self, slugs: Iterable[str], today: date) -> Mapping[str, PartnerLimits]: ...


# -- queueing ----------------------------------------------------------------------------------


class Timetables(Protocol):
    def timetable(
        self, account: str, *, besides: int | None = None, waiting_after: datetime | None = None
    ) -> Timetable: ...


class QueueingDeliveries(Timetables, Protocol):
    def add(self, new: NewDelivery) -> int: ...


class QueueingHistory(Protocol):
    def find_duplicate(
        self, account: str, content: Content, since: datetime
    ) -> EarlierDelivery | None: ...
    def find_near_duplicate(
        self, accounts: Sequence[str], content: Content, since: datetime
    ) -> EarlierDelivery | None: ...
    def queued_duplicate(
        self, account: str, content: Content, due_at: datetime, besides: int | None = None
    ) -> EarlierDelivery | None: ...
    def queued_near_duplicate(
        self, accounts: Sequence[str], content: Content, due_at: datetime
    ) -> EarlierDelivery | None: ...
    def find_repetition(
        self, account: str, content: Content, since: datetime
    ) -> EarlierDelivery | None: ...
    def queued_repetition(
        self, account: str, content: Content, due_at: datetime, besides: int | None = None
    ) -> EarlierDelivery | None: ...


class QueueingAccounts(Protocol):
    def register(self, names: Iterable[str]) -> None: ...


class QueueingPosts(Protocol):
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
        making: Making | None = None,
        paid: bool = False,
        campaign: str | None = None,
        step: str | None = None,
        tone: Tone | None = None,
    ) -> int: ...


class QueueingAudit(Protocol):
    def add(self, at: datetime, who: str, act: str, subject: str, reason: str | None) -> None: ...


class AuditingUnit(Protocol):
    """A transaction that writes the audit log."""

    @property
    def audit(self) -> QueueingAudit: ...


class QueueingUnit(AuditingUnit, NeedsUnit, Protocol):
    """A transaction that writes a post and its deliveries."""

    @property
    def partner_limits(self) -> Limits: ...
    @property
    def deliveries(self) -> QueueingDeliveries: ...
    @property
    def history(self) -> QueueingHistory: ...
    @property
    def accounts(self) -> QueueingAccounts: ...
    @property
    def posts(self) -> QueueingPosts: ...
    @property
    def approvals(self) -> "GateApprovals": ...


# -- notes -------------------------------------------------------------------------------------


class NotingDeliveries(Timetables, Protocol):
    def due_times(
        self, account: str, since: datetime, until: datetime | None, most: int
    ) -> Sequence[datetime]: ...


class NotingUnit(Protocol):
    """A transaction that reads the times of deliveries."""

    @property
    def partner_limits(self) -> Limits: ...
    @property
    def deliveries(self) -> NotingDeliveries: ...


# -- the gate ----------------------------------------------------------------------------------


class GateDeliveries(Timetables, Protocol):
    def taken_slots(self, account: str) -> Container[datetime]: ...


class GatePauses(Protocol):
    def all(self) -> Sequence[Pause]: ...


class GateAccounts(Protocol):
    def states(self, names: Iterable[str]) -> Mapping[str, AccountState]: ...


class GateLedger(Protocol):
    def tallies(
        self, windows: Mapping[str, Window], whole: Window, now: datetime
    ) -> Mapping[str | None, Tally]: ...
    def counted(self, account: str | None, window: Window, now: datetime) -> Sequence[Counted]: ...
    def stretches_of(
        self, names: Sequence[str | None], window: Window, now: datetime
    ) -> Mapping[str | None, Sequence[Stretch]]: ...


class GateHistory(Protocol):
    def latest_sent(
        self, most: Mapping[str, int], until: datetime
    ) -> Mapping[str, tuple[datetime, ...]]: ...
    def spent(self, account: str, since: datetime, until: datetime) -> float: ...
    def same_text_sent(
        self, deliveries_: Iterable[int], since: datetime
    ) -> Mapping[int, Sequence[PriorDelivery]]: ...
    def same_subject_sent(
        self, deliveries_: Iterable[int]
    ) -> Mapping[int, Sequence[PriorDelivery]]: ...
    def find_near_duplicate(
        self, accounts: Sequence[str], content: Content, since: datetime
    ) -> EarlierDelivery | None: ...


class GateApprovals(Protocol):
    def signatures(self, deliveries: Iterable[int]) -> Mapping[int, Sequence[Signature]]: ...
    def sign_offs(self, slugs: Iterable[str]) -> frozenset[str]: ...


class GatePartners(Protocol):
    def statuses(self, slugs: Sequence[str]) -> Mapping[str, tuple[str, str]]: ...


class GateLimits(Limits, Protocol):
    def lock(self, slugs: Collection[str]) -> None: ...
    def shared(self, slugs: Collection[str], since: datetime) -> Mapping[str, Sequence[Shared]]: ...
    def queued_at(self, post_ids: Iterable[int]) -> Mapping[int, datetime]: ...


class GateUnit(AskingUnit, Protocol):
    """A transaction that reads everything the gate is told."""

    @property
    def partner_limits(self) -> GateLimits: ...
    @property
    def deliveries(self) -> GateDeliveries: ...
    @property
    def pauses(self) -> GatePauses: ...
    @property
    def accounts(self) -> GateAccounts: ...
    @property
    def ledger(self) -> GateLedger: ...
    @property
    def history(self) -> GateHistory: ...
    @property
    def approvals(self) -> GateApprovals: ...
    @property
    def partners(self) -> GatePartners: ...


# -- sending -----------------------------------------------------------------------------------


class DispatchDeliveries(GateDeliveries, Protocol):
    def accounts_with_work(self, now: datetime) -> list[str]: ...
    def next_due(self, names: Iterable[str], now: datetime) -> Sequence[Delivery]: ...


class DispatchAttempts(Protocol):
    def get(self, delivery_id: int, number: int) -> Attempt: ...
    def was_ever_unknown(self, delivery_id: int) -> bool: ...


class DispatchAccounts(GateAccounts, Protocol):
    def with_identity(self, identity: str) -> Mapping[str, str | None]: ...
    def set_identity(self, name: str, identity: str) -> None: ...
    def set_clock_offset(self, name: str, seconds: float) -> None: ...
    def lock_free(self, names: Iterable[str]) -> Mapping[str, AccountState]: ...
    def lock_organisation(self) -> None: ...
    def rest(self, name: str, until: datetime) -> None: ...
    def set_fault(self, name: str, fault: str | None, now: datetime) -> None: ...


class IntentTransition(Protocol):
    def record_intent(self, delivery: Delivery, intent: Intent) -> Attempt: ...


class DispatchTransitions(IntentTransition, Protocol):
    def batch(self) -> AbstractContextManager[None]: ...
    def hold(self, delivery: Delivery, note: HoldNote, now: datetime) -> None: ...
    def postpone(
        self, delivery: Delivery, fault: Fault, until: datetime, now: datetime
    ) -> None: ...
    def refuse(self, delivery: Delivery, into: State, fault: Fault, now: datetime) -> None: ...
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
    def mark_unknown(
        self,
        delivery: Delivery,
        fault: Fault,
        look_up_at: datetime | None,
        now: datetime,
        *,
        needs_person: bool = False,
    ) -> None: ...


class DispatchHolds(Protocol):
    def any_held_by_ratio(self, names: Iterable[str]) -> bool: ...
    def wake_held_by_ratio(self, *names: str) -> None: ...


class DispatchUnit(GateUnit, Protocol):
    """A transaction that claims deliveries, records intents and settles sends."""

    @property
    def deliveries(self) -> DispatchDeliveries: ...
    @property
    def attempts(self) -> DispatchAttempts: ...
    @property
    def accounts(self) -> DispatchAccounts: ...
    @property
    def transitions(self) -> DispatchTransitions: ...
    @property
    def holds(self) -> DispatchHolds: ...


# -- reconciling -------------------------------------------------------------------------------


class ReconcileDeliveries(Protocol):
    def in_flight(self) -> Sequence[Delivery]: ...
    def to_look_up(self, now: datetime) -> Sequence[Delivery]: ...
    def is_busy(self, account: str) -> bool: ...
    def lock(self, delivery_id: int) -> None: ...


class ReconcileAttempts(Protocol):
    def get(self, delivery_id: int, number: int) -> Attempt: ...
    def first_started_at(self, delivery_id: int, token: str) -> datetime: ...
    def decision(self, delivery_id: int, number: int) -> Mapping[str, Json]: ...


class ReconcileAccounts(GateAccounts, Protocol):
    def lock_free(self, names: Iterable[str]) -> Mapping[str, AccountState]: ...


class ReconcilePauses(Protocol):
    def over(self, account: str) -> Pause | None: ...


class ReconcileTransitions(IntentTransition, Protocol):
    def publish(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None: ...
    def requeue(
        self,
        delivery: Delivery,
        ending: Ending,
        fault: Fault | None,
        until: datetime,
        now: datetime,
    ) -> None: ...
    def mark_unknown(
        self,
        delivery: Delivery,
        fault: Fault,
        look_up_at: datetime | None,
        now: datetime,
        *,
        needs_person: bool = False,
    ) -> None: ...
    def record_look_up(
        self, delivery: Delivery, detail: str, look_up_at: datetime | None, *, absent: bool
    ) -> None: ...


class ReconcileHolds(Protocol):
    def wake_held_by_ratio(self, *names: str) -> None: ...
    def wake_held_by_ratio_everywhere(self) -> None: ...


class ReconcileUnit(AskingUnit, Protocol):
    """A transaction that settles deliveries whose outcome is unknown."""

    @property
    def deliveries(self) -> ReconcileDeliveries: ...
    @property
    def attempts(self) -> ReconcileAttempts: ...
    @property
    def accounts(self) -> ReconcileAccounts: ...
    @property
    def pauses(self) -> ReconcilePauses: ...
    @property
    def transitions(self) -> ReconcileTransitions: ...
    @property
    def holds(self) -> ReconcileHolds: ...
