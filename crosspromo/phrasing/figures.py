"""Figures in words. What a network does not tell is `n/a`, never 0."""

from datetime import datetime, timedelta

from crosspromo.domain.figures import NAMES, Figures, PostFigures
from crosspromo.domain.plurals import plural

UNKNOWN = "n/a"
"""What stands for a figure that a network does not tell."""

_UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)

_ONE = {
    "likes": "like",
    "reposts": "repost",
    "replies": "reply",
    "quotes": "quote",
    "views": "view",
}


def of_count(count: int | None) -> str:
    """Figure of a network as text, `n/a` where it is not known."""
    return UNKNOWN if count is None else str(count)


def of_figures(figures: Figures) -> str:
    """All figures of a post: `12 likes, 3 reposts, n/a views`."""
    return ", ".join(_named(getattr(figures, name), name) for name in NAMES)


def of_age(measured_at: datetime | None, now: datetime) -> str:
    """Age of a figure: `2 hours ago`; that nobody has asked yet, where nobody has."""
    if measured_at is None:
        return "not asked yet"
    age = now - measured_at
    for unit, name in _UNITS:
        if age >= unit:
            return f"{plural(age // unit, name)} ago"
    return "now"


def of_post_figures(counted: PostFigures, now: datetime) -> str:
    """Sentence about the figures of a post, with their age."""
    if counted.gone_at is not None and counted.measured_at is None:
        return "The network has deleted this post."
    if counted.measured_at is None:
        return "The network has not been asked for figures yet."
    said = f"{of_figures(counted.figures)}, as of {of_age(counted.measured_at, now)}."
    return f"{said} The network has deleted the post since." if counted.gone_at else said


def _named(count: int | None, name: str) -> str:
    return f"{UNKNOWN} {name}" if count is None else plural(count, _ONE[name], name)
