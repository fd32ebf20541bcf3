"""Reasons why the database is unusable in its present state. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class DatabaseMissing(NamedTuple):
    """Workspace without a database."""


class DatabaseEmpty(NamedTuple):
    """Database without tables."""


class DatabaseOutdated(NamedTuple):
    """Database version older than the version needed."""

    version: str
    needed: str


class DatabaseTooNew(NamedTuple):
    """Database version newer than the version known."""

    version: str
    known: str


class SendsUnsettled(NamedTuple):
    """Deliveries in a send, or left so by a killed daemon."""

    deliveries: tuple[int, ...]


class DatabaseUnsound(NamedTuple):
    """Database with contradictions; `words` name them. Nothing was copied."""

    words: str


class NotABackup(NamedTuple):
    """File that cannot be restored; `words` say why."""

    file: str
    words: str


class WouldReplace(NamedTuple):
    """Restore into a workspace whose database has deliveries already."""

    deliveries: int


class WrongPassphrase(NamedTuple):
    """Passphrase that does not open the keys of a backup."""


DatabaseRefusal = (
    DatabaseMissing
    | DatabaseEmpty
    | DatabaseOutdated
    | DatabaseTooNew
    | SendsUnsettled
    | DatabaseUnsound
    | NotABackup
    | WouldReplace
    | WrongPassphrase
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        DatabaseMissing: "database-missing",
        DatabaseEmpty: "database-empty",
        DatabaseOutdated: "database-outdated",
        DatabaseTooNew: "database-too-new",
        SendsUnsettled: "sends-unsettled",
        DatabaseUnsound: "database-unsound",
        NotABackup: "not-a-backup",
        WouldReplace: "would-replace",
        WrongPassphrase: "wrong-passphrase",
    }
)
