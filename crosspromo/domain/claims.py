"""Claims of messages: which worker sends a message now, and when another worker may try.

A message is claimed in the database before it is sent, so that of two workers one sends it. While
nobody knows whether a claimed message went out, nobody sends it. A worker that died knows it never;
so its claim is taken over in the end: rather twice than never (docs/decisions/0026).
"""

from datetime import datetime, timedelta

SOONEST_RETRY = timedelta(minutes=1)
LATEST_RETRY = timedelta(hours=1)
"""Bounds of the wait after a failure whose wait doubles."""

TAKEN_OVER_AFTER = timedelta(minutes=5)
"""Age of a claim whose worker has said nothing since: another worker may send in its place.

It is well past the time that one send may take.
"""


def is_free(
    now: datetime,
    claimed_by: str | None,
    claimed_at: datetime | None,
    since: datetime | None = None,
) -> bool:
    """Whether a worker may send a message that nobody got yet: no claim keeps it from that.

    `claimed_by`: the worker that sends it; None after a failure. `claimed_at`: when the last try
    was claimed or failed; None before the first. `since`: when the first was claimed; after a
    failure the wait is then as long as all tries took so far, so that it doubles, and without it
    TAKEN_OVER_AFTER. A time from the future counts as one of the past: the clock was set back.
    """
    if claimed_at is None:
        return True
    wait = TAKEN_OVER_AFTER
    if claimed_by is None and since is not None:
        wait = min(max(claimed_at - since, SOONEST_RETRY), LATEST_RETRY)
    return abs(now - claimed_at) >= wait
