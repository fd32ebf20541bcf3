"""A network that says "not before" says it of the whole account: then nothing more is tried there,
and nothing else waits for it.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from exact import exact
from staff import person
from stories import ACCOUNT, NO_FLOOR, delivery, publish_next, queued, rules

from crosspromo.domain.errors import StateError
from crosspromo.domain.outcomes import NotSent, Unknown
from crosspromo.domain.reasons.holds import RateLimited
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.domain.verdicts import Hold
from crosspromo.phrasing.holds import of_hold
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.facts import judge
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.results import Disposition
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

RESET = START + timedelta(minutes=15)
LIMITED = NotSent("too many requests", retry_at=RESET)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def limited() -> MemoryConnector:
    """Its next send is refused until RESET."""
    return MemoryConnector(accidents=[lambda _accept: LIMITED])


def dispatcher(store: Store, clock: FakeClock, **connectors: MemoryConnector) -> Dispatcher:
    accounts = {name: rules(name) for name in connectors}
    return Dispatcher(
        store, connectors.__getitem__, accounts, NO_FLOOR, clock, "worker", lambda: 0.0
    )


def cycle(dispatcher: Dispatcher) -> Cycle:
    reconciler = Reconciler(
        cast("Store", dispatcher.store),
        dispatcher.connector,
        dispatcher.accounts,
        dispatcher.clock,
        lambda _worker: False,
    )
    return Cycle(dispatcher, reconciler, dispatcher.clock)


def test_the_rest_of_its_queue_is_not_tried_one_by_one(
    store: Store, clock: FakeClock, limited: MemoryConnector
) -> None:
    waiting = [queued(store, text) for text in ("one", "two", "three")]
    done = cycle(dispatcher(store, clock, account=limited)).run()
    assert done.dispositions == {Disposition.POSTPONED: 1}
    assert limited.sends == 1
    assert {delivery(store, each).state for each in waiting} == {State.QUEUED}
    assert [delivery(store, each).hold for each in waiting] == [None, None, None]


def test_all_of_it_goes_once_the_network_takes_more(
    store: Store, clock: FakeClock, limited: MemoryConnector
) -> None:
    for text in ("one", "two", "three"):
        queued(store, text)
    limits = dispatcher(store, clock, account=limited)
    cycle(limits).run()
    clock.set(RESET)
    assert cycle(limits).run().dispositions == {Disposition.PUBLISHED: 3}
    assert sorted(limited.network.texts) == ["one", "three", "two"]


def test_nobody_wakes_for_it_before(
    store: Store, clock: FakeClock, limited: MemoryConnector
) -> None:
    for text in ("one", "two"):
        queued(store, text)
    publish_next(dispatcher(store, clock, account=limited), ACCOUNT)
    with store.read() as unit:
        assert unit.deliveries.accounts_with_work(clock.now()) == []
        assert unit.deliveries.next_wake() == RESET
        assert unit.accounts.resting(clock.now()) == {ACCOUNT: RESET}
        assert unit.accounts.resting(RESET) == {}


def test_another_account_goes_on(store: Store, clock: FakeClock, limited: MemoryConnector) -> None:
    free = MemoryConnector()
    for name in ("account", "another"):
        for text in ("one", "two"):
            queued(store, text, account=name)
    done = cycle(dispatcher(store, clock, account=limited, another=free)).run()
    assert done.dispositions == {Disposition.POSTPONED: 1, Disposition.PUBLISHED: 2}
    assert free.network.texts == ["one", "two"]


def test_without_a_time_of_its_own_only_the_send_itself_waits(
    store: Store, clock: FakeClock
) -> None:
    refused = MemoryConnector(accidents=[lambda _accept: NotSent("no connection")])
    for text in ("one", "two"):
        queued(store, text)
    cycle(dispatcher(store, clock, account=refused)).run()
    assert refused.network.texts == ["two"]


def test_a_limit_in_the_middle_of_a_thread_rests_the_account_as_well(
    store: Store, clock: FakeClock
) -> None:
    broken = MemoryConnector(
        accidents=[lambda _accept: Unknown("part 2 of 3 did not go out", retry_at=RESET)]
    )
    queued(store, "a thread")
    second = queued(store, "another post")
    assert cycle(dispatcher(store, clock, account=broken)).run().dispositions == {
        Disposition.UNKNOWN: 1
    }
    assert delivery(store, second).state is State.QUEUED
    assert broken.sends == 1


YEAR_9999 = datetime.max.replace(tzinfo=UTC)
NAMES_9999 = [
    NotSent("too many requests", retry_at=YEAR_9999),
    Unknown("part 2 of 3 did not go out", retry_at=YEAR_9999),
]


@pytest.mark.parametrize("outcome", NAMES_9999)
def test_an_absurd_time_of_any_connector_is_capped_at_a_day(
    store: Store, clock: FakeClock, outcome: NotSent | Unknown
) -> None:
    absurd = MemoryConnector(accidents=[lambda _accept: outcome])
    queued(store, "one")
    queued(store, "two")
    cycle(dispatcher(store, clock, account=absurd)).run()
    with store.read() as unit:
        assert unit.accounts.resting(clock.now()) == {ACCOUNT: START + timedelta(days=1)}


def test_an_obstacle_with_an_absurd_time_is_capped_as_well(store: Store, clock: FakeClock) -> None:
    absurd = MemoryConnector(obstacles=[NotSent("not now", retry_at=YEAR_9999)])
    waiting = queued(store, "one")
    cycle(dispatcher(store, clock, account=absurd)).run()
    assert delivery(store, waiting).wake_at == START + timedelta(days=1)


def test_a_time_without_a_zone_is_no_time(store: Store, clock: FakeClock) -> None:
    naive = NotSent("not now", retry_at=datetime(2030, 1, 1))  # noqa: DTZ001 (that is the point)
    queued(store, "one")
    cycle(dispatcher(store, clock, account=MemoryConnector(accidents=[lambda _: naive]))).run()
    with store.read() as unit:
        assert unit.accounts.resting(clock.now()) == {}


@pytest.mark.parametrize("name", [ACCOUNT, None])
def test_somebody_who_resumes_ends_the_rest(
    store: Store, clock: FakeClock, limited: MemoryConnector, name: str | None
) -> None:
    for text in ("one", "two"):
        queued(store, text)
    limits = dispatcher(store, clock, account=limited)
    cycle(limits).run()
    person(store, clock, limits.accounts).resume(name)
    assert cycle(limits).run().dispositions == {Disposition.PUBLISHED: 2}


def test_an_account_that_is_verified_rests_no_more(
    store: Store, clock: FakeClock, limited: MemoryConnector
) -> None:
    for text in ("one", "two"):
        queued(store, text)
    limits = dispatcher(store, clock, account=limited)
    cycle(limits).run()
    person(store, clock, limits.accounts).free_account(ACCOUNT)
    assert cycle(limits).run().dispositions == {Disposition.PUBLISHED: 2}


def test_a_rest_that_ends_leaves_other_accounts_and_times_alone(
    store: Store, clock: FakeClock, limited: MemoryConnector
) -> None:
    other = MemoryConnector(accidents=[lambda _accept: LIMITED])
    later = queued(store, "later", due_at=START + timedelta(days=2))
    for name in ("account", "another"):
        queued(store, "one", account=name)
    limits = dispatcher(store, clock, account=limited, another=other)
    cycle(limits).run()
    person(store, clock, limits.accounts).resume(ACCOUNT)
    with store.read() as unit:
        assert unit.accounts.resting(clock.now()) == {"another": RESET}
    assert delivery(store, later).wake_at == START + timedelta(days=2)


def test_without_a_pause_and_a_rest_there_is_nothing_to_resume(
    store: Store, clock: FakeClock
) -> None:
    queued(store, "one")
    with pytest.raises(StateError):
        person(store, clock, {ACCOUNT: rules()}).resume(ACCOUNT)


def test_the_gate_says_until_when(store: Store, clock: FakeClock, limited: MemoryConnector) -> None:
    queued(store, "one")
    second = queued(store, "two")
    publish_next(dispatcher(store, clock, account=limited), ACCOUNT)
    with store.read() as unit:
        answer = judge(unit, unit.deliveries.get(second), rules(), NO_FLOOR, clock.now())
    assert isinstance(answer.decision, Hold)
    assert exact(answer.decision.reason) == exact(RateLimited())
    until = answer.decision.until
    assert of_hold(answer.decision.reason, until, ACCOUNT, UTC_ZONE) == (
        "account: its network takes nothing more before Wed 2026-04-01 12:15."
    )
