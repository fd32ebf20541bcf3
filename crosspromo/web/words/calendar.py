"""Words of the calendar."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from crosspromo.domain.calendar import Clocks, Entry, Facts, Fate, Scale, Span
from crosspromo.domain.forecasts import HangsOn, Uncertainty
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.holds import BelowRatio
from crosspromo.domain.typed_days import MONTHS
from crosspromo.phrasing.forecasts import of_end, of_held, of_uncertainty
from crosspromo.web.moments import Moments
from crosspromo.web.words.posts import STATES

TITLE = "Calendar"
EARLIER = "Earlier"
LATER = "Later"
THIS_WEEK = "This week"
THIS_MONTH = "This month"
THIS_DAY = "Today"
HOW = "As planned, or as it would go"
AS_PLANNED = "As planned"
AS_FORECAST = "As it would go"
VIEW = "View"
PLAN = "Propose a plan"
WEEK = "Week"
MONTH = "Month"
LIST = "List"
ACCOUNT = "Account"
ALL_ACCOUNTS = "All accounts"
SHOW = "Show"
ADD = "Add"
MOVE = "Move…"
TODAY = "today"
NOTHING = "Nothing"
OTHERWISE = "What would go otherwise than planned"
AS_IT_SHOULD = "To make it go as planned"
ALL_AS_PLANNED = "Everything goes as planned."
NOTHING_TO_DO = "There is nothing to share that would change it: move what waits, or let it wait."
SHARE = "Share a partner…"
PLAY = "Work it out now"
PLAYED = "The forecast is as of now."
NOT_PLAYED = "It takes longer than a second. The daemon works it out, a few minutes after a change."
NOTHING_WRITTEN = "The forecast plays the coming weeks with the real rules. Nothing is written."
NOT_FORETOLD = "Nothing is foretold yet: the daemon works it out, or you do now."
DATE = "Day"

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WHOLE_WEEKDAYS = (*("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),)
CLOCKS: Mapping[Clocks, str] = MappingProxyType(
    {Clocks.BACK: "Clocks go back", Clocks.FORWARD: "Clocks go forward"}
)
SILENCE = "silence"
NOW: Mapping[Scale, str] = MappingProxyType(
    {Scale.DAY: THIS_DAY, Scale.WEEK: THIS_WEEK, Scale.MONTH: THIS_MONTH}
)
FATES: Mapping[Fate, str] = MappingProxyType(
    {
        Fate.HELD: "held",
        Fate.BY_HAND: "by hand",
        Fate.SENT: "went out",
        Fate.GOES: "goes",
        Fate.MAY_GO: "may go",
        Fate.WAITS: "would wait",
        Fate.MOVES: "would move",
        Fate.MISSES: "would be missed",
        Fate.EXPIRES: "would expire",
        Fate.REFUSED: "would be refused",
    }
)
ORDINARY = frozenset({Fate.QUEUED, Fate.SENT, Fate.GOES})
"""Fates that nobody has to be told of."""
ALARMS = frozenset({Fate.UNKNOWN, Fate.BY_HAND, Fate.FAILED, Fate.MISSED, Fate.EXPIRED})
_BY_VALUE = {state.value: word for state, word in STATES.items()}


def heading(span: Span, today: date) -> str:
    """Heading: `23 to 29 November`, `November 2026` or `Tuesday 24 November 2026`."""
    first, last = span.first, span.last
    match span.scale:
        case Scale.DAY:
            return f"{WHOLE_WEEKDAYS[first.weekday()]} {first.day} {month(first)} {first.year}"
        case Scale.MONTH:
            return f"{month(first)} {first.year}"
        case Scale.WEEK:
            begins = str(first.day)
            if first.month != last.month:
                begins += f" {month(first)}"
            if first.year != last.year:
                begins += f" {first.year}"
            is_other_year = last.year != today.year or first.year != last.year
            year = f" {last.year}" if is_other_year else ""
            return f"{begins} to {last.day} {month(last)}{year}"


def month(day: date) -> str:
    """Name of the month."""
    return MONTHS[day.month - 1].capitalize()


def day(date_: date) -> str:
    """Day in short: `Tue 24 Nov`."""
    return f"{WEEKDAYS[date_.weekday()]} {date_.day} {month(date_)[:3]}"


def times_in(place: str, zone: str) -> str:
    """Zone of all times on the page."""
    return f"All times in {place} ({zone})." if place != zone else f"All times in {zone}."


def more(count: int) -> str:
    """Entries that are left out."""
    return f"{count} more"


def without_time(count: int) -> str:
    """Posts that have no time yet."""
    posts = plural(count, "delivery has no time: it goes", "deliveries have no time: they go")
    return f"{posts} as soon as a self post is allowed."


def of_fate(entry: Entry, moments: Moments) -> str:
    """State of an entry in a few words; of one that arrives, from where."""
    if entry.fate is not Fate.ARRIVES:
        return FATES.get(entry.fate) or _BY_VALUE.get(entry.fate, entry.fate.value)
    if entry.due_at is None:
        return "when allowed"
    return f"from {from_when(entry.due_at, entry.at or entry.due_at, moments)}"


def from_when(due_at: datetime, at: datetime, moments: Moments) -> str:
    """Planned time beside the forecast one: `Wed`, or the time on the same day."""
    planned = due_at.astimezone(moments.zone).date()
    goes = at.astimezone(moments.zone).date()
    if planned == goes:
        return moments.clock(due_at)
    return WEEKDAYS[planned.weekday()] if abs((goes - planned).days) < 7 else moments.day(due_at)


def why(entry: Entry, account: str, moments: Moments) -> str:
    """Reason of a ghost in a sentence; empty where there is none."""
    forecast = entry.forecast
    if forecast is None or forecast.reason is None or not entry.fate.is_ghost:
        return ""
    if entry.fate in {Fate.MISSES, Fate.REFUSED}:
        clause = of_end(forecast.reason, account, moments.zone)  # type: ignore[arg-type]  # an end
    else:
        clause = of_held(forecast.reason, account, moments.zone)  # type: ignore[arg-type]  # a hold
    return f"{clause[:1].upper()}{clause[1:]}."


def goes(entry: Entry, moments: Moments) -> str:
    """When a ghost or an arrival goes instead, after its name and accounts."""
    due_at = entry.due_at or entry.at
    planned = "" if due_at is None else moments.full(due_at)
    if entry.forecast is None or entry.forecast.goes_at is None:
        ends = {Fate.MISSES: "is missed", Fate.EXPIRES: "expires", Fate.REFUSED: "is refused"}
        end = ends.get(entry.fate, "does not go in the next 4 weeks")
        return f"{end}, planned for {planned}."
    return f"goes {moments.full(entry.forecast.goes_at)}, not {planned}."


def share(account: str, needed: int) -> str:
    """What lets the first post that waits on an account go."""
    return f"{plural(needed, 'more partner post')} on {account}, before the first post that waits."


def needed_on(entries: Sequence[Entry], facts: Mapping[int, Facts]) -> dict[str, int]:
    """For each account on which self posts wait, the partner posts that the first one lacks."""
    found: dict[str, int] = {}
    for entry in entries:
        reason = None if entry.forecast is None else entry.forecast.reason
        if isinstance(reason, BelowRatio):
            for each in entry.ids:
                found.setdefault(facts[each].account, reason.needed)
    return found


def doubt(on: HangsOn) -> str:
    """Why no forecast is certain."""
    return f"Not certain: {of_uncertainty(Uncertainty(on))}."


def differing(count: int, planned: int) -> str:
    """How many entries go otherwise."""
    return f"{count} of {planned}"
