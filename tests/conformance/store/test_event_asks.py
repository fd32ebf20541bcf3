"""What partners are asked before an event, in the store: found, claimed once, and kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from ladder_series import add_step

from crosspromo.domain.deliveries import Fault
from crosspromo.domain.event_asks import Ask, EventAsk
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting
from crosspromo.domain.reasons.faults import EventCancelled
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.domain.states import State
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

DAY = timedelta(days=1)
WALK = Event(
    slug="walk",
    title="Bird walk",
    starts_at=START + 20 * DAY,
    ends_at=START + 21 * DAY,
    zone="UTC",
    uid="walk@example",
    hosting=Hosting.PARTNER,
    partners=("river-keepers", "tree-aid"),
)
ASK = EventAsk("walk", Ask.PARTNERS, "tree-aid")


@pytest.fixture
def asked(store: Store) -> Store:
    """A store with a walk that a ladder announces, and a walk of nobody else."""
    with store.write() as unit:
        for slug in WALK.partners:
            unit.partners.save(Partner(slug, slug.title()), START)
        ours = replace(WALK, slug="ours", uid="ours", partners=(), hosting=Hosting.OURS)
        for event in (WALK, ours):
            unit.events.save(event)
            known = unit.events.by_uid(event.uid)
            for step, days in (("week", 7), ("tomorrow", 1)):
                due_at = event.starts_at - days * DAY
                add_step(unit, known, "main", step, due_at, now=START, pinned=False)
    return store


def test_events_of_partners_with_a_ladder_are_found_while_they_come_soon(asked: Store) -> None:
    def found(at: timedelta) -> list[str]:
        with asked.read() as unit:
            return [each.event.slug for each in unit.event_asks.laddered(START + at, 9)]

    with asked.read() as unit:
        ((event, since),) = unit.event_asks.laddered(START, 9)
        assert unit.event_asks.times("walk") == [START + 13 * DAY, START + 19 * DAY]
    assert (event.partners, since) == (WALK.partners, START)
    assert found(-13 * DAY) == []
    assert found(20 * DAY) == []
    with asked.write() as unit:
        for delivery in unit.deliveries.waiting_for("walk"):
            fault = Fault(EventCancelled("walk"))
            unit.transitions.refuse(delivery, State.CANCELLED, fault, START)
    assert found(DAY) == []


def test_an_ask_is_claimed_by_one_worker_and_ends_once(asked: Store) -> None:
    claimed = ASK.claimed("one", START)
    with asked.write() as unit:
        unit.event_asks.lock()
        unit.event_asks.add(claimed)
    with asked.write() as unit:
        assert list(unit.event_asks.of(["walk", "ours"])) == [claimed]
        assert unit.event_asks.change(claimed, claimed.failed(NotAskedWhy.NO_MAIL, "", START))
        assert not unit.event_asks.change(claimed, claimed.told(START))
        (failed,) = unit.event_asks.of(["walk"])
        again = failed.claimed("two", START + DAY)
        assert unit.event_asks.change(failed, again)
        assert unit.event_asks.change(again, again.told(START + DAY))
    with asked.read() as unit:
        (told,) = unit.event_asks.of(["walk"])
    assert told.is_settled
    assert told.error is None


def test_who_has_done_something_since_is_known(asked: Store) -> None:
    share = Received(0, "tree-aid", START + DAY, ReceivedKind.SHARE, None, "", "", START, "ana")
    with asked.write() as unit:
        unit.received.add(share)
    with asked.read() as unit:
        asks = unit.event_asks
        assert asks.shared_since(WALK.partners, START) == {"tree-aid"}
        assert asks.shared_since(WALK.partners, START + 2 * DAY) == set()
