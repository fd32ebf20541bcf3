"""Sentences of a plan: they can be read aloud, and name what they speak of."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.ladders import PRESETS
from crosspromo.phrasing.plan import of_occasion
from crosspromo.planning.occasions import LadderStep, Milestone, WaitingSelf

ZONE = ZoneInfo("America/Chicago")
DAY = date(2026, 4, 1)


@pytest.mark.parametrize("step", [each.name for each in PRESETS["big"].steps])
def test_a_step_of_our_ladders_is_said_in_words(step: str) -> None:
    told = of_occasion(LadderStep("cleanup", "River cleanup", step, DAY), ZONE)
    assert told.startswith('"River cleanup": ')
    assert told.endswith(", on Wed 2026-04-01")
    assert "step" not in told
    assert step not in told or "-" not in step


def test_a_step_of_a_ladder_of_ones_own_has_its_name() -> None:
    told = of_occasion(LadderStep("cleanup", "River cleanup", "rain-date", DAY), ZONE)
    assert told == '"River cleanup": its step rain-date, on Wed 2026-04-01'


def test_quotation_marks_within_words_are_single() -> None:
    told = of_occasion(Milestone("bank", "Food Bank", 1, 'He said "hi"\nsecond line', DAY), ZONE)
    assert told == "Food Bank: a milestone of Wed 2026-04-01, \"He said 'hi' second line\""


def test_a_self_post_that_was_held_says_since_when_it_waits() -> None:
    since = datetime(2026, 4, 1, 14, tzinfo=UTC)
    told = of_occasion(WaitingSelf(5, since, "Our report is out."), ZONE)
    assert told == '"Our report is out." (delivery 5) has waited since Wed 2026-04-01 09:00'
