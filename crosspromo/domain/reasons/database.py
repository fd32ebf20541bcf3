"""Reasons why the database cannot be used as it stands. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class DatabaseMissing(NamedTuple):
    """The workspace has no database yet."""


class DatabaseEmpty(NamedTuple):
    """The database has no tables yet."""


class DatabaseOutdated(NamedTuple):
    """The database is of an older version than this crosspromo needs."""

    version: str
    needed: str


class DatabaseTooNew(NamedTuple):
    """The database is of a newer version than this crosspromo knows."""

    version: str
    known: str


class SendsUnsettled(NamedTuple):
    """Deliveries that are being sent, or were left so by a daemon that was killed."""

    deliveries: tuple[int, ...]


class DatabaseUnsound(NamedTuple):
    """The database contradicts itself; `words` say where. Nothing was copied."""

    words: str


DatabaseRefusal = (
    DatabaseMissing
    | DatabaseEmpty
    | DatabaseOutdated
    | DatabaseTooNew
    | SendsUnsettled
    | DatabaseUnsound
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        DatabaseMissing: "database-missing",
        DatabaseEmpty: "database-empty",
        DatabaseOutdated: "database-outdated",
        DatabaseTooNew: "database-too-new",
        SendsUnsettled: "sends-unsettled",
        DatabaseUnsound: "database-unsound",
    }
)
