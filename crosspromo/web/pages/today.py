"""Today: what needs a person, what goes next, and the balance by account."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from crosspromo import documents, documents_partners
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.matters import Matter
from crosspromo.domain.people import Role
from crosspromo.domain.reasons.holds import Paused
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.phrasing.holds import of_hold
from crosspromo.phrasing.matters import mend_of, of_matter
from crosspromo.reports.ratio import AccountStanding
from crosspromo.services.delivery_view import DeliveryView
from crosspromo.services.today import Course, Today
from crosspromo.web.counting import due_partners, remember
from crosspromo.web.mending import Button, button_of
from crosspromo.web.routes import Answer, Page, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import partners_due as due_words
from crosspromo.web.words import posts
from crosspromo.web.words import today as words
from crosspromo.web.words.lists import of_pause

MOST_DUE = 5
"""Most partners with whom something is due; all of them stand on the page of partners."""

MOST_ROWS = 10
"""Most rows of what needs a person; the number of the others is told."""


@dataclass(frozen=True, slots=True)
class Row:
    """Row of what needs a person: kind, sentence, facts, and one button."""

    kind: str
    is_alarm: bool
    sentence: str
    facts: str
    button: Button | None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Post that goes next, on one or more accounts at the same time.

    `waiting` are those that are or would be held, each with a word for that and the reason.
    """

    due_at: datetime
    first: Delivery
    views: list[DeliveryView]
    waiting: list[tuple[DeliveryView, str, str]]


@dataclass(frozen=True, slots=True)
class Balance:
    """Balance of an account; `marks` None: too many to be drawn one by one."""

    standing: AccountStanding
    marks: tuple[int, int, int, int] | None


def today(visit: Visit) -> Answer:
    """What needs a person now, what goes next, and where each account stands."""
    found = visit.services.today.now()
    remember(visit.workspace, found.count)
    rows = [*(_row(each, found, visit) for each in found.matters), *_drafts(found, visit)]
    upcoming = _upcoming(found, visit)
    due = due_partners(visit.workspace)
    values = {
        "verdict": words.BEGIN if (is_new := _is_new(found)) else words.verdict(found.count),
        "is_new": is_new,
        "rows": rows[:MOST_ROWS],
        "left_out": len(rows) - len(rows[:MOST_ROWS]),
        "days": [(day, list(each)) for day, each in groupby(upcoming, lambda it: _day(it, visit))],
        "next": found.next,
        "lead": words.lead(found),
        "balances": [Balance(each, _marks(each)) for each in found.balances.accounts],
        "organisation": found.balances.organisation,
        "due": due[:MOST_DUE],
        "more_due": len(due[MOST_DUE:]),
        "due_words": due_words,
        "posts": posts,
    }
    return Page(
        "today.html",
        words.title(found.count),
        words,
        values,
        document=lambda: {
            "needs_person": [documents.of_matter(each, visit.zone) for each in found.matters],
            "to_approve": [each.id for each in found.drafts],
            "next": [documents.of_delivery(each, visit.zone) for each in found.next],
            "balances": documents.of_balances(found.balances),
            "partners_due": [documents_partners.of_due(each) for each in due],
        },
        command="status",
        sending=found.sending,
    )


def _is_new(found: Today) -> bool:
    """Whether nothing has ever gone out, as far as one can see here, and nothing waits."""
    went_out = any(each.others or each.self_ for each in found.balances.accounts)
    return not (found.count or found.next or went_out)


def _row(matter: Matter, found: Today, visit: Visit) -> Row:
    about = found.about.get(matter.delivery) if matter.delivery is not None else None
    said = None if about is None else words.of_delivery(matter, about, visit.moments)
    sentence = said or of_matter(matter, visit.zone)
    return Row(
        kind=words.KINDS.get(matter.code, matter.code),
        is_alarm=matter.code in words.ALARMS,
        sentence=f"{sentence[:1].upper()}{sentence[1:]}",
        facts="" if about is None else words.facts_of(matter, about, visit.moments),
        button=button_of(mend_of(matter), visit),
    )


def _drafts(found: Today, visit: Visit) -> list[Row]:
    return [
        Row(
            kind=words.APPROVE,
            is_alarm=False,
            sentence=words.waits_for_approval(posts.name_of(each), each.author),
            facts=words.approval_facts(each.account, visit.moments.full(each.due_at)),
            button=Button(words.READ, f"/deliveries/{each.id}"),
        )
        for each in found.drafts
    ]


def _upcoming(today: Today, visit: Visit) -> list[Upcoming]:
    """Deliveries by time and post, in order; those that wait each with the reason."""
    found = []
    rows = zip(today.next, today.courses, strict=True)
    for (due_at, _), group in groupby(rows, lambda it: _time_and_post(it[0])):
        same = list(group)
        waiting = [
            (view, words.HELD if view.delivery.hold else words.WOULD_WAIT, _why(view, visit))
            for view, course in same
            if course is Course.WAITS
        ]
        views = [view for view, _ in same]
        found.append(Upcoming(due_at, views[0].delivery, views, waiting))
    return found


def _time_and_post(view: DeliveryView) -> tuple[datetime, int]:
    return view.delivery.due_at, view.delivery.post


def _why(view: DeliveryView, visit: Visit) -> str:
    """Why a delivery waits: its pause, else what is foretold, else its hold."""
    delivery, hold = view.delivery, view.delivery.hold
    if hold is not None and isinstance(hold.reason, Paused):
        return of_pause(hold.reason.pause, visit.moments)
    if view.forecast is not None:
        return of_forecast(view.forecast, delivery.account, visit.zone)
    if hold is None:
        return ""
    return of_hold(hold.reason, hold.until, delivery.account, visit.zone)


def _day(upcoming: Upcoming, visit: Visit) -> str:
    return visit.moments.day(upcoming.due_at)


def _marks(standing: AccountStanding) -> tuple[int, int, int, int] | None:
    """Numbers of marks: partner posts, those still needed, self posts, those allowed now."""
    needed = 0 if standing.headroom else standing.partner_posts_to_next or 0
    marks = (standing.others, needed, standing.self_, standing.headroom or 0)
    return marks if sum(marks) <= words.MOST_MARKS else None


ROUTES = (page("/", today, Role.READER, section="/"),)
