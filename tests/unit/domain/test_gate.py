"""The gate: its order, the reason of each verdict, and every sentence about what passed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.approval import UNASKED, Approval
from crosspromo.domain.gate import CHECKS, decide
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import (
    Allow,
    Candidate,
    Decision,
    Facts,
    Hold,
    Override,
    Refuse,
    Standing,
)
from crosspromo.phrasing.words import of_approval

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
PLENTY = Standing(Tally(100, 0))
NOTHING = Standing(Tally(0, 0))

FACTS = Facts(
    policy=Policy(target=Target(3, 1)),
    account=PLENTY,
    organisation=PLENTY,
    floor=Target(1, 1),
    zone=CHICAGO,
)
OURS = Candidate(account="x-main", credit=Credit.SELF, due_at=NOW, pinned=False)
JOINT = replace(OURS, credit=Credit.BOTH)
THEIRS = replace(OURS, credit=Credit.OTHERS)
NOTICE = replace(OURS, credit=Credit.NONE)
OVERRIDE = Override(by="the chair", reason="the vote is tonight")
PAUSE = Pause(None, "the chair", NOW - timedelta(days=1), "storm")


def standing(others: int, self_: int, roll_off: datetime | None = None) -> Standing:
    return Standing(Tally(others, self_), roll_off)


def sentences(decision: Decision) -> list[str]:
    return [sentence for _, sentence in decision.trail]


def saw(decision: Decision, *checks: str) -> list[str]:
    """What these checks saw when they passed."""
    return [sentence for check, sentence in decision.trail if check in checks]


# Order


def test_the_checks_are_made_in_the_order_of_the_semantics() -> None:
    assert [name for name, _ in CHECKS] == [
        "paused",
        "approval",
        "expired",
        "missed",
        "blackout",
        "permission",
        "photo-consent",
        "legal",
        "partner-notice",
        "partner-limit",
        "duplicate",
        "cap",
        "gap",
        "quiet",
        "budget",
        "rate-limit",
        "ratio",
        "floor",
        "slot",
    ]


def test_the_first_that_does_not_pass_is_the_answer() -> None:
    """Everything is wrong at first; then one thing after another is mended."""
    facts = replace(
        FACTS,
        account=NOTHING,
        organisation=NOTHING,
        paused=PAUSE,
        account_fault="the password was refused",
        approval=Approval(needed=1, author="the editor"),
    )
    candidate = replace(OURS, pinned=True, due_at=NOW - timedelta(hours=2), expires_at=NOW)
    codes = []
    mends: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({}, {}),
        ({"paused": None}, {}),
        ({"account_fault": None}, {}),
        ({"approval": UNASKED}, {}),
        ({}, {"expires_at": None}),
        ({}, {"due_at": NOW}),
        ({"account": PLENTY}, {}),
        ({"organisation": PLENTY}, {}),
    ]
    for of_the_facts, of_the_candidate in mends:
        facts = replace(facts, **of_the_facts)
        candidate = replace(candidate, **of_the_candidate)
        decision = decide(facts, candidate, NOW)
        codes.append("allow" if isinstance(decision, Allow) else decision.code)
        passed = [check for check, _ in decision.trail]
        assert passed == [name for name, _ in CHECKS][: len(passed)]
    assert codes == [
        "paused",
        "account",
        "approval",
        "expired",
        "missed",
        "ratio",
        "floor",
        "allow",
    ]


def test_what_is_allowed_says_what_every_check_saw() -> None:
    decision = decide(replace(FACTS, account=standing(3, 0)), OURS, NOW)
    assert isinstance(decision, Allow)
    assert sentences(decision) == [
        "x-main is not paused.",
        "Nobody has to approve it.",
        "It does not expire.",
        "It is not bound to a moment.",
        "It is no day of silence.",
        "Every permission that it needs is there.",
        "Nobody on its images is known to say no.",
        "No law keeps us from sharing it.",
        "Its partners had the notice they want.",
        "Its partners are within their limits.",
        "x-main has not said this in 30 days.",
        "x-main is within its caps.",
        "x-main has kept its gap.",
        "x-main is not in its quiet hours.",
        "x-main is within its budget.",
        "x-main is within its network's limits.",
        "x-main keeps 3:1, this post included: 3 x 1 >= 3 x (0 + 1).",
        "The organisation keeps 1:1, this post included: 100 x 1 >= 1 x (0 + 1).",
        "x-main has no slots.",
    ]


def test_a_hold_keeps_what_passed_before_it() -> None:
    decision = decide(replace(FACTS, organisation=NOTHING), OURS, NOW)
    assert isinstance(decision, Hold)
    passed = [check for check, _ in decision.trail]
    assert passed == [name for name, _ in CHECKS][: len(passed)]
    assert passed[-1] == "ratio"


# Paused


def test_a_pause_holds_and_is_named() -> None:
    decision = decide(replace(FACTS, paused=PAUSE), THEIRS, NOW)
    assert decision == Hold(holds.Paused(PAUSE))
    assert decision.code == "paused"


def test_an_account_that_its_network_refuses_holds_with_what_the_network_said() -> None:
    decision = decide(replace(FACTS, account_fault="the password was refused"), THEIRS, NOW)
    assert decision == Hold(holds.AccountAtFault("the password was refused"))
    assert decision.code == "account"


# Approval void


ASKED = Approval(needed=1, author="the editor")


def test_what_nobody_has_approved_is_held_and_says_who_has_to() -> None:
    decision = decide(replace(FACTS, approval=ASKED), THEIRS, NOW)
    assert decision == Hold(holds.ApprovalMissing(ASKED), trail=decision.trail)
    assert decision.code == "approval"


def test_what_was_approved_passes_and_says_by_whom() -> None:
    approved = replace(ASKED, people=("the chair",))
    decision = decide(replace(FACTS, approval=approved), THEIRS, NOW)
    assert saw(decision, "approval") == ["It was approved by the chair."]


@given(
    approval=st.builds(
        Approval,
        needed=st.integers(0, 2),
        author=st.just("the editor"),
        people=st.sampled_from([(), ("the chair",), ("the chair", "the treasurer")]),
        partners_asked=st.sampled_from([(), ("food-bank",), ("food-bank", "river-keepers")]),
        partners=st.sampled_from([(), ("food-bank",), ("food-bank", "river-keepers")]),
    ).filter(lambda approval: approval.complete)
)
def test_what_the_check_saw_is_what_people_read_about_an_approval(approval: Approval) -> None:
    """One sentence stands in two places: the domain may not ask those who phrase."""
    decision = decide(replace(FACTS, approval=approval), THEIRS, NOW)
    assert saw(decision, "approval") == [of_approval(approval)]


def test_an_override_is_no_approval() -> None:
    decision = decide(replace(FACTS, approval=ASKED), replace(OURS, override=OVERRIDE), NOW)
    assert isinstance(decision, Hold)
    assert decision.code == "approval"


# Expired


def test_what_has_expired_is_refused() -> None:
    decision = decide(FACTS, replace(THEIRS, expires_at=NOW), NOW)
    assert isinstance(decision, Refuse)
    assert (decision.code, decision.into) == ("expired", State.EXPIRED)
    assert decision.reason == faults.Expired(NOW)


def test_what_has_not_expired_says_until_when_it_may_go() -> None:
    decision = decide(FACTS, replace(THEIRS, expires_at=NOW + timedelta(hours=1)), NOW)
    assert saw(decision, "expired") == ["It expires at Wed 2026-04-22 10:00."]


# Missed


def test_a_pinned_post_may_be_as_late_as_the_policy_allows() -> None:
    decision = decide(FACTS, replace(THEIRS, pinned=True, due_at=NOW - timedelta(hours=1)), NOW)
    assert isinstance(decision, Allow)
    assert saw(decision, "missed") == ["It is in time."]


def test_a_pinned_post_later_than_that_is_missed() -> None:
    late = timedelta(hours=1, seconds=1)
    decision = decide(FACTS, replace(THEIRS, pinned=True, due_at=NOW - late), NOW)
    assert isinstance(decision, Refuse)
    assert (decision.code, decision.into) == ("missed", State.MISSED)
    assert decision.reason == faults.Missed(NOW - late, late, late_after=timedelta(hours=1))


def test_late_is_measured_to_the_second() -> None:
    facts = replace(FACTS, policy=Policy(late_after=timedelta(seconds=0)))
    late = timedelta(seconds=5)
    decision = decide(facts, replace(THEIRS, pinned=True, due_at=NOW - late), NOW)
    assert isinstance(decision, Refuse)
    assert decision.reason == faults.Missed(NOW - late, late, late_after=timedelta(0))


def test_a_post_in_a_slot_is_never_missed() -> None:
    decision = decide(FACTS, replace(THEIRS, due_at=NOW - timedelta(days=3)), NOW)
    assert isinstance(decision, Allow)


def test_a_pinned_post_that_was_held_in_time_is_late_but_not_missed() -> None:
    late = replace(OURS, pinned=True, due_at=NOW - timedelta(days=3))
    assert isinstance(decide(FACTS, late, NOW), Refuse)
    assert isinstance(decide(FACTS, replace(late, held=True), NOW), Allow)


# The account's ratio


def test_a_held_post_explains_itself() -> None:
    until = datetime(2026, 5, 1, 1, 30, tzinfo=UTC)
    decision = decide(replace(FACTS, account=standing(4, 2, until)), OURS, NOW)
    assert isinstance(decision, Hold)
    assert (decision.code, decision.until) == ("ratio", until)
    assert decision.reason == holds.BelowRatio(
        whole=False, others=4, self_=2, target="3:1", window="28d", joint=False, needed=5
    )


def test_without_a_roll_off_only_posts_about_others_help() -> None:
    facts = replace(
        FACTS,
        policy=Policy(target=Target(3, 2), window=Window(posts=20)),
        account=standing(1, 1),
    )
    decision = decide(facts, OURS, NOW)
    assert isinstance(decision, Hold)
    assert decision.until is None
    assert decision.reason == holds.BelowRatio(
        whole=False, others=1, self_=1, target="3:2", window="20 posts", joint=False, needed=2
    )


def test_a_cold_start_holds_the_first_post_about_ourselves() -> None:
    decision = decide(replace(FACTS, account=NOTHING), OURS, NOW)
    assert isinstance(decision, Hold)
    assert decision.until is None
    assert decision.reason == holds.BelowRatio(
        whole=False, others=0, self_=0, target="3:1", window="28d", joint=False, needed=3
    )


def test_a_joint_post_is_held_by_what_its_own_share_does_not_cover() -> None:
    decision = decide(replace(FACTS, account=NOTHING), JOINT, NOW)
    assert isinstance(decision, Hold)
    assert decision.until is None
    assert decision.reason == holds.BelowRatio(
        whole=False, others=0, self_=0, target="3:1", window="28d", joint=True, needed=2
    )


def test_a_joint_post_goes_on_its_own_share_at_one_to_one() -> None:
    facts = replace(FACTS, policy=Policy(), account=NOTHING, organisation=NOTHING)
    decision = decide(facts, JOINT, NOW)
    assert isinstance(decision, Allow)
    assert saw(decision, "ratio") == [
        "x-main keeps 1:1, this post included: (0 + 1) x 1 >= 1 x (0 + 1)."
    ]


@pytest.mark.parametrize("candidate", [THEIRS, NOTICE])
def test_what_is_not_about_us_is_never_held_by_a_ratio(candidate: Candidate) -> None:
    facts = replace(FACTS, account=standing(0, 50), organisation=standing(0, 50))
    decision = decide(facts, candidate, NOW)
    assert isinstance(decision, Allow)
    assert saw(decision, "ratio", "floor") == [
        "x-main: the ratio holds only posts about ourselves.",
        "The organisation: the ratio holds only posts about ourselves.",
    ]


def test_an_account_with_a_quota_or_nothing_to_keep_holds_nothing() -> None:
    facts = replace(FACTS, policy=Policy(target=None, quota=2), account=NOTHING)
    decision = decide(facts, OURS, NOW)
    assert isinstance(decision, Allow)
    assert saw(decision, "ratio") == ["x-main has no ratio to keep."]


# The organisation's floor


def test_the_floor_holds_what_the_account_would_let_go() -> None:
    until = NOW + timedelta(days=7)
    facts = replace(FACTS, organisation=standing(1, 1, until), floor_window=Window(days=7))
    decision = decide(facts, OURS, NOW)
    assert isinstance(decision, Hold)
    assert (decision.code, decision.until) == ("floor", until)
    assert decision.reason == holds.BelowRatio(
        whole=True, others=1, self_=1, target="1:1", window="7d", joint=False, needed=1
    )


def test_without_a_floor_only_the_account_decides() -> None:
    decision = decide(replace(FACTS, floor=None, organisation=NOTHING), OURS, NOW)
    assert isinstance(decision, Allow)
    assert saw(decision, "floor") == ["The organisation keeps no floor."]


# Overrides


def test_an_override_lets_both_ratios_pass_and_is_named() -> None:
    facts = replace(FACTS, account=NOTHING, organisation=NOTHING)
    decision = decide(facts, replace(OURS, override=OVERRIDE), NOW)
    assert isinstance(decision, Allow)
    released = "released by the chair: the vote is tonight."
    assert saw(decision, "ratio", "floor") == [
        f"x-main would not keep 3:1 (0 x 1 >= 3 x (0 + 1) is not so); {released}",
        f"The organisation would not keep 1:1 (0 x 1 >= 1 x (0 + 1) is not so); {released}",
    ]


def test_an_override_that_was_not_needed_is_not_spoken_of() -> None:
    decision = decide(FACTS, replace(OURS, override=OVERRIDE), NOW)
    assert not [sentence for sentence in sentences(decision) if "released" in sentence]


@pytest.mark.parametrize(
    ("facts", "candidate", "code"),
    [
        (replace(FACTS, paused=PAUSE), OURS, "paused"),
        (replace(FACTS, account_fault="locked"), OURS, "account"),
        (FACTS, replace(OURS, expires_at=NOW), "expired"),
        (FACTS, replace(OURS, pinned=True, due_at=NOW - timedelta(days=1)), "missed"),
    ],
)
def test_an_override_releases_from_a_ratio_and_from_nothing_else(
    facts: Facts, candidate: Candidate, code: str
) -> None:
    decision = decide(facts, replace(candidate, override=OVERRIDE), NOW)
    assert isinstance(decision, Hold | Refuse)
    assert decision.code == code


# The promise

standings = st.builds(Standing, st.builds(Tally, st.integers(0, 30), st.integers(0, 30)))
target_values = st.builds(Target, st.integers(1, 9), st.integers(1, 9))


@given(
    standings, standings, target_values, target_values, st.sampled_from([Credit.SELF, Credit.BOTH])
)
def test_nothing_about_ourselves_goes_unless_both_ratios_hold_with_it(
    account: Standing, organisation: Standing, target: Target, floor: Target, credit: Credit
) -> None:
    facts = replace(
        FACTS,
        policy=Policy(target=target),
        account=account,
        organisation=organisation,
        floor=floor,
    )
    decision = decide(facts, replace(OURS, credit=credit), NOW)
    others = 1 if credit is Credit.BOTH else 0
    keeps = all(
        (counts.tally.others + others) * ratio.den >= ratio.num * (counts.tally.self_ + 1)
        for counts, ratio in ((account, target), (organisation, floor))
    )
    assert isinstance(decision, Allow) is keeps


@given(standings, target_values, st.sampled_from([Credit.SELF, Credit.BOTH]))
def test_the_posts_a_hold_asks_for_are_just_enough(
    account: Standing, target: Target, credit: Credit
) -> None:
    facts = replace(FACTS, policy=Policy(target=target), account=account)
    candidate = replace(OURS, credit=credit)
    decision = decide(facts, candidate, NOW)
    if not isinstance(decision, Hold):
        return
    needed = decision.posts_needed
    assert needed is not None
    for more, passes in ((needed, True), (needed - 1, False)):
        tally = replace(account.tally, others=account.tally.others + more)
        after = decide(replace(facts, account=Standing(tally)), candidate, NOW)
        assert isinstance(after, Allow) is passes
