"""Calendar: spans of days with an address, and the places of deliveries on local days.

A delivery stands where it is due, and one that went out stands where it went out. With forecasts
one that should go at another time stands twice: as a ghost where it is due, and where it arrives.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from crosspromo.domain.blackouts import EARLIEST_YEAR, LATEST_YEAR
from crosspromo.domain.forecasts import Forecast, HangsOn, Outcome
from crosspromo.domain.pacing import start_of
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons.holds import (
    Blackout,
    CapReached,
    GapTooShort,
    InQuietHours,
    Mourning,
    OverBudget,
    WaitsForTurn,
)
from crosspromo.domain.states import State

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
A_DAY_OF_HOURS = timedelta(hours=24)


class Scale(StrEnum):
    """Length of a span."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """Day, week (from Monday) or month, which begins on the day `first`."""

    scale: Scale
    first: date

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Span of a name: `2026-11-24`, `2026-W48` or `2026-11`; None for any other text."""
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}", name):
                span = cls(Scale.MONTH, date.fromisoformat(f"{name}-01"))
            elif re.fullmatch(r"[0-9]{4}-W[0-9]{2}", name):
                span = cls(Scale.WEEK, date.fromisoformat(f"{name}-1"))
            elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", name):
                span = cls(Scale.DAY, date.fromisoformat(name))
            else:
                return None
        except ValueError:
            return None
        return span if EARLIEST_YEAR < span.first.year < LATEST_YEAR else None

    @classmethod
    def around(cls, scale: Scale, day: date) -> Self:
        """Span of this scale that has the day."""
        match scale:
            case Scale.DAY:
                return cls(scale, day)
            case Scale.WEEK:
                return cls(scale, day - timedelta(days=day.weekday()))
            case Scale.MONTH:
                return cls(scale, day.replace(day=1))

    @property
    def name(self) -> str:
        """Name in the address."""
        match self.scale:
            case Scale.DAY:
                return self.first.isoformat()
            case Scale.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
            case Scale.MONTH:
                return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        """Last day."""
        return self.next.first - DAY

    @property
    def next(self) -> "Span":
        """Span of the same scale after this one."""
        steps = {Scale.DAY: DAY, Scale.WEEK: WEEK, Scale.MONTH: timedelta(days=31)}
        return Span.around(self.scale, self.first + steps[self.scale])

    @property
    def previous(self) -> "Span":
        """Span of the same scale before this one."""
        return Span.around(self.scale, self.first - DAY)

    @property
    def days(self) -> Sequence[date]:
        """Days to be shown, in order: of a month whole weeks, with days of other months."""
        first, last = self.first, self.last
        if self.scale is Scale.MONTH:
            first -= timedelta(days=first.weekday())
            last += timedelta(days=6 - last.weekday())
        return [first + each * DAY for each in range((last - first).days + 1)]

    def includes(self, day: date) -> bool:
        """Whether the day belongs to the span itself."""
        return self.first <= day <= self.last

    def bounds(self, zone: ZoneInfo) -> Sequence[datetime]:
        """Local midnights in UTC at the start of each shown day, and at the end of the last."""
        days = self.days
        return [start_of(day, zone) for day in (*days, days[-1] + DAY)]


class Fate(StrEnum):
    """What is known of a delivery at its place."""

    DRAFT = "draft"
    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    UNKNOWN = "unknown"
    BY_HAND = "by-hand"
    SENT = "sent"
    DELETED = "deleted"
    FAILED = "failed"
    MISSED = "missed"
    EXPIRED = "expired"
    GOES = "goes"
    MAY_GO = "may-go"
    WAITS = "would-wait"
    MOVES = "would-move"
    MISSES = "would-be-missed"
    EXPIRES = "would-expire"
    REFUSED = "would-be-refused"
    ARRIVES = "arrives"

    @property
    def is_ghost(self) -> bool:
        """Whether the delivery should not go at this place."""
        return self in _GHOSTS

    @property
    def is_movable(self) -> bool:
        """Whether a person may give the delivery another time."""
        return self not in _FIXED


_GHOSTS = frozenset({Fate.WAITS, Fate.MOVES, Fate.MISSES, Fate.EXPIRES, Fate.REFUSED})
_FIXED = frozenset(
    {Fate.SENDING, Fate.UNKNOWN, Fate.BY_HAND, Fate.SENT, Fate.DELETED, Fate.EXPIRED}
)
FATES: Mapping[State, Fate] = {
    State.DRAFT: Fate.DRAFT,
    State.QUEUED: Fate.QUEUED,
    State.SENDING: Fate.SENDING,
    State.UNKNOWN: Fate.UNKNOWN,
    State.PUBLISHED: Fate.SENT,
    State.DELETED: Fate.DELETED,
    State.FAILED: Fate.FAILED,
    State.MISSED: Fate.MISSED,
    State.EXPIRED: Fate.EXPIRED,
}
"""Fates as planned; a cancelled delivery has none."""
_ENDS = {
    Outcome.MISSED: Fate.MISSES,
    Outcome.EXPIRED: Fate.EXPIRES,
    Outcome.REFUSED: Fate.REFUSED,
    Outcome.HELD: Fate.WAITS,
}
_LIMITS = (Blackout, Mourning, CapReached, GapTooShort, InQuietHours, OverBudget, WaitsForTurn)
"""Reasons by which the time of a delivery changes, whoever does what."""

_OF_ALL = frozenset({HangsOn.STALE, HangsOn.LATE})
"""Doubts about all forecasts, which the page tells once."""


class Entry(NamedTuple):
    """Deliveries (ids) of one post at one minute with the same fate: they differ in the account.

    `at` (aware, in UTC) None: they have no time of their own. `due_at` is the planned time of
    deliveries that stand where they should go.
    """

    at: datetime | None
    post: int
    fate: Fate
    ids: tuple[int, ...]
    forecast: Forecast | None = None
    due_at: datetime | None = None


class Facts(NamedTuple):
    """What a calendar says of a delivery; `name` is its title or the beginning of its text."""

    account: str
    network: str
    credit: Credit
    name: str


def minute_of(moment: datetime) -> datetime:
    """Begin of the minute: clocks in the calendar show whole minutes."""
    if moment.second or moment.microsecond:
        return moment.replace(second=0, microsecond=0)
    return moment


def foretold(planned: Entry, forecast: Forecast | None) -> Sequence[Entry]:
    """Places of a draft or queued delivery with its forecast (None: nothing is foretold)."""
    if forecast is None:
        return (planned,)
    if forecast.outcome is not Outcome.SENT or forecast.at is None:
        return (planned._replace(fate=_ENDS.get(forecast.outcome, Fate.WAITS), forecast=forecast),)
    at = minute_of(forecast.at)
    doubt = forecast.uncertainty
    if at == planned.at:
        is_sure = doubt is None or doubt.on in _OF_ALL
        return (planned._replace(fate=Fate.GOES if is_sure else Fate.MAY_GO, forecast=forecast),)
    arrival = planned._replace(at=at, fate=Fate.ARRIVES, forecast=forecast, due_at=planned.at)
    if planned.at is None:
        return (arrival,)
    fate = Fate.MOVES if isinstance(forecast.reason, _LIMITS) else Fate.WAITS
    return planned._replace(fate=fate, forecast=forecast), arrival


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Entries with a time, by time."""
    return sorted((entry for entry in entries if entry.at is not None), key=itemgetter(0, 1, 2, 3))


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Entries by time, with equal entries of one post made one."""
    found: list[Entry] = []
    ordered = sorted(in_order(entries), key=_what_differs)
    for _, group in groupby(ordered, key=_what_differs):
        first, *others = group
        ids = {each for entry in (first, *others) for each in entry.ids}
        found.append(first._replace(ids=tuple(sorted(ids))) if others else first)
    return found


def told_once(drawn: Iterable[Entry], span: Span, zone: ZoneInfo) -> list[Entry]:
    """Drawn entries of the span itself, without arrivals whose ghost stands in the span as well.

    So what moves within the span is told once, by its ghost; what arrives from another span is told
    by its arrival, and what goes to another span by its ghost.
    """
    begins, ends = start_of(span.first, zone), start_of(span.last + DAY, zone)

    def is_inside(moment: datetime | None) -> bool:
        return moment is not None and begins <= moment < ends

    return [
        entry
        for entry in drawn
        if is_inside(entry.at) and not (entry.fate is Fate.ARRIVES and is_inside(entry.due_at))
    ]


def goes_otherwise(entry: Entry) -> bool:
    """Whether the entry should not go as planned.

    One without a time of its own goes as planned, whenever it is allowed.
    """
    return entry.fate.is_ghost or (entry.fate is Fate.ARRIVES and entry.due_at is not None)


def _what_differs(entry: Entry) -> tuple[object, ...]:
    """Key of an entry: entries of a post with the same key are drawn as one."""
    forecast, ends = entry.forecast, ("", "")
    if forecast is not None and entry.fate.is_ghost:
        at = "" if forecast.at is None else minute_of(forecast.at).isoformat()
        ends = at, repr(forecast.reason)
    return entry.at, entry.post, entry.fate, entry.due_at or _NEVER, ends


_NEVER = datetime.min.replace(tzinfo=UTC)


class Clocks(StrEnum):
    """Change of the clocks on a day."""

    BACK = "back"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Local day with its first entries, by time; `more` is the number of entries left out."""

    date: date
    entries: Sequence[Entry]
    more: int = 0
    clocks: Clocks | None = None


def arranged(entries: Iterable[Entry], span: Span, zone: ZoneInfo, most: int) -> list[CalendarDay]:
    """Shown days of the span, each with at most `most` entries and the number of the others.

    Entries are by time; those of other days, and those without a time, are left out.
    """
    days, bounds = span.days, span.bounds(zone)
    by_day: list[list[Entry]] = [[] for _ in days]
    for entry in entries:
        index = -1 if entry.at is None else bisect_right(bounds, entry.at) - 1
        if 0 <= index < len(days):
            by_day[index].append(entry)
    return [
        CalendarDay(day, found[:most], max(0, len(found) - most), _clocks(ends - begins))
        for day, found, begins, ends in zip(days, by_day, bounds, bounds[1:], strict=False)
    ]


def _clocks(length: timedelta) -> Clocks | None:
    if length == A_DAY_OF_HOURS:
        return None
    return Clocks.BACK if length > A_DAY_OF_HOURS else Clocks.FORWARD
