"""Story of a year: self posts with their wishes, and occasions about partners, drawn by seed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from crosspromo.domain.posts import Credit, Kind
from crosspromo.planning.occasions import LadderStep, Milestone
from crosspromo.planning.values import Candidate, Span

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)

ACCOUNTS = ("first", "second", "third")
PARTNERS = tuple(f"partner-{number}" for number in range(24))
HOURS = (9, 13, 17)
STALE = timedelta(days=30)
"""Time for which news stay good."""

OWN_A_WEEK = (2, 2, 3, 3, 4, 4)
"""Self posts of an account in a week."""

OF_WEEKS = (0.6, 0.8, 1.0, 1.0, 1.2, 1.4)
"""Weights of weeks: how many occasions one brings beside others.

This and OWN_A_WEEK are such that, with a third more occasions, the gate alone holds 24 % of the
self posts and finds the window below its target in 8 % of the hours.
"""

KNOWN_BEFORE = range(3, 12)
"""Days before its wish at which a self post is known."""


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


def story(seed: int, weeks: int, per_self: float) -> Story:
    """Story in which there are `per_self` occasions for each self post, on each account."""
    random = Random(f"supply {seed}")
    own: list[Own] = []
    occasions: list[tuple[datetime, Candidate]] = []
    for account in ACCOUNTS:
        mine = _own(account, weeks, len(own), random)
        own += mine
        weights = [random.choice(OF_WEEKS) for _ in range(weeks)]
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
        for day, hour in random.sample(slots, random.choice(OWN_A_WEEK)):
            wished = BEGIN + week * WEEK + day * DAY + hour * HOUR
            known = wished - random.choice(KNOWN_BEFORE) * DAY
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
