"""What Reddit's histories and refusals mean, without a Reddit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, cast

import pytest

from crosspromo.connectors.base import Absent, Found, LookUp, NotSent, Unclear
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.reddit.errors import refusal_of
from crosspromo.connectors.reddit.lookup import ALWAYS_READ, MOST_READ, search
from crosspromo.connectors.reddit.payloads import SelfPostPayload
from crosspromo.testing.clock import FakeClock

if TYPE_CHECKING:
    from praw.models import Submission

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
PAYLOAD = SelfPostPayload("test", "Come", "and see")


@dataclass(frozen=True)
class Shown:
    """A post as a history shows it; `age` is in minutes."""

    title: str = "Come"
    selftext: str = "and see"
    age: float = 0
    subreddit: str = "Test"
    edited: bool = False
    fullname: str = "t3_1"
    permalink: str = "/r/Test/comments/1/come/"

    @property
    def created_utc(self) -> float:
        return (NOW - timedelta(minutes=self.age)).timestamp()


def look(history: Iterable[Shown], ahead: timedelta | None = timedelta(0)) -> LookUp:
    """Look-up of an attempt at NOW; by Reddit's clock ours is ahead; None: not compared."""
    clock = NetworkClock(FakeClock(NOW))
    if ahead is not None:
        clock.learn({"date": format_datetime(NOW - ahead, usegmt=True)})
    return search(cast("Iterable[Submission]", history), PAYLOAD, clock, NOW)


OLD = Shown(age=60 * 25 + 2)
"""Older than a day and a minute: no look-up of this attempt reads it."""
OTHER = Shown(title="Another")


class TestAHistory:
    def test_tells_by_community_title_text_and_time(self) -> None:
        assert isinstance(look([Shown()]), Found)
        strangers = [OTHER, Shown(selftext="or not"), Shown(subreddit="tests"), OLD]
        assert look(strangers) == Absent()

    def test_counts_from_a_minute_before_the_attempt_and_is_unclear_for_a_day_before(self) -> None:
        assert isinstance(look([Shown(age=1)]), Found)
        assert isinstance(look([Shown(age=1.001)]), Unclear)
        assert isinstance(look([Shown(age=60 * 24 + 1)]), Unclear)
        assert look([Shown(age=60 * 24 + 1.001)]) == Absent()

    @pytest.mark.parametrize("minutes", [2.5, 60, 60 * 24 * 365])
    def test_goes_by_the_clock_of_reddit_where_ours_is_ahead(self, minutes: float) -> None:
        ahead = timedelta(minutes=minutes)
        assert isinstance(look([Shown(age=minutes)], ahead), Found)

    @pytest.mark.parametrize("ahead", [None, timedelta(seconds=61), timedelta(seconds=-61)])
    def test_proves_no_absence_where_the_clocks_disagree(self, ahead: timedelta | None) -> None:
        assert isinstance(look([], ahead), Unclear)
        assert isinstance(look([OTHER, OLD], ahead), Unclear)

    def test_proves_no_absence_with_a_post_from_the_future(self) -> None:
        assert look([replace(OTHER, age=-0.9)]) == Absent()
        assert isinstance(look([replace(OTHER, age=-1.1)]), Unclear)

    def test_may_begin_with_an_old_post_that_is_pinned(self) -> None:
        assert isinstance(look([OLD, Shown()]), Found)

    def test_is_read_no_further_than_needed(self) -> None:
        history = iter([OLD] * (ALWAYS_READ + 5))
        assert look(history) == Absent()
        assert len(list(history)) == 5

    @pytest.mark.parametrize("newer", [0, 1, ALWAYS_READ, MOST_READ - 1])
    def test_that_ends_shows_an_absence(self, newer: int) -> None:
        assert look([OTHER] * newer) == Absent()

    def test_that_goes_on_for_too_long_shows_nothing(self) -> None:
        assert isinstance(look([OTHER] * MOST_READ), Unclear)

    @pytest.mark.parametrize(
        "changed",
        [
            Shown(selftext="and see! (edited)", edited=True),
            Shown(selftext="[removed]"),
            Shown(selftext="[deleted]"),
        ],
    )
    def test_with_a_changed_post_is_unclear_unless_ours_is_there_too(self, changed: Shown) -> None:
        assert isinstance(look([changed, OLD]), Unclear)
        assert isinstance(look([changed, Shown()]), Found)


class TestTheWaitInARefusal:
    @pytest.mark.parametrize(
        ("sentence", "wait"),
        [
            ("try again in 1 second.", timedelta(seconds=1)),
            ("you are doing that too much. try again in 9 minutes.", timedelta(minutes=9)),
            ("Take a break for 2 hours before trying again.", timedelta(hours=2)),
            ("try again in 500 milliseconds", timedelta(milliseconds=500)),
            ("try again in 1 hour 5 minutes", timedelta(hours=1, minutes=5)),
            ("try again in 3 days", timedelta(days=3)),
            ("try again later", None),
            (None, None),
        ],
    )
    def test_is_read_from_its_sentence(self, sentence: str | None, wait: timedelta | None) -> None:
        refusal = refusal_of([["RATELIMIT", sentence, "ratelimit"]], "test", NOW)
        assert isinstance(refusal, NotSent)
        assert refusal.retry_at == (None if wait is None else NOW + wait)
        assert not refusal.account_fault

    def test_comes_before_other_refusals(self) -> None:
        errors = [["NO_TEXT", "we need something here", "title"], ["RATELIMIT", "1 minute", ""]]
        assert isinstance(refusal_of(errors, "test", NOW), NotSent)
