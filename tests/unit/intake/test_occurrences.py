"""Our rules and dateutil's fall on the same days, and ours end where dateutil's would not."""

import time
from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspromo.intake.occurrences import occurrences
from crosspromo.intake.recurrence_rule import Frequency, RuleError, parse_rule

# Wall-clock times have no zone.
START = datetime(2030, 1, 7, 18)  # noqa: DTZ001
END = START + timedelta(days=800)


def on(rule: str, *, start: datetime = START, since: datetime | None = None) -> list[str]:
    found = occurrences(parse_rule(rule), start, since or start, END)
    return [f"{moment:%m-%d %H:%M}" for moment in found]


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=DAILY;INTERVAL=10", ["01-07 18:00", "01-17 18:00", "01-27 18:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", ["01-07 18:00", "01-10 18:00", "01-14 18:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO", ["01-07 18:00", "01-20 18:00"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["01-07 18:00", "01-08 18:00", "02-12 18:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["01-07 18:00", "01-25 18:00", "02-22 18:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["01-07 18:00", "01-31 18:00", "02-28 18:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["01-07 18:00", "01-31 18:00"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["01-07 18:00", "11-28 18:00", "11-27 18:00"]),
        ("FREQ=DAILY;BYHOUR=9,18;COUNT=3", ["01-07 18:00", "01-08 09:00", "01-08 18:00"]),
    ],
)
def test_a_rule_falls_on_the_days_people_expect(rule: str, first: list[str]) -> None:
    assert on(rule)[: len(first)] == first


def test_a_day_that_a_month_lacks_is_left_out() -> None:
    start = datetime(2030, 1, 31, 18)  # noqa: DTZ001
    assert on("FREQ=MONTHLY;COUNT=3", start=start) == ["01-31 18:00", "03-31 18:00", "05-31 18:00"]


def test_count_counts_from_the_start_and_not_from_where_we_look() -> None:
    assert on("FREQ=DAILY;COUNT=5", since=START + timedelta(days=3)) == [
        "01-10 18:00",
        "01-11 18:00",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=1000000",
        "FREQ=HOURLY",
        "",
        "FREQ=DAILY;BYSECOND=0,1,2,3,4;BYMINUTE=0,1,2,3,4",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999999",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYHOUR=-1",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=someday",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;RSCALE=CHINESE",
        "0000",
    ],
)
def test_a_rule_that_we_cannot_follow_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_rule(text)


def test_what_calendars_in_use_write_is_overlooked() -> None:
    assert parse_rule("freq=daily;byday=MO, TU;COUNT=-1;") == parse_rule("FREQ=DAILY;BYDAY=MO,TU")


@pytest.mark.parametrize("frequency", list(Frequency))
@pytest.mark.parametrize("rest", ["", ";COUNT=9", ";INTERVAL=999999999", ";BYSETPOS=366"])
def test_a_rule_that_never_falls_due_ends(frequency: Frequency, rest: str) -> None:
    began = time.perf_counter()
    start = datetime(1970, 1, 1)  # noqa: DTZ001
    rule = parse_rule(f"FREQ={frequency};BYMONTH=2;BYMONTHDAY=30{rest}")
    assert list(occurrences(rule, start, START, END)) == []
    assert time.perf_counter() - began < 5


days = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
ordinal_days = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, -1, -2]), days)
month_days = st.integers(1, 28) | st.integers(-28, -1)


def listed(
    key: str, values: st.SearchStrategy[int] | st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    several = st.lists(values, min_size=1, max_size=4, unique=True)
    return several.map(lambda found: f"{key}={','.join(map(str, found))}")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that dateutil follows as RFC 5545 says, and that fall due now and then.

    It takes the first week of a weekly series from the start only, so BYSETPOS is left out there;
    and it wants plain and ordinal weekdays both to hold.
    """
    frequency = draw(st.sampled_from(Frequency))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    by: list[st.SearchStrategy[str]] = [listed("BYDAY", days)]
    if frequency in {Frequency.MONTHLY, Frequency.YEARLY}:
        by += [listed("BYDAY", ordinal_days), listed("BYMONTHDAY", month_days)]
    if frequency is Frequency.YEARLY:
        by += [listed("BYYEARDAY", st.integers(1, 365) | st.integers(-365, -1))]
    chosen = draw(st.none() | st.one_of(by))
    if chosen:
        parts.append(chosen)
        if frequency in {Frequency.MONTHLY, Frequency.YEARLY} and draw(st.booleans()):
            parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '1,-1']))}")
    if not (chosen or "").startswith("BYYEARDAY"):
        parts += draw(st.lists(listed("BYMONTH", st.integers(1, 12)), max_size=1))
    parts += draw(st.lists(listed("BYHOUR", st.integers(0, 23)), max_size=1))
    parts += draw(st.lists(st.integers(1, 40).map("COUNT={}".format), max_size=1))
    parts += draw(st.lists(days.map("WKST={}".format), max_size=1))
    return ";".join(parts)


@settings(deadline=None)  # dateutil takes half a second where a rule never falls due
@given(rules(), st.datetimes(datetime(2028, 1, 1), datetime(2031, 12, 28)))  # noqa: DTZ001
def test_dateutil_agrees(text: str, start: datetime) -> None:
    start = start.replace(day=min(start.day, 28), microsecond=0)
    expected = list(takewhile(lambda moment: moment <= END, rrulestr(text, dtstart=start)))
    rule = parse_rule(text)
    if start <= END and start not in expected:  # it does not count a start that does not fit
        expected = [start, *expected]
        expected = expected[: rule.count]
    assert list(occurrences(rule, start, start, END)) == expected
    since = START + timedelta(days=300)
    assert list(occurrences(rule, start, since, END)) == [m for m in expected if m >= since]
