"""What a plan says besides its lines: what has no place and why, what lacks, pauses and drafts."""

from dataclasses import replace
from datetime import timedelta

from planned_weeks import Office, office

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.posts import Hosting
from crosspromo.domain.ratio import Target
from crosspromo.phrasing.plan import of_drafts, of_left_out, of_nothing, of_pauses
from crosspromo.planning.values import Why
from crosspromo.services.planning.proposals import Proposal
from crosspromo.store.unit import Store

DAY = timedelta(days=1)
ONE = Target(1, 1)


def left_out(proposal: Proposal, of: Office) -> list[str]:
    return [of_left_out(each, of.organisation.zone) for each in proposal.left_out]


def test_all_self_posts_without_a_place_count_in_what_an_account_lacks(store: Store) -> None:
    of = office(store, main=Target(9, 1))
    for number in range(4):
        of.own(f"Our report {number} is out.", "main")
    for number in range(9):
        of.partner(f"partner-{number}")
        of.milestone(f"partner-{number}", f"{number + 2} years of work")
    proposal = of.plans.propose(2)
    assert len(proposal.lines) == 9 + 1
    assert [each.partner_posts for each in proposal.missing] == [4 * 9 - 9]


def test_what_has_no_place_because_of_the_plans_own_lines_is_told_so(store: Store) -> None:
    """One week has five slots, which the plan fills itself."""
    of = office(store, main=ONE)
    for number in range(7):
        of.partner(f"partner-{number}")
        of.milestone(f"partner-{number}", f"{number + 2} years of work")
    proposal = of.plans.propose(1)
    assert len(proposal.lines) == 5
    assert {each.why for each in proposal.left_out} == {Why.ROOM}
    assert of_nothing(proposal) == []


def test_each_item_is_in_the_plan_or_among_what_has_no_place_and_only_once(store: Store) -> None:
    of = office(store, main=ONE)
    for number in range(7):
        of.partner(f"partner-{number}")
        words = "A very long story. " * 40 if number < 2 else f"{number} years of work"
        of.milestone(f"partner-{number}", words)
    number = of.own("Our report is out.", "main")
    proposal = of.plans.propose(1)
    keys = [each.key for each in proposal.lines]
    keys += [each.item.candidate.key for each in proposal.left_out]
    assert sorted(keys) == sorted(
        [f"delivery:{number}", *(f"milestone:{each}@main" for each in range(1, 8))]
    )
    assert any("too long" in each for each in left_out(proposal, of))


def test_a_plan_without_lines_says_whether_there_was_anything_to_say(store: Store) -> None:
    of = office(store, main=ONE)
    assert "no occasion" in of_nothing(of.plans.propose(2))[0]
    of.own("Our report is out.", "main")
    assert of_nothing(of.plans.propose(2)) == ["Nothing more has a place. The reasons are below."]


def test_a_queued_self_post_that_would_be_held_is_named_and_is_not_counted(store: Store) -> None:
    of = office(store, main=ONE)
    number = of.own_at("Our report is out.", "main", of.clock.now() + 2 * DAY)
    proposal = of.plans.propose(2)
    assert [each.self_ for each in proposal.weeks] == [0] * len(proposal.weeks)
    assert [each.headroom for each in proposal.weeks] == [0] * len(proposal.weeks)
    (held,) = proposal.left_out
    assert held.item.candidate.delivery == number
    assert [each.partner_posts for each in proposal.missing] == [1]
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    proposal = of.plans.propose(2)
    assert (proposal.left_out, proposal.missing) == ([], [])
    assert proposal.weeks[-1].self_ == 1


# -- pauses and silences -----------------------------------------------------------------------


def test_nothing_is_planned_on_an_account_that_is_paused_and_it_is_said_once(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers", closeness="close")
    of.plans.apply(of.plans.propose(2), "ana", queue=True)
    of.partner("food-bank", closeness="close")
    of.paused("main")
    proposal = of.plans.propose(2)
    assert {each.line.account for each in proposal.firm} == {"second"}
    assert proposal.left_out == []
    (sentence,) = of_pauses(proposal, of.organisation.zone)
    assert sentence.startswith("main was paused by ana at")
    assert sentence.endswith("Nothing is planned there until it goes on.")


def test_while_everything_is_paused_nothing_is_planned_nor_pencilled(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers", closeness="close")
    of.partner("food-bank", closeness="close")
    of.shared("food-bank", 42, "main")
    of.paused(None)
    proposal = of.plans.propose(2)
    assert (proposal.lines, proposal.left_out) == ([], [])
    assert (len(of_pauses(proposal, of.organisation.zone)), of_nothing(proposal)) == (1, [])


def test_a_queued_post_on_a_day_that_became_silent_is_named_with_when_it_goes(
    store: Store,
) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    (view,) = of.plans.apply(of.plans.propose(2), "ana", queue=True)
    with store.write() as unit:
        unit.posts.set_note(view.delivery.post, "Kim wants to see it.")
    day = view.delivery.due_at.astimezone(of.organisation.zone).date()
    silent = replace(of.organisation, blackouts=(Blackout(day, day, "A funeral"),))
    proposal = replace(of, organisation=silent).plans.propose(2)
    assert proposal.lines == []
    (reason,) = left_out(proposal, of)
    assert "A funeral" in reason
    number = view.delivery.id
    assert f"; delivery {number} stays in the queue, and would go at" in reason


def test_a_step_whose_only_day_became_silent_says_that_its_post_stays_in_the_queue(
    store: Store,
) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.event("river-cleanup", 15, Hosting.PARTNER, "river-keepers")
    made = of.plans.apply(of.plans.propose(3), "ana", queue=True)
    (tomorrow,) = [each.delivery for each in made if each.delivery.step == "tomorrow"]
    day = tomorrow.due_at.astimezone(of.organisation.zone).date()
    silent = replace(of.organisation, blackouts=(Blackout(day, day, "A funeral"),))
    proposal = replace(of, organisation=silent).plans.propose(3)
    (left,) = [each for each in proposal.left_out if each.item.candidate.delivery == tomorrow.id]
    (reason,) = left_out(replace(proposal, left_out=[left]), of)
    assert reason.startswith("no slot is free while it may go; ")
    assert f"delivery {tomorrow.id} stays in the queue, and would go at" in reason


def test_a_post_on_an_account_that_its_network_refused_is_not_moved(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    of.plans.apply(of.plans.propose(2), "ana", queue=True)
    with store.write() as unit:
        unit.accounts.set_fault("main", "The token was refused.", of.clock.now())
    proposal = of.plans.propose(2)
    assert (proposal.lines, proposal.left_out) == ([], [])


def test_drafts_of_an_earlier_plan_are_told(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    assert of_drafts(of.plans.propose(2)) == []
    of.plans.apply(of.plans.propose(2), "ana", queue=False)
    assert of.plans.apply(of.plans.propose(2), "ana", queue=True) == []
    assert of_drafts(of.plans.propose(2)) == ["1 draft of an earlier plan waits for approval."]
