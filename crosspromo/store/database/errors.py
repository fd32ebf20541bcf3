"""What a database that fails says, as a sentence with the mend. No password is ever in it."""

from collections.abc import Mapping

from sqlalchemy import URL
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

_BY_CODE: Mapping[str, str] = {
    "28P01": "does not know the user {user}, or refuses the password; mend [database] url",
    "28000": "refuses the user {user}; mend [database] url, or let the user in (pg_hba.conf)",
    "3D000": "has none called {database}; make it with: createdb {database}",
    "53300": "has no connection left; raise its max_connections, or run fewer daemons",
    "53100": "has no room left on its disk",
    "55P03": "kept us waiting too long for what somebody else has locked; do it again",
    "40P01": "ended this to break a deadlock; nothing was written, do it again",
    "40001": "could not do this beside what others do; nothing was written, do it again",
    "25006": "takes no writes: it is a standby, or set to read only",
    "42501": "does not allow this to the user {user}; make the user the owner of its tables",
    "57P01": "was shut down, or cut us off; what was being written may be there or not",
    "57P03": "is starting up or shutting down; do it again in a moment",
    "23505": "has the same already: somebody else wrote it at the same moment; do it again",
}
"""By SQLSTATE, as appendix A of PostgreSQL's manual lists them."""

_BY_WORDS: Mapping[str, str] = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    'role "': "28000",
    'database "': "3D000",
    "too many clients": "53300",
    "remaining connection slots": "53300",
    "the database system is": "57P03",
}
"""A refusal before there is a connection comes without a SQLSTATE: the first words that fit."""


def sentence(error: SQLAlchemyError, url: URL) -> str | None:
    """What is wrong with the database, and the mend; None where it did as it should."""
    if not isinstance(error, DBAPIError):
        return "the database has no connection free; nothing was written, do it again"
    broken = isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError
    if url.get_backend_name() == "sqlite":
        return f"the database cannot be used: {error.orig}" if broken else None
    code: str | None = getattr(error.orig, "sqlstate", None)
    if code is not None and code in _BY_CODE:
        return _filled(code, url)
    if not broken:
        return None
    said = str(error.orig)
    for words, meant in _BY_WORDS.items():
        if code is None and words in said:
            return _filled(meant, url)
    plain = _without_password(" ".join(said.split()), url)
    if error.connection_invalidated or "connection" not in said:
        return f"the database at {place(url)} failed: {plain}"
    return (
        f"the database at {place(url)} cannot be reached: {plain}; is it running, and is "
        "[database] url right?"
    )


def place(url: URL) -> str:
    """Where the database is, without who asks it."""
    host = url.host or url.query.get("host", "this machine")
    return f"{host}, port {url.port}" if url.port else str(host)


def _filled(code: str, url: URL) -> str:
    rest = _BY_CODE[code].format(user=url.username, database=url.database)
    return f"the database at {place(url)} {rest}"


def _without_password(text: str, url: URL) -> str:
    """PostgreSQL does not repeat it; that it never will is not ours to promise."""
    return text.replace(str(url.password), "***") if url.password else text
