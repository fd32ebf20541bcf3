"""Workspace of the console, which follows changes of crosspromo.toml and of the templates.

It has connectors of its own, as another command would. Settings that cannot be used are left out:
the old ones stay, and `doctor` and a daemon say why.
"""

import logging
import threading
from time import monotonic
from typing import Final

from crosspromo.disks import stamp_of, stamps_within
from crosspromo.domain.errors import CrosspromoError
from crosspromo.phrasing.errors import of_error
from crosspromo.services.play.freshness import Freshness
from crosspromo.settings import FILE_NAME
from crosspromo.workspace import Workspace

log = logging.getLogger(__name__)

EVERY: Final = 1.0
"""Seconds between two looks at the files."""


class FollowedWorkspace:
    """Workspace by the settings of now. Thread-safe; the database is that of `workspace`."""

    def __init__(self, workspace: Workspace) -> None:
        self._lock = threading.Lock()
        self._workspace = _with_memory(workspace.successor())
        self._seen = self._look()
        self._next_look = monotonic() + EVERY

    def current(self) -> Workspace:
        """Workspace by the settings of now."""
        if monotonic() >= self._next_look:
            with self._lock:
                self._next_look = monotonic() + EVERY
                seen = self._look()
                if seen != self._seen:
                    self._seen = seen
                    self._follow()
        return self._workspace

    def close(self) -> None:
        """Close the connectors."""
        self._workspace.close()

    def _look(self) -> object:
        folder = self._workspace.template_folder
        return stamp_of(self._workspace.folder / FILE_NAME), stamps_within(folder)

    def _follow(self) -> None:
        try:
            successor = self._workspace.successor()
            _ = successor.rules  # the networks, with the keys of every account
        except CrosspromoError as error:
            zone = self._workspace.settings.organisation.zone
            words = self._workspace.redactor.redact(of_error(error, zone))
            log.warning("the console keeps its old settings: %s", words)
            return
        successor.record_policies()
        before, self._workspace = self._workspace, _with_memory(successor)
        before.close_connectors()


def _with_memory(workspace: Workspace) -> Workspace:
    """Workspace that remembers for a moment whether its forecasts are up to date."""
    workspace.freshness = Freshness()
    return workspace
