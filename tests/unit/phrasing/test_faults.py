"""Why a delivery did not go out: every sentence, word for word."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.permissions import Scope
from crosspromo.domain.reasons import Recorded, faults
from crosspromo.domain.reasons.faults import FaultReason, Part, WhyDraft
from crosspromo.phrasing.faults import of_fault

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
HOUR = timedelta(hours=1)
WENT_OUT = EarlierDelivery(3, "x-main", NOW, NOW - timedelta(days=2))
WAITS = EarlierDelivery(4, "x-main", NOW + timedelta(days=1), None)

SENTENCES: tuple[tuple[FaultReason, str], ...] = (
    (faults.NotSent("connection refused"), "connection refused"),
    (faults.Rejected("too-long", "too long for us"), "too long for us"),
    (faults.InDoubt("the connector failed: KeyError"), "the connector failed: KeyError"),
    (faults.ByHand("waits for a person to post it"), "waits for a person to post it"),
    (faults.Expired(NOW), "It expired at Wed 2026-04-22 09:00."),
    (
        faults.Missed(NOW - HOUR - timedelta(seconds=1), HOUR + timedelta(seconds=1), HOUR),
        (
            "It was due at Wed 2026-04-22 07:59 and nothing could send it until now, 61 minutes "
            "later; late_after allows 60 minutes."
        ),
    ),
    (
        faults.Missed(NOW - timedelta(seconds=5), timedelta(seconds=5), timedelta(0)),
        (
            "It was due at Wed 2026-04-22 08:59 and nothing could send it until now, 5 seconds "
            "later; late_after allows 0 minutes."
        ),
    ),
    (
        faults.LegallyBarred(("Votes Now",)),
        (
            "Votes Now is a candidate or a 527 group, and a 501(c)(3) organisation must not share "
            "posts of such; there is no way around this."
        ),
    ),
    (
        faults.LegallyBarred(("A. Candidate", "Votes Now")),
        (
            "A. Candidate, Votes Now are candidates or 527 groups, and a 501(c)(3) organisation "
            "must not share posts of such; there is no way around this."
        ),
    ),
    (
        faults.SameTextSent(WENT_OUT),
        (
            "x-main: delivery 3 says the same and went out at Mon 2026-04-20 09:00; "
            "the same text goes to an account once in 30 days."
        ),
    ),
    (
        faults.SameTextSent(WAITS),
        (
            "x-main: delivery 4 says the same and is queued for Thu 2026-04-23 09:00; "
            "the same text goes to an account once in 30 days."
        ),
    ),
    (
        faults.SameTextSent(WENT_OUT, nearly=True),
        (
            "x-second: delivery 3 on x-main says the same, or nearly, and went out at "
            "Mon 2026-04-20 09:00; X forbids that on two accounts. Say it in other words, or on "
            "one of them only."
        ),
    ),
    (faults.TurnedDown("kim", "the date is wrong"), "kim rejected it: the date is wrong"),
    (faults.EventCancelled("river-cleanup"), "river-cleanup was cancelled"),
    (
        faults.EventMoved("river-cleanup", NOW, NOW + timedelta(days=1)),
        "river-cleanup was moved from Wed 2026-04-22 09:00 to Thu 2026-04-23 09:00",
    ),
    (
        faults.CorrectionOutdated("walk"),
        "walk changed again before this correction went out",
    ),
    (
        faults.StepPassed("walk", "week", date(2026, 4, 15)),
        "walk was moved, and the day of the step week, Wed 2026-04-15, has passed",
    ),
    (
        faults.EventChanged("walk", (Part.START,), WhyDraft.SILENT),
        (
            "walk has another time: at its new time it would be held until it has expired; give it "
            "another time."
        ),
    ),
    (
        faults.EventChanged("walk", (Part.PLACE, Part.START), WhyDraft.PINNED),
        (
            "walk has another place and time: the text is new; whether its time is still right, a "
            "person has to say."
        ),
    ),
    (
        faults.EventChanged("walk", (Part.TITLE,), WhyDraft.BY_HAND, would_say="Walk\n9 am"),
        (
            "walk has another title: a person wrote the text, so it is as it was. Its template "
            "would say now: “Walk 9 am”"
        ),
    ),
    (
        faults.EventChanged("walk", (Part.TITLE,), WhyDraft.NOT_RENEWED, "text-too-long"),
        (
            "walk has another title: the text is as it was, since no new one can be made "
            "(text-too-long)."
        ),
    ),
    (
        faults.PermissionWithdrawn(Scope.QUOTE, "River Keepers", "ana", "they left X"),
        "River Keepers no longer agrees to be quoted (ana: they left X)",
    ),
    (
        faults.PhotoConsentWithdrawn("river.jpg", "Sam Lee", "ana", "his mother called"),
        ("Sam Lee, who is on river.jpg, does not agree that it is shown (ana: his mother called)"),
    ),
    (Recorded("missed", "It was due long ago."), "It was due long ago."),
)


@pytest.mark.parametrize(("reason", "sentence"), SENTENCES)
def test_a_fault_says_what_happened(reason: FaultReason, sentence: str) -> None:
    assert of_fault(reason, "x-second", CHICAGO) == sentence


def test_no_fault_is_left_out() -> None:
    assert {type(reason) for reason, _ in SENTENCES} == {*faults.CODES, Recorded}


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (faults.NotSent("no"), "no"),
        (faults.Rejected("x-403", "no"), "no"),
        (faults.InDoubt("no"), "no"),
        (faults.ByHand("no"), "no"),
        (faults.Expired(NOW), None),
        (faults.LegallyBarred(("Votes Now",)), None),
        (Recorded("rejected", "no"), None),
    ],
)
def test_only_a_network_has_words_of_its_own(reason: FaultReason, words: str | None) -> None:
    assert faults.words_of(reason) == words


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (faults.Rejected("x-403", "no"), "x-403"),
        (Recorded("by-older-hands", "no"), "by-older-hands"),
        (faults.InDoubt("no"), "unknown"),
        (faults.LegallyBarred(("Votes Now",)), "legal"),
    ],
)
def test_a_connector_and_an_older_version_give_codes_of_their_own(
    reason: FaultReason, code: str
) -> None:
    assert faults.code_of(reason) == code
