"""No plan breaks a rule that the gate keeps, for any task; the gate itself is the judge."""

from dataclasses import replace
from random import Random

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from planning_replay import allowed, replayed
from planning_tasks import CHICAGO, tasks

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.domain.partner_limits import Shared
from crosspromo.planning.dues import dues_of
from crosspromo.planning.occasions import CadenceDue
from crosspromo.planning.planner import plan
from crosspromo.planning.values import Account, Fixed, Line, PartnerTerms, Plan, Task

STEPS = 120


@settings(max_examples=examples(60), deadline=None)
@given(tasks())
def test_the_gate_lets_every_line_go_at_its_minute(task: Task) -> None:
    for line, decision in replayed(task, plan(task, most_steps=STEPS)):
        assert allowed(decision), (line, decision)


@settings(max_examples=examples(25), deadline=None)
@given(tasks(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_a_plan_is_the_same_for_a_seed_and_for_any_order_of_its_candidates(
    task: Task, seed: int, random: Random
) -> None:
    shuffled = replace(
        task,
        accounts=tuple(random.sample(task.accounts, len(task.accounts))),
        candidates=tuple(random.sample(task.candidates, len(task.candidates))),
    )
    first = plan(task, seed=seed, most_steps=STEPS)
    assert plan(shuffled, seed=seed, most_steps=STEPS) == first


@settings(max_examples=examples(40), deadline=None)
@given(tasks())
def test_once_the_lines_of_a_plan_stand_no_occasion_that_is_left_has_a_place(task: Task) -> None:
    """What has nothing but a cadence is planned after this, in slots that are left."""
    firm = [each for each in task.candidates if not isinstance(each.occasion, CadenceDue)]
    task = replace(task, candidates=tuple(firm))
    made = plan(task, most_steps=STEPS)
    assert plan(standing(task, made), most_steps=STEPS).lines == ()


@settings(max_examples=examples(40), deadline=None)
@given(tasks())
def test_no_item_stands_twice_and_no_line_is_without_an_occasion_or_a_due_cadence(
    task: Task,
) -> None:
    lines = plan(task, most_steps=STEPS).lines
    keys = [line.candidate.key for line in lines]
    assert len(keys) == len(set(keys))
    items = [(line.account, line.candidate.item or line.candidate.key) for line in lines]
    assert len(items) == len(set(items))
    for line in lines:
        assert line.reasons[0] == line.candidate.occasion
        if isinstance(line.candidate.occasion, CadenceDue):
            assert is_due_and_not_shared_otherwise(task, line, lines)


@settings(max_examples=examples(25), deadline=None)
@given(tasks())
def test_texts_that_are_nearly_the_same_are_thirty_days_apart(task: Task) -> None:
    near: set[tuple[str, str]] = set()
    for line in plan(task, most_steps=STEPS).lines:
        if line.candidate.group is not None:
            assert (line.account, line.candidate.group) not in near, DUPLICATE_WINDOW
            near.add((line.account, line.candidate.group))


def is_due_and_not_shared_otherwise(task: Task, line: Line, lines: tuple[Line, ...]) -> bool:
    (partner,) = line.candidate.partners
    terms = next(each for each in task.partners if each.partner == partner)
    dues = [due for due in dues_of(terms, task.span, CHICAGO) if due.opens <= line.at < due.closes]
    shared = [
        other
        for other in lines
        if partner in other.candidate.partners and other.credit.counts_others and other is not line
    ]
    return bool(dues) and not any(dues[0].after <= other.at < dues[0].closes for other in shared)


def standing(task: Task, made: Plan) -> Task:
    """The task once the plan was applied: its lines stand, and its candidates are gone."""
    placed = {line.candidate.key for line in made.lines}
    rest = tuple(each for each in task.candidates if each.key not in placed)
    accounts = tuple(_with_lines(each, made) for each in task.accounts)
    partners = tuple(_with_shares(each, made) for each in task.partners)
    return replace(task, accounts=accounts, candidates=rest, partners=partners)


def _with_lines(account: Account, made: Plan) -> Account:
    lines = [_fixed(line) for line in made.lines if line.account == account.name]
    return replace(account, fixed=(*account.fixed, *lines))


def _with_shares(terms: PartnerTerms, made: Plan) -> PartnerTerms:
    lines = [line for line in made.lines if terms.partner in line.candidate.partners]
    shared = tuple(Shared(number, line.at) for number, line in enumerate(lines))
    return replace(terms, shared=(*terms.shared, *shared))


def _fixed(line: Line) -> Fixed:
    candidate = line.candidate
    return Fixed(
        line.at,
        others=int(line.credit.counts_others),
        self_=int(line.credit.counts_self),
        queued=True,
        partners=candidate.partners,
        event=candidate.event,
        item=candidate.item or candidate.key,
        group=candidate.group,
        cost=candidate.costs.get(line.account, 0.0),
    )
