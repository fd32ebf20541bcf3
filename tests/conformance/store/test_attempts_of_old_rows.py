"""A database of 0029 kept a fingerprint with each attempt: the attempts stay without it."""

from pathlib import Path

from old_databases import deliver, of_version, write

from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START


def test_an_attempt_outlasts_the_upgrade(store: Store, tmp_path: Path) -> None:
    old = of_version(store, "0029", tmp_path)
    with transaction(old.engine, writes=True) as connection:
        deliver(connection, 1, "queued")
        write(
            connection,
            "attempts",
            delivery_id=1,
            number=1,
            account="x-main",
            worker="w",
            token="t",
            payload="{}",
            credit="self",
            decision="{}",
            started_at=START,
            ending="sent",
            ended_at=START,
            fingerprint="a" * 64,
        )

    upgrading.upgrade(old.engine)

    with old.read() as unit:
        attempt = unit.attempts.get(1, 1)
    assert (attempt.number, attempt.started_at) == (1, START)
    old.close()
