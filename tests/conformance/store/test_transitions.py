"""Every move is guarded: who has lost a claim, or never had it, changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.attempts import Attempt, Ending, Intent, Prepared
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.errors import DatabaseError, LostClaimError, StateError
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons import Recorded
from crosspromo.domain.reasons.faults import Rejected
from crosspromo.domain.states import TRANSITIONS, State
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import deliveries
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

WINDOW = Window(days=28)
FAULT = Fault(Rejected("code", "what happened"))


def intended(store: Store, delivery_id: int, worker: str = "worker-1") -> Attempt:
    """Claim the delivery for `worker`."""
    intent = Intent(
        worker=worker,
        prepared=Prepared("token", {"text": "Hello"}),
        decision={"checks": [], "override": None},
        lease_until=START + timedelta(minutes=1),
        now=START,
    )
    with store.write() as unit:
        return unit.transitions.record_intent(unit.deliveries.get(delivery_id), intent)


def tally(store: Store) -> Tally:
    with store.read() as unit:
        return unit.ledger.tally(ACCOUNT, WINDOW, START)


class TestTheWayOut:
    def test_an_intent_makes_the_exact_send_durable_before_it_is_made(self, store: Store) -> None:
        delivery_id = queued(store)
        attempt = intended(store, delivery_id)
        with store.read() as unit:
            stored = unit.attempts.get(delivery_id, 1)
        assert stored == attempt
        assert stored.prepared == Prepared("token", {"text": "Hello"})
        assert stored.ending is Ending.OPEN

    def test_publishing_keeps_the_receipt(self, store: Store) -> None:
        delivery_id = queued(store)
        intended(store, delivery_id)
        with store.write() as unit:
            receipt = Receipt("remote-1", "https://network.example/1")
            unit.transitions.publish(unit.deliveries.get(delivery_id), receipt, START)
        published = delivery(store, delivery_id)
        assert published.state is State.PUBLISHED
        assert published.remote_id == "remote-1"
        assert published.url == "https://network.example/1"
        assert published.published_at == START
        assert published.wake_at is None
        assert published.claimed_by is None

    def test_a_network_whose_clock_is_ahead_publishes_nothing_in_the_future(
        self, store: Store
    ) -> None:
        delivery_id = queued(store)
        intended(store, delivery_id)
        with store.write() as unit:
            receipt = Receipt("remote-1", None, START + timedelta(seconds=2))
            unit.transitions.publish(unit.deliveries.get(delivery_id), receipt, START)
            tally = unit.ledger.tally(ACCOUNT, WINDOW, START)
        assert delivery(store, delivery_id).published_at == START
        assert tally.others == 1

    def test_a_hold_keeps_it_queued_with_its_reason_and_the_time_to_look_again(
        self, store: Store
    ) -> None:
        delivery_id = queued(store)
        until = START + timedelta(days=3)
        with store.write() as unit:
            note = HoldNote(Recorded("ratio", "not yet"), until)
            unit.transitions.hold(unit.deliveries.get(delivery_id), note, START)
        held = delivery(store, delivery_id)
        assert held.state is State.QUEUED
        assert held.hold == HoldNote(Recorded("ratio", "not yet"), until)
        assert held.wake_at == until

    def test_what_has_expired_under_a_pause_is_not_looked_at_again_and_again(
        self, store: Store
    ) -> None:
        delivery_id = queued(store, expires_at=START)
        with store.write() as unit:
            note = HoldNote(Recorded("paused", "Everything was paused"))
            unit.transitions.hold(unit.deliveries.get(delivery_id), note, START)
        assert delivery(store, delivery_id).wake_at is None

    def test_an_intent_ends_the_hold(self, store: Store) -> None:
        delivery_id = queued(store)
        with store.write() as unit:
            note = HoldNote(Recorded("ratio", "not yet"))
            unit.transitions.hold(unit.deliveries.get(delivery_id), note, START)
        intended(store, delivery_id)
        assert delivery(store, delivery_id).hold is None


class TestTheGuard:
    def test_a_worker_whose_lease_was_taken_over_cannot_settle(self, store: Store) -> None:
        delivery_id = queued(store)
        intended(store, delivery_id)
        as_claimed = delivery(store, delivery_id)
        with store.write() as unit:
            unit.transitions.mark_unknown(as_claimed, FAULT, START, START)
        with pytest.raises(LostClaimError), store.write() as unit:
            unit.transitions.publish(as_claimed, Receipt("late"), START)
        assert delivery(store, delivery_id).state is State.UNKNOWN

    def test_an_older_attempt_cannot_settle_a_newer_one(self, store: Store) -> None:
        delivery_id = queued(store)
        intended(store, delivery_id)
        first = delivery(store, delivery_id)
        with store.write() as unit:
            unit.transitions.requeue(first, Ending.NOT_SENT, FAULT, START, START)
        intended(store, delivery_id)
        with pytest.raises(LostClaimError), store.write() as unit:
            unit.transitions.publish(first, Receipt("late"), START)
        assert delivery(store, delivery_id).state is State.SENDING

    def test_another_worker_cannot_settle_what_is_not_its_own(self, store: Store) -> None:
        delivery_id = queued(store)
        intended(store, delivery_id)
        stolen = replace(delivery(store, delivery_id), claimed_by="worker-2")
        with pytest.raises(LostClaimError), store.write() as unit:
            unit.transitions.fail(stolen, FAULT, START)
        assert delivery(store, delivery_id).state is State.SENDING

    def test_two_workers_cannot_both_intend(self, store: Store) -> None:
        delivery_id = queued(store)
        seen_by_both = delivery(store, delivery_id)
        intended(store, delivery_id)
        intent = Intent("worker-2", Prepared("other", {}), {}, START, START)
        with pytest.raises(LostClaimError), store.write() as unit:
            unit.transitions.record_intent(seen_by_both, intent)
        assert delivery(store, delivery_id).claimed_by == "worker-1"

    def test_the_database_itself_refuses_a_second_send_on_an_account(self, store: Store) -> None:
        intended(store, queued(store))
        other = queued(store)
        with pytest.raises((IntegrityError, DatabaseError)):
            intended(store, other)

    @pytest.mark.parametrize("state", [s for s in State if State.CANCELLED not in TRANSITIONS[s]])
    def test_a_move_that_the_table_does_not_have_is_refused(
        self, store: Store, state: State
    ) -> None:
        delivery_id = queued(store)
        elsewhere = replace(delivery(store, delivery_id), state=state)
        with pytest.raises(StateError), store.write() as unit:
            unit.transitions.cancel(elsewhere, START)


class TestTheDatabaseHoldsStatesToTheirColumns:
    @pytest.mark.parametrize(
        "values",
        [
            {"state": "sending"},
            {"state": "published", "wake_at": None},
            {"state": "unknown"},
            {"state": "failed", "wake_at": None},
            {"state": "cancelled"},
            {"state": "nowhere"},
            {"credit": "half"},
            {"hold_code": "ratio"},
            {"claimed_by": "somebody"},
            {"published_at": START},
            {"needs_person": True},
            {"override_by": "somebody"},
        ],
        ids=str,
    )
    def test_an_illegal_delivery_cannot_be_written_by_any_path(
        self, store: Store, values: dict[str, object]
    ) -> None:
        delivery_id = queued(store)
        with pytest.raises(IntegrityError), transaction(store.engine, writes=True) as connection:
            connection.execute(
                update(deliveries).where(deliveries.c.id == delivery_id).values(**values)
            )


def in_state(store: Store, state: State, credit: Credit) -> Delivery:
    """A delivery brought to that state on its allowed way."""
    delivery_id = queued(store, credit=credit)
    if state in {State.SENDING, State.UNKNOWN, State.PUBLISHED, State.FAILED}:
        intended(store, delivery_id)
    with store.write() as unit:
        now = unit.deliveries.get(delivery_id)
        match state:
            case State.UNKNOWN:
                unit.transitions.mark_unknown(now, FAULT, START, START)
            case State.PUBLISHED:
                unit.transitions.publish(now, Receipt("remote"), START)
            case State.FAILED:
                unit.transitions.fail(now, FAULT, START)
            case State.CANCELLED:
                unit.transitions.cancel(now, START)
            case State.MISSED | State.EXPIRED:
                unit.transitions.refuse(now, state, FAULT, START)
            case _:
                pass
    return delivery(store, delivery_id)


class TestTheLedgerFollows:
    @pytest.mark.parametrize(
        ("credit", "state", "counts"),
        [
            (Credit.OTHERS, State.SENDING, Tally(0, 0)),
            (Credit.OTHERS, State.UNKNOWN, Tally(0, 0)),
            (Credit.OTHERS, State.PUBLISHED, Tally(1, 0)),
            (Credit.OTHERS, State.FAILED, Tally(0, 0)),
            (Credit.SELF, State.QUEUED, Tally(0, 0)),
            (Credit.SELF, State.SENDING, Tally(0, 1)),
            (Credit.SELF, State.UNKNOWN, Tally(0, 1)),
            (Credit.SELF, State.PUBLISHED, Tally(0, 1)),
            (Credit.SELF, State.FAILED, Tally(0, 0)),
            (Credit.SELF, State.CANCELLED, Tally(0, 0)),
            (Credit.SELF, State.MISSED, Tally(0, 0)),
            (Credit.SELF, State.EXPIRED, Tally(0, 0)),
            (Credit.BOTH, State.SENDING, Tally(0, 1)),
            (Credit.BOTH, State.PUBLISHED, Tally(1, 1)),
            (Credit.NONE, State.PUBLISHED, Tally(0, 0)),
        ],
    )
    def test_doubt_counts_against_us(
        self, store: Store, credit: Credit, state: State, counts: Tally
    ) -> None:
        in_state(store, state, credit)
        assert tally(store) == counts
        with store.read() as unit:
            assert unit.ledger.faults() == []

    def test_a_send_that_surely_failed_gives_its_headroom_back(self, store: Store) -> None:
        in_state(store, State.SENDING, Credit.SELF)
        with store.write() as unit:
            (sending,) = unit.deliveries.in_flight()
            unit.transitions.requeue(sending, Ending.NOT_SENT, FAULT, START, START)
        assert tally(store) == Tally(0, 0)

    def test_a_post_leaves_the_window_at_its_half_open_end(self, store: Store) -> None:
        in_state(store, State.PUBLISHED, Credit.OTHERS)
        last = START + timedelta(days=28) - timedelta(microseconds=1)
        with store.read() as unit:
            assert unit.ledger.tally(ACCOUNT, WINDOW, last) == Tally(1, 0)
            gone = last + timedelta(microseconds=1)
            assert unit.ledger.tally(ACCOUNT, WINDOW, gone) == Tally(0, 0)

    def test_a_clock_set_back_does_not_open_headroom(self, store: Store) -> None:
        in_state(store, State.PUBLISHED, Credit.SELF)
        in_state(store, State.PUBLISHED, Credit.OTHERS)
        with store.read() as unit:
            yesterday = START - timedelta(days=1)
            assert unit.ledger.tally(ACCOUNT, WINDOW, yesterday) == Tally(0, 1)

    def test_a_window_of_posts_counts_the_latest(self, store: Store) -> None:
        for _ in range(3):
            in_state(store, State.PUBLISHED, Credit.OTHERS)
        with store.read() as unit:
            assert unit.ledger.tally(ACCOUNT, Window(posts=2), START) == Tally(2, 0)

    def test_db_check_finds_a_ledger_that_was_tampered_with(self, store: Store) -> None:
        in_state(store, State.PUBLISHED, Credit.SELF)
        with transaction(store.engine, writes=True) as connection:
            connection.exec_driver_sql("DELETE FROM ledger")
        with store.read() as unit:
            fault, *sums = unit.ledger.faults()
        assert "published with credit self, but the ledger counts others 0, self 0" in fault
        assert [ACCOUNT in line or "the organisation" in line for line in sums] == [True, True]


class TestWakingHeldDeliveries:
    def hold(self, store: Store, delivery_id: int, code: str = "ratio") -> None:
        with store.write() as unit:
            unit.transitions.hold(
                unit.deliveries.get(delivery_id), HoldNote(Recorded(code, "not yet")), START
            )

    def due(self, store: Store) -> int | None:
        with store.write() as unit:
            found = next(iter(unit.deliveries.next_due([ACCOUNT], START + timedelta(days=1))), None)
            return None if found is None else found.id

    def test_only_the_oldest_is_looked_at_again(self, store: Store) -> None:
        younger = queued(store, credit=Credit.SELF, due_at=START + timedelta(hours=1))
        older = queued(store, credit=Credit.SELF)
        self.hold(store, younger)
        self.hold(store, older)
        assert self.due(store) is None
        with store.write() as unit:
            unit.holds.wake_held_by_ratio(ACCOUNT)
        assert self.due(store) == older
        assert delivery(store, younger).wake_at is None

    def test_the_ratio_of_another_account_does_not_wake_it(self, store: Store) -> None:
        self.hold(store, queued(store, credit=Credit.SELF))
        with store.write() as unit:
            unit.holds.wake_held_by_ratio("elsewhere")
        assert self.due(store) is None

    def test_the_floor_is_everybodys(self, store: Store) -> None:
        held = queued(store, credit=Credit.SELF)
        self.hold(store, held, code="floor")
        with store.write() as unit:
            unit.holds.wake_held_by_ratio("elsewhere")
        assert self.due(store) == held


def test_the_queue_names_the_next_moment_anything_is_to_be_looked_at(store: Store) -> None:
    queued(store, due_at=START + timedelta(hours=2))
    queued(store, due_at=START + timedelta(hours=1))
    with store.read() as unit:
        assert unit.deliveries.next_wake() == START + timedelta(hours=1)


def test_an_account_with_a_send_in_flight_has_nothing_due(store: Store) -> None:
    intended(store, queued(store))
    queued(store)
    with store.read() as unit:
        assert next(iter(unit.deliveries.next_due([ACCOUNT], START)), None) is None
