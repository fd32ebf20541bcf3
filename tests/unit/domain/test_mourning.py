"""Kept days of mourning: which days they are, and which posts they hold."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.date_rules import Days, parse_date_rule
from crosspromo.domain.gate import decide
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.pacing import Wait
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.ratio import Tally
from crosspromo.domain.reasons import holds
from crosspromo.domain.tones import Tone, tone_of
from crosspromo.domain.verdicts import Candidate, Facts, Hold, Standing

CHICAGO = ZoneInfo("America/Chicago")
MIDNIGHT = datetime(2026, 9, 11, 5, 0, tzinfo=UTC)  # in Chicago
NOON = MIDNIGHT + timedelta(hours=12)
DAY = timedelta(days=1)


def mourned(
    rule: str | None, announced: Mapping[int, Days] | None = None, name: str = "Patriot Day"
) -> Observance:
    return Observance(
        slug=name.lower().replace(" ", "-"),
        name=name,
        rule=None if rule is None else parse_date_rule(rule),
        tone=ObservanceTone.MOURN,
        announced=announced or {},
    )


PATRIOT_DAY = Mourning.kept([mourned("09-11")])


def test_a_day_of_mourning_lasts_from_local_midnight_to_local_midnight() -> None:
    wait = PATRIOT_DAY.wait(CHICAGO, NOON)
    day = date(2026, 9, 11)
    assert wait == Wait(holds.Mourning(day, day, "Patriot Day"), MIDNIGHT + DAY)
    assert PATRIOT_DAY.wait(CHICAGO, MIDNIGHT) == wait
    assert PATRIOT_DAY.wait(CHICAGO, MIDNIGHT - timedelta(seconds=1)) is None
    assert PATRIOT_DAY.wait(CHICAGO, MIDNIGHT + DAY) is None


def test_a_day_of_mourning_comes_every_year() -> None:
    assert all(PATRIOT_DAY.on(date(year, 9, 11)) for year in range(2026, 2040))


def test_days_that_go_on_into_the_next_year_are_kept_there() -> None:
    weeks = Mourning.kept([mourned("12-28 for 10d")])
    assert weeks.on(date(2027, 1, 6)) == (date(2026, 12, 28), date(2027, 1, 6), "Patriot Day")
    assert weeks.on(date(2027, 1, 7)) is None


def test_a_day_that_nobody_has_announced_is_none() -> None:
    days = Days(date(2026, 5, 4), date(2026, 5, 4))
    announced = Mourning.kept([mourned(None, {2026: days})])
    assert announced.on(date(2026, 5, 4)) is not None
    assert announced.on(date(2027, 5, 4)) is None


def test_of_two_days_of_mourning_the_one_that_ends_last_counts() -> None:
    both = Mourning.kept([mourned("09-11"), mourned("09-10 for 5d", name="Days of Loss")])
    found = both.on(date(2026, 9, 11))
    assert found is not None
    assert found.name == "Days of Loss"


def test_an_observance_in_another_tone_is_no_day_of_mourning() -> None:
    earth_day = Observance(
        "earth-day", "Earth Day", parse_date_rule("04-22"), ObservanceTone.CELEBRATE
    )
    assert Mourning.kept([earth_day]).on(date(2026, 4, 22)) is None


@pytest.mark.parametrize(
    ("kind", "credit", "chosen", "held"),
    [
        (Kind.OWN, Credit.SELF, None, True),
        (Kind.OWN, Credit.SELF, Tone.SOLEMN, True),
        (Kind.EVENT, Credit.BOTH, Tone.NEUTRAL, True),
        (Kind.SPOTLIGHT, Credit.OTHERS, None, True),
        (Kind.EVENT, Credit.NONE, None, True),
        (Kind.SPOTLIGHT, Credit.OTHERS, Tone.SOLEMN, False),
        (Kind.SPOTLIGHT, Credit.OTHERS, Tone.ASK, True),
        (Kind.RESHARE, Credit.OTHERS, None, False),
        (Kind.RESHARE, Credit.OTHERS, Tone.CELEBRATE, True),
        (Kind.NOTICE, Credit.NONE, None, False),
        (Kind.NOTICE, Credit.NONE, Tone.CELEBRATE, True),
    ],
)
def test_it_holds_what_is_about_us_and_what_celebrates_or_asks(
    kind: Kind, credit: Credit, chosen: Tone | None, held: bool
) -> None:
    assert PATRIOT_DAY.concerns((), credit, tone_of(kind, chosen)) is held


def test_the_gate_names_the_day() -> None:
    plenty = Standing(Tally(100, 0))
    facts = Facts(Policy(), plenty, plenty, None, zone=CHICAGO, blackouts=(PATRIOT_DAY,))
    decision = decide(facts, Candidate("x-main", Credit.SELF, NOON, pinned=False), NOON)
    assert isinstance(decision, Hold)
    assert (decision.code, decision.until) == ("mourning", MIDNIGHT + DAY)
    assert [check for check, _ in decision.trail][-1] == "missed"


MOMENTS = st.integers(0, 40 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS)
def test_a_wait_ends_at_a_local_midnight_with_no_mourning_after_it(now: datetime) -> None:
    mourning = Mourning.kept([mourned("09-11"), mourned("12-30 for 4d", name="Days of Loss")])
    wait = mourning.wait(CHICAGO, now)
    shown = now.astimezone(CHICAGO)
    assert (wait is not None) is (
        (shown.month, shown.day) in {(9, 11), (12, 30), (12, 31), (1, 1), (1, 2)}
    )
    if wait is not None:
        end = wait.until.astimezone(CHICAGO)
        assert now < wait.until <= now + timedelta(days=4)
        assert (end.hour, end.minute) == (0, 0)
        assert mourning.wait(CHICAGO, wait.until) is None


def test_equal_rules_are_equal_mourning_however_often_they_are_read() -> None:
    assert Mourning.kept([mourned("09-11")]) == PATRIOT_DAY
    assert Mourning.kept([mourned("09-12")]) != PATRIOT_DAY
