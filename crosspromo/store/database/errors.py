"""Database errors as sentences that name the fault and the remedy; no password is in them."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

from crosspromo.disks import disk_of

_BY_SQLSTATE: Mapping[str, str] = {
    "28P01": "does not know the user {user}, or refuses the password; mend [database] url",
    "28000": "refuses the user {user}; mend [database] url, or let the user in (pg_hba.conf)",
    "3D000": "has none called {database}; make it with: createdb {database}",
    "53300": "has no connection left; raise its max_connections, or run fewer daemons",
    "53100": "has no room left on its disk: {said}; make room there, nothing was written",
    "55P03": "kept us waiting too long for what somebody else has locked; do it again",
    "40P01": "ended this to break a deadlock; nothing was written, do it again",
    "40001": "could not do this beside what others do; nothing was written, do it again",
    "25006": "takes no writes: it is a standby, or set to read only",
    "42501": "does not allow this to the user {user}; make the user the owner of its tables",
    "57P01": "was shut down, or cut us off; what was being written may be there or not",
    "57P03": "is starting up or shutting down; do it again in a moment",
    "23505": "has the same already: somebody else wrote it at the same moment; do it again",
}
"""Sentences by SQLSTATE (PostgreSQL's manual, appendix A)."""

_SQLSTATE_BY_WORDS: Mapping[str, str] = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    'role "': "28000",
    'database "': "3D000",
    "too many clients": "53300",
    "remaining connection slots": "53300",
    "the database system is": "57P03",
}
"""SQLSTATE by words in the message; the first match counts.

For refusals before a connection exists, which come without a SQLSTATE.
"""


def error_sentence(error: SQLAlchemyError, url: URL) -> str | None:
    """Sentence for a database failure; None for a statement's fault (a violated constraint)."""
    if not isinstance(error, DBAPIError):
        return "the database has no connection free; nothing was written, do it again"
    broken = isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError
    if url.get_backend_name() == "sqlite":
        return sqlite_sentence(error.orig, url.database or "") if broken else None
    code: str | None = getattr(error.orig, "sqlstate", None)
    if code is not None and code in _BY_SQLSTATE:
        return _sentence(code, url, error.orig)
    if not broken:
        return None
    said = str(error.orig)
    for words, meant in _SQLSTATE_BY_WORDS.items():
        if code is None and words in said:
            return _sentence(meant, url, error.orig)
    plain = _without_password(" ".join(said.split()), url)
    if error.connection_invalidated or "connection" not in said:
        return f"the database at {server_address(url)} failed: {plain}"
    return (
        f"the database at {server_address(url)} cannot be reached: {plain}; is it running, and is "
        "[database] url right?"
    )


def server_address(url: URL) -> str:
    """Host and port of the database server, without user and password."""
    host = url.host or url.query.get("host", "this machine")
    return f"{host}, port {url.port}" if url.port else str(host)


def sqlite_sentence(error: BaseException | None, file: str) -> str:
    """Sentence for a failure of SQLite on the database file; says which disk is full.

    SQLite reports a full disk as such, or as an input/output error on a disk without free space.
    """
    code = getattr(error, "sqlite_errorcode", None)
    full = code == sqlite3.SQLITE_FULL
    broken = code is not None and code & 0xFF == sqlite3.SQLITE_IOERR
    if full or broken:
        with suppress(OSError):
            disk = disk_of(Path(file).parent)
            if full or disk.free < _NOTHING_LEFT:
                return (
                    f"the database cannot be written: {disk}, where {file} is; make room there, "
                    "nothing was written"
                )
            return f"the database cannot be used: {error} on {file}; {disk}, so look at the disk"
    return f"the database cannot be used: {error}"


_NOTHING_LEFT = 1_000_000
"""Bytes: an input/output error on a disk with less free space comes from the full disk."""


def _sentence(code: str, url: URL, error: BaseException | None) -> str:
    said = _without_password(" ".join(str(error).split()), url)
    rest = _BY_SQLSTATE[code].format(user=url.username, database=url.database, said=said)
    return f"the database at {server_address(url)} {rest}"


def _without_password(text: str, url: URL) -> str:
    """Text without the password. PostgreSQL does not repeat passwords, but does not promise it."""
    return text.replace(str(url.password), "***") if url.password else text
