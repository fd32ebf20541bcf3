"""Small workspaces for rehearsals: each is played, and then its weeks really pass.

The past of a workspace has really happened: the real daemon worked on it, for longer than any
window. Then the coming weeks are played on a copy, and after that two real daemons run through
them on a simulated clock, are restarted in the middle and read the same settings anew. What the
people of a play do is done: drafts are approved, and posts by hand are posted when they are due.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from signing_off import save_asking
from simulation.baton import Baton
from simulation.crew import Daemon
from simulation.machine import Machine
from simulation.seams import Disk, Seams
from simulation.stages import STAGES, Stage
from simulation.world import World
from simulation.world_time import WorldTime
from stories import rules

from crosspromo.domain.approval import PARTNER_PREFIX, Approvers, Signature
from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.date_rules import parse_date_rule
from crosspromo.domain.deliveries import Delivery, NewDelivery, Renewal
from crosspromo.domain.events import Event
from crosspromo.domain.forecasts import Forecast, Outcome, PlayedStep, Uncertainty, certainty
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outcomes import Unknown
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.partner_entries import Entry, EntryKind
from crosspromo.domain.partners import Partner
from crosspromo.domain.pauses import Pause
from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.photos import PhotoConsent
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Content, Credit, Image, Kind
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot, slot_times
from crosspromo.domain.verdicts import Override
from crosspromo.publishing import log_lines
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.play.engine import Played
from crosspromo.services.play.engine import Stage as PlayStage
from crosspromo.services.play.foretelling import foretold
from crosspromo.store.queue.listing import Filter
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START
from crosspromo.testing.networks import MemoryConnector

BEGINS = datetime(2026, 10, 5, 6, tzinfo=UTC)
PAST = timedelta(days=36)
COMING = timedelta(days=21)
A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)
NAMES = ("heron", "otter", "willow")
BERLIN = "Europe/Berlin"
PARTNERS = ("river-keepers", "tree-trust", "bird-club")
PHOTOS = tuple(f"{number:064x}" for number in range(3))
"""Hashes of images with people on them."""

TEXTS = 30

_OUTCOMES = {
    "published": Outcome.SENT,
    "held": Outcome.HELD,
    "missed": Outcome.MISSED,
    "expired": Outcome.EXPIRED,
    "failed": Outcome.REFUSED,
}


_WAITING = frozenset({State.DRAFT, State.QUEUED})


class Happened(NamedTuple):
    """What became of a delivery: the outcome, and its minute; what is held has none.

    The reason of a hold is not compared: daemons that begin anew judge it anew, and may find
    another one that holds it as well.
    """

    outcome: Outcome
    at: datetime | None


HELD = Happened(Outcome.HELD, None)


@dataclass
class Rehearsal:
    """One seed: what was played, what is certain in it, and what happened."""

    played: Played
    doubts: Mapping[int, Uncertainty]
    foretold: dict[int, Happened]
    happened: dict[int, Happened]

    def differences(self) -> list[str]:
        """Sentences about deliveries that went otherwise than the play said."""
        return [
            f"delivery {key}: foretold {self.foretold[key]}, happened {self.happened.get(key)}"
            for key in sorted(self.foretold)
            if key not in self.doubts and self.foretold[key] != self.happened.get(key)
        ]


class _Ear(logging.Handler):
    """Hears what the daemons log, with the time of the machine's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(logging.INFO)
        self._now = now
        self.heard: list[tuple[datetime, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        fields = getattr(record, "fields", {})
        if fields.get("state") in _OUTCOMES:
            self.heard.append((self._now(), fields))


@contextmanager
def _listening(now: Callable[[], datetime]) -> Iterator[_Ear]:
    ear, log = _Ear(now), logging.getLogger(log_lines.__name__)
    level, log.propagate = log.level, False
    log.setLevel(logging.INFO)
    log.addHandler(ear)
    try:
        yield ear
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
        log.propagate = True


@dataclass
class Rehearsed:
    """Workspace of one seed. `on` is where it lies."""

    seed: int
    on: Stage
    draw: Random = field(init=False)
    agreed: Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = Random(self.seed)
        self.agreed = Random(f"agreed {self.seed}")
        """Draws what was agreed, beside the others: a new agreement changes no other draw."""
        self.on.clear().close()
        self.time = WorldTime(BEGINS - PAST, self.draw)
        self.world = World(
            start=BEGINS - PAST,
            ahead=timedelta(),
            accounts=self._accounts(),
            organisation=self._organisation(),
            networks={},
        )
        self.connectors = {name: MemoryConnector() for name in self.world.accounts}
        baton = Baton(self.draw)
        self.baton, self.disk = baton, Disk(lambda _: None)
        seams = Seams(baton, lambda _: None)
        self.machine = Machine(self.on, self.world, self.time.clock, seams, self.disk, lambda: None)
        self.daemons = [
            Daemon(
                name,
                self.machine,
                lambda: self.connectors,
                self.time,
                self.draw,
                lambda _: None,
            )
            for name in ("one", "two")
        ]

    @property
    def store(self) -> Store:
        return self.machine.bare_store()

    # -- the rehearsal -------------------------------------------------------------------------

    def rehearse(self) -> Rehearsal:
        """Play the coming weeks, and let them happen as they were played."""
        waiting = self._begin()
        played = self._play()
        self._people_act()
        self._days_pass()
        doubts = self._doubts(played)
        return Rehearsal(played, doubts, self._foretold(played, waiting), self._happened(waiting))

    def broken_forecasts(self) -> list[str]:
        """Foretell every queued delivery, let people do nothing, and compare what was certain."""
        waiting = self._begin()
        for name, rules_ in self.world.accounts.items():
            if rules_.capabilities.by_hand:  # nobody says that it was posted
                unsaid = [lambda _: Unknown("posted by hand", needs_person=True)] * len(waiting)
                self.connectors[name].accidents += unsaid
        played = self._play()
        forecasts = foretold(played, self.world.accounts, self.world.organisation)
        self._days_pass()
        happened = self._happened(waiting)
        return [
            f"delivery {key}: certain was {forecast}, happened {happened[key]}"
            for key, forecast in forecasts.items()
            if forecast.certain and happened[key] != _as_happened(forecast)
        ]

    def _begin(self) -> list[int]:
        """Let the past happen; returns the ids of what waits for the coming weeks."""
        self._fill()
        self._run_until(BEGINS, self.daemons[:1])
        for daemon in self.daemons:  # the second begins beside the first, which is alive
            self._round(daemon)
        self._just_before()
        with self.store.read() as unit:
            found = unit.deliveries.matching(Filter(states=_WAITING))
        return [each.id for each in found if each.due_at <= BEGINS + COMING]

    def _play(self) -> Played:
        now, until = self.time.clock.now(), BEGINS + COMING
        with self.store.read() as unit:
            stage = PlayStage(unit, self.world.accounts, self.world.organisation, now, until)
        with stage:
            return stage.play()

    def _days_pass(self) -> None:
        """The coming weeks, with a restart of both daemons in the middle."""
        with _listening(self.time.clock.now) as self._ear:
            self._run_until(BEGINS + COMING / 2, self.daemons)
            for daemon in self.daemons:
                daemon.restart()
            self._run_until(BEGINS + COMING, self.daemons)

    def _doubts(self, played: Played) -> dict[int, Uncertainty]:
        """Deliveries of which chance decides: two accounts at the same moment."""
        found = certainty(
            played.steps,
            {},
            [],
            has_floor=self.world.organisation.floor is not None,
            certain_until=played.ends,
        )
        return {
            step.delivery: doubt
            for step, doubt in zip(played.steps, found, strict=True)
            if doubt is not None
        }

    def _foretold(self, played: Played, waiting: list[int]) -> dict[int, Happened]:
        last: dict[int, PlayedStep] = {step.delivery: step for step in played.steps}
        return {key: _ended(last.get(key)) for key in waiting}

    def _happened(self, waiting: list[int]) -> dict[int, Happened]:
        last = {fields["delivery"]: (at, fields) for at, fields in self._ear.heard}
        with self.store.read() as unit:
            now = [unit.deliveries.get(key) for key in waiting]
        found = {}
        for delivery in now:
            if delivery.state in _WAITING or delivery.id not in last:
                found[delivery.id] = HELD
            else:
                at, fields = last[delivery.id]
                found[delivery.id] = Happened(_OUTCOMES[fields["state"]], _minute(at))
        return found

    def _run_until(self, end: datetime, daemons: list[Daemon]) -> None:
        """Rounds of the daemons, each when something is due, and once at the end."""
        while True:
            for daemon in self.draw.sample(daemons, len(daemons)):
                self._round(daemon)
            now = self.time.clock.now()
            with self.store.read() as unit:
                wakes = unit.deliveries.next_wake(), unit.dated_ahead.next_partner_post(now)
            wake = min((at for at in wakes if at is not None), default=end)
            moment = max(wake, now + A_SECOND)
            if moment > end:
                self.time.pass_by(max(end - now, timedelta()))
                return
            self.time.pass_by(moment - now)

    def _round(self, daemon: Daemon) -> None:
        self.machine.seams.begin_turn()
        self.disk.begin_turn()
        self.time.begin_turn(sleeps=0)
        self.baton.run({daemon.name: daemon.round})

    # -- what there is -------------------------------------------------------------------------

    def _accounts(self) -> dict[str, AccountRules]:
        names = NAMES[: self.draw.choice((1, 2, 3, 3))]
        return {name: self._account(name, names) for name in names}

    def _account(self, name: str, names: tuple[str, ...]) -> AccountRules:
        draw = self.draw
        later = names.index(name) * 5 if draw.random() < 0.8 else 0  # else they race
        hours = [f"{hour:02}:{later:02}" for hour in draw.choice(((9,), (9, 13), (8, 12, 17)))]
        policy = Policy(
            target=draw.choice((None, Target(1, 1), Target(1, 1), Target(2, 1), Target(3, 1))),
            window=draw.choice((Window(days=7), Window(days=28), Window(days=28), Window(posts=6))),
            slots=draw.choice(
                ((), tuple(Slot.parse(f"daily {at}") for at in hours), (Slot.parse("mon 09:00"),))
            ),
            late_after=draw.choice((timedelta(minutes=60), timedelta(hours=6))),
            max_per_day=draw.choice((None, None, 1, 3)),
            max_per_week=draw.choice((None, None, 4)),
            min_gap=draw.choice((None, timedelta(minutes=90), timedelta(hours=5))),
            quiet=draw.choice((None, None, QuietHours.parse("20:00-07:00"))),
            monthly_budget=draw.choice((None, None, 1.0)),
            approval=draw.choice((Approvers.NONE, Approvers.NONE, Approvers.ONE)),
        )
        plain = rules(name)
        capabilities = replace(
            plain.capabilities,
            ready_at_once=draw.random() < 0.5,
            by_hand=draw.random() < 0.1,
        )
        sharing = tuple(other for other in names if other != name)
        return replace(
            plain,
            policy=policy,
            capabilities=capabilities,
            accounts_sharing_duplicate_rule=sharing if draw.random() < 0.2 else (),
        )

    def _organisation(self) -> OrganisationRules:
        draw = self.draw
        silent = date(2026, 10, 12) + timedelta(days=draw.randrange(9))
        blackouts = (
            Blackout(silent, silent + timedelta(days=1), partner=draw.choice((None, *PARTNERS))),
        )
        return OrganisationRules(
            floor=draw.choice((None, Target(1, 1), Target(1, 1))),
            window=draw.choice((Window(days=7), Window(days=28), Window(posts=10))),
            zone=ZoneInfo(BERLIN),
            status="c3",
            blackouts=(*(blackouts if draw.random() < 0.6 else ()), self._mourning()),
        )

    def _mourning(self) -> Mourning:
        """A kept day of mourning in the coming weeks, or none."""
        draw = Random(f"mourning {self.seed}")
        day = date(2026, 10, 12) + timedelta(days=draw.randrange(14))
        rule, tone = parse_date_rule(f"{day:%m-%d} for 2d"), ObservanceTone.MOURN
        mourned = [Observance("a-day", "A Day", rule, tone)]
        return Mourning.kept(mourned if draw.random() < 0.5 else [])

    def _fill(self) -> None:
        """Partners, events, and a queue for the past and the coming weeks."""
        draw = self.draw
        with self.store.write() as unit:
            unit.accounts.register(self.world.accounts)
            for slug in PARTNERS:
                unit.partners.save(Partner(slug=slug, name=slug.title()), START)
            self._agree(unit)
            for number in range(3):
                starts_at = BEGINS + timedelta(days=draw.choice((-2, 4, 9, 16)), hours=5)
                unit.events.save(
                    Event(
                        slug=f"event-{number}",
                        title=f"Event {number}",
                        starts_at=starts_at,
                        ends_at=starts_at + timedelta(hours=2),
                        zone=BERLIN,
                        uid=f"uid-{number}",
                    )
                )
            for name in self.world.accounts:
                if draw.random() < 0.3:
                    balance = OpeningBalance(
                        name,
                        BEGINS - timedelta(days=draw.choice((3, 10))),
                        draw.randrange(1, 5),
                        draw.randrange(1, 4),
                        "before",
                    )
                    unit.opening_balances.add(balance, BEGINS - PAST)
            for number in range(draw.choice((16, 26))):
                self._queue(unit, number, BEGINS - PAST, -33, 0)
            for number in range(draw.choice((12, 22))):
                self._queue(unit, number, BEGINS - PAST, 0, 19)

    def _agree(self, unit: Unit) -> None:
        """Permissions and consents, some of which end in the coming weeks, silences and limits."""
        draw, zone = self.agreed, self.world.organisation.zone
        begins = BEGINS.astimezone(zone).date()
        ends = [None, *(begins + timedelta(days=days) for days in (-40, 3, 8, 15))]
        for slug in PARTNERS:
            unit.permissions.add(
                slug,
                Scope.TAG,
                until=draw.choice(ends),
                evidence="a mail",
                now=START,
                who="tester",
            )
            if draw.random() < 0.4:
                first = begins + timedelta(days=draw.randrange(18))
                last = first + timedelta(days=draw.randrange(3))
                unit.partner_entries.add(
                    Entry(0, slug, EntryKind.BLACKOUT, "", first, START, "tester", last)
                )
            if draw.random() < 0.3:
                known = unit.partners.get(slug)
                capped = replace(known, most_posts=2, most_posts_days=7)
                warned = replace(known, notice_hours=72)
                unit.partners.save(draw.choice((capped, warned)), START)
        for number, hash_ in enumerate(PHOTOS):
            consent = PhotoConsent(
                number=0,
                hash=hash_,
                image=f"{number}.jpg",
                person="Sam",
                minor=False,
                consent=True,
                networks=(),
                given_by="Sam",
                until=draw.choice(ends),
                evidence="a form",
                recorded_at=START,
                recorded_by="tester",
            )
            unit.photo_consents.add(consent)

    def _queue(self, unit: Unit, number: int, now: datetime, first: int, last: int) -> None:
        draw = self.draw
        name = draw.choice(list(self.world.accounts))
        policy = self.world.accounts[name].policy
        credit = draw.choice((Credit.OTHERS, Credit.OTHERS, Credit.SELF, Credit.SELF, Credit.BOTH))
        about = draw.choice(PARTNERS) if credit is not Credit.SELF else None
        event = f"event-{draw.randrange(3)}" if draw.random() < 0.25 else None
        due_at = BEGINS + timedelta(
            days=draw.randrange(first, last), hours=draw.randrange(24), minutes=draw.randrange(60)
        )
        pinned = not policy.slots or draw.random() < 0.4
        if not pinned:
            due_at = next(slot_times(policy.slots, self.world.organisation.zone, due_at))
        when_allowed = credit.counts_self and draw.random() < 0.15
        if when_allowed:
            due_at, pinned = now + timedelta(minutes=number), False
        text = f"Words {draw.randrange(TEXTS)}" if draw.random() < 0.4 else f"Text {draw.random()}"
        draft = policy.approval is not Approvers.NONE and draw.random() < 0.7
        post = unit.posts.add(
            kind=Kind.OWN if about is None else Kind.SPOTLIGHT,
            partners=[] if about is None else [about],
            event=event,
            template=None,
            reason=None,
            author="tester",
            now=now,
        )
        reshare = f"https://bsky.app/{draw.randrange(6)}" if draw.random() < 0.15 else None
        shown = self.agreed.choice(PHOTOS) if self.agreed.random() < 0.15 else None
        expires_at = due_at + timedelta(hours=draw.choice((1, 30, 100)))
        delivery = unit.deliveries.add(
            NewDelivery(
                post=post,
                account=name,
                network="memory",
                state=State.DRAFT if draft else State.QUEUED,
                credit=credit,
                content=Content(text=text, reshare_of=reshare, images=_images(shown)),
                due_at=due_at,
                pinned=pinned,
                expires_at=expires_at if draw.random() < 0.2 else None,
                cost=draw.choice((None, 0.015, 0.2)),
                duplicate_reason="again" if draw.random() < 0.7 else None,
                when_allowed=when_allowed,
            )
        )
        if shown is not None:
            unit.photo_consents.set_hashes(delivery, [shown])
        if about is not None and self.agreed.random() < 0.3:
            unit.permissions.set_needs(delivery, [Need(Scope.TAG, about, declared=True)])
        if policy.approval is not Approvers.NONE and not draft and draw.random() < 0.8:
            self._sign(unit, unit.deliveries.get(delivery))

    def _just_before(self) -> None:
        """What changes shortly before the rehearsal: partners, an event, a pause, a fault."""
        draw = self.draw
        now = self.time.clock.now()
        name = draw.choice(list(self.world.accounts))
        with self.store.write() as unit:
            match draw.randrange(8):
                case 0:
                    slug = draw.choice(PARTNERS)
                    unit.partners.save(Partner(slug=slug, name=slug, status="candidate"), START)
                case 1 | 2:
                    slug = draw.choice(PARTNERS)
                    save_asking(unit, Partner(slug=slug, name=slug))
                case 3:
                    unit.pauses.begin(Pause(name, "tester", now, "a week off"))
                case 4:
                    unit.accounts.set_fault(name, "the password was refused", now)
                case 5:
                    unit.accounts.rest(name, now + timedelta(hours=draw.choice((1, 20))))
                case 6:
                    self._change_event(unit, f"event-{self.seed % 3}", now)
                case _ if self.seed % 2:
                    unit.pauses.begin(Pause(name, "tester", now, None))
                case _:
                    self._release(unit, now)

    def _change_event(self, unit: Unit, slug: str, now: datetime) -> None:
        """Move an event by a day, and renew what waits for it: every other time as a draft."""
        event = unit.events.get(slug)
        later = timedelta(days=1)
        unit.events.save(
            replace(event, starts_at=event.starts_at + later, ends_at=event.ends_at + later)
        )
        for number, delivery in enumerate(unit.deliveries.waiting_for(slug)):
            renewal = Renewal(
                content=replace(delivery.content, text=f"{delivery.content.text}, a day later"),
                credit=delivery.credit,
                due_at=max(delivery.due_at, now) + later,
                expires_at=event.starts_at + later if number % 3 else None,
                cost=delivery.cost,
                dropped=(),
                composed=None,
                into=State.DRAFT if number % 2 else delivery.state,
            )
            unit.transitions.renew(delivery, renewal, now)

    def _release(self, unit: Unit, now: datetime) -> None:
        """Let a self post go past the ratio."""
        for delivery in unit.deliveries.matching(Filter(states=frozenset({State.QUEUED}))):
            if delivery.credit.counts_self and not delivery.waits_to_be_allowed:
                unit.transitions.override(delivery, Override("tester", "it is urgent"), now)
                return

    # -- people --------------------------------------------------------------------------------

    def _people_act(self) -> None:
        """Approve every draft."""
        now = self.time.clock.now()
        with self.store.write() as unit:
            for draft in unit.deliveries.matching(Filter(states=frozenset({State.DRAFT}))):
                if draft.due_at > BEGINS + COMING + timedelta(days=7):
                    continue
                self._sign(unit, draft)
                unit.transitions.approve(draft, now)

    def _sign(self, unit: Unit, delivery: Delivery) -> None:
        names = ("somebody else", *(f"{PARTNER_PREFIX}{slug}" for slug in delivery.partners))
        for who in names:
            fingerprint = delivery.content.fingerprint(delivery.account)
            unit.approvals.sign(delivery.id, Signature(who, fingerprint, BEGINS - PAST))


def _images(hash_: str | None) -> tuple[Image, ...]:
    return () if hash_ is None else (Image(f"media/{hash_}.jpg", "Sam by the river"),)


def _ended(step: PlayedStep | None) -> Happened:
    if step is None or step.outcome is Outcome.HELD:
        return HELD
    return Happened(step.outcome, _minute(step.at))


def _as_happened(forecast: Forecast) -> Happened:
    if forecast.at is None:
        return HELD
    return Happened(forecast.outcome, _minute(forecast.at))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulation.rehearsals", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--from", type=int, default=0, dest="first")
    asked = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "simulation.rehearsals", *sys.argv[1:]])
    broken, lines, doubtful, words = 0, 0, 0, 0
    with STAGES["sqlite"]() as on:
        for seed in range(asked.first, asked.first + asked.seeds):
            for broken_word in Rehearsed(seed, on).broken_forecasts():
                print(f"seed {seed}: {broken_word}")
                words += 1
            found = Rehearsed(seed, on).rehearse()
            lines += len(found.foretold)
            doubtful += len(found.doubts)
            for difference in found.differences():
                print(f"seed {seed}: {difference}")
            broken += bool(found.differences())
    print(f"{asked.seeds} seeds, {broken} broken; {lines} deliveries, {doubtful} left to chance")
    return int(broken > 0 or words > 0)


if __name__ == "__main__":
    sys.exit(main())
