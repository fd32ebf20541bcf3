"""The audit log: acts of people, with time, name and reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.audit import AuditEntry

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class AuditLog:
    """The audit log of a workspace."""

    store: "Store"

    def entries(self, since: datetime | None = None) -> Sequence[AuditEntry]:
        """Every entry, or those from `since` (aware) on, the latest first."""
        with self.store.read() as unit:
            return unit.audit.entries(since)
