"""Permissions of partners: what a post needs of them, and whether they agreed to it.

Naming a partner needs no permission. Tagging them, quoting them, and showing their logo or a photo
of theirs do. What a delivery needs is worked out from what will be sent (`publishing/needs.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from crosspromo.domain.values import Value

IMPORTED = "imported"
"""Evidence of a permission that a yes in a list, or in the record of a partner, stands for."""


class Scope(StrEnum):
    """What a permission allows."""

    TAG = "tag"
    QUOTE = "quote"
    LOGO = "logo"
    PHOTO = "photo"

    __hash__ = str.__hash__  # the hash of the value: an enum's own hash runs in Python


class Need(NamedTuple):
    """Permission of a partner (a slug) that a delivery needs.

    `declared`: a person said so when it was queued, and no edit of the text takes it away; else it
    was read from what will be sent.
    """

    scope: Scope
    partner: str
    declared: bool = False


class Permission(Value, frozen=True):
    """Permission that a partner (a slug) gave.

    `networks` are those for which it was given; empty: all. `agreed_on` is a local day of the
    organisation, None where nobody knows it; `until` is the last local day, None: without end.
    Times are aware, in UTC; `withdrawn_at` None: it stands.
    """

    number: int
    partner: str
    scope: Scope
    networks: tuple[str, ...]
    agreed_by: str
    agreed_on: date | None
    until: date | None
    evidence: str
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody has withdrawn it; its last day may have passed."""
        return self.withdrawn_at is None

    @property
    def is_a_yes(self) -> bool:
        """Whether it is a plain yes to tagging: on every network, and without end."""
        plain = self.scope is Scope.TAG and not self.networks and self.until is None
        return self.stands and plain

    def includes(self, other: "Permission") -> bool:
        """Whether it was given for every network and every day of the other permission."""
        networks = not self.networks or (
            bool(other.networks) and set(other.networks) <= set(self.networks)
        )
        days = self.until is None or (other.until is not None and other.until <= self.until)
        return networks and days

    def names(self, network: str) -> bool:
        """Whether it was given for the network."""
        return not self.networks or network in self.networks

    def has_ended(self, day: date) -> bool:
        """Whether its last day has passed on this local day."""
        return self.until is not None and day > self.until

    def covers(self, network: str, day: date) -> bool:
        """Whether it allows its scope on the network, on this local day."""
        return self.stands and self.names(network) and not self.has_ended(day)


class Why(StrEnum):
    """Reason for the lack of a permission."""

    MISSING = "missing"
    OTHER_NETWORK = "other-network"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Lack(NamedTuple):
    """Permission of a partner (a slug, and the name) that is needed on a network and is not there.

    `day` is the last day of one that has ended, or the local day of its withdrawal; else None.
    """

    scope: Scope
    partner: str
    name: str
    network: str
    why: Why
    day: date | None = None


class NeedsAsked(NamedTuple):
    """Need of a delivery, the name of its partner, and every permission of that scope."""

    need: Need
    name: str
    permissions: Sequence[Permission]


def lacking(asked: Iterable[NeedsAsked], network: str, day: date) -> tuple[Lack, ...]:
    """Lacks of these needs on the network, on this local day of the organisation."""
    return tuple(_lacks(asked, network, day))


def _lacks(asked: Iterable[NeedsAsked], network: str, day: date) -> Iterator[Lack]:
    for need, name, permissions in asked:
        if not any(each.covers(network, day) for each in permissions):
            why, when = _why(permissions, network)
            yield Lack(need.scope, need.partner, name, network, why, when)


def _why(permissions: Sequence[Permission], network: str) -> tuple[Why, date | None]:
    """Why none of these covers the network: the nearest to a yes is told."""
    here = [each for each in permissions if each.names(network)]
    ended = [each.until for each in here if each.stands and each.until is not None]
    if ended:
        return Why.EXPIRED, max(ended)
    if any(each.stands for each in permissions):
        return Why.OTHER_NETWORK, None
    withdrawn = [each.withdrawn_at for each in here if each.withdrawn_at is not None]
    if withdrawn:
        return Why.WITHDRAWN, max(withdrawn).date()
    return Why.MISSING, None
