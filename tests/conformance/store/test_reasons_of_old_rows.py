"""A database of 0004 stored sentences, some with commands in them: they are read, without those."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from old_databases import deliver, of_version, write

from crosspromo.domain.reasons import Recorded
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

HELD: Mapping[str, tuple[str, str]] = {
    "paused": (
        "Everything was paused by kim at Wed 2026-04-01 07:00: flood; to go on: crosspromo resume",
        "Everything was paused by kim at Wed 2026-04-01 07:00: flood",
    ),
    "account": (
        "x-main needs attention: 401; when it is mended: crosspromo account verify x-main",
        "x-main needs attention: 401",
    ),
    "approval": (
        "It needs the sign-off of zoë (--as partner:zoë) and the sign-off of b (--as partner:b).",
        "It needs the sign-off of zoë and the sign-off of b.",
    ),
    "gap": (
        "x-main: the last post went out at Wed 2026-04-01 07:00; “wait” \\ 'so'.",
        "x-main: the last post went out at Wed 2026-04-01 07:00; “wait” \\ 'so'.",
    ),
}
ENDED: Mapping[str, tuple[str, str, str]] = {
    "missed": (
        "missed",
        "late_after allows 60 minutes. Choose a new time with: crosspromo queue move",
        "late_after allows 60 minutes.",
    ),
    "event-moved": (
        "cancelled",
        "cleanup was moved; say so anew: crosspromo queue event cleanup-2030-04-20",
        "cleanup was moved",
    ),
    "rejected": ("failed", "X says: use the crosspromo app", "X says: use the crosspromo app"),
}


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Store:
    """A database as 0004 left it."""
    return of_version(store, "0004", tmp_path)


def test_holds_are_read_with_their_code_and_without_commands(old: Store) -> None:
    with transaction(old.engine, writes=True) as connection:
        for number, (code, (sentence, _)) in enumerate(HELD.items(), start=1):
            deliver(connection, number, "queued", hold_code=code, hold_reason=sentence)

    upgrading.upgrade(old.engine)

    with old.read() as unit:
        for number, (code, (_, kept)) in enumerate(HELD.items(), start=1):
            hold = unit.deliveries.get(number).hold
            assert hold is not None
            assert (hold.code, hold.reason) == (code, Recorded(code, kept))
    old.close()


def test_faults_are_read_with_their_code_and_without_commands(old: Store) -> None:
    with transaction(old.engine, writes=True) as connection:
        for number, (code, (state, sentence, _)) in enumerate(ENDED.items(), start=1):
            deliver(connection, number, state, fault_code=code, fault_message=sentence)
        deliver(connection, 9, "cancelled")

    upgrading.upgrade(old.engine)

    with old.read() as unit:
        for number, (code, (_, _, kept)) in enumerate(ENDED.items(), start=1):
            fault = unit.deliveries.get(number).fault
            assert fault is not None
            assert (fault.code, fault.reason) == (code, Recorded(code, kept))
        assert unit.deliveries.get(9).fault is None
    old.close()


def test_what_a_person_wrote_stays_as_it_is(old: Store) -> None:
    said = "asked for by mail; say so anew: crosspromo queue event cleanup"
    with transaction(old.engine, writes=True) as connection:
        for number, act in enumerate(("release", "cancel"), start=1):
            write(
                connection,
                "audit",
                id=number,
                at=START,
                who="kim",
                act=act,
                subject="delivery 1",
                reason=said,
            )

    upgrading.upgrade(old.engine)

    with old.read() as unit:
        reasons = {entry.act: entry.reason for entry in unit.audit.entries(None)}
    assert reasons == {"release": said, "cancel": "asked for by mail"}
    old.close()


def test_an_old_hold_gives_way_to_a_new_one(old: Store) -> None:
    with transaction(old.engine, writes=True) as connection:
        deliver(connection, 1, "queued", hold_code="paused", hold_reason="Paused by kim")
    upgrading.upgrade(old.engine)
    with old.write() as unit:
        unit.holds.wake_account("x-main", "paused", START)
    with old.read() as unit:
        assert unit.deliveries.get(1).hold is None
    old.close()
