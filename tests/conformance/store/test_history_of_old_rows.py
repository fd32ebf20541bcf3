"""A database of 0006 knew no history: it begins with the upgrade, and what counts stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from old_databases import deliver, of_version, write
from sqlalchemy import Connection, select, text

from crosspromo.domain.deliveries import PastHold
from crosspromo.domain.errors import InputError
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons import Recorded
from crosspromo.domain.reasons.holds import InQuietHours
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import database_identity, delivery_holds, ledger, policies
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

ALWAYS = Window(days=3000)
MANY = 20_000
OUT = {"attempt": 1, "sent_at": START, "published_at": START}
QUIET = '{"is":"quiet","hours":"21:00-07:00"}'


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Store:
    """A database as 0006 left it, with rows of every origin."""
    older = of_version(store, "0006", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "published", **OUT)
        write(
            connection,
            "attempts",
            delivery_id=1,
            number=1,
            account="x-main",
            worker="worker",
            token="token",
            payload="{}",
            fingerprint="f",
            credit="self",
            decision="{}",
            started_at=START,
            ending="sent",
            ended_at=START,
        )
        deliver(connection, 2, "queued", hold_code="quiet", hold_values=QUIET)
        deliver(connection, 3, "queued", wake_at=START)
        count(connection, 1, "delivery", 0, 1, delivery_id=1, sent=1)
        count(connection, 2, "outside", 1, 0, text="Meet them", remote_id="7")
        count(connection, 3, "opening", 5, 2)
    return older


def count(
    connection: Connection, number: int, origin: str, others: int, self_: int, **more: object
) -> None:
    write(
        connection,
        "ledger",
        **{
            "account": "x-main",
            "at": START + timedelta(minutes=number),
            "others": others,
            "self": self_,
            "origin": origin,
            "why": f"why {number}",
            **more,
        },
    )


def test_rows_of_the_ledger_count_as_before_and_were_recorded_when_they_began(old: Store) -> None:
    upgrading.upgrade(old.engine)
    with transaction(old.engine, writes=False) as connection:
        found = connection.execute(select(ledger).order_by(ledger.c.id)).all()
    assert [(row.id, row.others, row.self, row.sent, row.why) for row in found] == [
        (1, 0, 1, 1, "why 1"),
        (2, 1, 0, 0, "why 2"),
        (3, 5, 2, 0, "why 3"),
    ]
    assert [(row.recorded_at, row.taken_back_at) for row in found] == [
        (START + timedelta(minutes=number), None) for number in (1, 2, 3)
    ]
    with old.read() as unit:
        assert unit.ledger.tally("x-main", ALWAYS, START + timedelta(days=1)) == Tally(6, 3)
        assert [*unit.ledger.faults(), *unit.deliveries.faults()] == []
    old.close()


def test_everything_still_counts_once_and_can_be_taken_back(old: Store) -> None:
    upgrading.upgrade(old.engine)
    later = START + timedelta(days=1)
    with old.write() as unit:
        unit.transitions.delete(unit.deliveries.get(1), later)
        post = OutsidePost("x-main", START + timedelta(minutes=2), Credit.NONE, None, "Meet them")
        unit.outside_posts.record([post], later)
        with pytest.raises(InputError):
            unit.opening_balances.add(OpeningBalance("x-main", START, 1, 1, "again"), later)
    with old.read() as unit:
        assert unit.ledger.tally("x-main", ALWAYS, later) == Tally(5, 3)
        assert len(unit.ledger.rows_since(None, None, taken_back=True)) == 4
        assert unit.ledger.faults() == []
    old.close()


def test_a_hold_is_known_from_the_upgrade_on(old: Store) -> None:
    before = datetime.now(UTC)
    upgrading.upgrade(old.engine)
    after = datetime.now(UTC)
    with old.read() as unit:
        (hold,) = unit.hold_history.of(2)
        assert unit.hold_history.of(3) == []
    assert before <= hold.since <= after
    assert hold == PastHold("quiet", InQuietHours("21:00-07:00"), hold.since, None)
    with transaction(old.engine, writes=False) as connection:
        known = connection.execute(select(database_identity.c.history_since)).scalar_one()
        assert known == hold.since
        assert connection.execute(select(policies)).all() == []
    old.close()


def test_a_hold_of_a_still_older_version_keeps_its_sentence(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0004", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "queued", hold_code="paused", hold_reason="Paused by kim")
    upgrading.upgrade(older.engine)
    with older.read() as unit:
        assert [each.reason for each in unit.hold_history.of(1)] == [
            Recorded("paused", "Paused by kim")
        ]
    older.close()


def test_many_rows_take_seconds(old: Store) -> None:
    """Each delivery with its row in the ledger, and every second one held."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})"
    columns = (
        "account, network, credit, text, pinned, images, parts, dropped, post_id, due_at, attempt"
    )
    given = "'x-main', 'x', 'self', 'Hello', {false}, '[]', '[]', '[]', 1, {at}, 0"
    on_server = old.engine.dialect.name == "postgresql"
    at = "timestamptz '2026-04-01 12:00:00'" if on_server else "'2026-04-01 12:00:00.000000'"
    given = given.format(false="false" if on_server else "0", at=at)
    with transaction(old.engine, writes=True) as connection:
        connection.execute(
            text(
                f"INSERT INTO deliveries (id, state, text_hash, {columns}, hold_code, hold_values) "
                f"{numbers} SELECT i, 'queued', 'hash ' || i, {given}, "
                "CASE WHEN i % 2 = 0 THEN 'quiet' END, CASE WHEN i % 2 = 0 THEN :quiet END FROM n"
            ),
            {"quiet": QUIET},
        )
        connection.execute(
            text(
                "INSERT INTO ledger (id, account, at, others, self, origin, why, text, remote_id) "
                f"{numbers} SELECT i, 'x-main', {at}, 1, 0, 'outside', 'why', 'Hello', 'r' || i "
                "FROM n"
            )
        )
    begun = perf_counter()
    upgrading.upgrade(old.engine)
    took = perf_counter() - begun
    with transaction(old.engine, writes=False) as connection:
        assert len(connection.execute(select(delivery_holds.c.id)).all()) == MANY // 2 - 4 + 1
        assert len(connection.execute(select(ledger.c.id)).all()) == MANY - 9 + 3
    assert took < 30, f"{took:.1f} s"
    old.close()
