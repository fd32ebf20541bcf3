"""What a delivery counts as in each state (SEMANTICS, the table of states)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import assert_never

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State


class Origin(StrEnum):
    """Where a row of the ledger comes from."""

    DELIVERY = "delivery"
    OUTSIDE = "outside"  # a post that was made without crosspromo
    OPENING = "opening"  # a balance that a person entered


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of the ledger as people see it.

    `delivery` is the id of one of ours; what else an outside post is known by follows it, `partner`
    as a slug. An opening balance has none of them.
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


@dataclass(frozen=True, slots=True)
class Columns:
    """A post's part in the two columns of the ledger, each 0 or 1."""

    others: int
    self_: int


NOTHING = Columns(0, 0)


@cache
def columns(credit: Credit, state: State) -> Columns:
    """UncertainDelivery counts against us: in doubt we count as self at once, as others never."""
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
