"""Three figures that are all called amplification, each under its own name.

The share ratio is what we give; shares per post and shares per 100 followers are what comes back.
What no network told is not known, and never 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.figures import Followers
from crosspromo.domain.report_rows import CountedRow, MeasuredPost


@dataclass(frozen=True, slots=True)
class Amplification:
    """Figures of an account in the window; `account` empty: of all of them.

    `posts` went out with crosspromo; those in doubt, or deleted later, are not among them. Of
    `measured` of them the shares are known. Shares per post are None where none is known, and
    `followers` and `per_100_followers` where the followers are not. `read_at` is the oldest
    reading.
    """

    account: str
    others: int
    self_: int
    posts: int
    measured: int
    partner_shares_per_post: float | None
    self_shares_per_post: float | None
    followers: int | None
    per_100_followers: float | None
    read_at: datetime | None


def amplification(
    rows: Sequence[CountedRow],
    accounts: Iterable[str],
    measured: Mapping[int, MeasuredPost],
    followers: Mapping[str, Followers],
) -> Sequence[Amplification]:
    """Figures of each account, and of all of them last."""
    names = list(dict.fromkeys([*accounts, *(row.account for row in rows)]))
    found = [
        _of(name, [row for row in rows if row.account == name], measured, followers.get(name))
        for name in names
    ]
    return [*found, _of("", rows, measured, None)]


def _of(
    account: str,
    rows: Sequence[CountedRow],
    measured: Mapping[int, MeasuredPost],
    followers: Followers | None,
) -> Amplification:
    ours = [row for row in rows if row.delivery is not None and (row.others or row.sent)]
    told = [
        (row, measured[row.delivery])
        for row in ours
        if row.delivery is not None and row.delivery in measured
    ]
    read = [(row, each.shares) for row, each in told if each.shares is not None]
    total = sum(shares for _, shares in read)
    known = [each.read_at for _, each in told if each.shares is not None]
    per_100 = None
    if followers is not None and followers.count and read:
        per_100 = round(100 * total / followers.count / len(read), 2)
    return Amplification(
        account,
        sum(row.others for row in rows),
        sum(row.self_ for row in rows),
        len(ours),
        len(read),
        _mean([shares for row, shares in read if row.others]),
        _mean([shares for row, shares in read if not row.others]),
        None if followers is None else followers.count,
        per_100,
        min(known, default=None),
    )


def _mean(shares: Sequence[int]) -> float | None:
    return round(sum(shares) / len(shares), 2) if shares else None
