"""Counts of one trailing window, an account's or the organisation's, while a plan is made.

They are the gate's counts, kept up as lines come and go: a self or joint post at a moment is a
`Moment` with its slack, which is below zero where the gate would hold it. Times are whole seconds
since 1970.

Where seconds could matter, doubt counts against us: a partner post counts only after its moment and
leaves the window MARGIN early, a self post at its moment counts for all others at it and leaves
MARGIN late. So neither the order of sends at one moment nor their duration changes an answer.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from enum import IntEnum
from operator import attrgetter

from crosspromo.domain.ratio import Tally, Target, Window

MARGIN = 300
"""Seconds by which a send may come later than planned without changing an answer."""

_DAY = 86_400
_MANY = 1_000_000_000
"""More than any row counts."""

Row = tuple[int, int, int]
"""Time of a post, with what it counts as others and as self."""


class Role(IntEnum):
    """What a moment means to the plan."""

    LINE = (
        0  # a line, or a queued self post that goes at its time without the plan: must be allowed
    )
    HELD = 1  # a queued self post that would be held without the plan
    ASKED = 2  # the end of a week, at which one self post should be allowed


class Moment:
    """Moment at which the gate is asked about a self post, or a joint post (`joint`).

    `slack` is others x den - num x self, with the post itself.
    """

    __slots__ = ("at", "joint", "role", "slack")

    def __init__(self, at: int, role: Role, *, joint: bool = False) -> None:
        self.at, self.role, self.joint = at, role, joint
        self.slack = 0


_at = attrgetter("at")


class Counts:
    """Window counts of a ratio, and the moments at which it is asked for.

    `too_many` sums over the moments of lines how many self posts fewer the ratio asks for; 0: it
    allows all of them. `asked_and_allowed` is the number of the moments of weeks which it allows.
    """

    def __init__(self, target: Target, window: Window, rows: Iterable[Row]) -> None:
        """`rows` are times with what each counts as others and as self."""
        self.target, self.window = target, window
        self.rows = sorted(row for row in rows if row[1] or row[2])
        self.moments: list[Moment] = []
        self.too_many = self.asked_and_allowed = 0
        self._span = None if window.days is None else window.days * _DAY

    def tally(self, at: int, *, itself: Moment | None = None) -> Tally:
        """Counts at a moment; those of the row of the moment `itself` are left out."""
        own = itself is not None and itself.role is not Role.ASKED
        first, end = bisect_left(self.rows, (at,)), bisect_left(self.rows, (at + 1,))
        at_once = self.rows[first:end]
        if self._span is None:
            before, surely = self._last(first, len(at_once) - own)
        else:
            before = self.rows[bisect_right(self.rows, (at - self._span - MARGIN, _MANY)) : first]
            surely = self.rows[bisect_right(self.rows, (at - self._span + MARGIN, _MANY)) : first]
        others, self_ = 0, -int(own)
        for row in surely:  # loops, since the search spends its time here
            others += row[1]
        for row in before:
            self_ += row[2]
        for row in at_once:
            self_ += row[2]
        return Tally(others, self_)

    def self_between(self, after: int, until: int) -> int:
        """Self posts later than `after` and not later than `until`."""
        first, end = (
            bisect_right(self.rows, (after, _MANY)),
            bisect_right(self.rows, (until, _MANY)),
        )
        return sum(row[2] for row in self.rows[first:end])

    def _last(self, first: int, at_once: int) -> tuple[list[Row], list[Row]]:
        """Last posts before the row `first`: all that may count, and those that surely do.

        Posts at one moment may go in any order: `at_once` of them may push others out.
        """
        most = self.window.posts or 0
        return self._ending(first, most), self._ending(first, most - at_once)

    def _ending(self, first: int, most: int) -> list[Row]:
        """Last `most` rows before the row `first`; of those at one moment, self posts stay."""
        start = max(0, first - most)
        if most <= 0 or start == first:
            return []
        edge = self.rows[start][0]
        if not start or self.rows[start - 1][0] < edge:
            return self.rows[start:first]
        return sorted(self.rows[bisect_left(self.rows, (edge,)) : first], key=_staying)[-most:]

    def ask(self, moment: Moment) -> None:
        """Ask for the ratio at a moment from now on; its own row is added before, if it has one."""
        self._measure(moment)
        insort(self.moments, moment, key=_at)
        self._book(moment, 1)

    def ask_no_more(self, moment: Moment) -> None:
        """Forget a moment."""
        place = bisect_left(self.moments, moment.at, key=_at)
        while self.moments[place] is not moment:
            place += 1
        del self.moments[place]
        self._book(moment, -1)

    def add(self, at: int, others: int, self_: int) -> None:
        """Add a row."""
        insort(self.rows, (at, others, self_))
        self._shift(at, others, self_, 1)

    def remove(self, at: int, others: int, self_: int) -> None:
        """Remove a row that was added."""
        place = bisect_left(self.rows, (at, others, self_))
        assert self.rows[place] == (at, others, self_)
        del self.rows[place]
        self._shift(at, others, self_, -1)

    def _shift(self, at: int, others: int, self_: int, sign: int) -> None:
        """Bring the moments up to date after a row came or went."""
        moments = self.moments
        if self._span is None:
            for moment in moments[bisect_left(moments, at, key=_at) :]:
                self._book(moment, -1)
                self._measure(moment)
                self._book(moment, 1)
            return
        if others:
            first = bisect_right(moments, at, key=_at)
            last = bisect_left(moments, at + self._span - MARGIN, first, key=_at)
            self._move(first, last, sign * others * self.target.den)
        if self_:
            first = bisect_left(moments, at, key=_at)
            last = bisect_left(moments, at + self._span + MARGIN, first, key=_at)
            self._move(first, last, -sign * self_ * self.target.num)

    def _move(self, first: int, last: int, change: int) -> None:
        num = self.target.num
        for moment in self.moments[first:last] if first < last else ():
            before = moment.slack
            moment.slack = after = before + change
            if before >= 0 and after >= 0:
                continue
            if moment.role is Role.LINE:
                self.too_many += _ceiling(after, num) - _ceiling(before, num)
            elif moment.role is Role.ASKED:
                self.asked_and_allowed += (after >= 0) - (before >= 0)

    def _book(self, moment: Moment, sign: int) -> None:
        if moment.role is Role.LINE:
            self.too_many += sign * _ceiling(moment.slack, self.target.num)
        elif moment.role is Role.ASKED:
            self.asked_and_allowed += sign * (moment.slack >= 0)

    def _measure(self, moment: Moment) -> None:
        tally = self.tally(moment.at, itself=moment)
        others = tally.others + moment.joint
        moment.slack = others * self.target.den - self.target.num * (tally.self_ + 1)


def _staying(row: Row) -> Row:
    at, others, self_ = row
    return at, self_, -others


def _ceiling(slack: int, num: int) -> int:
    """Self posts too many at this slack."""
    return 0 if slack >= 0 else (num - 1 - slack) // num
