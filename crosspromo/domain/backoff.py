"""How long to wait before the next try when the network named no time of its own."""

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)


def wait_before(attempt: int, spread: float) -> timedelta:
    """The wait after `attempt` tries that were not sent (1 for the first).

    It doubles from FIRST up to LONGEST. `spread` in [0, 1) takes up to half of it away, so that
    accounts that failed together do not come back together.
    """
    doublings = min(max(attempt, 1) - 1, 16)
    doubled = FIRST * (1 << doublings)
    return min(doubled, LONGEST) * (1 - spread / 2)
