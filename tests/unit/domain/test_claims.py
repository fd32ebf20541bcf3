"""Claims of messages: of several workers one sends, whoever of them dies."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspromo.domain.claims import LATEST_RETRY, SOONEST_RETRY, TAKEN_OVER_AFTER, is_free
from crosspromo.domain.event_asks import Ask, EventAsk
from crosspromo.domain.notices import Telling
from crosspromo.domain.report_mails import ReportKey, ReportMail
from crosspromo.domain.sign_off_mails import SETTLES, SignOffMail, are_ready
from crosspromo.testing.clock import START

MINUTE = timedelta(minutes=1)


@dataclass
class Mail:
    """A message in the database, and when the server took it."""

    since: datetime | None = None
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    told_at: datetime | None = None
    arrived: list[timedelta] = field(default_factory=list)
    """How far the clock had gone by then, forward and back."""

    def is_free(self, now: datetime, *, doubles: bool) -> bool:
        since = self.since if doubles else None
        return self.told_at is None and is_free(now, self.claimed_by, self.claimed_at, since)


FATES = st.sampled_from(["taken", "refused", "dies before", "dies after"])
STEPS = st.lists(st.tuples(st.integers(-10, 90), FATES), max_size=40)


@given(steps=STEPS, doubles=st.booleans())
@example(steps=[(0, "dies after"), (4, "taken"), (1, "taken")], doubles=True)
@example(steps=[(0, "dies after"), (-5, "refused"), (5, "taken")], doubles=False)
def test_nothing_is_sent_while_nobody_knows_whether_it_went(
    steps: list[tuple[int, str]], *, doubles: bool
) -> None:
    """Workers look whenever they like; time passes in minutes, and may be set back."""
    now, gone, mail = START, timedelta(), Mail()
    for number, (minutes, fate) in enumerate(steps):
        now += minutes * MINUTE
        gone += abs(minutes) * MINUTE
        if not mail.is_free(now, doubles=doubles):
            continue
        assert mail.told_at is None, "what was told is never told again"
        mail.since, mail.claimed_by, mail.claimed_at = mail.since or now, f"w{number}", now
        if fate in {"taken", "dies after"}:
            mail.arrived.append(gone)
        if fate == "taken":
            mail.told_at = now
        if fate == "refused":
            mail.claimed_by = None
    for earlier, later in pairwise(mail.arrived):
        assert later - earlier >= TAKEN_OVER_AFTER


@given(st.lists(st.sampled_from(["refused", "dies before"]), max_size=12))
def test_whoever_dies_the_message_is_sent_within_the_hour(fates: list[str]) -> None:
    now, mail = START, Mail()
    for fate in fates:
        assert mail.is_free(now, doubles=True)
        mail.since, mail.claimed_at = mail.since or now, now
        mail.claimed_by = "worker" if fate == "dies before" else None
        now += LATEST_RETRY
    assert mail.is_free(now, doubles=True)


@pytest.mark.parametrize(
    ("tried_for", "wait"),
    [(0, SOONEST_RETRY), (10, 10 * MINUTE), (59, 59 * MINUTE), (600, LATEST_RETRY)],
)
def test_after_a_failure_the_wait_is_as_long_as_the_tries_took(
    tried_for: int, wait: timedelta
) -> None:
    failed_at = START + tried_for * MINUTE
    moment = timedelta(microseconds=1)
    assert is_free(failed_at + wait, None, failed_at, START)
    assert not is_free(failed_at + wait - moment, None, failed_at, START)


def test_what_nobody_tried_is_free() -> None:
    assert is_free(START, None, None)


@given(
    claimed_by=st.sampled_from([None, "worker"]),
    claimed=st.integers(0, 90),
    passed=st.integers(-90, 90),
)
def test_every_message_goes_by_the_one_rule(
    claimed_by: str | None, claimed: int, passed: int
) -> None:
    claimed_at = START + claimed * MINUTE
    now = claimed_at + passed * MINUTE
    doubling = is_free(now, claimed_by, claimed_at, START)
    plain = is_free(now, claimed_by, claimed_at)
    key = ReportKey("2026-03", "", "ana@keepers.example")
    assert ReportMail(key, START, claimed_by, claimed_at).may_be_claimed(now) == doubling
    telling = Telling("mail", "failed:1:1", START, claimed_by, claimed_at)
    assert telling.may_be_claimed(now) == doubling
    ask = EventAsk("walk", Ask.PARTNERS, "keepers", 0, claimed_by, claimed_at)
    assert ask.may_be_claimed(now) == plain
    seen_at = min(now, START) - SETTLES
    mail = SignOffMail(1, "keepers", "v", "d", seen_at, claimed_by, claimed_at)
    assert are_ready([mail], now) == plain
