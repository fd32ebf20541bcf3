"""The time of a story: what really passes, and what the machine's clock shows.

The clock of the machine may be off from the beginning, be set back, jump ahead, and be set right.
A machine that sleeps misses no time: the networks live through it. A call takes time, yet no turn
takes so much that a call would outlast its own time-out many times over.
"""

from datetime import datetime, timedelta
from random import Random

from crosspromo.testing.clock import FakeClock

MOST_A_TURN = timedelta(seconds=100)
"""How long one turn's calls take at the most, all together: longer than a lease, and much shorter
than two look-ups are apart.
"""


class WorldTime:
    """`real` is what really passes; `clock` is the machine's, `ahead` of it at the beginning."""

    def __init__(self, start: datetime, draw: Random, ahead: timedelta = timedelta()) -> None:
        self.real = start
        self.clock = FakeClock(start + ahead)
        self._draw = draw
        self._left = MOST_A_TURN
        self._sleeps_left = 0
        self.was_set_back = False

    def passed(self) -> float:
        """Seconds by a clock that nobody sets."""
        return self.real.timestamp()

    def begin_turn(self, *, sleeps: int) -> None:
        """`sleeps`: how often the machine may fall asleep in the middle of a call."""
        self._left = MOST_A_TURN
        self._sleeps_left = sleeps

    def spend(self, seconds: int) -> None:
        """A call takes this long; now and then the machine sleeps meanwhile."""
        length = min(timedelta(seconds=seconds), self._left)
        self._left -= length
        self.pass_by(length)
        if self._sleeps_left and self._draw.random() < 0.2:
            self._sleeps_left -= 1
            self.pass_by(timedelta(minutes=self._draw.choice((2, 5, 90, 600))))

    def pass_by(self, length: timedelta) -> None:
        """Time passes, for everybody."""
        self.real += length
        self.clock.advance(length)

    def set_back(self, length: timedelta) -> None:
        """Somebody sets the clock back; nothing happens to the time."""
        self.clock.advance(-length)
        self.was_set_back = True

    def jump_ahead(self, length: timedelta) -> None:
        """Somebody sets the clock ahead; nothing happens to the time."""
        self.clock.advance(length)

    def set_right(self) -> timedelta:
        """A time server sets the clock right; by how much it was ahead."""
        ahead = self.clock.now() - self.real
        self.clock.set(self.real)
        self.was_set_back |= ahead > timedelta()
        return ahead
