"""Daemons, as they announce themselves."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """A daemon that has not said that it stopped."""

    name: str
    started_at: datetime
    seen_at: datetime

    @property
    def host(self) -> str:
        """The machine it runs on: its name is host, process id and a few random letters."""
        return self.name.rsplit("-", 2)[0]
