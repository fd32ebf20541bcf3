"""How much an account may post and when: the reason why not now, and the moment it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.errors import UsageError
from crosspromo.domain.gate import decide
from crosspromo.domain.pacing import QuietHours, start_of, start_of_month
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally
from crosspromo.domain.reasons import holds
from crosspromo.domain.verdicts import Allow, Candidate, Facts, Hold, Override, Standing

CHICAGO = ZoneInfo("America/Chicago")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # moves by half an hour
CASABLANCA = ZoneInfo("Africa/Casablanca")  # goes back for Ramadan
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

POST = Candidate(account="x-main", credit=Credit.OTHERS, due_at=NOW, pinned=False)


def facts(*sent: datetime, spent: float = 0.0, **policy: object) -> Facts:
    plenty = Standing(Tally(100, 0))
    return Facts(
        policy=replace(Policy(), **policy),  # type: ignore[arg-type]  # the test names real fields
        account=plenty,
        organisation=plenty,
        floor=None,
        zone=CHICAGO,
        sent=sent,
        spent=spent,
    )


def hold(known: Facts, candidate: Candidate = POST, now: datetime = NOW) -> Hold:
    decision = decide(known, candidate, now)
    assert isinstance(decision, Hold)
    return decision


def may_go(known: Facts, candidate: Candidate = POST, now: datetime = NOW) -> bool:
    return isinstance(decide(known, candidate, now), Allow)


# Caps


def test_a_full_day_holds_until_midnight_where_we_are() -> None:
    held = hold(facts(NOW - HOUR, NOW - 2 * HOUR, max_per_day=2))
    assert held.code == "cap"
    assert held.reason == holds.CapReached(most=2, days=1)
    assert held.until == datetime(2026, 4, 23, 5, 0, tzinfo=UTC)


def test_yesterday_is_another_day() -> None:
    late_last_night = datetime(2026, 4, 22, 4, 59, tzinfo=UTC)
    assert may_go(facts(late_last_night, max_per_day=1))
    assert not may_go(facts(late_last_night + timedelta(minutes=1), max_per_day=1))


def test_a_full_week_holds_until_the_first_of_it_is_seven_days_old() -> None:
    held = hold(facts(NOW - DAY, NOW - 3 * DAY, NOW - 6 * DAY, max_per_week=2))
    assert held.code == "cap"
    assert held.reason == holds.CapReached(most=2, days=7)
    assert held.until == NOW + 4 * DAY


def test_what_is_seven_days_old_to_the_second_no_longer_counts() -> None:
    assert may_go(facts(NOW - 7 * DAY, max_per_week=1))
    assert not may_go(facts(NOW - 7 * DAY + timedelta(seconds=1), max_per_week=1))


def test_a_cap_counts_posts_about_others_too_and_no_override_lifts_it() -> None:
    override = Override(by="the chair", reason="tonight")
    for credit in Credit:
        candidate = replace(POST, credit=credit, override=override)
        assert not may_go(facts(NOW - HOUR, max_per_day=1), candidate)


def test_a_send_in_the_future_counts_for_the_clock_was_set_back() -> None:
    assert not may_go(facts(NOW + HOUR, max_per_day=1))
    assert not may_go(facts(NOW + HOUR, min_gap=HOUR))


# The gap


def test_a_post_too_soon_after_the_last_waits_for_the_rest_of_the_gap() -> None:
    held = hold(facts(NOW - timedelta(minutes=30), min_gap=timedelta(minutes=90)))
    assert held.code == "gap"
    assert held.reason == holds.GapTooShort(
        last=NOW - timedelta(minutes=30), least=timedelta(minutes=90)
    )
    assert held.until == NOW + HOUR
    assert may_go(facts(NOW - timedelta(minutes=90), min_gap=timedelta(minutes=90)))


# Quiet hours


def test_quiet_hours_hold_until_they_end() -> None:
    night = datetime(2026, 4, 23, 3, 30, tzinfo=UTC)  # 22:30
    held = hold(facts(quiet=QuietHours.parse("21:00-07:00")), now=night)
    assert held.code == "quiet"
    assert held.reason == holds.InQuietHours("21:00-07:00")
    assert held.until == datetime(2026, 4, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "at", "is_quiet"),
    [
        ("21:00-07:00", time(20, 59), False),
        ("21:00-07:00", time(21, 0), True),
        ("21:00-07:00", time(0, 0), True),
        ("21:00-07:00", time(6, 59), True),
        ("21:00-07:00", time(7, 0), False),
        ("12:00-13:00", time(11, 59), False),
        ("12:00-13:00", time(12, 0), True),
        ("12:00-13:00", time(13, 0), False),
        ("12:00-00:00", time(23, 59), True),
        ("12:00-00:00", time(0, 0), False),
    ],
)
def test_quiet_hours_have_their_start_and_not_their_end(
    hours: str, at: time, is_quiet: bool
) -> None:
    moment = datetime.combine(NOW.date(), at, tzinfo=CHICAGO)
    assert QuietHours.parse(hours).include(moment, CHICAGO) is is_quiet


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", '"" are not quiet hours; write them as "21:00-07:00"'),
        ("night", '"night" are not quiet hours; write them as "21:00-07:00"'),
        ("21:00-25:00", '"25:00" in "21:00-25:00" is not a time of day; write 09:00'),
        ("07:00-7:00", '"07:00-7:00" leaves no time to post at; write it as "21:00-07:00"'),
    ],
)
def test_what_are_no_quiet_hours_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        QuietHours.parse(text)
    assert str(error.value) == sentence


CHANGES = [
    # zone, the day of the change, hours that the change touches
    (CHICAGO, date(2026, 3, 8), "22:00-02:30"),  # 2:00 becomes 3:00
    (CHICAGO, date(2026, 11, 1), "22:00-01:30"),  # 2:00 becomes 1:00
    (BERLIN, date(2026, 3, 29), "23:00-02:15"),
    (BERLIN, date(2026, 10, 25), "02:00-02:45"),
    (LORD_HOWE, date(2026, 10, 4), "21:00-02:15"),  # 2:00 becomes 2:30
    (LORD_HOWE, date(2026, 4, 5), "21:00-01:45"),  # 2:00 becomes 1:30
    (CASABLANCA, date(2026, 2, 15), "22:00-02:30"),  # 3:00 becomes 2:00
    (CASABLANCA, date(2026, 3, 22), "22:00-02:30"),  # 2:00 becomes 3:00
]


@pytest.mark.parametrize(("zone", "day", "text"), CHANGES)
def test_quiet_hours_are_what_the_clock_on_the_wall_shows_through_every_change(
    zone: ZoneInfo, day: date, text: str
) -> None:
    """Every minute of the night before, of the change and of the day after."""
    hours = QuietHours.parse(text)
    start, _, end = text.partition("-")
    moment = start_of(day, zone) - timedelta(hours=3)
    readings = set()
    for _ in range(30 * 60):
        shown = moment.astimezone(zone).strftime("%H:%M")
        is_quiet = start <= shown < end if start < end else shown >= start or shown < end
        assert hours.include(moment, zone) is is_quiet, shown
        if is_quiet:
            until = hours.end_after(moment + timedelta(seconds=30), zone)
            assert not hours.include(until, zone)
            assert hours.include(until - timedelta(seconds=1), zone)
        readings.add(is_quiet)
        moment += timedelta(minutes=1)
    assert readings == {True, False}


def test_quiet_hours_whose_end_the_clocks_skip_end_with_the_jump() -> None:
    hours = QuietHours.parse("22:00-02:30")
    before = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)  # 1:00 in Chicago; 2:00 becomes 3:00
    assert hours.end_after(before, CHICAGO) == datetime(2026, 3, 8, 8, 0, tzinfo=UTC)


# Days and months


@pytest.mark.parametrize("zone", [CHICAGO, BERLIN, LORD_HOWE, CASABLANCA])
def test_a_day_is_a_local_day_even_when_it_has_23_or_25_hours(zone: ZoneInfo) -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC).date()
    lengths = set()
    for _ in range(365):
        begins, ends = start_of(day, zone), start_of(day + DAY, zone)
        assert begins.astimezone(zone).time() == time(0)
        lengths.add(ends - begins)
        day += DAY
    assert len(lengths) == 3


# The budget


def test_a_post_that_the_months_budget_does_not_cover_waits_for_the_next_month() -> None:
    held = hold(facts(spent=19.9, monthly_budget=20.0), replace(POST, cost=0.2))
    assert held.code == "budget"
    assert held.reason == holds.OverBudget(cost=0.2, left=0.1, most=20.0)
    assert held.until == datetime(2026, 5, 1, 5, 0, tzinfo=UTC)


def test_a_budget_may_be_used_to_the_last_cent_whatever_the_fractions_add_up_to() -> None:
    spent = sum([0.015] * 9)  # a little less, or more, than 0.135
    assert may_go(facts(spent=spent, monthly_budget=0.15), replace(POST, cost=0.015))
    assert not may_go(facts(spent=spent, monthly_budget=0.149), replace(POST, cost=0.015))


def test_what_costs_nothing_goes_even_when_nothing_is_left() -> None:
    for cost in (None, 0.0):
        assert may_go(facts(spent=25.0, monthly_budget=20.0), replace(POST, cost=cost))


def test_the_month_begins_at_local_midnight() -> None:
    assert start_of_month(NOW, CHICAGO) == datetime(2026, 4, 1, 5, 0, tzinfo=UTC)
    new_year = datetime(2026, 12, 31, 14, 0, tzinfo=UTC)
    held = hold(facts(spent=1.0, monthly_budget=1.0), replace(POST, cost=0.2), new_year)
    assert held.until == datetime(2027, 1, 1, 6, 0, tzinfo=UTC)
