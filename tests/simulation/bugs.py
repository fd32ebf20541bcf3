"""Ways to break the promises, each a small patch around the real code.

They test the simulation: it has to catch every one of them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from simulation.networks import SimulatedConnector, UnforeseenError, texts_of
from sqlalchemy import update

from crosspromo.domain import ledger as domain_ledger
from crosspromo.domain.attempts import Prepared
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.ledger import Columns, columns
from crosspromo.domain.outcomes import LookUp, NotSent, Outcome, Unknown
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.ports import DispatchUnit
from crosspromo.services import attention, database_watch, restore
from crosspromo.store.database.engine import OpenFile
from crosspromo.store.ledger import rows as store_ledger
from crosspromo.store.queue import attention as store_attention
from crosspromo.store.queue import pending_writes
from crosspromo.store.schema import deliveries
from crosspromo.store.sql.statements import CompiledWrite

Patch = tuple[object, str, object]

A_MINUTE, A_WEEK = timedelta(minutes=1), timedelta(days=7)


@dataclass(frozen=True)
class Bug:
    """What is put in the place of what while a story is played."""

    connector: type[SimulatedConnector] = SimulatedConnector
    patches: tuple[Patch, ...] = ()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The bug is there while the block runs."""
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in self.patches]
        try:
            for owner, name, instead in self.patches:
                setattr(owner, name, instead)
            yield
        finally:
            for owner, name, original in before:
                setattr(owner, name, original)


NO_BUG = Bug()


def _guarded_by_id_alone(shape: pending_writes.UpdateShape) -> CompiledWrite:
    """The same statement with no guard: whatever the delivery has become, it is moved."""
    columns = {name: deliveries.c[name] for name in shape[1:]}
    return CompiledWrite(
        lambda given, _: (
            update(deliveries)
            .where(deliveries.c.id == given["if_id"])
            .values({name: given[name] for name in columns})
        ),
        {**columns, "if_id": deliveries.c.id},
    )


class SendsBeforeTheIntent(SimulatedConnector):
    """The bytes leave while the intent is being written; `send` only tells what came of it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._outcomes: dict[str, Outcome] = {}

    def prepare(self, content: Content, now: datetime) -> Prepared:
        prepared = super().prepare(content, now)
        try:
            self._outcomes[prepared.token] = super().send(prepared)
        except UnforeseenError as error:
            self._outcomes[prepared.token] = Unknown(str(error))
        return prepared

    def send(self, prepared: Prepared) -> Outcome:
        outcome = self._outcomes.pop(prepared.token, None)
        return super().send(prepared) if outcome is None else outcome


class TakesSilenceForNo(SimulatedConnector):
    """What may have been posted is sent again."""

    def send(self, prepared: Prepared) -> Outcome:
        outcome = super().send(prepared)
        return NotSent(outcome.detail) if isinstance(outcome, Unknown) else outcome


class TrustsOurClock(SimulatedConnector):
    """A look-up begins a minute before the attempt by our clock, and is believed.

    So it was until two clocks disagreed.
    """

    def _found_in_listing(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        texts = texts_of(prepared)
        listing = self._listing(attempted_at - A_MINUTE)
        return self._found(
            prepared, {texts.index(post.text) for post, _ in listing if post.text in texts}
        )


def _says_nothing(*_: object) -> None:
    """Nothing is paused."""


def _nobody(*_: object) -> tuple[()]:
    """Nobody is told of it."""
    return ()


def _counts_hopes(credit: Credit, state: State) -> Columns:
    if state in {State.SENDING, State.UNKNOWN}:
        return Columns(int(credit.counts_others), int(credit.counts_self))
    return columns(credit, state)


def _prepare_anew(
    _self: Dispatcher, _unit: DispatchUnit, due: Delivery, connector: Connector, now: datetime
) -> Prepared:
    return connector.prepare(due.content, now)


BUGS: Mapping[str, Bug] = MappingProxyType(
    {
        "settle-without-the-guard": Bug(
            patches=((pending_writes, "_guarded_update", _guarded_by_id_alone),)
        ),
        "intent-after-send": Bug(connector=SendsBeforeTheIntent),
        "retry-on-time-out": Bug(connector=TakesSilenceForNo),
        "in-flight-as-others": Bug(
            patches=(
                (store_ledger, "columns", _counts_hopes),
                (domain_ledger, "columns", _counts_hopes),
            )
        ),
        "new-token-on-retry": Bug(patches=((Dispatcher, "_payload", _prepare_anew),)),
        "look-up-by-our-clock": Bug(connector=TrustsOurClock),
        "expired-is-not-said": Bug(
            patches=((store_attention, "ENDED_UNSENT", (State.FAILED, State.MISSED)),)
        ),
        "failed-readings-are-not-said": Bug(patches=((attention, "TOLD_AFTER", A_WEEK),)),
        "events-to-review-are-not-said": Bug(patches=((attention, "_to_review", _nobody),)),
        "plans-are-not-said": Bug(patches=((attention, "_planned", _nobody),)),
        "partners-to-ask-are-not-said": Bug(patches=((attention, "_unasked_for_events", _nobody),)),
        "restore-without-a-pause": Bug(patches=((restore, "pause_everything", _says_nothing),)),
        "past-that-came-back-unnoticed": Bug(
            patches=((database_watch, "pause_everything", _says_nothing),)
        ),
        "lost-file-unnoticed": Bug(patches=((OpenFile, "is_lost", False),)),
    }
)
