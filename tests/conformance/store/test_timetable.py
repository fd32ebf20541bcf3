"""The times of an account's deliveries: who is near a moment, how many lie in a span."""

from datetime import datetime, timedelta

import pytest
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.reasons.faults import Rejected
from crosspromo.domain.reasons.holds import RateLimited
from crosspromo.domain.spacing import Neighbour, Timetable
from crosspromo.domain.states import State
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

MINUTE = timedelta(minutes=1)
HALF_HOUR = 30 * MINUTE
LATER = START + timedelta(days=1)


def draft(store: Store, due_at: datetime) -> int:
    number = queued(store, due_at=due_at)
    with store.write() as unit:
        known = unit.deliveries.get(number)
        unit.transitions.edit(known, known.content, START, into=State.DRAFT)
    return number


def held(store: Store, due_at: datetime, until: datetime | None) -> int:
    number = queued(store, due_at=due_at)
    with store.write() as unit:
        known = unit.deliveries.get(number)
        unit.transitions.hold(known, HoldNote(RateLimited(), until), START)
    return number


def claimed(store: Store, at: datetime, *, published: bool = False) -> int:
    number = queued(store, due_at=at)
    intent = Intent("worker", Prepared("token", {}), {}, at + MINUTE, at)
    with store.write() as unit:
        unit.transitions.record_intent(unit.deliveries.get(number), intent)
    if published:
        with store.write() as unit:
            unit.transitions.publish(unit.deliveries.get(number), Receipt("remote"), at)
    return number


def before(store: Store, moment: datetime = LATER, **besides: object) -> Neighbour | None:
    with store.read() as unit:
        times: Timetable = unit.deliveries.timetable(ACCOUNT, **besides)  # type: ignore[arg-type]  # its options
        return times.before(moment, HALF_HOUR)


def after(store: Store, moment: datetime = LATER, **besides: object) -> Neighbour | None:
    with store.read() as unit:
        times: Timetable = unit.deliveries.timetable(ACCOUNT, **besides)  # type: ignore[arg-type]  # its options
        return times.after(moment, HALF_HOUR)


def count(store: Store, most: int = 9) -> int:
    """Deliveries on the hour before LATER, its end included."""
    with store.read() as unit:
        times: Timetable = unit.deliveries.timetable(ACCOUNT)
        return times.count(LATER - 60 * MINUTE, LATER, most)


@pytest.mark.parametrize(
    ("apart", "near"), [(0, True), (29, True), (30, False), (-1, False), (-29, False)]
)
def test_what_is_due_less_than_the_gap_before_is_near(store: Store, apart: int, near: bool) -> None:
    number = queued(store, due_at=LATER - apart * MINUTE)
    found = before(store)
    assert found == (Neighbour(number, LATER - apart * MINUTE) if near else None)


@pytest.mark.parametrize("apart", [1, 29, 30, 0, -1])
def test_what_is_due_less_than_the_gap_after_is_near(store: Store, apart: int) -> None:
    number = queued(store, due_at=LATER + apart * MINUTE)
    near = apart in {1, 29}
    assert after(store) == (Neighbour(number, LATER + apart * MINUTE) if near else None)


def test_a_draft_counts_at_its_due_time_and_a_held_one_at_its_next_look(store: Store) -> None:
    drafted = draft(store, LATER - MINUTE)
    assert before(store) == Neighbour(drafted, LATER - MINUTE)
    looked_at = held(store, START, LATER - 2 * MINUTE)
    assert before(store) == Neighbour(looked_at, LATER - 2 * MINUTE)
    asleep = held(store, LATER - 3 * MINUTE, None)
    assert before(store) == Neighbour(asleep, LATER - 3 * MINUTE)
    assert count(store) == 3


@pytest.mark.parametrize("published", [False, True])
def test_what_was_sent_or_is_in_flight_is_near_and_goes_before_what_waits(
    store: Store, published: bool
) -> None:
    claimed(store, LATER - 9 * MINUTE, published=True)
    latest = claimed(store, LATER - 5 * MINUTE, published=published)
    queued(store, due_at=LATER - 20 * MINUTE)
    assert before(store) == Neighbour(latest, LATER - 5 * MINUTE, sent=True)
    assert count(store) == 3


def test_the_earliest_of_those_that_wait_is_the_neighbour(store: Store) -> None:
    first = queued(store, due_at=LATER - 2 * MINUTE)
    queued(store, due_at=LATER - MINUTE)
    queued(store, due_at=LATER + 2 * MINUTE)
    last = queued(store, due_at=LATER + MINUTE)
    assert before(store) == Neighbour(first, LATER - 2 * MINUTE)
    assert after(store) == Neighbour(last, LATER + MINUTE)


def test_the_delivery_itself_and_those_of_other_accounts_are_no_neighbours(store: Store) -> None:
    number = queued(store, due_at=LATER)
    queued(store, due_at=LATER, account="another")
    assert before(store, besides=number) is None
    assert after(store, LATER - MINUTE, besides=number) is None


def test_what_has_ended_is_no_neighbour(store: Store) -> None:
    number = queued(store, due_at=LATER)
    with store.write() as unit:
        fault = Fault(Rejected("code", "no"))
        unit.transitions.refuse(unit.deliveries.get(number), State.FAILED, fault, START)
    assert before(store) is None
    assert count(store) == 0


def test_what_waits_until_a_moment_can_be_left_out_but_not_what_was_sent(store: Store) -> None:
    queued(store, due_at=LATER - 2 * MINUTE)
    assert before(store, waiting_after=LATER - 2 * MINUTE) is None
    sent = claimed(store, LATER - 3 * MINUTE)
    found = before(store, waiting_after=LATER - 2 * MINUTE)
    assert found == Neighbour(sent, LATER - 3 * MINUTE, sent=True)


def test_a_count_ends_at_its_most(store: Store) -> None:
    for minute in (0, 1, 59, 60, -1):
        queued(store, due_at=LATER - minute * MINUTE)
    assert count(store) == 3
    assert count(store, most=2) == 2


def test_due_times_are_those_of_queued_deliveries_that_nothing_holds(store: Store) -> None:
    due = [LATER, LATER + MINUTE, LATER + 2 * MINUTE]
    for moment in reversed(due):
        queued(store, due_at=moment)
    draft(store, LATER)
    held(store, START, LATER)
    with store.read() as unit:
        found = unit.deliveries.due_times(ACCOUNT, LATER - MINUTE, None, 9)
        bounded = unit.deliveries.due_times(ACCOUNT, LATER, LATER + MINUTE, 9)
        few = unit.deliveries.due_times(ACCOUNT, LATER - MINUTE, None, 2)
    assert found == due
    assert bounded == [LATER + MINUTE]
    assert few == [LATER], "the held one was looked at, too"
    assert delivery(store, 1).due_at == due[-1]
