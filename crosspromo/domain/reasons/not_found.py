"""Reasons why something named does not exist. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class NoSuchDelivery(NamedTuple):
    """No delivery has this id."""

    delivery: int


class NoSuchPartner(NamedTuple):
    """No partner has this slug; `near` are the slugs that resemble it most."""

    partner: str
    near: tuple[str, ...] = ()


class NoSuchEvent(NamedTuple):
    """No event has this slug."""

    event: str


class NoSuchAccount(NamedTuple):
    """crosspromo.toml has no account of this name; `known` are the names it has."""

    account: str
    known: tuple[str, ...] = ()


class NoWorkspace(NamedTuple):
    """The folder has no crosspromo.toml; None: neither has the current one, nor any above it."""

    folder: str | None = None


NotFound = NoSuchDelivery | NoSuchPartner | NoSuchEvent | NoSuchAccount | NoWorkspace

CODES: Mapping[type, str] = MappingProxyType(
    {
        NoSuchDelivery: "no-such-delivery",
        NoSuchPartner: "no-such-partner",
        NoSuchEvent: "no-such-event",
        NoSuchAccount: "no-such-account",
        NoWorkspace: "no-workspace",
    }
)
