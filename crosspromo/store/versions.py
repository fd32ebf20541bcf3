"""The database's version, and bringing it up to date (Alembic)."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from crosspromo.domain.errors import DatabaseStateError
from crosspromo.domain.reasons.database import (
    DatabaseEmpty,
    DatabaseMissing,
    DatabaseOutdated,
    DatabaseTooNew,
)
from crosspromo.store.delivery_counts import DeliveryCounts
from crosspromo.store.engine import transaction
from crosspromo.store.ledger_hours import LedgerHours
from crosspromo.store.notices import install

HEAD = "0005"
"""The newest migration in migrations/versions; a test holds it to that."""

_FOLDER = Path(__file__).parent / "migrations"


def current(engine: Engine) -> str | None:
    """The version of the database; None for an empty one."""
    with transaction(engine, writes=False) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        query = text("SELECT version_num FROM alembic_version")
        version: str | None = connection.execute(query).scalar_one_or_none()
        return version


def require_current(engine: Engine) -> None:
    """DatabaseStateError where the database is not of this version."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise DatabaseStateError(DatabaseMissing())
    version = current(engine)
    if version is None:
        raise DatabaseStateError(DatabaseEmpty())
    if version < HEAD:
        raise DatabaseStateError(DatabaseOutdated(version, HEAD))
    if version > HEAD:
        raise DatabaseStateError(DatabaseTooNew(version, HEAD))


def upgrade(engine: Engine) -> None:
    """Bring the database to HEAD, from empty or from any older version, in one transaction."""
    with transaction(engine, writes=True) as connection:
        upgrade_within(connection)


def upgrade_within(connection: Connection) -> None:
    """The same in the transaction of this connection."""
    # Alembic is slow to import and needed only here.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    # Derived from the rest, and so made anew: no migration has to know how.
    LedgerHours(connection).rebuild()
    DeliveryCounts(connection).rebuild()
    install(connection)
