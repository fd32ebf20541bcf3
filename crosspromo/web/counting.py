"""Number of things that need a person, for the navigation of every page.

It is counted anew after SECONDS, and after every act: pages need not count it each time.
"""

import threading
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from crosspromo.workspace import Workspace

SECONDS: Final = 15.0

_known: "WeakKeyDictionary[Workspace, tuple[float, int]]" = WeakKeyDictionary()
_lock = threading.Lock()


def count(workspace: Workspace) -> int:
    """Number of things that need a person."""
    with _lock:
        known = _known.get(workspace)
    if known is not None and monotonic() - known[0] < SECONDS:
        return known[1]
    found = workspace.services.today.count()
    remember(workspace, found)
    return found


def remember(workspace: Workspace, number: int) -> None:
    """Remember a number that a page has counted anyway."""
    with _lock:
        _known[workspace] = monotonic(), number


def forget(workspace: Workspace) -> None:
    """Have it counted anew, and the forecasts compared anew: somebody has acted."""
    if workspace.freshness is not None:
        workspace.freshness.forget()
    with _lock:
        _known.pop(workspace, None)
