"""Daemons, as they announce themselves."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """Running daemon: no end announced yet."""

    name: str
    started_at: datetime
    seen_at: datetime

    @property
    def host(self) -> str:
        """Host name, taken from the worker's name (host, process id, random letters)."""
        return self.name.rsplit("-", 2)[0]
