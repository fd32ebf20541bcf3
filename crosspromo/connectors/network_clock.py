"""The network's clock beside ours: learned from its answers, and what a look-up may conclude.

A look-up asks for posts since an attempt, whose time is by our clock. Where our clock is ahead, the
post of a lost answer seems to be older than the attempt. So a look-up goes by the network's clock,
reads far back, and proves no absence where the clocks disagree.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from crosspromo.domain.clock import CLOCKS_AGREE, Clock

LOOK_BACK: Final = timedelta(days=1)
"""Time before an attempt from which a look-up reads: our clock may have been set right since."""


class NetworkClock:
    """Clock of one network, as far as its answers tell. Thread-safe: it keeps one value.

    `clock` is ours: the one by which attempts are timed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.offset: timedelta | None = None
        """Time that the network's clock is ahead of ours; None before the first answer."""

    def learn(self, headers: Mapping[str, str]) -> None:
        """Read the Date of an answer that has just arrived (RFC 9110); one without it is ignored.

        `headers` find a name in small letters, whatever its case.
        """
        sent_at = _date(headers.get("date", ""))
        if sent_at is not None:
            self.offset = sent_at + _age(headers.get("age", "")) - self._clock.now()

    def now(self) -> datetime:
        """The network's time; ours where no answer has told it."""
        return self._clock.now() + (self.offset or timedelta(0))

    def began(self, attempted_at: datetime) -> datetime:
        """Earliest time of a post of this attempt by the network's clock, as far as we know it."""
        return attempted_at + (self.offset or timedelta(0)) - CLOCKS_AGREE

    def reads_since(self, attempted_at: datetime) -> datetime:
        """Time from which a look-up of this attempt reads, by the network's clock."""
        return min(self.began(attempted_at), self.now()) - LOOK_BACK

    def doubt(self, newest: datetime | None) -> str | None:
        """Reason why a listing whose newest post is of that time proves no absence; None: it does.

        Call it after the listing was read: the answer with the listing tells the time.
        """
        if self.offset is None:
            return "the network does not tell its time, so nothing is proved"
        if abs(self.offset) > CLOCKS_AGREE:
            return f"{difference(self.offset)}, so nothing is proved"
        if newest is not None and newest > self.now() + CLOCKS_AGREE:
            return "the newest post is from the future by the network's own clock"
        return None


def difference(offset: timedelta) -> str:
    """Sentence about a network's clock that is ahead of ours by `offset`, to the second."""
    seconds = round(abs(offset).total_seconds())
    side = "behind" if offset > timedelta(0) else "ahead of"
    return f"the clock of this machine is {seconds} seconds {side} that of the network"


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)  # "-0000"
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return None


def _age(value: str) -> timedelta:
    """Time that a cache has kept the answer; none where it is no sensible number."""
    known = value.isascii() and value.isdecimal() and len(value) < 6
    return timedelta(seconds=int(value)) if known else timedelta(0)
