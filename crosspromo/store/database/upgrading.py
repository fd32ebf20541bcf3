"""Upgrade of a database to the version of this program (Alembic)."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from crosspromo.store.database.engine import transaction
from crosspromo.store.database.notices import install
from crosspromo.store.ledger.hours import LedgerHours
from crosspromo.store.queue.counts import DeliveryCounts

FOLDER = Path(__file__).parents[1] / "migrations"


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
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    # Derived from the rest, and so made anew: no migration has to know how.
    LedgerHours(connection).rebuild()
    DeliveryCounts(connection).rebuild()
    install(connection)
