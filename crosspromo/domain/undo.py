"""Undo: acts of people on deliveries that the same person may take back for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crosspromo.domain.states import State

UNDONE_WITHIN = timedelta(minutes=10)
"""Time for which an act can be taken back."""


class UndoableAct(StrEnum):
    """Act that can be taken back."""

    CANCEL = "cancel"
    DISMISS = "dismiss"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Undoable:
    """Act on one delivery that can be taken back, with what it replaced. Times are in UTC.

    `group` is common to the acts of one order, such as those on all deliveries of a post. `state`,
    `due_at` and `pinned` are those from before the act; `attempt` is that of the act. `moved_to` is
    the due time that a move gave.
    """

    group: str
    delivery: int
    act: UndoableAct
    who: str
    at: datetime
    state: State
    due_at: datetime
    pinned: bool
    attempt: int
    moved_to: datetime | None = None
