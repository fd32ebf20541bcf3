"""Waits before the next try: our own backoff, and the time that a network names."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)

SHORTEST_WAIT = timedelta(seconds=1)
"""Least time until a retry, however soon the network allows one: its clock and ours differ."""

LONGEST_REST = timedelta(days=1)
"""Most time that a network's word keeps an account from sending; a later time is a mistake."""


def wait_before(attempt: int, spread: float) -> timedelta:
    """Wait after `attempt` unsent tries (1 for the first).

    The wait doubles from FIRST up to LONGEST. `spread` in [0, 1) shortens it by up to half, so that
    accounts that failed together do not return together.
    """
    doublings = min(max(attempt, 1) - 1, 16)
    doubled = FIRST * (1 << doublings)
    return min(doubled, LONGEST) * (1 - spread / 2)


def rest_until(named: datetime | None, now: datetime) -> datetime | None:
    """End of the rest that a network asks for: SHORTEST_WAIT to LONGEST_REST after `now`.

    None where the network named no time, or one without a time zone.
    """
    if named is None or named.utcoffset() is None:
        return None
    return min(max(named, now + SHORTEST_WAIT), now + LONGEST_REST)
