"""Sources: addresses of feeds that are read on a schedule, and when each is read next.

An empty answer proves nothing: a source that is silent for longer than it usually is, is told of,
as one that fails is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from crosspromo.domain.values import Value

LONGEST_BACKOFF = timedelta(days=1)
"""Longest wait after failures."""

MOST_DOUBLINGS = 10

TOLD_AFTER = 3
"""Failures in a row after which a source is somebody's business: networks stumble."""

SHORTEST_SILENCE = timedelta(days=14)
"""Silence that nobody is told of, however busy a source usually is."""

USUAL_GAPS = 3
"""Times the usual gap between two items after which a source counts as silent."""

LATEST_TIMES = 20
"""Latest items from which the usual gap is worked out."""

FEWEST_TIMES = 4
"""Fewest items that tell a usual gap."""


class SourceKind(StrEnum):
    """Kind of a source."""

    FEED = "feed"
    ALERTS = "alerts"
    CALENDAR = "calendar"


class HeldBack(NamedTuple):
    """Edition of a calendar that was not applied: of `known` coming events, `gone` are not in it.

    `since` is the time of the first such reading, aware, in UTC.
    """

    gone: int
    known: int
    since: datetime


class Source(Value, frozen=True):
    """Source with what its last readings brought. Times are aware, in UTC.

    `partner` is the slug of the partner whose feed it is; None: it tells of many. `read_at` is the
    time of the last reading that went well, `tried_at` of the last one at all; `failures` counts
    those since, and `fault` says why the last one failed. `latest` are the times of the latest
    items, the newest first. `held_back`: the last edition of a calendar was not applied.
    """

    number: int
    kind: SourceKind
    address: str
    partner: str | None
    title: str
    added_at: datetime
    next_at: datetime
    tried_at: datetime | None = None
    read_at: datetime | None = None
    failures: int = 0
    fault: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    latest: tuple[datetime, ...] = ()
    held_back: HeldBack | None = None


def next_reading(
    now: datetime, every: timedelta, failures: int, retry_after: timedelta | None = None
) -> datetime:
    """Time of the next reading of a source that is read `every` so often.

    The interval doubles with each failure, up to LONGEST_BACKOFF or one interval. What the server
    asks for (`retry_after`) is kept where it is longer, up to the same limit.
    """
    wait = every * (1 << min(failures, MOST_DOUBLINGS))
    longest = max(LONGEST_BACKOFF, every)
    return now + min(max(wait, retry_after or timedelta()), longest)


def usual_gap(latest: Sequence[datetime]) -> timedelta | None:
    """Median of the gaps between the latest items; None where they are too few to tell."""
    times = sorted(latest)[-LATEST_TIMES:]
    if len(times) < FEWEST_TIMES:
        return None
    from statistics import median  # noqa: PLC0415 (every command knows sources, few measure them)

    return timedelta(
        seconds=median((after - before).total_seconds() for before, after in pairwise(times))
    )


def silent_since(source: Source, now: datetime) -> datetime | None:
    """Time of the last item of a source that is silent for longer than it usually is; else None."""
    gap = usual_gap(source.latest)
    if gap is None:
        return None
    last = max(source.latest)
    return last if now - last > max(gap * USUAL_GAPS, SHORTEST_SILENCE) else None


def fails_long(source: Source) -> bool:
    """Whether a source has failed often enough to be somebody's business."""
    return source.failures >= TOLD_AFTER


class SuggestionState(StrEnum):
    """State of a suggestion. PAST: the item was old when it was found, and is not suggested."""

    OPEN = "open"
    PAST = "past"
    USED = "used"
    DISMISSED = "dismissed"


class Occasion(StrEnum):
    """Why an item is suggested.

    SHARE: a partner published it. CONGRATULATE: others write about a partner. ABOUT_US: others
    write about us, which is for a person to look at.
    """

    SHARE = "share"
    CONGRATULATE = "congratulate"
    ABOUT_US = "about-us"


class Suggestion(Value, frozen=True):
    """Item of a source that a person may share, with the decision about it.

    `partner` is the slug of the partner whom it would lift up; None: nobody that we know.
    `published_at` None: the item does not say. `post` is the post that was made of it.
    """

    number: int
    source: int
    occasion: Occasion
    partner: str | None
    title: str
    link: str
    summary: str
    published_at: datetime | None
    found_at: datetime
    state: SuggestionState = SuggestionState.OPEN
    post: int | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
