"""Calendar: a week, a month or a day of deliveries, as planned or as they would go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from crosspromo import documents
from crosspromo.domain.calendar import CalendarDay, Entry, Facts, Fate, Scale, Span
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Credit
from crosspromo.phrasing.words import first_words
from crosspromo.services.calendar import Calendar
from crosspromo.web.calendar_links import FORECAST, HERE, LIST, Choice, links_of, now_of
from crosspromo.web.errors import not_found
from crosspromo.web.routes import Answer, Done, Page, act, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import calendar as words
from crosspromo.web.words import posts

LONGEST_NAMES = {Scale.MONTH: 32, Scale.WEEK: 60, Scale.DAY: 60}
"""Characters of the words by which a post is called."""


class Tag(NamedTuple):
    """Account in two letters."""

    letters: str
    account: str


@dataclass(frozen=True, slots=True)
class Row:
    """Entry of a day. `move` is the address of its form; empty where nobody here may move it."""

    entry: Entry
    path: str
    clock: str
    credit: Credit
    name: str
    state: str
    look: str
    is_quiet: bool
    is_alarm: bool
    tags: Sequence[Tag]
    why: str
    move: str


@dataclass(frozen=True, slots=True)
class Day:
    """Day of the page. `notes` are what is special about it, `look` is its class.

    `is_of_span` False: a day of another month, which fills a week. `takes_posts` False: the day is
    over, or nothing goes out on it.
    """

    date: date
    path: str
    label: str
    notes: Sequence[str]
    rows: Sequence[Row]
    more: int
    look: str
    is_of_span: bool
    takes_posts: bool


def leads_to_now(visit: Visit) -> Answer:
    """Way to this week."""
    query = urlencode([(name, visit.query[name]) for name in _NAMES if name in visit.query])
    return Done(f"{HERE}/{now_of(visit, Scale.WEEK).name}{'?' if query else ''}{query}")


def calendar(visit: Visit) -> Answer:
    """Days of the span in the address."""
    span = Span.parse(visit.values["span"])
    if span is None:
        return not_found()
    asked = {name: visit.query.get(name, "") for name in _NAMES}
    choice = Choice(
        span,
        LIST if asked["view"] == LIST else "",
        FORECAST if asked["as"] == FORECAST else "",
        asked["account"],
    )
    found = visit.services.calendar.of(
        span, account=choice.account or None, as_forecast=bool(choice.as_)
    )
    today = visit.now.astimezone(visit.zone).date()
    return Page(
        "calendar.html",
        f"{words.heading(span, today)} · {words.TITLE}",
        words,
        {
            "choice": choice,
            "heading": words.heading(span, today),
            "links": links_of(choice, visit),
            "accounts": [
                ("", words.ALL_ACCOUNTS),
                *((each, each) for each in visit.workspace.settings.accounts),
            ],
            "days": [_day(each, found, choice, visit) for each in found.days],
            "found": found,
            "differences": [
                _row(each, found, visit, LONGEST_NAMES[Scale.WEEK]) for each in found.differences
            ],
            "needed": words.needed_on(found.differences, found.facts),
            "shares": _may_share(visit),
            "zone": words.times_in(
                visit.zone.key.rpartition("/")[2].replace("_", " "), visit.zone.key
            ),
            "posts": posts,
        },
        document=lambda: documents.of_calendar(found, visit.zone),
        command="rehearse" if choice.as_ else "queue list",
    )


def work_out(visit: Visit) -> Answer:
    """Play the coming weeks, for a second at most, and store the forecasts."""
    done = visit.services.forecasting.renew_at_once()
    span = Span.parse(visit.text("span")) or now_of(visit, Scale.WEEK)
    view = LIST if visit.text("view") == LIST else ""
    account = visit.text("account")
    to = Choice(span, view, FORECAST, account).path()
    return Done(to, told=[words.PLAYED if done else words.NOT_PLAYED])


_NAMES = ("view", "as", "account")


def _may_share(visit: Visit) -> bool:
    return visit.may(Role.AUTHOR)


# -- days --------------------------------------------------------------------------------------


def _day(each: CalendarDay, found: Calendar, choice: Choice, visit: Visit) -> Day:
    silences = [
        f"{blackout.reason}, {words.SILENCE}" if blackout.reason else words.SILENCE
        for blackout in visit.workspace.settings.blackouts
        if blackout.partner is None and blackout.first <= each.date <= blackout.last
    ]
    today = visit.now.astimezone(visit.zone).date()
    is_today = each.date == today
    longest = LONGEST_NAMES[Scale.WEEK if choice.is_list else choice.span.scale]
    return Day(
        each.date,
        choice.path(Span(Scale.DAY, each.date), view=""),
        words.day(each.date),
        [
            *([words.TODAY] if is_today else []),
            *([] if each.clocks is None else [words.CLOCKS[each.clocks]]),
            *silences,
        ],
        [_row(entry, found, visit, longest) for entry in each.entries],
        each.more,
        " ".join(
            look
            for look, applies in (
                ("now", is_today),
                ("outside", not found.span.includes(each.date)),
                ("silent", bool(silences)),
                ("empty", not each.entries),
            )
            if applies
        ),
        found.span.includes(each.date),
        not silences and each.date >= today,
    )


def _row(entry: Entry, found: Calendar, visit: Visit, longest: int) -> Row:
    moments = visit.moments
    all_facts = [found.facts[each] for each in entry.ids]
    first = all_facts[0]
    alone = f"?{urlencode({'account': first.account})}" if len(entry.ids) == 1 else ""
    return Row(
        entry,
        f"/posts/{entry.post}{alone}",
        "" if entry.at is None else moments.clock(entry.at),
        first.credit,
        first_words(first.name or "…", longest),
        words.of_fate(entry, moments),
        _look(entry, first),
        entry.fate in words.ORDINARY,
        entry.fate in words.ALARMS,
        [Tag(_letters(each, visit), each.account) for each in all_facts],
        words.why(entry, first.account, moments),
        _move(entry) if entry.fate.is_movable and visit.may(Role.AUTHOR) else "",
    )


def _look(entry: Entry, facts: Facts) -> str:
    """Class of an entry: a ghost, or the arrival of a self or of another post."""
    if entry.fate.is_ghost:
        return "ghost"
    if entry.fate is not Fate.ARRIVES:
        return ""
    return "new own" if facts.credit.counts_self else "new"


def _move(entry: Entry) -> str:
    """Address of the form that moves the deliveries of the entry, and no others of the post."""
    first, *others = entry.ids
    also = f"?also={','.join(map(str, others))}" if others else ""
    return f"/deliveries/{first}/move{also}"


def _letters(facts: Facts, visit: Visit) -> str:
    account = visit.workspace.settings.accounts.get(facts.account)
    network = facts.network if account is None else account.text_network
    return posts.tag_of(network, facts.account)


ROUTES = (
    form(HERE, leads_to_now, Role.READER, section=HERE),
    page(f"{HERE}/{{span}}", calendar, section=HERE),
    act(f"{HERE}/forecast", work_out, Role.READER, section=HERE),
)
