"""What pages need not work out each time: how much needs a person, what is due with partners, and
the plan.

Each is worked out anew after some seconds, and after every act.
"""

import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from crosspromo.workspace import Workspace

if TYPE_CHECKING:
    from crosspromo.domain.partners_due import Due
    from crosspromo.services.planning.proposals import Proposal

T = TypeVar("T")

SECONDS: Final = 15.0
SECONDS_OF_A_PLAN: Final = 120.0
"""A plan takes seconds to make, and what is accepted of it is looked at anew."""


class _Remembered(Generic[T]):
    """Value by workspace, as `work_out` gives it, remembered for some seconds."""

    def __init__(self, work_out: Callable[[Workspace], T], lasts: float = SECONDS) -> None:
        self._work_out, self._lasts = work_out, lasts
        self._known: WeakKeyDictionary[Workspace, tuple[float, T]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, workspace: Workspace) -> T:
        with self._lock:
            known = self._known.get(workspace)
        if known is not None and monotonic() - known[0] < self._lasts:
            return known[1]
        found = self._work_out(workspace)
        self.put(workspace, found)
        return found

    def put(self, workspace: Workspace, value: T) -> None:
        with self._lock:
            self._known[workspace] = monotonic(), value

    def forget(self, workspace: Workspace) -> None:
        with self._lock:
            self._known.pop(workspace, None)


_NEEDS = _Remembered(lambda workspace: workspace.services.today.count())
_DUE = _Remembered(lambda workspace: workspace.services.due_partners.due())
_PLAN = _Remembered(lambda workspace: workspace.services.plans.propose_as_set(), SECONDS_OF_A_PLAN)


def count(workspace: Workspace) -> int:
    """Number of things that need a person, for the navigation of every page."""
    return _NEEDS.of(workspace)


def remember(workspace: Workspace, number: int) -> None:
    """Remember a number that a page has counted anyway."""
    _NEEDS.put(workspace, number)


def due_partners(workspace: Workspace) -> "Sequence[Due]":
    """What is due with partners, the longest overdue first."""
    return _DUE.of(workspace)


def plan(workspace: Workspace) -> "Proposal":
    """Plan of the coming weeks."""
    return _PLAN.of(workspace)


def forget(workspace: Workspace) -> None:
    """Have it all worked out anew, and the forecasts compared anew: somebody has acted."""
    if workspace.freshness is not None:
        workspace.freshness.forget()
    _NEEDS.forget(workspace)
    _DUE.forget(workspace)
    _PLAN.forget(workspace)
