"""Work of SQLite that does not grow with the past: counted in steps of its machine, not in time.

It has no statistics of the tables, as in any workspace.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.queues import Size, make
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store, Unit

FEW, MANY = 20, 2_000
AT_ONCE = 50
"""Steps that are counted together."""


def attention(unit: Unit) -> None:
    now = datetime.now(UTC)  # by this clock the workspaces of benchmarks are dated
    day = timedelta(days=1)
    unit.attention(20).all(
        ["account-0000"], now, due_before=now - day, woken_before=now - day, answers_until=now
    )


ASKED: dict[str, Callable[[Unit], None]] = {"what needs a person": attention}


def steps(folder: Path, published: int, ask: Callable[[Unit], None]) -> int:
    """Steps of the answer in a workspace with so many published deliveries."""
    made = make(folder / str(published), Size(1, 0, 5, published))
    store = Store(open_engine("sqlite:///crosspromo.db", made))
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += AT_ONCE
        return 0

    with store.read() as unit:
        ask(unit)  # all is imported and prepared
        driver = unit.deliveries._connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, AT_ONCE)
        ask(unit)
        driver.set_progress_handler(None, 0)
    store.close()
    return counted


@pytest.mark.parametrize("asked", ASKED)
def test_it_is_no_more_over_a_long_past(asked: str, tmp_path: Path) -> None:
    few, many = (steps(tmp_path, published, ASKED[asked]) for published in (FEW, MANY))
    assert 0 < many <= 1.3 * few + AT_ONCE
