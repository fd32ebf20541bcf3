"""Plans: what they propose, that the rehearsal has the last word, and what applying them makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from examples import examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from planned_weeks import EARTH_DAY, Office, office, random_office
from servers.databases import memory_store

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import NotFoundError, Refused, UsageError
from crosspromo.domain.posts import Credit, Hosting, Kind
from crosspromo.domain.ratio import Target
from crosspromo.domain.sources import SuggestionState
from crosspromo.domain.states import State
from crosspromo.phrasing.plan import of_left_out, of_missing, of_occasion, what_of
from crosspromo.planning.occasions import CadenceDue
from crosspromo.planning.values import Why
from crosspromo.services.planning.proposals import Proposal, ProposedLine
from crosspromo.store.unit import Store

DAY = timedelta(days=1)
ONE = Target(1, 1)


def reasons(line: ProposedLine, of: Office) -> list[str]:
    return [of_occasion(each, of.organisation.zone) for each in line.line.reasons]


def said(proposal: Proposal, of: Office) -> list[str]:
    """First reason of each line."""
    return [reasons(each, of)[0] for each in proposal.lines]


def left_out(proposal: Proposal, of: Office) -> list[str]:
    return [of_left_out(each, of.organisation.zone) for each in proposal.left_out]


def waiting(store: Store) -> list[Delivery]:
    with store.read() as unit:
        return [
            each for each in unit.deliveries.some() if each.state in {State.DRAFT, State.QUEUED}
        ]


@contextmanager
def in_memory(seed: int) -> Iterator[Office]:
    store = memory_store()
    try:
        yield random_office(store, seed)
    finally:
        store.close()


# -- what is proposed --------------------------------------------------------------------------


def test_a_milestone_is_proposed_once_on_each_account_and_says_why(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    proposal = of.plans.propose(2)
    assert sorted(each.line.account for each in proposal.lines) == ["main", "second"]
    assert set(said(proposal, of)) == {
        'River Keepers: a milestone of Wed 2026-04-01, "Ten years of clean water"'
    }
    assert {each.line.credit for each in proposal.lines} == {Credit.OTHERS}


def test_nothing_is_proposed_without_an_occasion_or_a_due_cadence(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.partner("food-bank", closeness="close")
    of.shared("food-bank", 1, "main")
    proposal = of.plans.propose(2)
    assert proposal.lines == []


def test_a_partner_who_was_never_shared_is_introduced_on_each_account(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers", closeness="close")
    proposal = of.plans.propose(2)
    assert set(said(proposal, of)) == {
        "River Keepers: never shared here, so they are introduced",
    }
    of.plans.apply(proposal, "ana", queue=True)
    assert sorted(each.account for each in waiting(store)) == ["main", "second"]
    assert all(each.content.text.startswith("Meet River Keepers") for each in waiting(store))
    assert of.plans.propose(2).lines == []


def test_who_is_introduced_on_one_account_is_still_introduced_on_the_others(store: Store) -> None:
    of = office(store, main=ONE, second=ONE, third=ONE)
    of.partner("river-keepers", closeness="close")
    (made,) = of.plans.apply(of.plans.propose(2, ["main"]), "ana", queue=True)
    assert [each.line.account for each in of.plans.propose(2).firm] == ["second", "third"]
    of.clock.set(made.delivery.due_at)
    of.send(made.delivery.id)
    assert [each.line.account for each in of.plans.propose(2).firm] == ["second", "third"]


@pytest.mark.parametrize("days", [8, 11, 14, 17])
def test_nobody_is_introduced_after_another_post_about_them_on_the_account(
    store: Store, days: int
) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers", closeness="close")
    of.milestone("river-keepers", "Ten years of clean water")
    of.suggestion("river-keepers", "We planted 300 willows")
    of.event("river-cleanup", days, Hosting.PARTNER, "river-keepers")
    of.own("Our report is out.", "main")
    lines = of.plans.propose(4).lines
    keys = [each.key for each in lines if each.line.credit.counts_others]
    assert len(keys) > 2
    assert not any(key.startswith("introduction") for key in keys[1:])


def test_a_partner_who_is_due_and_was_shared_before_is_pencilled_and_never_queued(
    store: Store,
) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers", closeness="close")
    of.shared("river-keepers", 42, "main")
    proposal = of.plans.propose(2)
    assert [each.is_pencilled for each in proposal.lines] == [True]
    assert said(proposal, of) == ["River Keepers: 12 days past their 30"]
    assert of.plans.apply(proposal, "ana", queue=True) == []
    assert waiting(store) == []


def test_each_pencilled_line_stands_near_the_day_on_which_it_says_it_is_due(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers", closeness="close")
    of.shared("river-keepers", 20, "main")
    lines = of.plans.propose(12).lines
    whys = [line.line.candidate.occasion for line in lines]
    dues = [each for each in whys if isinstance(each, CadenceDue)]
    assert [each.due - of.today for each in dues] == [10 * DAY, 40 * DAY, 70 * DAY]
    for line, due in zip(lines, dues, strict=True):
        day = line.line.at.astimezone(of.organisation.zone).date()
        assert -7 * DAY <= day - due.due < 23 * DAY


def test_a_due_is_the_reason_of_the_first_share_that_fulfils_it_alone(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers", cadence_days=10)
    of.shared("river-keepers", 10, "main")
    for number in range(4):
        of.milestone("river-keepers", f"Milestone {number}")
        of.own(f"Our report number {number}.", "main")
    found: dict[date, int] = {}
    for line in of.plans.propose(4).lines:
        day = line.line.at.astimezone(of.organisation.zone).date()
        for reason in line.line.reasons:
            if isinstance(reason, CadenceDue):
                found[reason.due] = found.get(reason.due, 0) + 1
                assert day < reason.due + 10 * DAY
    assert found
    assert set(found.values()) == {1}


def test_a_pencilled_line_becomes_a_post_with_the_words_of_a_person(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers", closeness="close")
    of.shared("river-keepers", 42, "main")
    (line,) = of.plans.propose(2).lines
    keys = frozenset({line.key})
    with pytest.raises(Refused) as error:
        of.plans.apply(of.plans.propose(2), "ana", queue=True, keys=keys)
    assert error.value.code == "words-wanted"
    words = {line.key: "The river is low, and they know why."}
    of.plans.apply(of.plans.propose(2), "ana", queue=True, keys=keys, words=words)
    (delivery,) = waiting(store)
    assert (delivery.content.text, delivery.due_at) == (words[line.key], line.line.at)


def test_an_observance_is_an_occasion_for_partners_with_its_topic(store: Store) -> None:
    of = replace(office(store, main=ONE), kept=[EARTH_DAY])
    of.partner("river-keepers", topics=("Clean water",))
    of.partner("food-bank", topics=("Food",))
    (line,) = of.plans.propose(4).lines
    assert line.line.candidate.partners == ("river-keepers",)
    assert reasons(line, of) == [
        "Earth Day is on Wed 2026-04-22, and River Keepers works on Clean water"
    ]
    assert 15 <= line.line.at.day <= 22


def test_steps_of_an_event_that_nobody_announced_follow_the_short_ladder(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.event("river-cleanup", 20, Hosting.PARTNER, "river-keepers")
    proposal = of.plans.propose(4)
    lines = [(each.line.candidate.item, each.line.credit) for each in proposal.lines]
    assert lines == [
        ("step:river-cleanup:two-weeks", Credit.OTHERS),
        ("step:river-cleanup:week", Credit.NONE),
        ("step:river-cleanup:tomorrow", Credit.NONE),
    ]
    of.plans.apply(proposal, "ana", queue=True)
    assert [each.step for each in waiting(store)] == ["two-weeks", "week", "tomorrow"]
    assert of.plans.propose(4).lines == []


def test_an_earlier_step_of_an_event_that_moved_goes_before_the_later_one_that_is_queued(
    store: Store,
) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.event("river-cleanup", 15, Hosting.PARTNER, "river-keepers")
    of.plans.apply(of.plans.propose(4), "ana", queue=True)
    two_weeks = next(each for each in waiting(store) if each.step == "two-weeks")
    of.move_event("river-cleanup", 29)
    steps = [each.line for each in of.plans.propose(4).lines]
    assert [each.candidate.item for each in steps] == []
    with store.write() as unit:
        at = of.clock.now() + 8 * DAY
        later = unit.deliveries.get(two_weeks.id)
        unit.transitions.requeue_at(later, at, of.clock.now(), pinned=True, when_allowed=False)
    (invite,) = [each.line for each in of.plans.propose(4).lines]
    assert invite.candidate.item == "step:river-cleanup:invite"
    assert invite.at < at


def test_a_post_that_says_tomorrow_goes_the_day_before_or_not_at_all(store: Store) -> None:
    """Slots are on working days; the event is on a Monday evening."""
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.event("river-cleanup", 21 - of.today.weekday(), Hosting.PARTNER, "river-keepers")
    proposal = of.plans.propose(4)
    steps = [each.line.candidate.item.rpartition(":")[2] for each in proposal.lines]
    assert "tomorrow" not in steps
    (left_out,) = [each for each in proposal.left_out if "tomorrow" in each.item.candidate.key]
    assert left_out.why is Why.NO_SLOT


def test_a_self_post_that_waits_gets_a_slot_when_partners_are_shared_enough(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    number = of.own("Our report is out.", "main")
    assert of.plans.propose(2).lines == []
    of.milestone("river-keepers", "Ten years of clean water")
    first, second = of.plans.propose(2).lines
    assert (first.line.candidate.kind, second.line.candidate.delivery) == (Kind.SPOTLIGHT, number)
    of.plans.apply(of.plans.propose(2), "ana", queue=True)
    assert [each.due_at for each in waiting(store)] == [second.line.at, first.line.at]


def test_a_self_post_that_goes_as_soon_as_it_is_allowed_is_not_made_later(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    of.plans.apply(of.plans.propose(2), "ana", queue=True)
    number = of.own("Our report is out.", "main")
    for slug in ("food-bank", "youth-climate"):
        of.partner(slug)
        of.milestone(slug, f"Ten years of {slug}")
    alone = [each.step.at for each in of.rehearsals.rehearse(2).steps if each.is_sent][-1]
    proposal = of.plans.propose(2)
    assert number not in {each.line.candidate.delivery for each in proposal.lines}
    of.plans.apply(proposal, "ana", queue=True)
    goes = [each for each in of.rehearsals.rehearse(2).steps if each.delivery.id == number]
    assert goes[-1].is_sent
    assert goes[-1].step.at <= alone
    (kept,) = [each for each in waiting(store) if each.id == number]
    assert kept.waits_to_be_allowed


def test_a_self_post_is_named_by_its_words_and_has_waited_only_since_it_was_held(
    store: Store,
) -> None:
    of = office(store, main=ONE)
    of.own('Our "report"\nis out.', "main")
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    assert said(of.plans.propose(2), of)[-1] == (
        "\"Our 'report' is out.\" (delivery 1) waits until it may go"
    )


def test_two_milestones_without_a_place_can_be_told_apart(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "A very long story. " * 40)
    of.milestone("river-keepers", "Another very long story. " * 40)
    names = {what_of(each.item.candidate) for each in of.plans.propose(2).left_out}
    assert len(names) == 2


def test_what_an_account_lacks_is_said(store: Store) -> None:
    of = office(store, main=Target(9, 1))
    of.own("Our report is out.", "main")
    proposal = of.plans.propose(2)
    assert [of_missing(each) for each in proposal.missing] == [
        "main at 9:1 needs 9 more partner posts than there are occasions for."
    ]
    assert left_out(proposal, of) == ["its account has too few partner posts for it"]


def test_only_named_accounts_are_planned(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    proposal = of.plans.propose(2, ["second"])
    assert {each.line.account for each in proposal.lines} == {"second"}
    assert {each.account for each in proposal.weeks} == {"second"}
    with pytest.raises(NotFoundError):
        of.plans.propose(2, ["third"])


@pytest.mark.parametrize("weeks", [0, 13])
def test_weeks_out_of_range_are_refused(store: Store, weeks: int) -> None:
    with pytest.raises(UsageError):
        office(store, main=ONE).plans.propose(weeks)


def test_what_the_queue_refuses_is_left_out_with_the_refusal(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "A very long story. " * 40)
    proposal = of.plans.propose(2)
    assert proposal.lines == []
    (reason,) = left_out(proposal, of)
    assert "300" in reason


# -- taking over -------------------------------------------------------------------------------


def test_applying_makes_drafts_that_say_that_planning_placed_them(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    (line,) = of.plans.propose(2).lines
    (view,) = of.plans.apply(of.plans.propose(2), "ana", queue=False)
    assert (view.delivery.state, view.delivery.planned) == (State.DRAFT, True)
    assert (view.delivery.due_at, view.delivery.pinned) == (line.line.at, False)
    with store.read() as unit:
        (entry,) = unit.audit.about([f"delivery {view.delivery.id}"])
        assert (entry.who, entry.act) == ("ana", "plan")


def test_a_suggestion_is_used_up_once_by_its_posts(store: Store) -> None:
    of = office(store, main=ONE, second=ONE)
    of.partner("river-keepers")
    of.suggestion("river-keepers", "We planted 300 willows")
    made = of.plans.apply(of.plans.propose(2), "ana", queue=True)
    assert [each.delivery.kind for each in made] == [Kind.RESHARE, Kind.RESHARE]
    with store.read() as unit:
        found = unit.suggestions.find(1)
    assert found is not None
    assert (found.state, found.post) == (SuggestionState.USED, made[0].delivery.post)


def test_what_a_person_took_out_is_not_proposed_again(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    (view,) = of.plans.apply(of.plans.propose(2), "ana", queue=True)
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(view.delivery.id), of.clock.now())
    assert of.plans.propose(2).lines == []


def test_what_a_person_skipped_is_not_proposed_for_four_weeks(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers", closeness="close")
    (line,) = of.plans.propose(2).lines
    of.plans.skip(line.key, "ana")
    of.plans.skip(line.key, "ben")
    assert of.plans.propose(2).lines == []


def test_a_draft_that_nobody_touched_moves_when_its_slot_has_passed(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    (view,) = of.plans.apply(of.plans.propose(2), "ana", queue=False)
    of.clock.set(view.delivery.due_at + timedelta(hours=1))
    (line,) = of.plans.propose(2).lines
    assert line.line.candidate.delivery == view.delivery.id
    (moved,) = of.plans.apply(of.plans.propose(2), "ana", queue=False)
    assert (moved.delivery.id, moved.delivery.state) == (view.delivery.id, State.DRAFT)
    assert moved.delivery.due_at == line.line.at > view.delivery.due_at


def test_a_draft_that_somebody_labelled_stays_where_it_is(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    (view,) = of.plans.apply(of.plans.propose(2), "ana", queue=False)
    with store.write() as unit:
        unit.posts.set_note(view.delivery.post, "Kim wants to see it.")
    of.clock.set(view.delivery.due_at + timedelta(hours=1))
    assert of.plans.propose(2).lines == []


def test_a_self_post_that_planning_placed_moves_when_it_would_be_held_there(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    number = of.own("Our report is out.", "main")
    made = of.plans.apply(of.plans.propose(2), "ana", queue=True)
    shares = [each.delivery for each in made if each.delivery.id != number]
    with store.write() as unit:
        for each in shares:
            unit.transitions.cancel(unit.deliveries.get(each.id), of.clock.now())
    of.partner("food-bank")
    of.milestone("food-bank", "A million meals")
    lines = {each.line.candidate.delivery: each.line.at for each in of.plans.propose(2).lines}
    assert number in lines


def test_a_partner_is_due_again_after_what_is_queued(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers", closeness="close")
    of.plans.apply(of.plans.propose(2), "ana", queue=True)
    (queued,) = waiting(store)
    (line,) = of.plans.propose(6).lines
    assert line.is_pencilled
    assert line.line.at - queued.due_at > 20 * DAY


def test_an_unknown_item_is_refused_and_nothing_is_written(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    with pytest.raises(Refused) as error:
        of.plans.apply(of.plans.propose(2), "ana", queue=True, keys=frozenset({"milestone:9@main"}))
    assert error.value.code == "not-proposed"
    assert waiting(store) == []


def test_what_somebody_took_over_meanwhile_is_left_as_it_is(store: Store) -> None:
    of = office(store, main=ONE)
    of.partner("river-keepers")
    of.milestone("river-keepers", "Ten years of clean water")
    proposal = of.plans.propose(2)
    assert len(of.plans.apply(proposal, "ana", queue=True)) == 1
    assert of.plans.apply(proposal, "ben", queue=True) == []
    assert len(waiting(store)) == 1


# -- for any workspace -------------------------------------------------------------------------

SOME = settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # a smaller number makes no simpler workspace
)


@SOME
@given(st.integers(min_value=0, max_value=10_000))
def test_every_line_that_is_queued_is_certain_and_goes_in_its_slot(seed: int) -> None:
    with in_memory(seed) as of:
        made = of.plans.apply(of.plans.propose(3), "ana", queue=True)
        due = {each.delivery.id: each.delivery.due_at for each in made}
        rehearsal = of.rehearsals.rehearse(4)
        went = {
            each.delivery.id: each.step.at
            for each in rehearsal.steps
            if each.is_sent and each.uncertainty is None and each.delivery.id in due
        }
        assert set(went) == set(due)
        assert all(timedelta(0) <= went[key] - due[key] < timedelta(minutes=1) for key in due)


@SOME
@given(st.integers(min_value=0, max_value=10_000))
def test_a_plan_that_was_applied_leaves_nothing_to_propose(seed: int) -> None:
    with in_memory(seed) as of:
        of.plans.apply(of.plans.propose(3), "ana", queue=True)
        of.clock.advance(timedelta(minutes=Random(seed).randint(0, 30)))
        assert of.plans.propose(3).firm == []


@SOME
@given(st.integers(min_value=0, max_value=10_000))
def test_a_plan_is_the_same_twice_and_no_item_stands_twice(seed: int) -> None:
    with in_memory(seed) as of:
        proposal = of.plans.propose(3)
        again = of.plans.propose(3)
        assert [each.line for each in again.lines] == [each.line for each in proposal.lines]
        assert (again.weeks, again.missing) == (proposal.weeks, proposal.missing)
        assert len({each.key for each in proposal.lines}) == len(proposal.lines)
