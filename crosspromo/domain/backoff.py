"""Backoff: wait before the next try, if the network named no time."""

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)


def wait_before(attempt: int, spread: float) -> timedelta:
    """Wait after `attempt` unsent tries (1 for the first).

    The wait doubles from FIRST up to LONGEST. `spread` in [0, 1) shortens it by up to half, so that
    accounts that failed together do not return together.
    """
    doublings = min(max(attempt, 1) - 1, 16)
    doubled = FIRST * (1 << doublings)
    return min(doubled, LONGEST) * (1 - spread / 2)
