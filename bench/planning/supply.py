"""A year of posts: the gate alone beside the gate with the planner.

    python -m bench.planning.supply [--seeds N] [--weeks N] [--processes N]

Both see the same self posts, with the same wishes, and the same occasions about partners. Alone, an
occasion goes to the next free slot once it is known. With the planner, the occasions go where plans
put them: one is made every third day, for four weeks. Everything passes the gate (`gate.decide`).
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import product
from math import inf
from random import Random

from crosspromo.domain import verdicts
from crosspromo.domain.gate import decide
from crosspromo.domain.policy import DEFAULT_WINDOW, ORGANISATION_FLOOR, Policy
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.ratio import Counted, Tally, Target, tally
from crosspromo.domain.timing import UTC_ZONE, Slot
from crosspromo.domain.verdicts import Allow, Facts, Standing
from crosspromo.planning.occasions import LadderStep, Milestone, WaitingSelf
from crosspromo.planning.planner import plan
from crosspromo.planning.values import Account, Candidate, Fixed, PartnerTerms, Span, Task

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
WARM_UP = 4 * WEEK
"""Weeks at the beginning that are played and not counted: windows begin empty."""

TAIL = timedelta(days=3)
"""Time at the end whose self posts are not counted: they could not have waited."""

ACCOUNTS = ("first", "second", "third")
PARTNERS = tuple(f"partner-{number}" for number in range(24))
HOURS = (9, 13, 17)
AWAKE = range(8, 21)
STALE = timedelta(days=30)
CADENCE = 30
STEPS = 3_000
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


@dataclass(slots=True, eq=False)
class Own:
    """Self post, wished for a slot, written at `known`; `went` is None until it is sent."""

    number: int
    account: str
    wished: datetime
    known: datetime
    planned: datetime | None = None
    went: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What comes in a year: self posts, and occasions by the time at which they are known."""

    own: tuple[Own, ...]
    occasions: tuple[tuple[datetime, Candidate], ...]


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


def story(seed: int, weeks: int, per_self: float) -> Story:
    """Story in which there are `per_self` occasions for each self post, on each account."""
    random = Random(f"supply {seed}")
    own: list[Own] = []
    occasions: list[tuple[datetime, Candidate]] = []
    for account in ACCOUNTS:
        mine = _own(account, weeks, len(own), random)
        own += mine
        weights = [random.choice((0.2, 0.5, 1.0, 1.0, 1.5, 2.5)) for _ in range(weeks)]
        occasions += [
            _occasion(f"{account}:{number}", account, weights, random)
            for number in range(round(len(mine) * per_self))
        ]
    return Story(tuple(own), tuple(sorted(occasions, key=lambda each: (each[0], each[1].key))))


def _own(account: str, weeks: int, first: int, random: Random) -> list[Own]:
    """Self posts of an account: three a week on average, more in some weeks than in others."""
    found: list[Own] = []
    for week in range(weeks):
        slots = list(product(range(7), HOURS))
        for day, hour in random.sample(slots, random.choice((1, 2, 2, 3, 4, 6))):
            wished = BEGIN + week * WEEK + day * DAY + hour * HOUR
            known = wished - random.randrange(EVERY, 12) * DAY
            found.append(Own(first + len(found), account, wished, known))
    return found


def _occasion(
    key: str, account: str, weights: list[float], random: Random
) -> tuple[datetime, Candidate]:
    (week,) = random.choices(range(len(weights)), weights)
    earliest = BEGIN + week * WEEK + random.randrange(7 * 24) * HOUR
    known = earliest - random.randrange(0, 8) * DAY
    partner = random.choice(PARTNERS)
    if random.random() < 0.25:
        day = earliest.date()
        step = LadderStep(key, key, "tomorrow", day)
        wished = Span(earliest, earliest + DAY)
        return known, Candidate(
            key,
            Kind.EVENT,
            {account: Credit.OTHERS},
            step,
            (partner,),
            event=key,
            earliest=earliest,
            latest=earliest + 3 * DAY,
            wished=wished,
        )
    milestone = Milestone(partner, partner, 0, "news", earliest.date())
    return known, Candidate(
        key,
        Kind.SPOTLIGHT,
        {account: Credit.OTHERS},
        milestone,
        (partner,),
        earliest=earliest,
        latest=earliest + STALE,
    )


@dataclass(slots=True)
class Year:
    """State of a year that is played."""

    story: Story
    planned: bool
    sent: dict[str, list[Fixed]] = field(default_factory=lambda: {name: [] for name in ACCOUNTS})
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
                if not self.planned:
                    self._enqueue(candidate, now, coming)
            if self.planned and now.hour == 0 and (now - BEGIN).days % EVERY == 0:
                self._plan(now, coming)
            if now.hour in AWAKE:
                self._send(now, coming)
            if now >= BEGIN + WARM_UP:
                looks += len(ACCOUNTS)
                below += sum(not self._tally((name,), now).meets(Target(1, 1)) for name in ACCOUNTS)
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
                    *(row for row in self.sent[name] if row.at > now - WINDOW - DAY),
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
        for own in list(self.waiting):
            if (own.planned is None or own.planned <= now) and self._send_own(own, now):
                self.waiting.remove(own)

    def _send_partner(self, account: str, candidate: Candidate, now: datetime) -> None:
        if self._is_allowed(account, Credit.OTHERS, now, candidate.latest):
            self.sent[account].append(
                Fixed(
                    now,
                    others=1,
                    partners=candidate.partners,
                    event=candidate.event,
                    item=candidate.key,
                )
            )
            del self.open[candidate.key]
            for each in candidate.partners:
                self.last[each] = now

    def _send_own(self, own: Own, now: datetime) -> bool:
        if not self._is_allowed(own.account, Credit.SELF, now, None):
            return False
        self.sent[own.account].append(Fixed(now, self_=1))
        own.went = now
        return True

    def _is_allowed(
        self, account: str, credit: Credit, now: datetime, expires: datetime | None
    ) -> bool:
        since = now - WEEK
        facts = Facts(
            policy=POLICY,
            account=Standing(self._tally((account,), now)),
            organisation=Standing(self._tally(ACCOUNTS, now)),
            floor=ORGANISATION_FLOOR,
            floor_window=DEFAULT_WINDOW,
            zone=UTC_ZONE,
            sent=tuple(row.at for row in reversed(self.sent[account]) if row.at > since),
        )
        candidate = verdicts.Candidate(
            account, credit, due_at=now, pinned=False, expires_at=expires, slot_at=now
        )
        return isinstance(decide(facts, candidate, now), Allow)

    def _tally(self, accounts: tuple[str, ...], now: datetime) -> Tally:
        rows = []
        for name in accounts:
            for row in reversed(self.sent[name]):
                if row.at <= now - WINDOW:
                    break
                rows.append(Counted(row.at, row.others, row.self_))
        return tally(rows)

    def _figures(self, below: int, looks: int, end: datetime) -> Figures:
        own = [each for each in self.story.own if BEGIN + WARM_UP <= each.wished < end - TAIL]
        waits = [inf if each.went is None else (each.went - each.wished) / DAY for each in own]
        held = sum(each.number in self.held for each in own)
        return Figures(tuple(sorted(waits)), held, below, looks)


def _waiting(key: str, own: Own) -> Candidate:
    occasion = WaitingSelf(own.number, own.wished)
    return Candidate(key, Kind.OWN, {own.account: Credit.SELF}, occasion, delivery=own.number)


SUPPLIES = (("a third more occasions than self posts", 4 / 3), ("exactly as many", 1.0))


def played(weeks: int, seed: int, per_self: float, planned: bool) -> Figures:
    """Figures of the year of a seed."""
    weeks += WARM_UP // WEEK
    return Year(story(seed, weeks, per_self), planned).play(weeks)


def main() -> None:
    """Print the figures of all years."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--processes", type=int, default=None)
    given = parser.parse_args()
    print(f"{given.seeds} seeds, {given.weeks} weeks each, {len(ACCOUNTS)} accounts at 1:1")
    print(f"{'':34}{'held':>8}{'median':>9}{'95 %':>9}{'<= 3 days':>11}{'unsent':>8}{'below':>8}")
    with ProcessPoolExecutor(given.processes) as pool:
        found = {
            (name, planned): [
                pool.submit(played, given.weeks, seed, per_self, planned)
                for seed in range(given.seeds)
            ]
            for name, per_self in SUPPLIES
            for planned in (False, True)
        }
        for name, _ in SUPPLIES:
            print(name)
            for planned in (False, True):
                first, *rest = [each.result() for each in found[name, planned]]
                figures = sum(rest, first)
                print(
                    _line("  gate with planner" if planned else "  gate alone", figures), flush=True
                )


def _line(name: str, figures: Figures) -> str:
    number = len(figures.waits)
    return (
        f"{name:34}{figures.held / number:>8.1%}{_days(figures.wait(0.5)):>9}"
        f"{_days(figures.wait(0.95)):>9}{figures.within(3):>11.1%}"
        f"{1 - figures.within(1e9):>8.1%}{figures.below / figures.looks:>8.1%}"
    )


def _days(wait: float) -> str:
    return "not sent" if wait == inf else f"{wait:.1f} d"


if __name__ == "__main__":
    main()
