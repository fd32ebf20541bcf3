"""What the console says of what follows from a changed event."""

from datetime import timedelta

from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.reasons.notes import InQuietHours
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.event_renewals import RenewedDelivery
from crosspromo.testing.clock import START
from crosspromo.web.words.imports import consequences

QUIET = InQuietHours(str(QuietHours.parse("21:00-07:00")), START + timedelta(hours=9))


def test_what_lies_in_a_silence_now_is_told() -> None:
    found = Consequences(
        renewals=(
            RenewedDelivery(1, "main", None, START),
            RenewedDelivery(2, "main", "week", START, moved=True, silences=(QUIET,)),
        )
    )
    assert consequences(found) == [
        "Deliveries 1, 2: made anew. Approvals of what changed are void.",
        "Delivery 2: held at the new time, by a silence.",
    ]
