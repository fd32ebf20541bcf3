"""Reasons why the ledger does not take a row that somebody reports. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class MayBeOurs(NamedTuple):
    """The outside post may be this delivery, of which nobody can tell whether it went out."""

    delivery: int


class InOpeningBalance(NamedTuple):
    """The outside post is counted in the account's opening balance, which stands until `at`."""

    account: str
    at: datetime


class SelfStays(NamedTuple):
    """The post counts with this credit already, and what counts as self stays so."""

    credit: str


class OpensRoom(NamedTuple):
    """The post counts with the credit `was` already; as `credit` it would raise headroom."""

    was: str
    credit: str


class OpensRoomInTime(NamedTuple):
    """The post counts from `at` already; at the other time it would raise headroom."""

    at: datetime


LedgerRefusal = MayBeOurs | InOpeningBalance | SelfStays | OpensRoom | OpensRoomInTime

CODES: Mapping[type, str] = MappingProxyType(
    {
        MayBeOurs: "may-be-ours",
        InOpeningBalance: "in-opening-balance",
        SelfStays: "self-stays",
        OpensRoom: "opens-room",
        OpensRoomInTime: "opens-room-in-time",
    }
)
