"""Watch over our own clock: one that is set back must stop nothing.

Time that really passed is told by a monotonic clock, which nobody sets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic as machine_monotonic
from typing import TYPE_CHECKING

from crosspromo.domain.backoff import LONGEST_REST, SHORTEST_WAIT
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import lease
from crosspromo.publishing.rules import AccountRules

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit

SMALL = timedelta(seconds=10)
"""Largest step back that needs no care: time servers make small ones."""


@dataclass
class ClockWatch:
    """Notices that the clock was set back, by comparison with a clock that nobody sets."""

    clock: Clock
    monotonic: Callable[[], float] = machine_monotonic
    _before: tuple[datetime, float] | None = field(default=None, init=False)

    def set_back(self) -> timedelta | None:
        """Time by which the clock was set back since the last look; None: by nothing of note."""
        now, passed = self.clock.now(), self.monotonic()
        before, self._before = self._before, (now, passed)
        if before is None:
            return None
        back = before[0] + timedelta(seconds=passed - before[1]) - now
        return back if back > SMALL else None


@dataclass
class FutureTimes:
    """Cares for times in the future, in the transaction of each heartbeat.

    Partner posts that are dated in the future count from then on; what waits for the ratio is
    judged anew when the time of the next has come.
    """

    clock: Clock
    _counts_from: datetime | None = field(default=None, init=False)

    def begin(self, unit: "Unit", accounts: Mapping[str, AccountRules]) -> None:
        """The same when work begins; holds are judged anew if the clock was ahead."""
        self.care(unit, accounts)
        unit.dated_ahead.retry_postponed(self.clock.now())
        _, latest = unit.dated_ahead.posts(self.clock.now())
        if latest is not None:
            unit.holds.judge_anew(None)

    def care(self, unit: "Unit", accounts: Mapping[str, AccountRules]) -> None:
        """Shorten waits that no rule gives, and wake deliveries for posts that count now."""
        now = self.clock.now()
        unit.dated_ahead.shorten_waits(now, lambda delivery: _longest_wait(delivery, accounts))
        if self._counts_from is not None and self._counts_from <= now:
            unit.holds.wake_held_by_ratio_everywhere()
        self._counts_from = unit.dated_ahead.next_partner_post(now)


def _longest_wait(delivery: Delivery, accounts: Mapping[str, AccountRules]) -> timedelta | None:
    """Longest lease, or wait for a look-up by the account's rules; None for an unknown account.

    A lease is believed up to a day: the daemon that holds it may have other settings.
    """
    rules = accounts.get(delivery.account)
    if delivery.state is State.SENDING:
        own = timedelta() if rules is None else lease(rules, len(delivery.content.parts))
        return max(own, LONGEST_REST)
    return None if rules is None else max(*rules.look_up_after, SHORTEST_WAIT)
