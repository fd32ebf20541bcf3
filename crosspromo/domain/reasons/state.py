"""Reasons why a delivery or an account does not allow an act. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.states import State


class WrongState(NamedTuple):
    """Delivery state that does not allow the act."""

    delivery: int
    state: State
    act: Act


class CannotBecome(NamedTuple):
    """Transition absent from the table of states."""

    delivery: int
    state: State
    to: State


class MayHaveGoneOut(NamedTuple):
    """Delivery possibly on its network already, which therefore cannot get another due time."""

    delivery: int
    state: State


class OnlyAsItWas(NamedTuple):
    """Delivery possibly sent once, which can be repeated unchanged but not edited."""

    delivery: int


class EditedMeanwhile(NamedTuple):
    """Delivery with another content than the person saw who edits it.

    `title` and `text` are what it says now.
    """

    delivery: int
    title: str | None
    text: str


class UndoIsOver(NamedTuple):
    """Undo that comes too late, or of an act that something else has followed."""


class NobodyAsked(NamedTuple):
    """Approval of a delivery that needs no approval."""

    delivery: int


class ReleasedAlready(NamedTuple):
    """Second release of a delivery, which `by` released `at` (None: not known when)."""

    delivery: int
    by: str
    at: datetime | None


class NotDeleted(NamedTuple):
    """Failed deletion of the post at `place`; `words` give the network's cause."""

    delivery: int
    place: str
    words: str


class CannotDelete(NamedTuple):
    """Deletion unavailable for posts of the account; this post stands at `place`."""

    delivery: int
    account: str
    place: str


class NotPaused(NamedTuple):
    """Account without a pause of its own, or with None no pause over everything.

    `by_everything`: the account is under the pause over everything instead.
    """

    account: str | None
    by_everything: bool = False


class PausedJustNow(NamedTuple):
    """Pause over everything that crosspromo ordered as this very command began; `words` say why."""

    words: str


class AccountIsSending(NamedTuple):
    """Account on which a delivery is being sent at this moment."""

    account: str


class DraftIsQueued(NamedTuple):
    """Draft of the console that became a post before."""

    post: int


StateRefusal = (
    AccountIsSending
    | WrongState
    | CannotBecome
    | MayHaveGoneOut
    | OnlyAsItWas
    | EditedMeanwhile
    | UndoIsOver
    | NobodyAsked
    | ReleasedAlready
    | NotDeleted
    | CannotDelete
    | NotPaused
    | PausedJustNow
    | DraftIsQueued
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        AccountIsSending: "account-is-sending",
        WrongState: "wrong-state",
        CannotBecome: "cannot-become",
        MayHaveGoneOut: "may-have-gone-out",
        OnlyAsItWas: "only-as-it-was",
        EditedMeanwhile: "edited-meanwhile",
        UndoIsOver: "undo-is-over",
        NobodyAsked: "nobody-asked",
        ReleasedAlready: "released-already",
        NotDeleted: "not-deleted",
        CannotDelete: "cannot-delete",
        NotPaused: "not-paused",
        PausedJustNow: "paused-just-now",
        DraftIsQueued: "draft-is-queued",
    }
)
