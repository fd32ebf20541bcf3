"""When and why a delivery was held is on record: one row from the begin of a hold to its end."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote, PastHold
from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.faults import Expired, NotSent
from crosspromo.domain.reasons.holds import (
    BelowRatio,
    HoldReason,
    InQuietHours,
    Paused,
    RateLimited,
)
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Override
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

HOUR = timedelta(hours=1)
QUIET = InQuietHours("21:00-07:00")


def below(others: int) -> BelowRatio:
    return BelowRatio(False, others, 1, "3:1", "28d", joint=False, needed=6 - others)


def hold(store: Store, delivery_id: int, reason: HoldReason, at: datetime) -> None:
    with store.write() as unit:
        unit.transitions.hold(unit.deliveries.get(delivery_id), HoldNote(reason), at)


def holds(store: Store, delivery_id: int) -> list[PastHold]:
    with store.read() as unit:
        assert unit.deliveries.faults() == []
        return unit.hold_history.of(delivery_id)


def test_what_was_never_held_has_no_history(store: Store) -> None:
    assert holds(store, queued(store)) == []


def test_weeks_of_looks_at_the_same_reason_are_one_hold(store: Store) -> None:
    held = queued(store)
    for hour in range(24 * 21):
        hold(store, held, below(others=hour % 5), START + hour * HOUR)
    assert holds(store, held) == [PastHold("ratio", below(others=0), START, None)]


def test_another_reason_is_another_hold(store: Store) -> None:
    held = queued(store)
    hold(store, held, QUIET, START)
    hold(store, held, below(others=1), START + HOUR)
    hold(store, held, QUIET, START + 2 * HOUR)
    assert holds(store, held) == [
        PastHold("quiet", QUIET, START, START + HOUR),
        PastHold("ratio", below(others=1), START + HOUR, START + 2 * HOUR),
        PastHold("quiet", QUIET, START + 2 * HOUR, None),
    ]


def send(unit: Unit, it: Delivery, now: datetime) -> None:
    intent = Intent("worker", Prepared("token", {}), {"checks": {}}, now + HOUR, now)
    unit.transitions.record_intent(it, intent)


def release(unit: Unit, it: Delivery, now: datetime) -> None:
    unit.transitions.override(it, Override("Ada", "storm"), now)


def edit(unit: Unit, it: Delivery, now: datetime, into: State) -> None:
    unit.transitions.edit(it, Content("Other words"), now, into=into)


Act = Callable[[Unit, Delivery, datetime], object]

ENDS: dict[str, Act] = {
    "sent": send,
    "postponed": lambda unit, it, now: unit.transitions.postpone(
        it, Fault(NotSent("no")), now, now
    ),
    "refused": lambda unit, it, now: unit.transitions.refuse(
        it, State.EXPIRED, Fault(Expired(START)), now
    ),
    "cancelled": lambda unit, it, now: unit.transitions.cancel(it, now),
    "moved": lambda unit, it, now: unit.transitions.requeue_at(it, now, now, pinned=True),
    "approved": lambda unit, it, now: unit.transitions.approve(it, now),
    "edited into a draft": lambda unit, it, now: edit(unit, it, now, State.DRAFT),
    "woken": lambda unit, _, now: unit.holds.wake_account(ACCOUNT, "quiet", now),
    "woken everywhere": lambda unit, _, now: unit.holds.wake_account(None, "quiet", now),
}
GOES_ON: dict[str, Act] = {
    "released": release,
    "edited": lambda unit, it, now: edit(unit, it, now, State.QUEUED),
    "judged again": lambda unit, *_: unit.holds.wake_held_by_ratio_everywhere(),
    "another reason ends": lambda unit, _, now: unit.holds.wake_account(ACCOUNT, "paused", now),
    "elsewhere": lambda unit, _, now: unit.holds.wake_account("elsewhere", "quiet", now),
}


@pytest.mark.parametrize("act", ENDS)
def test_a_hold_ends_when_the_delivery_is(store: Store, act: str) -> None:
    held, besides = queued(store), queued(store, account="besides")
    hold(store, held, QUIET, START)
    hold(store, besides, below(others=1), START)
    with store.write() as unit:
        ENDS[act](unit, unit.deliveries.get(held), START + HOUR)
    assert holds(store, held) == [PastHold("quiet", QUIET, START, START + HOUR)]
    assert delivery(store, held).hold is None
    assert [each.ended_at for each in holds(store, besides)] == [None]


@pytest.mark.parametrize("act", GOES_ON)
def test_a_hold_lasts_when_the_delivery_is_or_when(store: Store, act: str) -> None:
    held = queued(store)
    hold(store, held, QUIET, START)
    with store.write() as unit:
        GOES_ON[act](unit, unit.deliveries.get(held), START + HOUR)
    assert holds(store, held) == [PastHold("quiet", QUIET, START, None)]


def test_the_end_of_a_rest_ends_the_holds_of_the_rest(store: Store) -> None:
    held = queued(store)
    hold(store, held, RateLimited(), START)
    with store.write() as unit:
        unit.accounts.rest(ACCOUNT, START + 9 * HOUR)
        unit.holds.end_rest(ACCOUNT, START + HOUR)
    assert holds(store, held) == [PastHold("rate-limit", RateLimited(), START, START + HOUR)]


def test_holds_of_one_batch_begin_and_end_together(store: Store) -> None:
    many = [queued(store, account=f"account-{number}") for number in range(5)]
    paused = Paused(Pause(None, "Ada", START, "flood"))
    with store.write() as unit, unit.transitions.batch():
        for each in many:
            unit.transitions.hold(unit.deliveries.get(each), HoldNote(paused), START)
    with store.write() as unit, unit.transitions.batch():
        for each in many[:3]:
            send(unit, unit.deliveries.get(each), START + HOUR)
    ended = [holds(store, each)[0].ended_at for each in many]
    assert ended == [START + HOUR] * 3 + [None] * 2


def test_a_batch_that_is_discarded_leaves_no_hold(store: Store) -> None:
    held = queued(store)

    def fail() -> None:
        with store.write() as unit, unit.transitions.batch():
            unit.transitions.hold(unit.deliveries.get(held), HoldNote(QUIET), START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert holds(store, held) == []


def test_a_person_who_looked_before_the_hold_began_ends_it_all_the_same(store: Store) -> None:
    """On a server a daemon may hold the delivery between the person's look and the act."""
    held = queued(store)
    as_seen = delivery(store, held)
    hold(store, held, QUIET, START)
    with store.write() as unit:
        unit.transitions.cancel(as_seen, START + HOUR)
    assert holds(store, held) == [PastHold("quiet", QUIET, START, START + HOUR)]


def test_a_clock_that_was_set_back_ends_no_hold_before_its_begin(store: Store) -> None:
    held = queued(store)
    hold(store, held, QUIET, START)
    hold(store, held, below(others=1), START - HOUR)
    assert [(each.since, each.ended_at) for each in holds(store, held)] == [
        (START, START),
        (START - HOUR, None),
    ]


def test_db_check_finds_a_history_that_was_tampered_with(store: Store) -> None:
    held, free = queued(store), queued(store, account="free")
    hold(store, held, QUIET, START)
    with transaction(store.engine, writes=True) as connection:
        connection.exec_driver_sql("DELETE FROM delivery_holds")
        connection.exec_driver_sql(
            "INSERT INTO delivery_holds (delivery_id, code, reason, since) "
            f"VALUES ({free}, 'ratio', '{{}}', '2026-04-01 00:00:00.000000')"
        )
    with store.read() as unit:
        assert unit.deliveries.faults() == [
            f"delivery {held} is held by quiet, and the history of holds says by nothing",
            f"delivery {free} is held by nothing, and the history of holds says by ratio",
        ]


def test_the_database_itself_refuses_two_holds_at_once(store: Store) -> None:
    held = queued(store)
    hold(store, held, QUIET, START)
    with (
        pytest.raises((IntegrityError, DatabaseError)),
        transaction(store.engine, writes=True) as connection,
    ):
        connection.exec_driver_sql(
            "INSERT INTO delivery_holds (delivery_id, code, reason, since) "
            "SELECT delivery_id, 'paused', reason, since FROM delivery_holds"
        )
