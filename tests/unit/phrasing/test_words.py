"""Numbers, lengths of time, approvals and pauses, word for word."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.approval import Approval
from crosspromo.domain.pauses import Pause
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.words import elapsed, length, of_approval, of_pause, times

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
ONE = Approval(needed=1, author="The Editor")
TWO = Approval(needed=2, author="The Editor")
BOTH = ("food-bank", "river-keepers")


def test_one_of_something_is_not_two() -> None:
    assert [plural(count, "row") for count in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
    assert [plural(count, "reply", "replies") for count in (1, 2)] == ["1 reply", "2 replies"]
    assert [times(count) for count in (0, 1, 2)] == ["0 times", "once", "2 times"]


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(0), "0 minutes"),
        (timedelta(microseconds=1), "1 second"),
        (timedelta(seconds=5), "5 seconds"),
        (timedelta(seconds=59, microseconds=1), "60 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=60), "60 minutes"),
        (timedelta(hours=1, seconds=1), "61 minutes"),
        (timedelta(days=1), "1440 minutes"),
    ],
)
def test_a_minute_that_has_begun_counts_and_below_one_a_second(
    passed: timedelta, words: str
) -> None:
    assert elapsed(passed) == words


@pytest.mark.parametrize(
    ("set_to", "words"),
    [
        (timedelta(0), "0 minutes"),
        (timedelta(seconds=2), "2 seconds"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(milliseconds=250), "250 milliseconds"),
        (timedelta(minutes=90), "90 minutes"),
    ],
)
def test_a_length_that_was_set_reads_as_it_was_set(set_to: timedelta, words: str) -> None:
    assert length(set_to) == words


@pytest.mark.parametrize(
    ("approval", "sentence"),
    [
        (Approval(needed=0, author="The Editor"), "Nobody has to approve it."),
        (ONE, "It needs the approval of one person, not The Editor, who wrote it."),
        (
            Approval(1, "The Editor", people=("the chair",)),
            "It was approved by the chair.",
        ),
        (TWO, "It needs the approval of two people, not The Editor, who wrote it."),
        (
            Approval(2, "The Editor", people=("the chair",)),
            (
                "the chair approved it; it needs the approval of one more person, "
                "not the chair or The Editor, who wrote it."
            ),
        ),
        (
            Approval(2, "The Editor", people=("the chair", "the treasurer")),
            "It was approved by the chair and the treasurer.",
        ),
        (
            Approval(1, "The Editor", people=("the chair",), partners_asked=("river-keepers",)),
            "the chair approved it; it needs the sign-off of river-keepers.",
        ),
        (
            Approval(1, "The Editor", partners_asked=BOTH),
            (
                "It needs the approval of one person, not The Editor, who wrote it, the sign-off "
                "of food-bank and the sign-off of river-keepers."
            ),
        ),
        (
            Approval(0, "The Editor", partners_asked=BOTH, partners=("food-bank",)),
            "food-bank approved it; it needs the sign-off of river-keepers.",
        ),
        (
            Approval(
                0, "The Editor", partners_asked=("river-keepers",), partners=("river-keepers",)
            ),
            "It was approved by river-keepers.",
        ),
        (
            Approval(1, "The Editor", ("the chair",), BOTH, BOTH),
            "It was approved by the chair, food-bank and river-keepers.",
        ),
    ],
)
def test_an_approval_says_who_agreed_or_who_has_to(approval: Approval, sentence: str) -> None:
    assert of_approval(approval) == sentence


@pytest.mark.parametrize(
    ("approval", "sentence"),
    [
        (Approval(needed=0, author="The Editor"), "Nobody has to approve them."),
        (ONE, "They need the approval of one person, not The Editor, who wrote them."),
        (Approval(1, "The Editor", people=("the chair",)), "They were approved by the chair."),
        (
            Approval(1, "The Editor", people=("the chair",), partners_asked=("river-keepers",)),
            "the chair approved them; they need the sign-off of river-keepers.",
        ),
    ],
)
def test_an_approval_of_several_deliveries_is_said_of_them(
    approval: Approval, sentence: str
) -> None:
    assert of_approval(approval, several=True) == sentence


@pytest.mark.parametrize(
    ("pause", "sentence"),
    [
        (
            Pause("x-main", "the chair", AT, "we are impersonated"),
            "x-main was paused by the chair at Wed 2026-04-22 09:00: we are impersonated",
        ),
        (
            Pause(None, "the chair", AT, "the river has flooded"),
            "Everything was paused by the chair at Wed 2026-04-22 09:00: the river has flooded",
        ),
        (
            Pause("x-main", "the chair", AT, None),
            "x-main was paused by the chair at Wed 2026-04-22 09:00, who has not said why yet",
        ),
    ],
)
def test_a_pause_says_who_when_and_why(pause: Pause, sentence: str) -> None:
    assert of_pause(pause, CHICAGO) == sentence
