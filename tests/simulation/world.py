"""The world of a story: accounts with their rules and networks, drawn from the seed."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from simulation.networks import Network
from stories import rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import UTC_ZONE, Slot
from crosspromo.publishing.rules import AccountRules, OrganisationRules

NAMES = ("heron", "otter", "willow")

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")

BEGINNINGS = (
    (datetime(2026, 4, 1, 12, tzinfo=UTC), UTC_ZONE),
    (datetime(2026, 3, 28, 18, tzinfo=UTC), BERLIN),  # the clocks go forward in the night
    (datetime(2026, 10, 24, 18, tzinfo=UTC), BERLIN),  # and back
    (datetime(2026, 10, 31, 20, tzinfo=UTC), NEW_YORK),
)

NIGHT = QuietHours(time(22), time(7))
THE_HOUR_THAT_CHANGES = QuietHours(time(2), time(3))

TIMEOUT = timedelta(seconds=10)

MACHINES_AHEAD = (0, 0, 0, 0, 5, -40, 45, 150, -150, 7200, -7200)
"""Seconds by which the machine's clock is ahead at the beginning of a story."""

NETWORKS_AHEAD = (0, 0, 0, 0, 0, 3, -20, 25, 90, -3600)
"""Seconds by which the clock of a network is ahead."""


@dataclass(frozen=True)
class World:
    """Where a story begins, for whom, and on what networks.

    `accounts` are all that there ever are; `gone` names those that crosspromo.toml lacks just now.
    The clock of the machine begins `ahead` of the time.
    """

    start: datetime
    ahead: timedelta
    accounts: dict[str, AccountRules]
    organisation: OrganisationRules
    networks: dict[str, Network]
    gone: set[str] = field(default_factory=set)

    @property
    def settings(self) -> dict[str, AccountRules]:
        """The accounts of crosspromo.toml as it stands."""
        return {name: rules for name, rules in self.accounts.items() if name not in self.gone}


def drawn(draw: Random) -> World:
    """A world."""
    start, zone = draw.choice(BEGINNINGS)
    names = NAMES[: draw.choice((1, 2, 2, 3))]
    mood = draw.choice((0.0, 0.3, 0.6, 0.9))
    floor = draw.choice((None, Target(1, 1), Target(1, 1), Target(1, 2)))
    networks = {name: _network(name, mood, draw) for name in names}
    return World(
        start=start,
        ahead=timedelta(seconds=draw.choice(MACHINES_AHEAD)),
        accounts={name: _account(name, draw) for name in names},
        organisation=OrganisationRules(floor, Window(days=draw.choice((2, 7))), zone),
        networks=networks,
    )


def _network(name: str, mood: float, draw: Random) -> Network:
    ahead = timedelta(seconds=draw.choice(NETWORKS_AHEAD))
    return Network(name, repeatable=draw.random() < 0.5, mood=mood, ahead=ahead)


def _account(name: str, draw: Random) -> AccountRules:
    ready_at_once = draw.random() < 0.3
    plain = rules(name)
    target = draw.choice((None, Target(1, 1), Target(1, 1), Target(2, 1), Target(3, 1)))
    policy = Policy(
        target=target,
        quota=2 if target is None and draw.random() < 0.5 else None,
        window=Window(days=draw.choice((1, 2, 7))),
        slots=draw.choice(((), (), (), tuple(Slot.parse(f"daily {at}") for at in _SLOTS))),
        max_per_day=draw.choice((None, None, 3, 5)),
        max_per_week=draw.choice((None, None, None, 8)),
        min_gap=draw.choice((None, timedelta(minutes=10), timedelta(hours=1))),
        quiet=draw.choice((None, None, NIGHT, THE_HOUR_THAT_CHANGES)),
        approval=draw.choice((Approvers.NONE, Approvers.NONE, Approvers.NONE, Approvers.ONE)),
    )
    capabilities = replace(plain.capabilities, threads=True, ready_at_once=ready_at_once)
    return replace(plain, policy=policy, capabilities=capabilities, timeout=TIMEOUT)


_SLOTS = ("09:00", "12:30", "18:00", "21:00")
