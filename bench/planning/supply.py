"""A year of posts: the gate alone beside the gate with the planner.

    python -m bench.planning.supply [--seeds N] [--weeks N] [--processes N]

Both see the same self posts, with the same wishes, and the same occasions about partners. Alone, an
occasion goes to the next free slot once it is known. With the planner, the occasions go where plans
put them: one is made every third day, for four weeks. Everything passes the gate (`gate.decide`).
"""

import argparse
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from math import inf

from bench.planning.foresight import hours_below
from bench.planning.story import (
    ACCOUNTS,
    BEGIN,
    DAY,
    HOUR,
    HOURS,
    PARTNERS,
    WEEK,
    Own,
    Story,
    story,
)
from crosspromo.domain import verdicts
from crosspromo.domain.gate import decide
from crosspromo.domain.policy import DEFAULT_WINDOW, ORGANISATION_FLOOR, Policy
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.ratio import Tally, Target
from crosspromo.domain.timing import UTC_ZONE, Slot
from crosspromo.domain.verdicts import Allow, Facts, Standing
from crosspromo.planning.occasions import WaitingSelf
from crosspromo.planning.planner import plan
from crosspromo.planning.values import Account, Candidate, Fixed, PartnerTerms, Span, Task

WARM_UP = 4 * WEEK
"""Weeks at the beginning that are played and not counted: windows begin empty."""

TAIL = timedelta(days=3)
"""Time at the end whose self posts are not counted: they could not have waited."""

AWAKE = range(8, 21)
CADENCE = 30
STEPS = 800
AHEAD = 4 * WEEK
EVERY = 3
"""Days from one plan to the next."""

POLICY = Policy(
    target=Target(1, 1),
    slots=tuple(Slot(frozenset(range(7)), time(hour)) for hour in HOURS),
    max_per_day=4,
    min_gap=HOUR,
)
WINDOW = DEFAULT_WINDOW.span or 4 * WEEK


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the self posts of one or more years.

    `waits` are days past the wish, in order of size, infinite for a post that was not sent; `held`
    of them were held. Of `looks` at an account's window, `below` found it below its target.
    """

    waits: tuple[float, ...]
    held: int
    below: int
    looks: int

    def __add__(self, other: "Figures") -> "Figures":
        waits = tuple(sorted(self.waits + other.waits))
        below, looks = self.below + other.below, self.looks + other.looks
        return Figures(waits, self.held + other.held, below, looks)

    def wait(self, share: float) -> float:
        """Wait that this share of the posts does not exceed."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]

    def within(self, days: float) -> float:
        """Share of the posts that waited at most so many days."""
        return sum(wait <= days for wait in self.waits) / len(self.waits)


class Trailing:
    """Counts of a trailing window as time goes on, from posts in the order of their times."""

    def __init__(self) -> None:
        self._rows: deque[Fixed] = deque()
        self._others = self._self = 0

    def add(self, row: Fixed) -> None:
        """Count a post."""
        self._rows.append(row)
        self._others += row.others
        self._self += row.self_

    def at(self, now: datetime) -> Tally:
        """Counts at a time, which is never before that of an earlier question."""
        while self._rows and self._rows[0].at <= now - WINDOW:
            row = self._rows.popleft()
            self._others -= row.others
            self._self -= row.self_
        return Tally(self._others, self._self)


class Kept(StrEnum):
    """What keeps the promise in a year."""

    GATE = "gate alone"
    PLANNER = "gate with planner"
    PATIENT = "gate with planner, held posts wait"


@dataclass(slots=True)
class Year:
    """State of a year that is played."""

    story: Story
    kept: Kept
    sent: dict[str, list[Fixed]] = field(default_factory=lambda: {name: [] for name in ACCOUNTS})
    windows: dict[str, Trailing] = field(
        default_factory=lambda: {name: Trailing() for name in ACCOUNTS}
    )
    organisation: Trailing = field(default_factory=Trailing)
    open: dict[str, Candidate] = field(default_factory=dict)
    queue: dict[tuple[str, datetime], Candidate] = field(default_factory=dict)
    waiting: list[Own] = field(default_factory=list)
    last: dict[str, datetime] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)

    def play(self, weeks: int) -> Figures:
        """Play all weeks, hour by hour."""
        arrivals, coming = list(reversed(self.story.occasions)), self._wishes()
        looks = below = 0
        now, end = BEGIN, BEGIN + weeks * WEEK
        while now < end:
            while arrivals and arrivals[-1][0] <= now:
                candidate = arrivals.pop()[1]
                self.open[candidate.key] = candidate
                if self.kept is Kept.GATE:
                    self._enqueue(candidate, now, coming)
            if now.hour == 0 and (now - BEGIN).days % EVERY == 0 and self.kept is not Kept.GATE:
                self._plan(now, coming)
            if now.hour in AWAKE:
                self._send(now, coming)
            if now >= BEGIN + WARM_UP:
                looks += len(ACCOUNTS)
                below += sum(not each.at(now).meets(Target(1, 1)) for each in self.windows.values())
            now += HOUR
        return self._figures(below, looks, end)

    def _wishes(self) -> dict[tuple[str, datetime], Own]:
        return {(each.account, each.wished): each for each in self.story.own}

    # -- without a planner ---------------------------------------------------------------------

    def _enqueue(
        self, candidate: Candidate, now: datetime, coming: dict[tuple[str, datetime], Own]
    ) -> None:
        """Give an occasion the next free slot."""
        (account,) = candidate.credits
        at = max(now, candidate.earliest or now).replace(minute=0) + HOUR
        while at.hour not in HOURS or (account, at) in self.queue or (account, at) in coming:
            at += HOUR
        if candidate.latest is None or at < candidate.latest:
            self.queue[account, at] = candidate

    # -- with the planner ----------------------------------------------------------------------

    def _plan(self, now: datetime, coming: dict[tuple[str, datetime], Own]) -> None:
        """Plan four weeks anew: what is queued about partners and not sent, too."""
        self.queue.clear()
        known = [each for each in coming.values() if each.known <= now]
        accounts = tuple(
            Account(
                name,
                "sandbox",
                POLICY,
                (
                    *self._since(name, now - WINDOW - DAY),
                    *(
                        Fixed(each.wished, self_=1, queued=True, wished=True, delivery=each.number)
                        for each in known
                        if each.account == name
                    ),
                ),
            )
            for name in ACCOUNTS
        )
        waiting = {f"self:{each.number:05}": each for each in self.waiting}
        for key, candidate in list(self.open.items()):
            if candidate.latest is not None and candidate.latest <= now:
                del self.open[key]
        candidates = [*self.open.values(), *(_waiting(*each) for each in waiting.items())]
        partners = tuple(
            PartnerTerms(
                each, each, cadence=CADENCE, due=(self.last.get(each, BEGIN) + CADENCE * DAY).date()
            )
            for each in PARTNERS
        )
        task = Task(accounts, tuple(candidates), Span(now, now + AHEAD), now, partners)
        for each in self.waiting:
            each.planned = None
        for line in plan(task, most_steps=STEPS).lines:
            if line.candidate.key in waiting:
                waiting[line.candidate.key].planned = line.at
            else:
                self.queue[line.account, line.at] = line.candidate

    # -- sending -------------------------------------------------------------------------------

    def _send(self, now: datetime, coming: dict[tuple[str, datetime], Own]) -> None:
        for account in ACCOUNTS:
            if (candidate := self.queue.pop((account, now), None)) is not None:
                self._send_partner(account, candidate, now)
        for account in ACCOUNTS:
            if (own := coming.pop((account, now), None)) is not None and not self._send_own(
                own, now
            ):
                self.held.add(own.number)
                self.waiting.append(own)
        held = set[str]()
        for own in list(self.waiting):
            if own.account in held or not self._may_go(own, now):
                continue
            if self._send_own(own, now):
                self.waiting.remove(own)
            else:  # so would be the others on the account
                held.add(own.account)

    def _may_go(self, own: Own, now: datetime) -> bool:
        """Whether a held post is not kept back for a later slot, or for the next plan."""
        if own.planned is None:
            return self.kept is not Kept.PATIENT
        return own.planned <= now

    def _send_partner(self, account: str, candidate: Candidate, now: datetime) -> None:
        if self._is_allowed(account, Credit.OTHERS, now, candidate.latest):
            self._count(
                account,
                Fixed(
                    now,
                    others=1,
                    partners=candidate.partners,
                    event=candidate.event,
                    item=candidate.key,
                ),
            )
            del self.open[candidate.key]
            for each in candidate.partners:
                self.last[each] = now

    def _send_own(self, own: Own, now: datetime) -> bool:
        if not self._is_allowed(own.account, Credit.SELF, now, None):
            return False
        self._count(own.account, Fixed(now, self_=1))
        own.went = now
        return True

    def _count(self, account: str, row: Fixed) -> None:
        self.sent[account].append(row)
        self.windows[account].add(row)
        self.organisation.add(row)

    def _since(self, account: str, moment: datetime) -> list[Fixed]:
        """Posts of an account later than the moment, the latest first."""
        return list(takewhile(lambda row: row.at > moment, reversed(self.sent[account])))

    def _is_allowed(
        self, account: str, credit: Credit, now: datetime, expires: datetime | None
    ) -> bool:
        facts = Facts(
            policy=POLICY,
            account=Standing(self.windows[account].at(now)),
            organisation=Standing(self.organisation.at(now)),
            floor=ORGANISATION_FLOOR,
            floor_window=DEFAULT_WINDOW,
            zone=UTC_ZONE,
            sent=tuple(row.at for row in self._since(account, now - WEEK)),
        )
        candidate = verdicts.Candidate(
            account, credit, due_at=now, pinned=False, expires_at=expires, slot_at=now
        )
        return isinstance(decide(facts, candidate, now), Allow)

    def _figures(self, below: int, looks: int, end: datetime) -> Figures:
        own = [each for each in self.story.own if BEGIN + WARM_UP <= each.wished < end - TAIL]
        waits = [inf if each.went is None else (each.went - each.wished) / DAY for each in own]
        held = sum(each.number in self.held for each in own)
        return Figures(tuple(sorted(waits)), held, below, looks)


def _waiting(key: str, own: Own) -> Candidate:
    occasion = WaitingSelf(own.number, own.wished)
    return Candidate(key, Kind.OWN, {own.account: Credit.SELF}, occasion, delivery=own.number)


ROWS = (
    ("a third more occasions than self posts", 4 / 3, (Kept.GATE, Kept.PLANNER)),
    ("exactly as many", 1.0, (Kept.GATE, Kept.PLANNER, Kept.PATIENT)),
)


def played(weeks: int, seed: int, per_self: float, kept: Kept) -> Figures:
    """Figures of the year of a seed."""
    weeks += WARM_UP // WEEK
    return Year(story(seed, weeks, per_self), kept).play(weeks)


def foresight(weeks: int, seed: int, per_self: float) -> tuple[int, int]:
    """Hours below the target with foresight in the year of a seed, and all its hours."""
    first = WARM_UP // WEEK
    return hours_below(story(seed, first + weeks, per_self), first, first + weeks)


def main() -> None:
    """Print the figures of all years."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--processes", type=int, default=None)
    given = parser.parse_args()
    print(f"{given.seeds} seeds, {given.weeks} weeks each, {len(ACCOUNTS)} accounts at 1:1")
    print(f"{'':38}{'held':>7}{'median':>10}{'95 %':>10}{'<= 3 days':>11}{'unsent':>8}{'below':>8}")
    with ProcessPoolExecutor(given.processes) as pool:
        found = {
            (name, kept): [
                pool.submit(played, given.weeks, seed, per_self, kept)
                for seed in range(given.seeds)
            ]
            for name, per_self, ways in ROWS
            for kept in ways
        }
        foreseen = {
            name: [
                pool.submit(foresight, given.weeks, seed, per_self) for seed in range(given.seeds)
            ]
            for name, per_self, _ in ROWS
        }
        for name, _, ways in ROWS:
            print(name)
            for kept in ways:
                first, *rest = [each.result() for each in found[name, kept]]
                print(_line(f"  {kept}", sum(rest, first)), flush=True)
            below, hours = map(sum, zip(*(each.result() for each in foreseen[name]), strict=True))
            print(
                f"{'  all known from the start, no post waits':84}{below / hours:>8.1%}", flush=True
            )


def _line(name: str, figures: Figures) -> str:
    number = len(figures.waits)
    return (
        f"{name:38}{figures.held / number:>7.1%}{_days(figures.wait(0.5)):>10}"
        f"{_days(figures.wait(0.95)):>10}{figures.within(3):>11.1%}"
        f"{1 - figures.within(1e9):>8.1%}{figures.below / figures.looks:>8.1%}"
    )


def _days(wait: float) -> str:
    return "not sent" if wait == inf else f"{wait:.1f} d"


if __name__ == "__main__":
    main()
