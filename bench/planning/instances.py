"""Instances of planning, by seed: accounts, partners, events and self posts that are made up."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from crosspromo.domain.partner_limits import PartnerLimits
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.ratio import Target
from crosspromo.domain.timing import Slot, at_wall_clock
from crosspromo.planning.dues import dues_of
from crosspromo.planning.occasions import (
    CadenceDue,
    LadderStep,
    Milestone,
    Suggested,
    WaitingSelf,
)
from crosspromo.planning.values import Account, Candidate, Fixed, PartnerTerms, Span, Task

ZONE = ZoneInfo("America/Chicago")
BEGIN = datetime(2026, 11, 30, 6, tzinfo=UTC)  # a Monday, 0:00 there
DAY = timedelta(days=1)
TARGETS = (Target(3, 1), Target(1, 1), Target(9, 1), Target(1, 1), Target(2, 1), Target(1, 1))
STEPS = ((-7, "week"), (-1, "tomorrow"), (0, "today"))


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to plan."""

    accounts: int
    days: int
    partners: int
    events: int
    self_posts: int


LARGE = Size(accounts=8, days=28, partners=60, events=40, self_posts=60)
SMALL = Size(accounts=2, days=7, partners=8, events=3, self_posts=6)


def instance(size: Size, seed: int) -> Task:
    """Task of this size; the same for the same seed."""
    random = Random(f"{size}{seed}")
    names = [f"account-{number}" for number in range(size.accounts)]
    accounts = tuple(_account(name, number, random) for number, name in enumerate(names))
    span = Span(
        BEGIN, at_wall_clock(BEGIN.astimezone(ZONE).date() + size.days * DAY, time(0), ZONE)
    )
    partners = tuple(_partner(number, random) for number in range(size.partners))
    candidates = [
        *(each for terms in partners for each in _about(terms, names, span, random)),
        *(each for number in range(size.events) for each in _event(number, names, size, random)),
        *(_own(number, names, size, random) for number in range(size.self_posts)),
    ]
    return Task(accounts, tuple(candidates), span, BEGIN, partners, zone=ZONE)


def _account(name: str, number: int, random: Random) -> Account:
    hours = sorted(random.sample(range(8, 20), 3))
    every = frozenset(range(7))
    policy = Policy(
        target=TARGETS[number % len(TARGETS)],
        slots=tuple(Slot(every, time(hour)) for hour in hours),
        max_per_day=random.choice((2, 3, 3)),
        min_gap=random.choice((None, timedelta(minutes=90))),
    )
    past = []
    for day in range(1, 29):
        kind = random.random()
        at = BEGIN - day * DAY + timedelta(hours=random.choice((9, 12, 15)), minutes=7)
        if kind < 0.35:
            past.append(Fixed(at, others=1))
        elif kind < 0.45:
            past.append(Fixed(at, self_=1))
    return Account(name, "sandbox", policy, fixed=tuple(past))


def _partner(number: int, random: Random) -> PartnerTerms:
    today = BEGIN.astimezone(ZONE).date()
    slug = f"partner-{number}"
    limits = (
        PartnerLimits(slug, slug, most=random.choice((2, 3))) if random.random() < 0.2 else None
    )
    cadence = random.choice((14, 30, 30, 90))
    due = today + timedelta(days=random.randrange(-10, cadence))
    return PartnerTerms(slug, slug, random.random() < 0.25, cadence, due, limits=limits)


def _about(terms: PartnerTerms, names: list[str], span: Span, random: Random) -> list[Candidate]:
    """Occasions of a partner, on some of the accounts, and a candidate for each due."""
    accounts = dict.fromkeys(_some(names, random), Credit.OTHERS)
    found = []
    for number in range(random.choice((0, 1, 1, 2))):
        key = f"{terms.partner}:{number}"
        earliest = span.start + random.randrange(0, 21) * DAY
        occasion: Milestone | Suggested
        if random.random() < 0.5:
            day = earliest.astimezone(ZONE).date()
            occasion = Milestone(terms.partner, terms.name, number, "a milestone", day)
        else:
            occasion = Suggested(terms.partner, terms.name, number, "an item")
        found += [
            Candidate(
                f"{key}@{name}",
                Kind.SPOTLIGHT,
                {name: Credit.OTHERS},
                occasion,
                (terms.partner,),
                item=key,
                earliest=earliest,
                latest=earliest + 14 * DAY,
            )
            for name in accounts
        ]
    for due in dues_of(terms, span, ZONE):
        day = due.by.astimezone(ZONE).date() - DAY
        found.append(
            Candidate(
                f"{terms.partner}:due:{day}",
                Kind.SPOTLIGHT,
                accounts,
                CadenceDue(terms.partner, terms.name, terms.cadence or 0, day),
                (terms.partner,),
                asks_for_words=random.random() < 0.5,
            )
        )
    return found


def _event(number: int, names: list[str], size: Size, random: Random) -> list[Candidate]:
    """Steps of an event of a partner's, a joint or an own one, on some of the accounts."""
    slug, today = f"event-{number}", BEGIN.astimezone(ZONE).date()
    on = today + timedelta(days=random.randrange(1, size.days + 7))
    first, later = random.choice(
        (
            (Credit.OTHERS, Credit.NONE),
            (Credit.OTHERS, Credit.NONE),
            (Credit.BOTH, Credit.SELF),
            (Credit.SELF, Credit.SELF),
        )
    )
    partners = () if first is Credit.SELF else (f"partner-{random.randrange(size.partners)}",)
    starts = at_wall_clock(on, time(19), ZONE)
    found = []
    for name in _some(names, random):
        for place, (days, step) in enumerate(STEPS):
            day = on + timedelta(days=days)
            begin = at_wall_clock(day, time(0), ZONE)
            if begin < BEGIN:
                continue
            following = on + timedelta(days=STEPS[place + 1][0]) if place + 1 < len(STEPS) else None
            end = starts if following is None else at_wall_clock(following, time(0), ZONE)
            found.append(
                Candidate(
                    f"{slug}:{step}@{name}",
                    Kind.EVENT,
                    {name: first if place == 0 else later},
                    LadderStep(slug, slug, step, day),
                    partners,
                    event=slug,
                    earliest=begin,
                    latest=end,
                    wished=Span(begin, at_wall_clock(day + DAY, time(0), ZONE)),
                )
            )
    return found


def _own(number: int, names: list[str], size: Size, random: Random) -> Candidate:
    """Self post on one account: it waits, or it is wished for a day."""
    day = BEGIN.astimezone(ZONE).date() + timedelta(days=random.randrange(0, size.days))
    begin = at_wall_clock(day, time(0), ZONE)
    wished = Span(begin, at_wall_clock(day + DAY, time(0), ZONE)) if random.random() < 0.6 else None
    return Candidate(
        f"self:{number}",
        Kind.OWN,
        {random.choice(names): Credit.SELF},
        WaitingSelf(number, BEGIN - DAY),
        delivery=number,
        earliest=begin if wished else None,
        wished=wished,
    )


def _some(names: list[str], random: Random) -> list[str]:
    return sorted(random.sample(names, min(len(names), random.choice((1, 2, 2, 3)))))
