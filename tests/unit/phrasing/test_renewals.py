"""Sentences on what a change of an event renewed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspromo.phrasing.renewals import of_renewal, of_signatures
from crosspromo.services.event_renewals import RenewedDelivery

HOME = ZoneInfo("America/New_York")
AT = datetime(2026, 5, 25, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("renewal", "says"),
    [
        (
            RenewedDelivery(3, "main", "week", AT, moved=True),
            "week on main, now for Mon 2026-05-25 09:00",
        ),
        (RenewedDelivery(3, "main", None, AT), "on main, still for Mon 2026-05-25 09:00"),
        (RenewedDelivery(3, "main", None, None), "on main, when it is allowed"),
    ],
)
def test_a_renewal_names_step_account_and_time(renewal: RenewedDelivery, says: str) -> None:
    assert of_renewal(renewal, HOME) == says


@pytest.mark.parametrize(
    ("number", "says"),
    [(0, ""), (1, "its approval is void"), (2, "its 2 approvals are void")],
)
def test_approvals_that_are_void_are_counted(number: int, says: str) -> None:
    assert of_signatures(number) == says
