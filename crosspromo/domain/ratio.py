"""Share ratio arithmetic (docs/explanation/ratio.md). Integers only."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Self

from crosspromo.domain.errors import UsageError
from crosspromo.domain.posts import Credit
from crosspromo.domain.values import Value


class Target(Value, frozen=True):
    """Ratio target: `num` posts about others for every `den` about us."""

    num: int
    den: int

    def __post_init__(self) -> None:
        if self.num < 1 or self.den < 1:
            raise UsageError(f"a ratio needs two whole numbers above 0, not {self}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `3:1`; UsageError for other text."""
        match = re.fullmatch(r"\s*([0-9]{1,6})\s*:\s*([0-9]{1,6})\s*", text)
        if match is None:
            raise UsageError(f'"{text}" is not a ratio; write others:self, such as "3:1"')
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.num}:{self.den}"


class Tally(Value, frozen=True):
    """Window counts: confirmed posts about others, and posts about us including those in doubt."""

    others: int
    self_: int

    def allows(self, credit: Credit, target: Target) -> bool:
        """Whether a delivery with this credit may go now; equality passes."""
        match credit:
            case Credit.SELF:
                return self.others * target.den >= target.num * (self.self_ + 1)
            case Credit.BOTH:
                return (self.others + 1) * target.den >= target.num * (self.self_ + 1)
            case Credit.OTHERS | Credit.NONE:
                return True

    def headroom(self, target: Target) -> int:
        """Number of self posts allowed now."""
        return max(0, self.others * target.den // target.num - self.self_)

    def partner_posts_to_next(self, target: Target) -> int:
        """Number of further partner posts that raise headroom by one."""
        needed = -(-target.num * (self.self_ + self.headroom(target) + 1) // target.den)
        return needed - self.others

    def meets(self, target: Target) -> bool:
        """Whether the present counts keep the ratio, without a further post."""
        return self.others * target.den >= target.num * self.self_


def in_figures(others: int, self_: int, target: Target, *, joint: bool) -> str:
    """Gate inequality for a post about us, in figures: `4 x 1 >= 3 x (1 + 1)`.

    `joint`: the post counts as others, too.
    """
    shared = f"({others} + 1)" if joint else f"{others}"
    return f"{shared} x {target.den} >= {target.num} x ({self_} + 1)"


class Window(Value, frozen=True):
    """Trailing window: `days`, half open (now - days, now], or the last `posts` posts."""

    days: int | None = None
    posts: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `28d` or `20 posts`; UsageError for other text."""
        match = re.fullmatch(r"\s*([1-9][0-9]{0,4})\s*(d|days?|posts?)\s*", text)
        if match is None:
            raise UsageError(f'"{text}" is not a window; write "28d" or "20 posts"')
        count = int(match[1])
        return cls(posts=count) if match[2].startswith("p") else cls(days=count)

    @property
    def span(self) -> timedelta | None:
        """Window length in days; None for a window of posts."""
        return None if self.days is None else timedelta(days=self.days)

    def opens_after(self, now: datetime) -> datetime | None:
        """Time after which a post still counts; None for a window of posts."""
        span = self.span
        return None if span is None else now - span

    @property
    def in_words(self) -> str:
        """Window text after "the last": `28 days`, `20 posts`."""
        count, unit = (self.posts, "post") if self.days is None else (self.days, "day")
        return unit if count == 1 else f"{count} {unit}s"

    def __str__(self) -> str:
        return f"{self.days}d" if self.days is not None else f"{self.posts} posts"


class Counted(Value, frozen=True):
    """Ledger row inside a window: its time and its two columns."""

    at: datetime
    others: int
    self_: int


def tally(rows: Iterable[Counted]) -> Tally:
    """Sum over each column."""
    others = self_ = 0
    for row in rows:
        others += row.others
        self_ += row.self_
    return Tally(others, self_)


class Stretch(Value, frozen=True):
    """Ledger rows adjacent in time: their sums, and a function that reads the rows."""

    sums: Tally
    rows: Callable[[], Iterable[Counted]]


def earliest_by_roll_off(
    stretches: Sequence[Stretch],
    target: Target,
    window: Window,
    now: datetime,
    credit: Credit = Credit.SELF,
) -> datetime | None:
    """First time at which expiries alone allow a delivery with this credit, without further posts.

    For SELF, this is the time at which headroom opens. The stretches are those of the window, the
    earliest first. A stretch is read only if it could open headroom, that is, if the ratio would
    hold once its posts about us left and those about others stayed. None if the delivery may go
    already or never may, and for a window of posts (no post leaves by itself).
    """
    span = window.span
    if span is None:
        return None
    for stretch, standing in _could_open(stretches, target, credit):
        left = standing
        for at, leaving in groupby(sorted(stretch.rows(), key=_at), key=_at):
            left = _less(left, tally(leaving))
            if left.allows(credit, target):
                return max(at + span, now)
    return None


def first_to_read(
    stretches: Sequence[Stretch], target: Target, window: Window, credit: Credit = Credit.SELF
) -> Stretch | None:
    """Stretch that `earliest_by_roll_off` reads first; None: it reads none."""
    if window.span is None:
        return None
    return next((each for each, _ in _could_open(stretches, target, credit)), None)


def _could_open(
    stretches: Sequence[Stretch], target: Target, credit: Credit
) -> Iterator[tuple[Stretch, Tally]]:
    """Stretches that could open headroom, each with what stands before it leaves."""
    standing = Tally(
        sum(stretch.sums.others for stretch in stretches),
        sum(stretch.sums.self_ for stretch in stretches),
    )
    if standing.allows(credit, target):
        return
    for stretch in stretches:
        at_best = Tally(standing.others, standing.self_ - stretch.sums.self_)
        if at_best.allows(credit, target):
            yield stretch, standing
        standing = _less(standing, stretch.sums)


def _less(whole: Tally, part: Tally) -> Tally:
    return Tally(whole.others - part.others, whole.self_ - part.self_)


def _at(row: Counted) -> datetime:
    return row.at
