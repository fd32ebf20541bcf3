"""Figures of posts: what networks count, when it is asked, and how old an answer is.

A figure that a network does not tell is None, never 0: nobody counted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crosspromo.domain.values import Value

MEASURED_AFTER = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=28),
)
"""Ages at which a post is measured; after the last one it is not measured any more."""

LONGEST_AGE = MEASURED_AFTER[-1] + timedelta(days=7)
"""Age of a post up to which it is measured for the first time: a daemon may have stood still."""

LARGEST = 2**31 - 1
"""Largest figure that is believed, and kept."""


class Figures(Value, frozen=True):
    """Likes, reposts, replies, quotes and views of one post; None: its network does not tell."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None


NAMES = ("likes", "reposts", "replies", "quotes", "views")
"""Fields of Figures, in the order in which people read them."""


class PostFigures(Value, frozen=True):
    """Figures of the post of one delivery, as its network told them last. Times are in UTC.

    `measured_at` None: nobody has asked yet. `gone_at`: since then the network has not shown the
    post any more; the figures are those from before. `due_at` is the next measuring; None: never.
    """

    delivery: int
    account: str
    remote_id: str
    published_at: datetime
    due_at: datetime | None
    measured_at: datetime | None = None
    gone_at: datetime | None = None
    figures: Figures = Figures()


class CountedPost(Value, frozen=True):
    """Post on an account with its figures, for people: `post` is its number, `url` its address."""

    post: int
    text: str
    url: str | None
    counted: PostFigures


class Followers(Value, frozen=True):
    """Number of followers of an account on a day (ISO, in the organisation's zone)."""

    account: str
    day: str
    count: int
    measured_at: datetime


class ReadingState(Value, frozen=True):
    """State of the reading of one account. Times are in UTC.

    `next_at` is the next look. `failing_since` is the first of the failures since the last look
    that went well. `cursor` is where its mentions are read on. `reads` counts what was read in
    `month` (ISO, in UTC), for networks that charge it.
    """

    account: str
    next_at: datetime
    read_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    fault: str | None = None
    cursor: str | None = None
    listened_at: datetime | None = None
    month: str = ""
    reads: int = 0


TOLD_AFTER = timedelta(days=1)
"""Time of failures after which the reading of an account is somebody's business."""


def counted(value: object) -> int | None:
    """Figure in a network's answer; None where it is no count."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= LARGEST else None


def first_measuring(published_at: datetime) -> datetime:
    """Time of the first measuring of a post."""
    return published_at + MEASURED_AFTER[0]


def next_measuring(published_at: datetime, measured_at: datetime) -> datetime | None:
    """Time of the measuring after one at `measured_at`; None where that was the last.

    What was missed meanwhile is not made up for: one late measuring stands for all of them.
    """
    times = (published_at + age for age in MEASURED_AFTER)
    return next((each for each in times if each > measured_at), None)


def as_of(history: Sequence[tuple[datetime, Figures]], moment: datetime) -> Figures | None:
    """Figures that were known at a moment; None where nothing had been measured by then."""
    known = [each for each in history if each[0] <= moment]
    return max(known, key=lambda each: each[0])[1] if known else None


def affordable(budget: float | None, cost: float, reads: int) -> int | None:
    """Number of further reads in this month, of which each costs `cost` dollars.

    None: as many as one likes, for they cost nothing. Without a budget none that costs is made.
    """
    if cost <= 0:
        return None
    return max(0, int((budget or 0.0) / cost + 1e-9) - reads)
