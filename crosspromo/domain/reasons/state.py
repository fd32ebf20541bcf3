"""Reasons why a delivery or an account does not allow an act. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.states import State


class WrongState(NamedTuple):
    """A delivery in this state cannot undergo the act."""

    delivery: int
    state: State
    act: Act


class CannotBecome(NamedTuple):
    """The table of states has no move from the delivery's state to this one."""

    delivery: int
    state: State
    to: State


class MayHaveGoneOut(NamedTuple):
    """A delivery in this state may be on its network, so it cannot have another time."""

    delivery: int
    state: State


class OnlyAsItWas(NamedTuple):
    """The delivery may have been sent once; it can be repeated as it was, and not edited."""

    delivery: int


class NobodyAsked(NamedTuple):
    """Nobody has to approve the delivery."""

    delivery: int


class NotDeleted(NamedTuple):
    """The network did not delete the post that stands at `place`; `words` say why."""

    delivery: int
    place: str
    words: str


class CannotDelete(NamedTuple):
    """Posts on the account cannot be deleted from here; this one stands at `place`."""

    delivery: int
    account: str
    place: str


class NotPaused(NamedTuple):
    """The account is not paused, or with None not everything. `by_everything`: the account is
    under the pause over everything instead.
    """

    account: str | None
    by_everything: bool = False


StateRefusal = (
    WrongState
    | CannotBecome
    | MayHaveGoneOut
    | OnlyAsItWas
    | NobodyAsked
    | NotDeleted
    | CannotDelete
    | NotPaused
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        WrongState: "wrong-state",
        CannotBecome: "cannot-become",
        MayHaveGoneOut: "may-have-gone-out",
        OnlyAsItWas: "only-as-it-was",
        NobodyAsked: "nobody-asked",
        NotDeleted: "not-deleted",
        CannotDelete: "cannot-delete",
        NotPaused: "not-paused",
    }
)
