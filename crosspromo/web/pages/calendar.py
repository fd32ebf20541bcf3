"""Calendar: a week, a month or a day of deliveries, as planned or as they would go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from crosspromo import documents
from crosspromo.domain.calendar import CalendarDay, Entry, Placed, Scale, Span
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Credit
from crosspromo.phrasing.words import first_words
from crosspromo.services.calendar import Calendar
from crosspromo.web.errors import not_found
from crosspromo.web.routes import Answer, Done, Page, act, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import calendar as words
from crosspromo.web.words import posts

HERE = "/calendar"
FORECAST, LIST = "forecast", "list"

LONGEST_NAMES = {Scale.MONTH: 32, Scale.WEEK: 60, Scale.DAY: 60}
"""Characters of the words by which a post is called."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address chooses: the span, and how it is shown."""

    span: Span
    view: str = ""
    as_: str = ""
    account: str = ""

    def path(
        self, span: Span | None = None, *, view: str | None = None, as_: str | None = None
    ) -> str:
        """Address with another span, view, or forecast (None: as it is)."""
        chosen = {
            "view": self.view if view is None else view,
            "as": self.as_ if as_ is None else as_,
            "account": self.account,
        }
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{HERE}/{(span or self.span).name}{'?' if query else ''}{query}"

    @property
    def is_list(self) -> bool:
        """Whether days stand below each other; a single day always does."""
        return self.view == LIST or self.span.scale is Scale.DAY


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
    """Day of the page. `notes` are what is special about it; `is_of_span`: not of another month."""

    date: date
    path: str
    label: str
    notes: Sequence[str]
    rows: Sequence[Row]
    more: int
    is_today: bool
    is_of_span: bool
    is_silent: bool


def leads_to_now(visit: Visit) -> Answer:
    """Way to this week."""
    query = urlencode([(name, visit.query[name]) for name in _NAMES if name in visit.query])
    return Done(f"{HERE}/{_now(visit, Scale.WEEK).name}{'?' if query else ''}{query}")


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
            "links": _links(choice, visit),
            "accounts": [
                ("", words.ALL_ACCOUNTS),
                *((each, each) for each in visit.workspace.settings.accounts),
            ],
            "days": [_day(each, found, choice, visit) for each in found.days],
            "found": found,
            "differences": [
                _row(each, found, visit, LONGEST_NAMES[Scale.WEEK]) for each in found.differences
            ],
            "needed": words.needed_on(found.differences),
            "shares": _may_share(visit),
            "zone": words.times_in(
                visit.zone.key.rpartition("/")[2].replace("_", " "), visit.zone.key
            ),
            "posts": posts,
        },
        document=lambda: documents.of_calendar(found, visit.zone),
        command="rehearse" if choice.as_ else _command(span, choice.account),
    )


def work_out(visit: Visit) -> Answer:
    """Play the coming weeks, for a second at most, and store the forecasts."""
    done = visit.services.forecasting.renew_at_once()
    span = Span.parse(visit.text("span")) or _now(visit, Scale.WEEK)
    view = LIST if visit.text("view") == LIST else ""
    account = visit.text("account")
    to = Choice(span, view, FORECAST, account).path()
    return Done(to, told=[words.PLAYED if done else words.NOT_PLAYED])


_NAMES = ("view", "as", "account")


def _now(visit: Visit, scale: Scale) -> Span:
    return Span.around(scale, visit.now.astimezone(visit.zone).date())


def _command(span: Span, account: str) -> str:
    on = f" --account {account}" if account else ""
    return f"queue list --since {span.first} --until {span.last}{on}"


def _may_share(visit: Visit) -> bool:
    return visit.may(Role.AUTHOR)


# -- links -------------------------------------------------------------------------------------


class Link(NamedTuple):
    """Link of the page's head; `key` is the key that follows it."""

    word: str
    path: str
    is_current: bool = False
    key: str = ""
    sign: str = ""


def _links(choice: Choice, visit: Visit) -> dict[str, Sequence[Link]]:
    """Links by the group in which they stand."""
    span, scale = choice.span, choice.span.scale
    now = _now(visit, scale)
    anchor = span.first
    if scale is not Scale.DAY and span.includes(today := _now(visit, Scale.DAY).first):
        anchor = today  # from a month that has today, the week is this one
    week, month = Span.around(Scale.WEEK, anchor), Span.around(Scale.MONTH, anchor)
    is_list = choice.view == LIST
    listed = span if scale is not Scale.DAY else week
    return {
        "turn": [
            Link(words.EARLIER, choice.path(span.previous), key="[", sign="←"),
            Link(words.NOW[scale], choice.path(now), span == now),
            Link(words.LATER, choice.path(span.next), key="]", sign="→"),
        ],
        "how": [
            Link(
                words.AS_PLANNED,
                choice.path(as_=""),
                not choice.as_,
                "f" if choice.as_ else "",
            ),
            Link(
                words.AS_FORECAST,
                choice.path(as_=FORECAST),
                bool(choice.as_),
                "" if choice.as_ else "f",
            ),
        ],
        "view": [
            Link(words.WEEK, choice.path(week, view=""), scale is Scale.WEEK and not is_list, "w"),
            Link(
                words.MONTH, choice.path(month, view=""), scale is Scale.MONTH and not is_list, "M"
            ),
            Link(words.LIST, choice.path(listed, view=LIST), is_list, "l"),
        ],
    }


# -- days --------------------------------------------------------------------------------------


def _day(each: CalendarDay, found: Calendar, choice: Choice, visit: Visit) -> Day:
    silences = [
        f"{blackout.reason}, {words.SILENCE}" if blackout.reason else words.SILENCE
        for blackout in visit.workspace.settings.blackouts
        if blackout.partner is None and blackout.first <= each.date <= blackout.last
    ]
    is_today = each.date == visit.now.astimezone(visit.zone).date()
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
        is_today,
        found.span.includes(each.date),
        bool(silences),
    )


def _row(entry: Entry, found: Calendar, visit: Visit, longest: int) -> Row:
    first, moments = entry.first, visit.moments
    alone = f"?{urlencode({'account': first.account})}" if len(entry.placed) == 1 else ""
    return Row(
        entry,
        f"/posts/{first.post}{alone}",
        moments.clock(entry.at),
        first.credit,
        first_words(found.names.get(first.id) or "…", longest),
        words.of_fate(first, moments),
        _look(first),
        first.fate in words.ORDINARY,
        first.fate in words.ALARMS,
        [Tag(_letters(each, visit), each.account) for each in entry.placed],
        words.why(first, moments),
        _move(entry) if first.fate.is_movable and visit.may(Role.AUTHOR) else "",
    )


def _look(placed: Placed) -> str:
    """Class of an entry: a ghost, or the arrival of a self or of another post."""
    if placed.fate.is_ghost:
        return "ghost"
    if placed.due_at is None:
        return ""
    return "new self-new" if placed.credit.counts_self else "new"


def _move(entry: Entry) -> str:
    """Address of the form that moves the deliveries of the entry, and no others of the post."""
    first, *others = (each.id for each in entry.placed)
    also = "".join(f"{',' if index else '?also='}{each}" for index, each in enumerate(others))
    return f"/deliveries/{first}/move{also}"


def _letters(placed: Placed, visit: Visit) -> str:
    account = visit.workspace.settings.accounts.get(placed.account)
    return posts.tag_of(placed.network if account is None else account.text_network)


ROUTES = (
    form(HERE, leads_to_now, Role.READER, section=HERE),
    page(f"{HERE}/{{span}}", calendar, section=HERE),
    act(f"{HERE}/forecast", work_out, Role.READER, section=HERE),
)
