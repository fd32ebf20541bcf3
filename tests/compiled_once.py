"""Compiled SQL statements, shared by all engines of a process of tests.

SQLAlchemy keeps what it compiled by engine, as a daemon needs it: one engine, for months. Every
test has an engine of its own, and would compile every statement anew, which takes longer than most
tests.
"""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.util import LRUCache

MOST = 4000
"""Statements that are kept; the tests have a few thousand."""


class SharedStatements(LRUCache[Any, Any]):
    """Statements by their text and dialect, where SQLAlchemy asks by text and dialect object.

    Two engines for the same driver compile alike: `engine.py` has the same settings for each.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_of_any_engine(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_any_engine(key), value)


def _of_any_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect: Dialect = key[0]
    return (dialect.name, dialect.driver, dialect.paramstyle, *key[1:])


def share_compiled_statements() -> None:
    """From now on, no engine compiles what another compiled before."""
    statements = SharedStatements(MOST)

    def use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)

    event.listen(Engine, "engine_connect", use)
