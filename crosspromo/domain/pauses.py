"""Pauses: a person's order to send nothing for a while (docs/explanation/deliveries.md)."""

from dataclasses import replace
from datetime import datetime, timedelta

from crosspromo.domain.values import Value

EVERYTHING = "everything"
"""Subject in the audit log of a pause over all accounts."""

OURSELVES = "crosspromo itself"
"""Name in a pause that no person ordered: it guards a database in doubt, and asks for a person."""


class Pause(Value, frozen=True):
    """Pause with person, time (aware, in UTC) and reason. `account` None: over everything.

    `reason` None: the person stopped first, and has not said why yet.
    """

    account: str | None
    who: str
    at: datetime
    reason: str | None

    @property
    def is_ours(self) -> bool:
        """Whether crosspromo paused by itself."""
        return self.who == OURSELVES


def paused_again(there: Pause | None, asked: Pause) -> Pause:
    """Pause that results where a person asks for one and another may be there on the same account.

    A pause that crosspromo ordered stays such a one, with both reasons. A pause without a reason
    takes the new reason, and keeps its person and time; a reason is never lost to none.
    """
    if there is None:
        return asked
    if there.is_ours:
        also = f"paused also by {asked.who}" + (f": {asked.reason}" if asked.reason else "")
        return replace(there, reason=f"{there.reason} ({also})")
    if asked.reason is None:
        return there
    return asked if there.reason else replace(there, reason=asked.reason)


class AccountState(Value, frozen=True):
    """Account fault in words, and end of the rest that the network imposed.

    Until `rests_until` the network takes no posts of the account. None: no fault, no rest.
    """

    fault: str | None = None
    rests_until: datetime | None = None


class AccountOverview(Value, frozen=True):
    """Fault of an account with its time, end of its rest, and offset of its network's clock.

    None: no fault, never a rest, no answer of the network yet. A rest may have ended.
    `reading_fault` says why its figures and mentions cannot be read since `not_read_since`.
    """

    fault: str | None
    fault_at: datetime | None
    rests_until: datetime | None
    clock_offset: timedelta | None
    reading_fault: str | None = None
    not_read_since: datetime | None = None
