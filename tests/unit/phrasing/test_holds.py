"""Why a delivery waits: every sentence, word for word. The reasons are those that tests of the gate
come by.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.approval import Approval
from crosspromo.domain.pauses import Pause
from crosspromo.domain.permissions import Lack, Scope, Why
from crosspromo.domain.photos import PhotoLack, WhyNot
from crosspromo.domain.reasons import Recorded, holds
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.phrasing.holds import of_hold

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
MIDNIGHT = datetime(2026, 4, 23, 5, 0, tzinfo=UTC)
BELOW = holds.BelowRatio(
    whole=False, others=4, self_=2, target="3:1", window="28d", joint=False, needed=5
)
COLD = BELOW._replace(others=0, self_=0, needed=3)

SENTENCES: tuple[tuple[HoldReason, datetime | None, str], ...] = (
    (
        holds.Paused(Pause(None, "the chair", NOW, "storm")),
        None,
        "Everything was paused by the chair at Wed 2026-04-22 09:00: storm",
    ),
    (
        holds.Paused(Pause("x-main", "the chair", NOW, "storm")),
        None,
        "x-main was paused by the chair at Wed 2026-04-22 09:00: storm",
    ),
    (
        holds.AccountAtFault("the password was refused"),
        None,
        "x-main needs attention: the password was refused.",
    ),
    (
        holds.AccountAtFault("You are not permitted to perform this action."),
        None,
        "x-main needs attention: You are not permitted to perform this action.",
    ),
    (
        holds.ApprovalMissing(Approval(needed=1, author="the editor")),
        None,
        "It needs the approval of one person, not the editor, who wrote it.",
    ),
    (
        holds.Blackout(date(2026, 4, 22), date(2026, 4, 22), None, "Earth Day silence"),
        MIDNIGHT,
        (
            "x-main: nothing goes out on 2026-04-22 (Earth Day silence); "
            "it can go from Thu 2026-04-23 00:00."
        ),
    ),
    (
        holds.Blackout(date(2026, 4, 20), date(2026, 4, 25), "river-keepers", None),
        datetime(2026, 4, 26, 5, 0, tzinfo=UTC),
        (
            "x-main: nothing about river-keepers from 2026-04-20 to 2026-04-25; "
            "it can go from Sun 2026-04-26 00:00."
        ),
    ),
    (
        holds.Mourning(date(2026, 9, 11), date(2026, 9, 11), "Patriot Day"),
        datetime(2026, 9, 12, 5, 0, tzinfo=UTC),
        (
            "x-main: 2026-09-11 is Patriot Day, a day of mourning that you keep: no post about "
            "ourselves goes out, and none that celebrates or asks; it can go from "
            "Sat 2026-09-12 00:00."
        ),
    ),
    (
        holds.CapReached(most=2, days=1),
        MIDNIGHT,
        "x-main: 2 posts went out today and max_per_day is 2; it can go from Thu 2026-04-23 00:00.",
    ),
    (
        holds.CapReached(most=1, days=1),
        None,
        "x-main: 1 post went out today and max_per_day is 1.",
    ),
    (
        holds.CapReached(most=2, days=7),
        NOW + timedelta(days=4),
        (
            "x-main: 2 posts went out in the last 7 days and max_per_week is 2; "
            "it can go from Sun 2026-04-26 09:00."
        ),
    ),
    (
        holds.GapTooShort(last=NOW - timedelta(minutes=30), least=timedelta(minutes=90)),
        NOW + timedelta(hours=1),
        (
            "x-main: the last post went out at Wed 2026-04-22 08:30 and min_gap is 90 minutes; "
            "it can go from Wed 2026-04-22 10:00."
        ),
    ),
    (
        holds.InQuietHours("21:00-07:00"),
        datetime(2026, 4, 23, 12, 0, tzinfo=UTC),
        "x-main: it is quiet from 21:00-07:00; it can go from Thu 2026-04-23 07:00.",
    ),
    (
        holds.OverBudget(cost=0.2, left=0.1, most=20.0),
        datetime(2026, 5, 1, 5, 0, tzinfo=UTC),
        (
            "x-main: this post costs $0.200 and $0.100 is left of the month's $20.00; "
            "it can go from Fri 2026-05-01 00:00."
        ),
    ),
    (
        holds.RateLimited(),
        NOW + timedelta(minutes=15),
        "x-main: its network takes nothing more before Wed 2026-04-22 09:15.",
    ),
    (
        holds.PermissionLacking(
            (
                Lack(Scope.TAG, "river", "River Keepers", "x", Why.MISSING),
                Lack(Scope.LOGO, "river", "River Keepers", "x", Why.OTHER_NETWORK),
                Lack(Scope.PHOTO, "river", "River Keepers", "x", Why.EXPIRED, date(2026, 4, 1)),
                Lack(Scope.QUOTE, "river", "River Keepers", "x", Why.WITHDRAWN, date(2026, 4, 2)),
            )
        ),
        None,
        (
            "x-main: River Keepers has not agreed to be tagged; River Keepers agreed to have their "
            "logo shown, but not on x; River Keepers agreed to have a photo of theirs shown until "
            "2026-04-01, and that day is over; River Keepers no longer agrees to be quoted, since "
            "2026-04-02."
        ),
    ),
    (
        holds.PhotoConsentLacking(
            (
                PhotoLack("a.jpg", "Sam", "x", WhyNot.REFUSED),
                PhotoLack("a.jpg", "Kim", "x", WhyNot.WITHDRAWN, date(2026, 4, 2)),
                PhotoLack("a.jpg", "Ana", "x", WhyNot.EXPIRED, date(2026, 4, 1)),
                PhotoLack("a.jpg", "Dan", "x", WhyNot.OTHER_NETWORK),
                PhotoLack("a.jpg", "Lou", "x", WhyNot.NO_GUARDIAN),
            )
        ),
        None,
        (
            "x-main: Sam, who is on a.jpg, did not agree that it is shown; Kim, who is on a.jpg, "
            "no longer agrees that it is shown, since 2026-04-02; Ana, who is on a.jpg, agreed "
            "until 2026-04-01, and that day is over; Dan, who is on a.jpg, agreed, but not for x; "
            "Lou, who is on a.jpg, is a minor, and no guardian has agreed."
        ),
    ),
    (
        holds.PartnerLimitReached("River Keepers", 2, 30),
        NOW + timedelta(hours=2),
        (
            "x-main: River Keepers agreed to at most 2 posts in 30 days; it can go from "
            "Wed 2026-04-22 11:00."
        ),
    ),
    (
        holds.PartnerNoticeRuns("River Keepers", 48),
        NOW + timedelta(hours=2),
        (
            "x-main: River Keepers asked for 48 hours of notice after queueing; it can go from "
            "Wed 2026-04-22 11:00."
        ),
    ),
    (holds.RateLimited(), None, "x-main: its network takes nothing more for a while."),
    (
        holds.WaitsForTurn(None),
        NOW + timedelta(hours=2),
        (
            "x-main: posts that were late or held go out one per slot, "
            "this one at Wed 2026-04-22 11:00."
        ),
    ),
    (
        holds.WaitsForTurn(timedelta(minutes=15)),
        NOW + timedelta(minutes=30),
        (
            "x-main: posts that were late or held go out 15 minutes apart, "
            "this one at Wed 2026-04-22 09:30."
        ),
    ),
    (
        holds.WaitsForTurn(None),
        None,
        "x-main: posts that were late or held go out one per slot.",
    ),
    (
        BELOW,
        datetime(2026, 5, 1, 1, 30, tzinfo=UTC),
        (
            "x-main shared others 4 times and itself 2 times in the last 28 days; at 3:1 this post "
            "needs 5 more partner posts, or waits until Thu 2026-04-30 20:30, when older posts "
            "leave the window (4 x 1 >= 3 x (2 + 1) is not so)."
        ),
    ),
    (
        BELOW._replace(others=1, self_=1, target="3:2", window="20 posts", needed=2),
        None,
        (
            "x-main shared others once and itself once in the last 20 posts; at 3:2 this post "
            "needs 2 more partner posts (1 x 2 >= 3 x (1 + 1) is not so)."
        ),
    ),
    (
        COLD,
        None,
        (
            "x-main shared others 0 times and itself 0 times in the last 28 days; at 3:1 this post "
            "needs 3 more partner posts (0 x 1 >= 3 x (0 + 1) is not so)."
        ),
    ),
    (
        COLD._replace(joint=True, needed=2),
        None,
        (
            "x-main shared others 0 times and itself 0 times in the last 28 days; at 3:1 this post "
            "needs 2 more partner posts ((0 + 1) x 1 >= 3 x (0 + 1) is not so)."
        ),
    ),
    (
        BELOW._replace(whole=True, others=1, self_=1, target="1:1", window="7d", needed=1),
        NOW + timedelta(days=7),
        (
            "The organisation shared others once and itself once in the last 7 days; at 1:1 this "
            "post needs 1 more partner post, or waits until Wed 2026-04-29 09:00, when older posts "
            "leave the window (1 x 1 >= 1 x (1 + 1) is not so)."
        ),
    ),
    (
        Recorded("gap", "x-main: it is too soon."),
        NOW,
        "x-main: it is too soon.",
    ),
)


@pytest.mark.parametrize(("reason", "until", "sentence"), SENTENCES)
def test_a_hold_says_why_and_until_when(
    reason: HoldReason, until: datetime | None, sentence: str
) -> None:
    assert of_hold(reason, until, "x-main", CHICAGO) == sentence


def test_no_hold_is_left_out() -> None:
    assert {type(reason) for reason, _, _ in SENTENCES} == {*holds.CODES, Recorded}
