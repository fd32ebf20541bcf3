"""Introductions stand before all other shares of their partner on an account."""

from datetime import datetime

from planning_tasks import DAY, NOW, milestone

from crosspromo.domain.posts import Credit, Kind
from crosspromo.planning.introducing import before_others, too_late
from crosspromo.planning.occasions import Introduction
from crosspromo.planning.values import Candidate, Line

INTRODUCTION = Candidate(
    "introduction:river@main",
    Kind.SPOTLIGHT,
    {"main": Credit.OTHERS},
    Introduction("river", "River"),
    partners=("river",),
)
TOLD = milestone("told", "river")


def line(
    candidate: Candidate, days: int, account: str = "main", credit: Credit = Credit.OTHERS
) -> Line:
    return Line(account, NOW + days * DAY, candidate, credit, (candidate.occasion,))


def latest(*standing: Line) -> datetime | None:
    return before_others(INTRODUCTION, standing).latest


def test_only_an_earlier_share_of_the_partner_on_the_account_makes_it_too_late() -> None:
    introduced = line(INTRODUCTION, 2)
    assert list(too_late([line(TOLD, 1), introduced])) == [INTRODUCTION.key]
    assert list(too_late([introduced, line(TOLD, 3)])) == []
    assert list(too_late([line(TOLD, 1, "second"), introduced])) == []
    assert list(too_late([line(milestone("other", "bank"), 1), introduced])) == []
    assert list(too_late([line(TOLD, 1, credit=Credit.NONE), introduced])) == []


def test_it_may_go_only_before_the_first_share_that_stands() -> None:
    assert latest(line(TOLD, 5), line(TOLD, 3), line(TOLD, 1, "second")) == NOW + 3 * DAY
    assert latest() is None
    assert before_others(TOLD, [line(TOLD, 3)]) == TOLD
