"""Pauses that crosspromo orders itself, since the database may not be the one seen before."""

import pytest
from staff import Person, person
from stories import rules

from crosspromo.domain.errors import StateError
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.state import PausedJustNow
from crosspromo.services.database_watch import pause_everything
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

WHY = "the database was copied here"


@pytest.fixture
def clock(store: Store) -> FakeClock:
    clock = FakeClock()
    with store.write() as unit:
        pause_everything(unit, clock, WHY)
    return clock


def ana(store: Store, clock: FakeClock, *, paused_just_now: bool = False) -> Person:
    accounts = {"account": rules()}
    return person(store, clock, accounts, "ana", paused_just_now=paused_just_now)


def pauses(store: Store) -> list[Pause]:
    with store.read() as unit:
        return unit.pauses.all()


def test_a_person_who_pauses_as_well_does_not_make_it_a_pause_like_any_other(
    store: Store, clock: FakeClock
) -> None:
    ana(store, clock).pause(None, "a storm")
    (pause,) = pauses(store)
    assert pause.is_ours
    assert pause.reason == f"{WHY} (paused also by ana: a storm)"


def test_one_account_is_paused_by_the_person_who_pauses_it(store: Store, clock: FakeClock) -> None:
    ana(store, clock).pause("account", "a storm")
    everything, account = pauses(store)
    assert everything.reason == WHY
    assert (account.who, account.reason) == ("ana", "a storm")


def test_it_stays_where_the_command_that_would_end_it_has_only_just_found_its_reason(
    store: Store, clock: FakeClock
) -> None:
    with pytest.raises(StateError) as refused:
        ana(store, clock, paused_just_now=True).resume(None)
    assert refused.value.reason == PausedJustNow(WHY)
    assert [pause.reason for pause in pauses(store)] == [WHY]

    ana(store, clock).resume(None)

    assert pauses(store) == []
