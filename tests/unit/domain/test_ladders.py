from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.errors import UsageError
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import (
    KEPT_LATE,
    PRESETS,
    STEP_NAMES,
    Ladder,
    Step,
    WhyMissed,
    day_of,
    expires_at,
    ladder_with,
    missed_steps,
    parse_ladder,
    step_days,
    unknown_steps,
)

DAY = timedelta(days=1)
CHICAGO = ZoneInfo("America/Chicago")


def event(
    start: datetime = datetime(2030, 4, 22, 14, tzinfo=UTC),
    lasting: timedelta = timedelta(hours=3),
    *,
    zone: str = "America/Chicago",
    all_day: bool = False,
) -> Event:
    return Event(
        slug="river-cleanup",
        title="River cleanup",
        starts_at=start,
        ends_at=start + lasting,
        zone=zone,
        uid="1",
        all_day=all_day,
    )


def whole_days(first: date, days: int, zone: str = "America/Chicago") -> Event:
    start = datetime.combine(first, time(0), ZoneInfo(zone)).astimezone(UTC)
    end = datetime.combine(first + days * DAY, time(0), ZoneInfo(zone)).astimezone(UTC)
    return event(start, end - start, zone=zone, all_day=True)


def days_before(event: Event, days: int, at: time = time(9)) -> datetime:
    first = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
    return datetime.combine(first - days * DAY, at, ZoneInfo(event.zone)).astimezone(UTC)


def days_of(ladder: str, event: Event, now: datetime) -> list[int]:
    return [each.step.days for each in step_days(PRESETS[ladder], event, now)]


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("small", [-28, -14, -7, -1, 0, 1, 2]),
        ("standard", [-42, -28, -14, -7, -3, -1, 0, 1, 2]),
        ("big", [-90, -60, -42, -28, -14, -7, -3, -1, 0, 1, 2]),
    ],
)
def test_a_preset_has_the_days_of_practice(name: str, days: list[int]) -> None:
    assert [step.days for step in PRESETS[name].steps] == days


def test_a_step_names_its_own_template() -> None:
    assert Step(-42, "announce").template == "event/announce"


def test_days_are_those_of_the_events_own_zone() -> None:
    late_there = event(datetime(2030, 4, 23, 3, tzinfo=UTC))  # 22:00 on the 22nd in Chicago
    assert day_of(Step(-1, "tomorrow"), late_there) == date(2030, 4, 21)


def test_thanks_and_recap_count_from_the_last_day() -> None:
    three_days = event(lasting=timedelta(days=2))
    assert day_of(Step(1, "thanks"), three_days) == date(2030, 4, 25)
    weekend = whole_days(date(2030, 4, 20), 2)
    assert day_of(Step(1, "thanks"), weekend) == date(2030, 4, 22)
    assert day_of(Step(2, "recap"), weekend) == date(2030, 4, 23)


@pytest.mark.parametrize(
    ("starts", "posted"),
    [("18:00", "22 08:00"), ("11:00", "22 08:00"), ("09:00", "22 06:00"), ("01:00", "21 22:00")],
)
def test_day_of_is_at_eight_there_and_at_latest_three_hours_before(
    starts: str, posted: str
) -> None:
    start = datetime.combine(date(2030, 4, 22), time.fromisoformat(starts), CHICAGO)
    (today,) = (
        each
        for each in step_days(
            PRESETS["small"], event(start.astimezone(UTC)), start.astimezone(UTC) - 60 * DAY
        )
        if each.step.is_day_of
    )
    assert today.at is not None
    assert f"{today.at.astimezone(CHICAGO):%d %H:%M}" == posted


def test_an_event_of_whole_days_is_announced_on_its_first_morning() -> None:
    weekend = whole_days(date(2030, 4, 20), 2)
    found = step_days(PRESETS["small"], weekend, days_before(weekend, 60))
    (today,) = (each for each in found if each.step.is_day_of)
    assert today.at is not None
    assert today.at.astimezone(CHICAGO) == datetime(2030, 4, 20, 8, tzinfo=CHICAGO)
    assert expires_at("today", weekend) == datetime(2030, 4, 21, 5, tzinfo=UTC)
    assert expires_at(None, weekend) == weekend.starts_at


def test_a_step_expires_when_the_event_starts_and_thanks_days_after_its_end() -> None:
    cleanup = event()
    assert expires_at("announce", cleanup) == cleanup.starts_at
    assert expires_at("today", cleanup) == cleanup.starts_at
    assert expires_at("thanks", cleanup) == cleanup.ends_at + 5 * DAY
    assert expires_at("recap", cleanup) == cleanup.ends_at + 14 * DAY


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        (43, [-42, -28, -14, -7, -3, -1, 0, 1, 2]),
        (42, [-42, -28, -14, -7, -3, -1, 0, 1, 2]),
        (41, [-28, -14, -7, -3, -1, 0, 1, 2]),
        (14, [-14, -7, -3, -1, 0, 1, 2]),
        (13, [-7, -1, 0, 1]),
        (5, [-1, 0, 1]),
        (1, [-1, 0, 1]),
    ],
)
def test_an_event_that_is_entered_late_keeps_a_week_a_day_the_day_and_thanks(
    days: int, kept: list[int]
) -> None:
    assert days_of("standard", event(), days_before(event(), days)) == kept


def test_an_own_ladder_keeps_every_step_that_is_to_come() -> None:
    own = parse_ladder("own", ["-20d announce", "-5d invite", "-2d last-days"])
    found = step_days(own, event(), days_before(event(), 6))
    assert [each.step.days for each in found] == [-5, -2]
    (missed,) = missed_steps(own, event(), days_before(event(), 6))
    assert (missed.step.days, missed.why) == (-20, WhyMissed.PASSED)


def test_thanks_come_today_where_their_day_has_passed_and_never_when_they_are_stale() -> None:
    own = parse_ladder("own", ["+1d thanks", "+2d recap"])
    (thanks, recap) = step_days(own, event(), days_before(event(), -4))
    assert (thanks.day, recap.day) == (date(2030, 4, 26), date(2030, 4, 27))
    (recap,) = step_days(own, event(), days_before(event(), -10))
    assert (recap.step.name, recap.day) == ("recap", date(2030, 5, 2))
    assert step_days(own, event(), days_before(event(), -20)) == ()


def test_steps_may_stand_in_any_order_in_the_settings() -> None:
    ladder = parse_ladder("gala", ["0d today", " -10d  announce", "+2d recap"])
    assert [str(step) for step in ladder.steps] == ["-10d announce", "0d today", "+2d recap"]


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([], "write 1 to 30 steps"),
        (["announce"], "is no step"),
        (["-10d Announce!"], "is no step"),
        (["-10 announce"], "is no step"),
        (["-10d announce", "-10d invite"], "are on one day"),
        (["-10d announce", "-5d announce"], "two steps"),
        (["-401d announce"], "more than 400 days"),
        (["+3d announce"], "after the event come only"),
        (["-3d thanks"], "comes after the event"),
        (["+6d thanks"], "+1d to +5d"),
        (["-1d x"] * 31, "write 1 to 30 steps"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(steps: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("+", r"\+")):
        parse_ladder("own", steps)


def test_a_step_of_ones_own_needs_a_template() -> None:
    ladder = parse_ladder("own", ["-10d teaser", "-5d announce"])
    assert unknown_steps(ladder, ()) == ("teaser",)
    assert unknown_steps(ladder, {"teaser"}) == ()


ZONES = st.sampled_from(
    ["America/Chicago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Europe/Berlin"]
)
MINUTES = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2029, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    zone, start = draw(ZONES), draw(MINUTES)
    if draw(st.booleans()):
        first = start.astimezone(ZoneInfo(zone)).date()
        return whole_days(first, draw(st.integers(1, 5)), zone)
    return event(start, timedelta(minutes=draw(st.integers(0, 5 * 24 * 60))), zone=zone)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    if draw(st.booleans()):
        return PRESETS[draw(st.sampled_from(sorted(PRESETS)))]
    names = draw(st.permutations(STEP_NAMES[:9]))
    days = draw(st.sets(st.integers(-60, 0), min_size=1, max_size=9))
    texts = [f"{day}d {name}" for day, name in zip(sorted(days), names, strict=False)]
    return parse_ladder("own", [*texts, "+1d thanks", "+3d recap"])


@given(ladders(), events(), st.integers(-20 * 24 * 60, 120 * 24 * 60))
def test_steps_are_in_order_on_days_of_their_own_and_none_is_after_the_start(
    ladder: Ladder, event: Event, minutes_before: int
) -> None:
    now = event.starts_at - timedelta(minutes=minutes_before)
    zone = ZoneInfo(event.zone)
    found = step_days(ladder, event, now)
    assert all(one.day < other.day for one, other in pairwise(found))
    assert [each.step for each in found] == sorted(
        (each.step for each in found), key=lambda step: step.days
    )
    for each in found:
        assert each.day >= now.astimezone(zone).date()
        assert (each.at is not None) == each.step.is_day_of
        if each.at is not None:
            assert now < each.at < expires_at(each.step.name, event)
            assert each.at.astimezone(zone).date() == each.day
        if not each.step.comes_after:
            assert each.day <= event.starts_at.astimezone(zone).date()
        else:
            assert each.day > (event.ends_at - timedelta(microseconds=1)).astimezone(zone).date()


def test_what_is_kept_late_are_steps_of_every_preset() -> None:
    for ladder in PRESETS.values():
        assert {step.days for step in ladder.steps} >= KEPT_LATE


def test_what_is_left_out_has_its_reason() -> None:
    missed = missed_steps(PRESETS["standard"], event(), days_before(event(), 4))
    assert {each.step.name: each.why for each in missed} == {
        **dict.fromkeys(("announce", "invite", "two-weeks", "week"), WhyMissed.PASSED),
        **dict.fromkeys(("last-days", "recap"), WhyMissed.LATE),
    }


def test_at_night_the_day_is_the_evening_before_and_tomorrow_gives_way_or_is_left_out() -> None:
    night = event(datetime(2030, 4, 27, 0, 30, tzinfo=CHICAGO).astimezone(UTC))
    weeks, hours = days_before(night, 60), days_before(night, 1, time(7))
    days = {each.step.name: each.day.day for each in step_days(PRESETS["small"], night, weeks)}
    assert (days["tomorrow"], days["today"]) == (25, 26)
    assert "tomorrow" not in {each.step.name for each in step_days(PRESETS["small"], night, hours)}
    reasons = {each.step.name: each.why for each in missed_steps(PRESETS["small"], night, hours)}
    assert reasons["tomorrow"] is WhyMissed.DAY_TAKEN


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ({"week", "today"}, "small"),
        ({"announce", "today"}, "standard"),
        ({"save-the-date"}, "big"),
        ({"gala-night", "today"}, "gala"),
        ({"teaser"}, "standard"),
        (set(), "brief"),
    ],
)
def test_the_ladder_of_steps_is_the_shortest_that_has_them_all(steps: set[str], name: str) -> None:
    own = {
        "gala": parse_ladder("gala", ["-9d gala-night", "0d today"]),
        "brief": parse_ladder("brief", ["-3d last-days"]),
    }
    assert ladder_with(steps, own) == name


def test_an_own_ladder_takes_the_place_of_a_preset() -> None:
    own = {"small": parse_ladder("small", ["-3d last-days"])}
    assert ladder_with({"week"}, own) == "standard"
    assert ladder_with({"last-days"}, own) == "small"
