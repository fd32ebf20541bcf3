"""What people read who find nothing going out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.pauses import Pause

AT = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")


def test_the_pause_of_an_account_says_who_when_why_and_how_it_ends() -> None:
    assert Pause("x-main", "the chair", AT, "we are impersonated").sentence(CHICAGO) == (
        "x-main was paused by the chair at Wed 2026-04-22 09:00: we are impersonated; "
        "to go on: crosspromo resume x-main"
    )


def test_the_pause_over_everything_names_no_account() -> None:
    assert Pause(None, "the chair", AT, "the river has flooded").sentence(CHICAGO) == (
        "Everything was paused by the chair at Wed 2026-04-22 09:00: the river has flooded; "
        "to go on: crosspromo resume"
    )
