"""Reasons why the ledger refuses a reported row. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class MayBeOurs(NamedTuple):
    """Outside post that may be an unknown delivery of ours."""

    delivery: int


class InOpeningBalance(NamedTuple):
    """Outside post already counted in the account's opening balance of the time `at`."""

    account: str
    at: datetime


class SelfStays(NamedTuple):
    """Correction of a post counted as self: self posts stay counted as self. `credit` is the old
    one.
    """

    credit: str


class AllowsMoreSelfPosts(NamedTuple):
    """Correction from credit `was` to `credit`, which would raise headroom."""

    was: str
    credit: str


class AllowsMoreAtThatTime(NamedTuple):
    """Correction of a counted post's time `at`, which would raise headroom."""

    at: datetime


LedgerRefusal = (
    MayBeOurs | InOpeningBalance | SelfStays | AllowsMoreSelfPosts | AllowsMoreAtThatTime
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        MayBeOurs: "may-be-ours",
        InOpeningBalance: "in-opening-balance",
        SelfStays: "self-stays",
        AllowsMoreSelfPosts: "opens-room",
        AllowsMoreAtThatTime: "opens-room-in-time",
    }
)
