"""Words of the line by which an act is taken back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from crosspromo.domain.plurals import plural
from crosspromo.domain.undo import Undoable, UndoableAct
from crosspromo.services.undo import Undone
from crosspromo.web.moments import Moments

UNDO = "Undo"

_ACTS: Mapping[UndoableAct, str] = MappingProxyType(
    {
        UndoableAct.CANCEL: "You cancelled",
        UndoableAct.DISMISS: "You took note of",
        UndoableAct.MOVE: "You moved",
    }
)


def offer(acts: Sequence[Undoable], moments: Moments) -> str:
    """What can be taken back: `You moved 2 deliveries at 10:41.`"""
    count = plural(len(acts), "delivery", "deliveries")
    return f"{_ACTS[acts[0].act]} {count} at {moments.near(acts[0].at)}."


def undone(undone: Undone, moments: Moments) -> str:
    """An act was taken back."""
    told = [f"{each.account} ({moments.near(each.due_at)})" for each in undone.deliveries]
    return f"It is as it was before on {', '.join(told)}."
