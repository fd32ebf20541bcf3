"""Pauses: by crosspromo itself, by a person, and by a person who has no time to say why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from staff import Person, person
from stories import queued, rules

from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.errors import StateError
from crosspromo.domain.matters import Detail, PausedWithoutReason
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.holds import Paused
from crosspromo.domain.reasons.state import PausedJustNow
from crosspromo.services.attention import Attention
from crosspromo.services.database_watch import pause_everything
from crosspromo.services.delivery_view import views
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


def asked_for(store: Store, clock: FakeClock) -> list[Detail]:
    """What needs a person, but for the pause that crosspromo ordered."""
    attention = Attention(store, clock, ["account"], [], lambda _worker: False)
    return [each.detail for each in attention.matters() if each.account == "account"]


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


def test_who_stops_first_may_say_why_later_and_who_and_when_stay(
    store: Store, clock: FakeClock
) -> None:
    stopped_at = clock.now()
    assert ana(store, clock).pause("account", "  ") == Pause("account", "ana", stopped_at, None)
    assert asked_for(store, clock) == [PausedWithoutReason("ana")]

    clock.advance(timedelta(minutes=5))
    ben = person(store, clock, {"account": rules()}, "ben")
    assert ben.pause("account", "a storm") == Pause("account", "ana", stopped_at, "a storm")
    assert asked_for(store, clock) == []
    assert ben.pause("account", None).reason == "a storm"

    with store.read() as unit:
        log = [(entry.who, entry.at, entry.act, entry.reason) for entry in unit.audit.entries(None)]
    assert log[::-1][1:3] == [
        ("ana", stopped_at, "pause", None),
        ("ben", clock.now(), "pause", "a storm"),
    ]


def test_a_held_delivery_shows_the_reason_that_came_after_its_hold(
    store: Store, clock: FakeClock
) -> None:
    ana(store, clock).resume(None)
    stopped = ana(store, clock).pause("account", None)
    number = queued(store, account="account")
    with store.write() as unit:
        unit.transitions.hold(unit.deliveries.get(number), HoldNote(Paused(stopped)), clock.now())
    ana(store, clock).pause("account", "a storm")

    with store.read() as unit:
        (view,) = views(unit, {}, [unit.deliveries.get(number)])
    assert view.delivery.hold is not None
    assert view.delivery.hold.reason == Paused(replace(stopped, reason="a storm"))


def test_it_stays_where_the_command_that_would_end_it_has_only_just_found_its_reason(
    store: Store, clock: FakeClock
) -> None:
    with pytest.raises(StateError) as refused:
        ana(store, clock, paused_just_now=True).resume(None)
    assert refused.value.reason == PausedJustNow(WHY)
    assert [pause.reason for pause in pauses(store)] == [WHY]

    ana(store, clock).resume(None)

    assert pauses(store) == []
