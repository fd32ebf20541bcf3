"""Tasks for the planner: small ones written by hand, and any that hypothesis finds."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.date_rules import Days
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.partner_limits import PartnerLimits
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import Slot, at_wall_clock
from crosspromo.planning.dues import dues_of
from crosspromo.planning.occasions import CadenceDue, LadderStep, Milestone, WaitingSelf
from crosspromo.planning.values import Account, Candidate, Fixed, PartnerTerms, Span, Task

CHICAGO = ZoneInfo("America/Chicago")
TODAY = date(2026, 10, 26)  # a Monday; the clocks go back on Sunday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(days: int, hour: int = 0) -> datetime:
    """This hour in Chicago, so many days after today."""
    return at_wall_clock(TODAY + days * DAY, time(hour), CHICAGO)


NOW = local(0)
A_WEEK = Span(NOW, local(7))
NINE = (Slot(frozenset(range(7)), time(9)),)


def account(name: str = "x", target: Target | None = None, **policy: object) -> Account:
    """Account with a slot at nine, without a ratio unless one is given."""
    settings = {"slots": NINE, **policy}
    return Account(name, "sandbox", Policy(target=target, **settings))  # type: ignore[arg-type]  # real fields


def milestone(key: str, partner: str, *accounts: str, **fields: object) -> Candidate:
    """Milestone of a partner."""
    credits_ = dict.fromkeys(accounts or ("x",), Credit.OTHERS)
    occasion = Milestone(partner, partner, 1, "ten years", TODAY)
    return Candidate(key, Kind.SPOTLIGHT, credits_, occasion, (partner,), **fields)  # type: ignore[arg-type]  # real fields


def due_only(partner: str, day: date, *accounts: str) -> Candidate:
    """Partner whose cadence is due, and nothing more."""
    credits_ = dict.fromkeys(accounts or ("x",), Credit.OTHERS)
    occasion = CadenceDue(partner, partner, 30, day)
    key = f"due:{partner}:{day}"
    return Candidate(key, Kind.SPOTLIGHT, credits_, occasion, (partner,), asks_for_words=True)


def own(key: str, on: str = "x", **fields: object) -> Candidate:
    """Self post that waits."""
    waits = WaitingSelf(1, NOW)
    return Candidate(key, Kind.OWN, {on: Credit.SELF}, waits, delivery=1, **fields)  # type: ignore[arg-type]  # real fields


def step(event: str, name: str, day: int, credit: Credit, *, on: str = "x") -> Candidate:
    """Step of an event's ladder, wished for its day and possible for two days more."""
    occasion = LadderStep(event, event, name, TODAY + day * DAY)
    return Candidate(
        f"{event}:{name}@{on}",
        Kind.EVENT,
        {on: credit},
        occasion,
        event=event,
        earliest=local(day),
        latest=local(day + 3),
        wished=Span(local(day), local(day + 1)),
    )


def task(*candidates: Candidate, accounts: tuple[Account, ...] = (), **fields: object) -> Task:
    """Task of a week in Chicago, without a floor unless one is given."""
    rest = {"span": A_WEEK, "now": NOW, "floor": None, "zone": CHICAGO, **fields}
    return Task(accounts or (account(),), candidates, **rest)  # type: ignore[arg-type]  # real fields


# -- any tasks ---------------------------------------------------------------------------------

NAMES = ("x", "y", "z")
PARTNERS = ("p", "q", "r", "s")
targets = st.sampled_from([None, Target(1, 1), Target(3, 1), Target(1, 2)])
windows = st.sampled_from([Window(days=28), Window(days=7), Window(posts=5)])


@st.composite
def accounts(draw: st.DrawFn, name: str) -> Account:
    """Account with any policy, past and queue."""
    hours = draw(st.lists(st.integers(0, 23), max_size=3, unique=True))
    every = frozenset(range(7))
    policy = Policy(
        target=draw(targets),
        window=draw(windows),
        slots=tuple(Slot(every, time(hour)) for hour in hours),
        max_per_day=draw(st.none() | st.integers(1, 3)),
        max_per_week=draw(st.none() | st.integers(2, 9)),
        min_gap=draw(st.none() | st.sampled_from([HOUR, 5 * HOUR])),
        quiet=draw(st.none() | st.just(QuietHours(time(21), time(7)))),
        monthly_budget=draw(st.none() | st.just(0.5)),
    )
    past = draw(st.lists(st.tuples(st.integers(1, 27 * 24), st.sampled_from("os")), max_size=12))
    coming = draw(
        st.lists(st.tuples(st.integers(1, 9 * 24), st.sampled_from("os")), max_size=4, unique=True)
    )
    fixed = [
        *(_fixed(-hours_ago, kind, queued=False) for hours_ago, kind in past),
        *(_fixed(ahead, kind, queued=True) for ahead, kind in coming),
    ]
    silent = draw(st.none() | st.integers(0, 9))
    silences = () if silent is None else (Blackout(TODAY + silent * DAY, TODAY + silent * DAY),)
    mourned = draw(st.none() | st.integers(0, 9))
    return Account(
        name,
        "sandbox",
        policy,
        tuple(fixed),
        silences,
        mourning=Mourning() if mourned is None else _mourning(TODAY + mourned * DAY),
        spent=draw(st.just(0.2)),
    )


def _mourning(day: date) -> Mourning:
    days = {day.year: Days(day, day)}
    return Mourning.kept([Observance("loss", "Day of Loss", None, ObservanceTone.MOURN, days)])


def _fixed(hours: int, kind: str, *, queued: bool) -> Fixed:
    at = NOW + hours * HOUR
    return Fixed(at, others=int(kind == "o"), self_=int(kind == "s"), queued=queued)


@st.composite
def terms(draw: st.DrawFn, partner: str) -> PartnerTerms:
    """Partner with any cadence, limits, and silence."""
    limits = PartnerLimits(
        partner,
        partner,
        most=draw(st.none() | st.integers(1, 2)),
        days=draw(st.sampled_from([3, 30])),
        notice=draw(st.none() | st.just(50 * HOUR)),
        blackouts=draw(st.just(()) | st.just((Blackout(TODAY + DAY, TODAY + 3 * DAY),))),
    )
    return PartnerTerms(
        partner,
        partner,
        focus=draw(st.booleans()),
        cadence=draw(st.none() | st.integers(2, 40)),
        due=TODAY + draw(st.integers(-9, 20)) * DAY,
        limits=limits,
    )


@st.composite
def any_candidates(draw: st.DrawFn, number: int, names: tuple[str, ...]) -> Candidate:
    """Candidate of any sort but those that have nothing but a cadence."""
    on = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    partner = draw(st.sampled_from(PARTNERS))
    earliest = draw(st.none() | st.integers(0, 10).map(local))
    latest = draw(st.none() | st.integers(2, 14).map(local))
    group = draw(st.none() | st.sampled_from(["one", "two"]))
    costs = dict.fromkeys(on, draw(st.sampled_from([0.0, 0.2])))
    sort = draw(st.sampled_from(["milestone", "own", "step"]))
    if sort == "milestone":
        made = milestone(f"m{number}", partner, *on, item=draw(st.sampled_from(["", "i"])))
    elif sort == "own":
        day = draw(st.none() | st.integers(0, 9))
        wished = None if day is None else Span(local(day), local(day + 1))
        made = own(f"o{number}", on[0], wished=wished)
    else:
        credit = draw(st.sampled_from(list(Credit)))
        event = draw(st.sampled_from(["picnic", "march"]))
        made = step(event, f"s{number}", draw(st.integers(0, 9)), credit, on=on[0])
        return replace(made, partners=(partner,), group=group)
    return replace(made, earliest=earliest, latest=latest, group=group, costs=costs)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Any task of ten days."""
    names = NAMES[: draw(st.integers(1, 3))]
    everyone = tuple(draw(terms(partner)) for partner in PARTNERS)
    span = Span(local(0), local(10))
    found = [draw(any_candidates(n, names)) for n in range(draw(st.integers(0, 12)))]
    for each in everyone:
        days = [due.by.astimezone(CHICAGO).date() for due in dues_of(each, span, CHICAGO)]
        found += [due_only(each.partner, day, *names) for day in days]
    return Task(
        tuple(draw(accounts(name)) for name in names),
        tuple(found),
        span,
        NOW + draw(st.integers(0, 30)) * HOUR,
        everyone,
        floor=draw(targets),
        floor_window=draw(windows),
        zone=CHICAGO,
    )


def moment(days: int, hour: int = 9) -> datetime:
    """As `local`, in the words of tests about slots."""
    return local(days, hour).astimezone(UTC)
