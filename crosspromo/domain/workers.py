"""Daemons, as they announce themselves, and what they report."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class TroubleKind(StrEnum):
    """Kind of condition that a daemon reports."""

    SETTINGS = "settings"
    TEMPLATES = "templates"


class Trouble(NamedTuple):
    """Condition that a daemon reports: its kind, the words about it, and since when it stands.

    SETTINGS: new settings that the daemon refuses. TEMPLATES: templates with faults.
    """

    kind: TroubleKind
    words: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """Running daemon: no end announced yet."""

    name: str
    started_at: datetime
    seen_at: datetime

    @property
    def host(self) -> str:
        """Host name, taken from the worker's name (host, process id, random letters)."""
        return host_of(self.name)


def host_of(worker: str) -> str:
    """Host name, taken from the name of a worker (host, process id, random letters)."""
    return worker.rsplit("-", 2)[0]
