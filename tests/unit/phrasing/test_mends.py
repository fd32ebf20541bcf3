"""What a person can do about a reason, where that hangs on its values or on the delivery."""

from datetime import UTC, datetime, timedelta

import pytest
from exact import exact

from crosspromo.domain.approval import Approval
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import ConfigError, CrosspromoError, QueueingError, TemplateError
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.reasons import Recorded, faults, holds, inputs, not_found, queueing, state
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.domain.states import State
from crosspromo.phrasing import mends, refusal_mends
from crosspromo.phrasing.mends import Field, Mend

AT = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
BELOW = holds.BelowRatio(
    whole=False, others=0, self_=0, target="3:1", window="28d", joint=False, needed=3
)


def delivery(now: State, *, needs_person: bool = False) -> Delivery:
    return Delivery(
        id=7,
        post=1,
        account="x-main",
        network="x",
        kind=Kind.OWN,
        state=now,
        credit=Credit.SELF,
        content=Content("Hello"),
        due_at=AT,
        pinned=False,
        needs_person=needs_person,
    )


HELD: tuple[tuple[HoldReason, Mend | None], ...] = (
    (holds.Paused(Pause("x-main", "kim", AT, "storm")), mends.Resume("x-main")),
    (holds.Paused(Pause(None, "kim", AT, "storm")), mends.Resume(None)),
    (holds.ApprovalMissing(Approval(needed=1, author="ana")), mends.Approve(7)),
    (
        holds.ApprovalMissing(
            Approval(0, "ana", partners_asked=("food-bank", "river"), partners=("river",))
        ),
        mends.Approve(7, ("food-bank",)),
    ),
    (BELOW, mends.ShareOthers("x-main")),
    (BELOW._replace(whole=True), mends.ShareOthers(None)),
    (holds.RateLimited(), None),
    (Recorded("account", "It is locked."), mends.VerifyAccount("x-main")),
    (Recorded("approval", "Nobody approved it."), mends.Approve(7)),
    (Recorded("ratio", "3 more."), mends.ShareOthers("x-main")),
    (Recorded("floor", "3 more."), mends.ShareOthers(None)),
    (Recorded("paused", "Everything was paused."), None),  # by whom and over what nobody knows
    (Recorded("gap", "It is too soon."), None),
)


@pytest.mark.parametrize(("reason", "mend"), HELD)
def test_what_ends_a_hold(reason: HoldReason, mend: Mend | None) -> None:
    assert exact(mends.of_hold(reason, delivery(State.QUEUED))) == exact(mend)


BEFALLEN: tuple[tuple[FaultReason, State, Mend | None], ...] = (
    (faults.Rejected("too-long", "no"), State.FAILED, mends.Retry(7)),
    (faults.Rejected("too-long", "no"), State.QUEUED, None),  # somebody tries it again already
    (faults.Missed(AT, timedelta(hours=2), timedelta(hours=1)), State.MISSED, mends.Move(7)),
    (faults.Missed(AT, timedelta(hours=2), timedelta(hours=1)), State.QUEUED, None),
    (faults.ByHand("post it"), State.UNKNOWN, mends.MarkPosted(7)),
    (faults.EventMoved("cleanup", AT, AT), State.CANCELLED, mends.QueueEvent("cleanup")),
    (faults.EventCancelled("cleanup"), State.CANCELLED, None),
    (faults.NotSent("refused"), State.QUEUED, None),  # it goes by itself
    (faults.LegallyBarred(("Votes Now",)), State.FAILED, None),  # there is no way around it
    (Recorded("missed", "It was due."), State.MISSED, mends.Move(7)),
    (Recorded("too-long", "no"), State.FAILED, mends.Retry(7)),
    (Recorded("event-cancelled", "cleanup was cancelled"), State.CANCELLED, None),
)


@pytest.mark.parametrize(("reason", "now", "mend"), BEFALLEN)
def test_what_brings_a_delivery_on_its_way(
    reason: FaultReason, now: State, mend: Mend | None
) -> None:
    assert exact(mends.of_fault(reason, delivery(now))) == exact(mend)


@pytest.mark.parametrize("reason", [faults.InDoubt("timed out"), Recorded("unknown", "timed out")])
def test_a_doubt_is_for_a_person_only_once_the_network_has_not_settled_it(
    reason: FaultReason,
) -> None:
    assert mends.of_fault(reason, delivery(State.UNKNOWN)) is None
    asked = mends.of_fault(reason, delivery(State.UNKNOWN, needs_person=True))
    assert exact(asked) == exact(mends.Resolve(7))


REFUSED: tuple[tuple[Refusal, Mend | None], ...] = (
    (inputs.ReasonMissing(Act.DISMISS), mends.ChangeField(Field.REASON)),
    (inputs.ReasonMissing(Act.ALLOW_DUPLICATE), mends.ChangeField(Field.ALLOW_DUPLICATE)),
    (queueing.TextTooLong("x-main", 9, 289, 280), mends.ChangeField(Field.TEXT)),
    (
        queueing.TextTooLong("x-main", 9, 289, 280, may_thread=True),
        mends.ChangeField(Field.THREAD),
    ),
    (queueing.AltTextMissing("river.png"), mends.ChangeField(Field.ALT)),
    (queueing.AltTextTooLong("x-main", "river.png", 1_001, 1_000), mends.ChangeField(Field.ALT)),
    (queueing.ImageMustBeAlone("x-main", "wave.gif"), mends.ChangeField(Field.IMAGE)),
    (queueing.TitleTooLong("reddit-main", 4, 304, 300), mends.ChangeField(Field.TITLE)),
    (queueing.AfterEventStart("x-main", AT, AT), mends.ChangeField(Field.AT)),
    (inputs.NoFreeSlot(), mends.ChangeField(Field.AT)),
    (inputs.BalanceExists("x-main", 12, 3, AT, "by hand"), mends.ReportOutside()),
    (not_found.NoSuchPartner("river"), mends.ListPartners()),
    (not_found.NoSuchPartner("river", ("river-keepers",)), None),  # the sentence asks already
    (not_found.NoWorkspace(), mends.MakeWorkspace(None)),
    (not_found.NoWorkspace("here"), mends.MakeWorkspace("here")),
    (state.NotPaused(None), mends.ResumeAnAccount()),
    (state.NotPaused("x-main"), None),  # it goes already
    (state.NotPaused("x-main", by_everything=True), mends.Resume(None)),
    (state.PausedJustNow("it was copied"), mends.ResumeInDoubt(None)),
)


@pytest.mark.parametrize(("reason", "mend"), REFUSED)
def test_what_lets_an_act_be_done_after_all(reason: Refusal, mend: Mend | None) -> None:
    assert exact(refusal_mends.of_refusal(reason)) == exact(mend)


@pytest.mark.parametrize(
    ("error", "mend", "found"),
    [
        (ConfigError("it is broken"), None, None),
        (TemplateError("it cannot be read"), None, None),
        (
            TemplateError("there is no seats", variable="seats"),
            mends.ChangeField(Field.VARIABLE),
            None,
        ),
        (
            QueueingError(queueing.TitleMissing("reddit-main")),
            mends.ChangeField(Field.TITLE),
            None,
        ),
    ],
)
def test_an_examination_asks_nobody_to_fill_in_a_field(
    error: CrosspromoError, mend: Mend | None, found: Mend | None
) -> None:
    assert exact(refusal_mends.of_error(error)) == exact(mend)
    assert exact(refusal_mends.of_finding(error)) == exact(found)
