"""A delivery as the gate sees it."""

from datetime import UTC, datetime

import pytest

from crosspromo.domain.deliveries import Delivery, HoldNote
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.states import State

DUE = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)


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


@pytest.mark.parametrize("code", ["ratio", "floor"])
def test_one_that_the_ratio_held_is_late_through_no_fault_of_its_own(code: str) -> None:
    assert delivery(HoldNote(code, "")).candidate.held


@pytest.mark.parametrize("code", ["paused", "account"])
def test_one_that_an_outage_held_is_late_all_the_same(code: str) -> None:
    assert not delivery(HoldNote(code, "")).candidate.held


def test_one_without_a_hold_is_not_held() -> None:
    assert not delivery(None).candidate.held
