"""Ledger columns: credit of a delivery in each state (docs/explanation/deliveries.md)."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple, assert_never

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.domain.values import Value


class Origin(StrEnum):
    """Source of a ledger row."""

    DELIVERY = "delivery"
    OUTSIDE = "outside"  # a post that was made without crosspromo
    OPENING = "opening"  # a balance that a person entered


class LedgerRow(Value, frozen=True):
    """Ledger row for people.

    `delivery` is the id of a delivery of ours. The fields after it, up to `remote_id`, describe an
    outside post, `partner` by slug. All of them are None for an opening balance. `at` is the time
    from which the row counts, `recorded_at` that of its writing; `taken_back_at` None: it counts.
    `about` is what the delivery is called, where it was asked for.
    """

    account: str
    at: datetime
    others: int
    self_: int
    origin: Origin
    why: str
    delivery: int | None
    partner: str | None
    text: str | None
    url: str | None
    remote_id: str | None
    recorded_at: datetime
    taken_back_at: datetime | None
    about: "CountedDelivery | None" = None


class CountedDelivery(NamedTuple):
    """Delivery of a ledger row: its credit, and its title or the beginning of its text."""

    credit: Credit
    name: str


class Columns(Value, frozen=True):
    """One post's values in the two ledger columns, each 0 or 1."""

    others: int
    self_: int


NOTHING = Columns(0, 0)


@cache
def columns(credit: Credit, state: State) -> Columns:
    """Ledger columns for a delivery, from credit and state.

    Doubt counts against us: a delivery in doubt counts as self at once, and never as others.
    """
    match state:
        case State.SENDING | State.UNKNOWN | State.DELETED:
            return Columns(others=0, self_=int(credit.counts_self))
        case State.PUBLISHED:
            return Columns(others=int(credit.counts_others), self_=int(credit.counts_self))
        case (
            State.DRAFT
            | State.QUEUED
            | State.FAILED
            | State.CANCELLED
            | State.MISSED
            | State.EXPIRED
        ):
            return NOTHING
        case _:
            assert_never(state)
