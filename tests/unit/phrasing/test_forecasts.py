"""Forecasts in sentences, word for word: the time never stands behind a person's words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.approval import Approval
from crosspromo.domain.forecasts import Forecast, HangsOn, Outcome, Uncertainty
from crosspromo.domain.pauses import Pause
from crosspromo.domain.permissions import Lack, Scope, Why
from crosspromo.domain.photos import PhotoLack, WhyNot
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.phrasing.forecasts import of_forecast, of_uncertainty, reason_of

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
HOUR = timedelta(hours=1)
SHORT = holds.BelowRatio(
    whole=False, others=0, self_=0, target="1:1", window="28d", joint=False, needed=1
)

CLAUSES: tuple[tuple[HoldReason, str], ...] = (
    (SHORT, "1 partner post short"),
    (SHORT._replace(whole=True), "1 partner post short, over all accounts"),
    (
        holds.Paused(Pause("x-main", "root", NOW, "flood")),
        "x-main was paused by root at Wed 2026-04-22 09:00: flood",
    ),
    (
        holds.Paused(Pause(None, "root", NOW, "flood at 10:00.")),
        "everything was paused by root at Wed 2026-04-22 09:00: flood at 10:00",
    ),
    (
        holds.Paused(Pause("x-main", "root", NOW, None)),
        "x-main was paused by root at Wed 2026-04-22 09:00, who has not said why yet",
    ),
    (holds.AccountAtFault("log in anew."), "x-main needs attention: log in anew"),
    (
        holds.Blackout(date(2026, 4, 23), date(2026, 4, 24), None, "mourning"),
        "nothing goes out from 2026-04-23 to 2026-04-24 (mourning)",
    ),
    (
        holds.Mourning(date(2026, 4, 23), date(2026, 4, 24), "Days of Loss"),
        (
            "2026-04-23 to 2026-04-24 are Days of Loss, kept as mourning: no post about ourselves "
            "goes out, and none that celebrates or asks"
        ),
    ),
    (
        holds.PermissionLacking((Lack(Scope.TAG, "river", "River Keepers", "x", Why.MISSING),)),
        "River Keepers has not agreed to be tagged",
    ),
    (
        holds.PhotoConsentLacking((PhotoLack("a.jpg", "Sam", "x", WhyNot.REFUSED),)),
        "Sam, who is on a.jpg, did not agree that it is shown",
    ),
    (
        holds.PartnerLimitReached("River Keepers", 1, 7),
        "River Keepers agreed to at most 1 post in 7 days",
    ),
    (
        holds.PartnerNoticeRuns("River Keepers", 1),
        "River Keepers asked for 1 hour of notice after queueing",
    ),
    (holds.CapReached(2, 1), "2 posts went out today and max_per_day is 2"),
    (
        holds.GapTooShort(NOW, HOUR),
        "the last post went out at Wed 2026-04-22 09:00 and min_gap is 60 minutes",
    ),
    (holds.InQuietHours("21:00-07:00"), "it is quiet from 21:00-07:00"),
    (
        holds.OverBudget(0.015, 0.01, 5.0),
        "this post costs $0.015 and $0.010 is left of the month's $5.00",
    ),
    (holds.RateLimited(), "x-main: its network takes nothing more for a while"),
    (holds.WaitsForTurn(None), "posts that were late or held go one per slot"),
)


@pytest.mark.parametrize(("reason", "clause"), CLAUSES)
def test_a_hold_to_come_has_its_time_before_the_reason(reason: HoldReason, clause: str) -> None:
    held = f"At Wed 2026-04-22 10:00 it will be held: {clause}."
    assert _said(Forecast(Outcome.HELD, None, reason, NOW + HOUR)) == held
    goes = Forecast(Outcome.SENT, NOW + 2 * HOUR, reason, NOW + HOUR)
    assert _said(goes) == f"{held} It should go at Wed 2026-04-22 11:00."
    expires = Forecast(Outcome.EXPIRED, NOW + 2 * HOUR, reason, NOW + HOUR)
    assert _said(expires) == f"{held} It will expire at Wed 2026-04-22 11:00."


@pytest.mark.parametrize(("reason", "clause"), CLAUSES)
def test_a_present_hold_ends_with_its_reason(reason: HoldReason, clause: str) -> None:
    assert _said(Forecast(Outcome.HELD, None, reason)) == f"It stays held: {clause}."
    goes = Forecast(Outcome.SENT, NOW, reason)
    assert _said(goes) == f"It is held: {clause}. It should go at Wed 2026-04-22 09:00."
    expires = Forecast(Outcome.EXPIRED, NOW, reason)
    assert _said(expires) == f"It is held: {clause}. It will expire at Wed 2026-04-22 09:00."


def test_every_hold_has_a_clause() -> None:
    said = {type(reason) for reason, _ in CLAUSES}
    assert said == set(holds.CODES) - {holds.ApprovalMissing}


def test_a_missing_approval_is_told_within_the_sentence() -> None:
    approval = Approval(1, "ana")
    told = _said(Forecast(Outcome.HELD, None, holds.ApprovalMissing(approval)))
    assert told.startswith("It stays held: it needs ")


UNSENT: tuple[tuple[Forecast, str], ...] = (
    (
        Forecast(Outcome.MISSED, NOW, faults.Missed(NOW - 2 * HOUR, 2 * HOUR, HOUR)),
        "It will be missed: due at Wed 2026-04-22 07:00, and 120 minutes late.",
    ),
    (
        Forecast(Outcome.EXPIRED, NOW, faults.Expired(NOW)),
        "It will expire at Wed 2026-04-22 09:00.",
    ),
    (
        Forecast(Outcome.REFUSED, NOW, faults.NotSent("no line")),
        "It will be refused: no line.",
    ),
)


@pytest.mark.parametrize(("forecast", "sentence"), UNSENT)
def test_what_ends_unsent_begins_with_its_end(forecast: Forecast, sentence: str) -> None:
    assert _said(forecast) == sentence


def test_a_doubt_has_a_sentence_of_its_own() -> None:
    pause: HoldReason | FaultReason = CLAUSES[2][0]
    doubt = Uncertainty(HangsOn.PAUSE)
    assert _said(Forecast(Outcome.HELD, None, pause, NOW + HOUR, doubt)) == (
        "At Wed 2026-04-22 10:00 it will be held: x-main was paused by root at "
        "Wed 2026-04-22 09:00: flood. Not certain: a person may end the pause before, or later."
    )


def _said(forecast: Forecast) -> str:
    said = of_forecast(forecast, "x-main", CHICAGO)
    assert reason_of(forecast, "x-main", CHICAGO) == said
    return said


def test_a_doubt_about_another_post_names_it() -> None:
    other = Uncertainty(HangsOn.DOUBT, 12, "x-main")
    assert of_uncertainty(other) == "it is not known whether delivery 12 on x-main went out"
    assert of_uncertainty(Uncertainty(HangsOn.DOUBT)) == "it is not known whether it went out"
