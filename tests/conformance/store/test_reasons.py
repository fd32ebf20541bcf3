"""Reasons of holds and faults come out of the database as the values that went in."""

from datetime import date, timedelta

import pytest
from exact import exact
from stories import delivery, queued

from crosspromo.domain.approval import Approval
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons import Recorded, faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.states import State
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

UNTIL = START + timedelta(days=3)

HOLDS: dict[str, HoldReason] = {
    "a record in it": holds.Paused(Pause(None, "zoë", START, "the river’s “rising”")),
    "lists": holds.ApprovalMissing(
        Approval(2, "ana", ("kim",), partners_asked=("food-bank", "river"), partners=("river",))
    ),
    "days": holds.Blackout(date(2026, 4, 20), date(2026, 4, 25), "river", None),
    "a moment and a length": holds.GapTooShort(START, timedelta(minutes=90, microseconds=1)),
    "amounts": holds.OverBudget(cost=0.015, left=0.1, most=20.0),
    "nothing": holds.RateLimited(),
    "the organisation's floor": holds.BelowRatio(
        whole=True, others=1, self_=1, target="1:1", window="20 posts", joint=True, needed=1
    ),
    "a sentence of an older version": Recorded("cap", "x-main: 2 posts went out today."),
}


@pytest.mark.parametrize("reason", HOLDS.values(), ids=HOLDS)
def test_a_hold_is_read_as_it_was_written(store: Store, reason: HoldReason) -> None:
    held = queued(store)
    with store.write() as unit:
        unit.transitions.hold(unit.deliveries.get(held), HoldNote(reason, UNTIL), START)
    note = delivery(store, held).hold
    assert note is not None
    assert exact(note.reason) == exact(reason)
    assert (note.code, note.until) == (holds.code_of(reason), UNTIL)


FAULTS: dict[str, FaultReason] = {
    "words": faults.NotSent("it says: “später” \\ 'no'"),
    "half a pair of surrogates": faults.InDoubt("\ud83d"),
    "a connector's code": faults.Rejected("too-long", "too long for us"),
    "a moment": faults.Expired(START),
    "lengths": faults.Missed(START, timedelta(hours=26, seconds=1), timedelta(hours=1)),
    "names": faults.LegallyBarred(("A. Candidate", "Votes Now")),
    "a record in it": faults.SameTextSent(EarlierDelivery(3, "x-main", START, None), nearly=True),
    "an event": faults.EventMoved("cleanup", START, UNTIL),
    "a sentence of an older version": Recorded("x-403", "no"),
}


@pytest.mark.parametrize("reason", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_read_as_it_was_written(store: Store, reason: FaultReason) -> None:
    ended = queued(store)
    with store.write() as unit:
        unit.transitions.refuse(unit.deliveries.get(ended), State.FAILED, Fault(reason), START)
    fault = delivery(store, ended).fault
    assert fault is not None
    assert exact(fault.reason) == exact(reason)
    assert fault.code == faults.code_of(reason)
