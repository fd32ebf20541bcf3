"""A delivery as the gate sees it."""

from datetime import UTC, datetime

import pytest

from crosspromo.domain.deliveries import Delivery, HoldNote
from crosspromo.domain.gate import candidate_of
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.reasons import Recorded, holds
from crosspromo.domain.states import State

DUE = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
BELOW = holds.BelowRatio(
    whole=False, others=0, self_=0, target="3:1", window="28d", joint=False, needed=3
)


def delivery(hold: HoldNote | None) -> Delivery:
    return Delivery(
        id=1,
        post=1,
        account="x-main",
        network="x",
        kind=Kind.OWN,
        state=State.QUEUED,
        credit=Credit.SELF,
        content=Content("Hello"),
        due_at=DUE,
        pinned=True,
        hold=hold,
    )


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (BELOW, "ratio"),
        (BELOW._replace(whole=True), "floor"),
        (Recorded("ratio", "3 more."), "ratio"),
        (Recorded("floor", "3 more."), "floor"),
    ],
)
def test_one_that_the_ratio_held_is_late_through_no_fault_of_its_own(
    reason: holds.HoldReason, code: str
) -> None:
    held = candidate_of(delivery(HoldNote(reason)))
    assert (held.hold, held.held) == (code, True)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (holds.Paused(Pause(None, "the chair", DUE, "storm")), "paused"),
        (holds.AccountAtFault("locked"), "account"),
        (Recorded("paused", "Everything was paused."), "paused"),
        (Recorded("account", "It is locked."), "account"),
    ],
)
def test_one_that_an_outage_held_is_late_all_the_same(reason: holds.HoldReason, code: str) -> None:
    note = HoldNote(reason)
    assert note.code == code
    candidate = candidate_of(delivery(note))
    assert (candidate.hold, candidate.held) == (None, False)


def test_one_without_a_hold_is_not_held() -> None:
    assert not candidate_of(delivery(None)).held
