"""People who are to be left alone, in the store: keyed hashes, without a name."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from crosspromo.store.schema import kept_away


class KeptAwayHashes:
    """Hashes of names and mail addresses that must not come back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: frozenset[str] | None = None

    def add(self, hashes: Collection[str], at: datetime) -> None:
        """Store hashes that are new."""
        known = self.all()
        rows = [{"hash": each, "at": at} for each in sorted(set(hashes) - known)]
        if rows:
            self._connection.execute(kept_away.insert(), rows)
        self._known = known.union(hashes)

    def all(self) -> frozenset[str]:
        """All hashes, read once in a transaction: people ask for it, so they are few."""
        if self._known is None:
            self._known = frozenset(self._connection.execute(select(kept_away.c.hash)).scalars())
        return self._known
