"""Audit log: acts of people, with time, name and reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.audit import AuditEntry

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class AuditLog:
    """Audit log of a workspace."""

    store: "Store"

    def page(self, most: int, before: int | None = None) -> Sequence[AuditEntry]:
        """At most `most` entries, newest first: those before the entry with the id `before`."""
        with self.store.read() as unit:
            return unit.audit.latest(most, before)

    def entries(self, since: datetime | None = None) -> Sequence[AuditEntry]:
        """Entries from the time `since` (aware; None: all), newest first."""
        with self.store.read() as unit:
            return unit.audit.entries(since)
