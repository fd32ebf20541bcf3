"""SQLite as crosspromo opens it, for those who bring their own engine."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event


def durable_engine(file: Path) -> Engine:
    """WAL, and every commit on the disk when it returns."""
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"check_same_thread": False, "timeout": 60}
    )

    def configure(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    event.listen(engine, "connect", configure)
    return engine
