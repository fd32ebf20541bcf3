"""Database upgrade to the present version, with Alembic."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from crosspromo.store.database.engine import transaction
from crosspromo.store.database.notices import install_triggers
from crosspromo.store.ledger.hours import LedgerHours
from crosspromo.store.queue.counts import DeliveryCounts

FOLDER = Path(__file__).parents[1] / "migrations"


def upgrade(engine: Engine) -> None:
    """Upgrade the database to HEAD, from empty or any older version, in one transaction."""
    with transaction(engine, writes=True) as connection:
        upgrade_within(connection)


def upgrade_within(connection: Connection) -> None:
    """Upgrade the database to HEAD in the connection's present transaction."""
    # Alembic is slow to import and needed only here.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    # Sums, counts and triggers are derived, so they are rebuilt and need no migration.
    LedgerHours(connection).rebuild()
    DeliveryCounts(connection).rebuild()
    install_triggers(connection)
