"""What became of self posts: those that went when due, were held, were released or did not go."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.report_rows import CountedRow, HoldRow


@dataclass(frozen=True, slots=True)
class AccountGate:
    """Self posts of an account that went out in the window.

    `passed` were never held in it, `held` went after a hold, `released` by a person.
    """

    account: str
    passed: int
    held: int
    released: int

    @property
    def sent(self) -> int:
        """All that went out."""
        return self.passed + self.held + self.released


@dataclass(frozen=True, slots=True)
class HoldFigure:
    """Holds for one reason (its code): how many began, how many last, and how long they took.

    Lengths are those of holds until their end, or until the end of the window.
    """

    code: str
    count: int
    lasting: int
    median: timedelta
    longest: timedelta


def by_account(
    counted: Iterable[CountedRow], holds: Iterable[HoldRow], accounts: Iterable[str]
) -> Sequence[AccountGate]:
    """Self posts of each account, and of others that are gone, in the order of the accounts."""
    were_held = {each.delivery for each in holds}
    sums: dict[str, list[int]] = {name: [0, 0, 0] for name in accounts}
    for row in counted:
        if row.sent:
            place = 2 if row.overridden else 1 if row.delivery in were_held else 0
            sums.setdefault(row.account, [0, 0, 0])[place] += row.sent
    return [AccountGate(name, *found) for name, found in sums.items()]


def by_reason(holds: Iterable[HoldRow], until: datetime) -> Sequence[HoldFigure]:
    """Holds by reason, the most frequent first."""
    lengths: dict[str, list[timedelta]] = defaultdict(list)
    lasting: dict[str, int] = defaultdict(int)
    for each in holds:
        lengths[each.code].append((each.ended_at or until) - each.since)
        lasting[each.code] += int(each.ended_at is None)
    found = [
        HoldFigure(code, len(some), lasting[code], _median(some), max(some))
        for code, some in lengths.items()
    ]
    return sorted(found, key=lambda each: (-each.count, each.code))


def _median(lengths: Sequence[timedelta]) -> timedelta:
    """Length in the middle; of an even number the shorter of the two."""
    return sorted(lengths)[(len(lengths) - 1) // 2]
