"""Foresight: hours of a story in which an order that knows all occasions misses the target.

Everything is known from the start, no self post waits, and slots have no limits. An occasion is
told as late as may be: when the window would fall below its target, or when it grows old before.
"""

from datetime import datetime

from bench.planning.story import ACCOUNTS, BEGIN, DAY, HOUR, WEEK, Story
from crosspromo.planning.values import Candidate

_WINDOW = 4 * WEEK


def hours_below(story: Story, first: int, weeks: int) -> tuple[int, int]:
    """Hours below the target from the week `first` on, and all hours, over all accounts."""
    hours = [BEGIN + number * HOUR for number in range(weeks * 7 * 24)]
    counted = hours[first * 7 * 24 :]
    below = sum(hour >= counted[0] for name in ACCOUNTS for hour in _below(story, name, hours))
    return below, len(counted) * len(ACCOUNTS)


def _below(story: Story, account: str, hours: list[datetime]) -> list[datetime]:
    """Hours at which the account's window is below its target all the same."""
    wished = sorted(each.wished for each in story.own if each.account == account)
    left = [each for _, each in story.occasions if account in each.credits]
    told: list[datetime] = []
    found = []
    for hour in hours:
        needed = sum(hour - _WINDOW < each <= hour for each in wished)
        told = [each for each in told if each > hour - _WINDOW]
        while len(told) < needed:
            chosen = _latest(left, hour)
            if chosen is None:
                found.append(hour)
                break
            candidate, at = chosen
            left.remove(candidate)
            told.append(at)
    return found


def _latest(left: list[Candidate], hour: datetime) -> tuple[Candidate, datetime] | None:
    """Occasion that is told at the hour, the first to grow old; or one told just before it did."""
    times = [
        (min(hour, (each.latest or hour + DAY) - HOUR), each)
        for each in left
        if (each.earliest or hour) <= hour
    ]
    within = [(at, each) for at, each in times if at > hour - _WINDOW]
    if not within:
        return None
    at, each = min(within, key=lambda pair: (hour - pair[0], pair[1].latest or hour, pair[1].key))
    return each, at
