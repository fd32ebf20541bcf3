"""The plan: lines by day, each with its reason, to be accepted, skipped, swapped or worded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from crosspromo import documents_plan as documents
from crosspromo.domain.errors import Refused, TemplateError
from crosspromo.domain.people import Role
from crosspromo.phrasing.plan import (
    of_drafts,
    of_left_out,
    of_missing,
    of_occasion,
    of_pauses,
    what_of,
)
from crosspromo.services.planning.proposals import Proposal, ProposedLine
from crosspromo.web.counting import plan as proposal_of
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import plan as words
from crosspromo.web.words import posts

HERE = "/plan"
SECTION = "/calendar"
MOST_LEFT_OUT = 20
"""Most items without a place that are named."""


@dataclass(frozen=True, slots=True)
class Row:
    """Line of the plan; `number` is its place on the page, `others` may stand there instead."""

    number: int
    proposed: ProposedLine
    clock: str
    reasons: Sequence[str]
    others: Sequence[tuple[str, str]]


def plan(visit: Visit) -> Answer:
    """Plan of the coming weeks, each line with its reason, and the balance as it would become."""
    return _page(visit)


def _page(visit: Visit, error: str | None = None) -> Page:
    found = proposal_of(visit.workspace)
    zone, moments = visit.zone, visit.moments
    numbered = list(enumerate(found.lines, start=1))
    days = [
        (
            moments.day(day_lines[0][1].line.at),
            [_row(number, each, found, visit) for number, each in day_lines],
        )
        for _, group in groupby(numbered, key=lambda each: each[1].line.at.astimezone(zone).date())
        for day_lines in (list(group),)
    ]
    return Page(
        "plan.html",
        words.TITLE,
        words,
        {
            "found": found,
            "days": days,
            "posts": posts,
            "notices": [*of_pauses(found, zone), *of_drafts(found)],
            "missing": [of_missing(each) for each in found.missing],
            "left_out": list(_left_out(found, visit).items())[:MOST_LEFT_OUT],
            "weeks": sorted(found.weeks, key=lambda each: (each.account, each.week)),
            "error": error,
        },
        document=lambda: documents.of_plan(found, zone),
        command="plan",
        status=200 if error is None else 422,
    )


def _row(number: int, each: ProposedLine, found: Proposal, visit: Visit) -> Row:
    line = each.line
    return Row(
        number,
        each,
        visit.moments.clock(line.at),
        [of_occasion(reason, visit.zone) for reason in line.reasons],
        [(item.candidate.key, what_of(item.candidate)) for item in found.others_for(line)],
    )


def _left_out(found: Proposal, visit: Visit) -> Mapping[tuple[str, str], list[str]]:
    """Accounts on which an item has no place, by its name and the reason."""
    without: dict[tuple[str, str], list[str]] = {}
    for each in found.left_out:
        about = what_of(each.item.candidate), of_left_out(each, visit.zone)
        without.setdefault(about, []).extend(each.accounts)
    return without


def accept(visit: Visit) -> Answer:
    """Queue a line, with the words of the person where it is pencilled."""
    key = visit.text("key")
    try:
        made = visit.services.plans.apply(
            proposal_of(visit.workspace),
            visit.me.name,
            queue=True,
            keys=frozenset({key}),
            words={key: visit.text("words")},
        )
    except (Refused, TemplateError) as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=[words.made(made, visit.moments)])


def accept_all(visit: Visit) -> Answer:
    """Make drafts of every line that needs no words."""
    try:
        made = visit.services.plans.apply(proposal_of(visit.workspace), visit.me.name, queue=False)
    except (Refused, TemplateError) as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=[words.drafted(made)])


def skip(visit: Visit) -> Answer:
    """Have a line proposed no more for some weeks."""
    key = visit.text("key")
    found = proposal_of(visit.workspace)
    line = next((each for each in found.lines if each.key == key), None)
    if line is None:
        return _page(visit, words.GONE)
    visit.services.plans.skip(key, visit.me.name)
    return Done(HERE, told=[words.skipped(what_of(line.line.candidate))])


def swap(visit: Visit) -> Answer:
    """Queue another item in the slot of a line."""
    try:
        made = visit.services.plans.swap(
            proposal_of(visit.workspace), visit.text("key"), visit.text("other"), visit.me.name
        )
    except (Refused, TemplateError) as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=[words.made([made], visit.moments)])


ROUTES = (
    page(HERE, plan, section=SECTION),
    act("/plan/accept", accept, Role.AUTHOR, section=SECTION),
    act("/plan/accept-all", accept_all, Role.AUTHOR, section=SECTION),
    act("/plan/skip", skip, Role.AUTHOR, section=SECTION),
    act("/plan/swap", swap, Role.AUTHOR, section=SECTION),
)
