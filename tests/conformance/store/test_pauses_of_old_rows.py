"""A database of 0007 had no pause without a reason: those that were there stay as they are."""

from pathlib import Path

from old_databases import of_version, write

from crosspromo.domain.pauses import Pause
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START


def test_a_pause_outlasts_the_upgrade_and_new_ones_may_come_without_a_reason(
    store: Store, tmp_path: Path
) -> None:
    old = of_version(store, "0007", tmp_path)
    with transaction(old.engine, writes=True) as connection:
        write(connection, "pauses", account="x-main", who="ana", at=START, reason="a storm")

    upgrading.upgrade(old.engine)

    with old.write() as unit:
        unit.pauses.begin(Pause(None, "ben", START, None))
        assert unit.pauses.all() == [
            Pause(None, "ben", START, None),
            Pause("x-main", "ana", START, "a storm"),
        ]
    old.close()
