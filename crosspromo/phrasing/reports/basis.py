"""What a report rests on, in words: window, zone, target, age of its data, what it cannot know."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import wall_clock
from crosspromo.reports.page import Basis, NextAct, Worded
from crosspromo.services.report_scope import Scope

_INSTANT = timedelta(microseconds=1)
NO_TARGET = "none; this report promises nothing"
NO_NETWORK = "no figure of a network is in it"


def basis(scope: Scope, target: str = NO_TARGET, networks: str = NO_NETWORK) -> Basis:
    """Basis of a report; `networks` tells the age of what networks said."""
    begins = wall_clock(scope.after + _INSTANT, scope.zone)
    ends = wall_clock(scope.as_of, scope.zone)
    past = scope.known_at is not None and not scope.cannot_know
    then = "what was recorded by then," if past else "what is recorded now of the time until"
    return Basis(f"{begins} to {ends}", scope.zone.key, target, f"{then} {ends}; {networks}")


def age_of(oldest: datetime | None, scope: Scope) -> str:
    """Age of what networks told, by its oldest figure."""
    if oldest is None:
        return "no network told a figure"
    return f"the oldest figure of a network is of {wall_clock(oldest, scope.zone)}"


def remarks(scope: Scope, *others: str) -> Sequence[str]:
    """What the report cannot know, and other remarks."""
    return [*_of_the_past(scope), *others]


TODAYS_STATE = (
    "A post that did not go out is listed with its state of today; when that was noticed "
    "is not recorded."
)
TODAYS_EVENTS = "Events are those that are known today, with the times that they have today."

UNKNOWN = "nothing is recorded, and whether the promise was kept is not known"
"""Verdict on a time before the records of which nothing is recorded today either."""

MERGED = "Partners that were merged since then count as one, with all that was recorded of either."


def _of_the_past(scope: Scope) -> Iterator[str]:
    if scope.cannot_know:
        since = scope.known_since
        yield (
            "What was recorded when is not known of that time"
            + ("" if since is None else f"; it is known since {wall_clock(since, scope.zone)}")
            + ". This report cannot know what it would have printed then: it counts what is "
            "recorded of that time today."
        )
    elif scope.known_at is not None:
        yield "It counts what was recorded by that moment, but for what the next lines name."
    if scope.known_at is not None:
        yield MERGED


def of_now(scope: Scope, acts: Sequence[NextAct]) -> Sequence[NextAct]:
    """Acts that are useful now; a report of a past moment has none."""
    return () if scope.known_at is not None else acts


def ratio_text(text: str | None) -> str:
    """Target for people: `3:1`, `2 a week`, `no promise`."""
    return "no promise" if text is None else text.replace("per 7d", "a week")


def day(moment: datetime | None, zone: ZoneInfo) -> str:
    """Local day, as `Wed 2026-04-22`; empty for None."""
    return "" if moment is None else wall_clock(moment, zone)[:14]


def local_day(moment: datetime | None, zone: ZoneInfo, never: str = "") -> Worded:
    """Local day as a cell: people read `Wed 2026-04-22`, programs `2026-04-22` (None: null)."""
    value = None if moment is None else moment.astimezone(zone).date()
    return Worded(day(moment, zone) or never, value)


def trend(now: float, before: float) -> str:
    """Comparison with the month before: `up from 3`, `as before`."""
    if now == before:
        return "as before"
    return f"{'up' if now > before else 'down'} from {before:,}"


def span(length: timedelta) -> str:
    """Length of time: `2 days`, `5 hours`, `20 minutes`, each rounded down."""
    if length >= timedelta(days=2):
        return plural(length.days, "day")
    hours = length // timedelta(hours=1)
    return plural(hours, "hour") if hours else plural(length // timedelta(minutes=1), "minute")
