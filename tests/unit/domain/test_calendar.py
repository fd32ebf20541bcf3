"""Calendar: spans with a name, local days of 23, 24 and 25 hours, and what stands on them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.calendar import (
    Clocks,
    Entry,
    Fate,
    Scale,
    Span,
    arranged,
    foretold,
    goes_otherwise,
    in_order,
    merged,
    told_once,
)
from crosspromo.domain.forecasts import Forecast, HangsOn, Outcome, Uncertainty
from crosspromo.domain.reasons.holds import BelowRatio, CapReached

CHICAGO = ZoneInfo("America/Chicago")
ZONES = [CHICAGO, *map(ZoneInfo, ("Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca"))]
NOVEMBER = Span(Scale.MONTH, date(2026, 11, 1))
DUE = datetime(2026, 11, 25, 15, tzinfo=UTC)
SHORT = BelowRatio(
    whole=False, others=2, self_=1, target="3:1", window="28 days", joint=False, needed=1
)
CAP = CapReached(3, days=1)


def entry(at: datetime | None, *ids: int, fate: Fate = Fate.QUEUED, post: int = 1) -> Entry:
    return Entry(at, post, fate, ids or (1,))


class TestSpan:
    @pytest.mark.parametrize(
        ("name", "first", "last"),
        [
            ("2026-W48", date(2026, 11, 23), date(2026, 11, 29)),
            ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
            ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
            ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
            ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
            ("2026-11-24", date(2026, 11, 24), date(2026, 11, 24)),
        ],
    )
    def test_a_name_is_a_day_a_week_or_a_month(self, name: str, first: date, last: date) -> None:
        span = Span.parse(name)
        assert span is not None
        assert (span.first, span.last, span.name) == (first, last, name)

    @pytest.mark.parametrize(
        "name",
        [
            *("", "2026", "2026-W54", "2025-W53", "2026-13", "2026-02-30", "20261124"),
            *("2026-w48", "0001-01", "1970-01", "2200-W02", "9999-12", "2026-11-24T09:00"),
        ],
    )
    def test_any_other_text_is_none(self, name: str) -> None:
        assert Span.parse(name) is None

    @given(st.dates(date(1972, 1, 1), date(2198, 1, 1)), st.sampled_from(Scale))
    def test_spans_follow_each_other_without_a_gap(self, day: date, scale: Scale) -> None:
        span = Span.around(scale, day)
        assert span.includes(day)
        assert span.next.first == span.last + timedelta(days=1)
        assert span.previous.next == span
        assert Span.parse(span.name) == span

    @given(st.dates(date(1972, 1, 1), date(2198, 1, 1)))
    def test_a_month_is_shown_in_whole_weeks(self, day: date) -> None:
        span = Span.around(Scale.MONTH, day)
        assert span.days[0].weekday() == 0
        assert len(span.days) % 7 == 0
        own = [each for each in span.days if span.includes(each)]
        assert own[0] == span.first
        assert own[-1] == span.last


class TestDays:
    @given(
        st.lists(st.timedeltas(timedelta(days=-40), timedelta(days=40)), max_size=60),
        st.sampled_from(["2026-11", "2026-03", "2026-W13", "2026-W44", "2026-11-01", "2026-04-05"]),
        st.sampled_from(ZONES),
        st.integers(0, 5),
    )
    def test_every_entry_stands_once_on_its_local_day_or_is_counted_there(
        self, offsets: list[timedelta], name: str, zone: ZoneInfo, most: int
    ) -> None:
        span = Span.parse(name)
        assert span is not None
        middle = span.bounds(zone)[0] + timedelta(days=10)
        entries = [entry(middle + each, number, post=number) for number, each in enumerate(offsets)]
        days = arranged(in_order(entries), span, zone, most)
        expected = Counter(
            each.at.astimezone(zone).date() for each in entries if each.at is not None
        )
        for day in days:
            assert len(day.entries) + day.more == expected[day.date]
            assert len(day.entries) == min(most, expected[day.date])
            assert all(
                each.at is not None and each.at.astimezone(zone).date() == day.date
                for each in day.entries
            )
            assert list(day.entries) == sorted(day.entries)
        shown = [number for day in days for each in day.entries for number in each.ids]
        assert len(shown) == len(set(shown))

    @pytest.mark.parametrize(
        ("name", "day", "zone", "clocks"),
        [
            ("2026-11", date(2026, 11, 1), CHICAGO, Clocks.BACK),
            ("2026-03", date(2026, 3, 8), CHICAGO, Clocks.FORWARD),
            ("2026-03", date(2026, 3, 29), ZoneInfo("Europe/Berlin"), Clocks.FORWARD),
            ("2026-04", date(2026, 4, 5), ZoneInfo("Australia/Lord_Howe"), Clocks.BACK),
        ],
    )
    def test_only_a_day_of_other_than_24_hours_says_what_the_clocks_do(
        self, name: str, day: date, zone: ZoneInfo, clocks: Clocks
    ) -> None:
        span = Span.parse(name)
        assert span is not None
        found = {each.date: each.clocks for each in arranged([], span, zone, 4) if each.clocks}
        assert found == {day: clocks}

    def test_both_hours_that_the_clocks_show_twice_belong_to_the_day(self) -> None:
        first = datetime(2026, 11, 1, 5, tzinfo=UTC)  # midnight in Chicago
        entries = [entry(first + timedelta(hours=each), each, post=each) for each in range(26)]
        days = {day.date: day for day in arranged(in_order(entries), NOVEMBER, CHICAGO, 99)}
        assert len(days[date(2026, 11, 1)].entries) == 25
        assert len(days[date(2026, 11, 2)].entries) == 1

    def test_what_has_no_time_stands_on_no_day(self) -> None:
        days = arranged(in_order([entry(None)]), NOVEMBER, CHICAGO, 4)
        assert not any(day.entries for day in days)


PLANS = st.lists(
    st.tuples(st.integers(-9, 9), st.none() | st.integers(-9, 9), st.integers(1, 3)), max_size=12
)
WEEK_48 = Span(Scale.WEEK, date(2026, 11, 23))


class TestTelling:
    @given(PLANS)
    def test_what_is_told_to_go_otherwise_are_the_ghosts_and_arrivals_that_are_drawn(
        self, plans: list[tuple[int, int | None, int]]
    ) -> None:
        """A post that moves within the span is drawn twice, and told once, by its ghost."""
        drawn: list[Entry] = []
        for number, (due, goes, post) in enumerate(plans):
            at = None if goes is None else DUE + timedelta(days=goes)
            outcome = Outcome.HELD if goes is None else Outcome.SENT
            planned = entry(DUE + timedelta(days=due), number, post=post)
            drawn += foretold(planned, Forecast(outcome, at, CAP))
        shown = [
            each
            for day in arranged(merged(drawn), WEEK_48, CHICAGO, 99)
            for each in day.entries
            if each.fate.is_ghost or each.fate is Fate.ARRIVES
        ]
        told = [each for each in told_once(merged(drawn), WEEK_48, CHICAGO) if goes_otherwise(each)]
        ghosts = {number for each in shown if each.fate.is_ghost for number in each.ids}
        twice = [
            each for each in shown if each.fate is Fate.ARRIVES and ghosts.issuperset(each.ids)
        ]
        assert len(told) == len(shown) - len(twice)
        numbers = [number for each in told for number in each.ids]
        assert len(numbers) == len(set(numbers))
        assert set(numbers) == {number for each in shown for number in each.ids}

    def test_a_post_without_a_time_goes_as_planned_whenever_it_is_allowed(self) -> None:
        (arrival,) = foretold(entry(None), Forecast(Outcome.SENT, DUE))
        assert not goes_otherwise(arrival)


class TestMerging:
    def test_accounts_of_a_post_are_one_entry_unless_they_differ(self) -> None:
        entries = [entry(DUE, 1), entry(DUE, 2), entry(DUE, 3, fate=Fate.HELD)]
        assert [each.ids for each in merged(entries)] == [(3,), (1, 2)]

    def test_another_post_or_another_time_is_another_entry(self) -> None:
        entries = [entry(DUE, 1), entry(DUE, 2, post=2), entry(DUE + timedelta(minutes=1), 3)]
        assert [each.ids for each in merged(entries)] == [(1,), (2,), (3,)]

    def test_ghosts_that_go_at_other_times_are_apart(self) -> None:
        late = [Forecast(Outcome.SENT, DUE + timedelta(days=each), SHORT) for each in (1, 1, 2)]
        ghosts = [foretold(entry(DUE, number), each)[0] for number, each in enumerate(late)]
        assert [each.ids for each in merged(ghosts)] == [(0, 1), (2,)]

    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
    def test_no_delivery_is_lost(self, given_: list[tuple[int, int]]) -> None:
        entries = [
            entry(DUE + timedelta(minutes=minute), number, post=post)
            for number, (minute, post) in enumerate(given_)
        ]
        ids = [number for each in merged(entries) for number in each.ids]
        assert sorted(ids) == list(range(len(given_)))


class TestForecast:
    def test_what_goes_as_planned_goes(self) -> None:
        found = foretold(entry(DUE), Forecast(Outcome.SENT, DUE + timedelta(seconds=20)))
        assert [(each.at, each.fate) for each in found] == [(DUE, Fate.GOES)]

    def test_what_hangs_on_a_person_may_go(self) -> None:
        doubt = Uncertainty(HangsOn.APPROVAL)
        found = foretold(entry(DUE), Forecast(Outcome.SENT, DUE, uncertainty=doubt))
        assert [each.fate for each in found] == [Fate.MAY_GO]

    @pytest.mark.parametrize(
        ("reason", "ghost"), [(SHORT, Fate.WAITS), (CAP, Fate.MOVES), (None, Fate.WAITS)]
    )
    def test_what_goes_later_is_a_ghost_and_arrives(
        self, reason: BelowRatio | CapReached | None, ghost: Fate
    ) -> None:
        later = DUE + timedelta(days=2)
        found = foretold(entry(DUE), Forecast(Outcome.SENT, later, reason))
        assert [(each.at, each.fate, each.due_at) for each in found] == [
            (DUE, ghost, None),
            (later, Fate.ARRIVES, DUE),
        ]

    @pytest.mark.parametrize(
        ("outcome", "fate"),
        [
            (Outcome.HELD, Fate.WAITS),
            (Outcome.MISSED, Fate.MISSES),
            (Outcome.EXPIRED, Fate.EXPIRES),
            (Outcome.REFUSED, Fate.REFUSED),
        ],
    )
    def test_what_does_not_go_is_a_ghost_alone(self, outcome: Outcome, fate: Fate) -> None:
        found = foretold(entry(DUE), Forecast(outcome, None, SHORT))
        assert [(each.at, each.fate) for each in found] == [(DUE, fate)]

    def test_what_waits_to_be_allowed_only_arrives(self) -> None:
        found = foretold(entry(None), Forecast(Outcome.SENT, DUE))
        assert [(each.at, each.fate, each.due_at) for each in found] == [(DUE, Fate.ARRIVES, None)]

    def test_nothing_is_foretold_of_what_no_play_has_reached(self) -> None:
        assert foretold(entry(DUE), None) == (entry(DUE),)
