"""What planning placed and what people skipped, and how databases from before get their tables."""

from datetime import timedelta
from pathlib import Path

from old_databases import deliver, of_version
from sqlalchemy import inspect

from crosspromo.domain.planned import PlannedLine
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

KEY = "milestone:1@x-main"
DAY = timedelta(days=1)


def line(delivery: int, key: str = KEY) -> PlannedLine:
    return PlannedLine(key, delivery, "a" * 64, START, "planning")


def test_a_database_from_before_plans_gets_their_tables(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0025", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "draft")
    assert "planned_lines" not in inspect(older.engine).get_table_names()
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        assert not unit.deliveries.get(1).planned
        unit.planned_lines.put([line(1)])
        unit.planned_lines.skip(KEY, START, "ana")
        assert unit.deliveries.get(1).planned
        assert unit.planned_lines.since(START - DAY) == {KEY: line(1)}
        assert unit.planned_lines.skipped_since(START - DAY) == {KEY}
        assert unit.planned_lines.drafts("planning", START - DAY) == (1, START)
        assert unit.planned_lines.drafts("ana", START - DAY) == (0, None)
    older.close()


def test_a_line_takes_the_place_of_an_earlier_one_of_its_item(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0025", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "draft")
        deliver(connection, 2, "draft")
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        unit.planned_lines.put([line(1)])
        unit.planned_lines.put([line(2)])
        assert unit.planned_lines.since(START - DAY) == {KEY: line(2)}
        assert unit.planned_lines.since(START) == {}
    older.close()


def test_a_plan_is_claimed_once(store: Store) -> None:
    with store.write() as unit:
        assert unit.planned_lines.claim(START, START)
        assert not unit.planned_lines.claim(START, START + DAY)
        assert unit.planned_lines.was_made(START)
        assert not unit.planned_lines.was_made(START + DAY)
