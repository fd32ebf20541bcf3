"""Weekly planning: the daemon makes drafts once for each time, and people are told of them."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from planned_weeks import Office, office

from crosspromo.domain.matters import PlannedAsDrafts
from crosspromo.domain.planned import BY_PLANNING
from crosspromo.domain.ratio import Target
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.services.attention import Attention
from crosspromo.services.planning.weekly import WeeklyPlanning
from crosspromo.store.unit import Store

FRIDAY = Slot(frozenset({4}), time(15))
AT = datetime(2026, 4, 3, 15, tzinfo=ZoneInfo("America/Chicago"))
HOUR = timedelta(hours=1)


def with_a_partner(store: Store, at: datetime) -> Office:
    of = office(store, main=Target(1, 1))
    of.partner("river-keepers", closeness="close")
    of.clock.set(at)
    return of


def weekly(of: Office, at: Slot | None = FRIDAY) -> WeeklyPlanning:
    return WeeklyPlanning(of.store, of.clock, of.plans.organisation.zone, lambda: of.plans, at)


def told(of: Office) -> list[PlannedAsDrafts]:
    attention = Attention(of.store, of.clock, list(of.accounts), [], lambda _: False)
    return [each.detail for each in attention.matters() if isinstance(each.detail, PlannedAsDrafts)]


def test_nothing_is_planned_before_its_time_or_without_one(store: Store) -> None:
    of = with_a_partner(store, AT - timedelta(minutes=1))
    assert weekly(of).plan_if_due() == []
    of.clock.set(AT)
    assert weekly(of, None).plan_if_due() == []


def test_a_plan_is_made_once_as_drafts_by_planning(store: Store) -> None:
    of = with_a_partner(store, AT)
    (made,) = weekly(of).plan_if_due()
    assert (made.delivery.state, made.delivery.author) == (State.DRAFT, BY_PLANNING)
    of.partner("food-bank", closeness="close")
    assert weekly(of).plan_if_due() == []
    of.clock.set(AT + timedelta(weeks=1))
    again = {each.delivery.partners for each in weekly(of).plan_if_due()}
    assert again == {("river-keepers",), ("food-bank",)}  # the first draft missed its slot: moved
    with store.read() as unit:
        assert len(unit.deliveries.some()) == 2


def test_of_two_daemons_one_makes_the_plan(store: Store) -> None:
    of = with_a_partner(store, AT)
    first, second = of.plans.propose(), of.plans.propose()
    assert len(of.plans.apply(first, BY_PLANNING, queue=False, once=AT)) == 1
    of.partner("food-bank", closeness="close")
    later = replace(second, lines=of.plans.propose().lines)
    assert of.plans.apply(later, BY_PLANNING, queue=False, once=AT) == []


def test_a_time_that_nobody_was_there_for_is_caught_up_within_two_days(store: Store) -> None:
    of = with_a_partner(store, AT + timedelta(days=2) + HOUR)
    assert weekly(of).plan_if_due() == []
    of.clock.set(AT + timedelta(days=2) - HOUR)
    assert len(weekly(of).plan_if_due()) == 1


def test_people_are_told_until_each_draft_was_looked_at(store: Store) -> None:
    of = with_a_partner(store, AT)
    (made,) = weekly(of).plan_if_due()
    assert told(of) == [PlannedAsDrafts(1)]
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(made.delivery.id), of.clock.now())
    assert told(of) == []


def test_drafts_that_a_person_made_of_a_plan_are_no_matter(store: Store) -> None:
    of = with_a_partner(store, AT)
    of.plans.apply(of.plans.propose(), "ana", queue=False)
    assert told(of) == []
