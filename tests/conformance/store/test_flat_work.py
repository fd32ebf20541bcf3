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

AT_ONCE = 50
"""Steps that are counted together."""


def attention(unit: Unit) -> None:
    now = datetime.now(UTC)  # by this clock the workspaces of benchmarks are dated
    day = timedelta(days=1)
    unit.attention(20).all(
        ["account-0000"], now, due_before=now - day, woken_before=now - day, answers_until=now
    )


def last_contacts(unit: Unit) -> None:
    unit.contacts.last(["river-keepers"], datetime.now(UTC))


ASKED: dict[str, tuple[Callable[[Unit], None], int, int]] = {
    "what needs a person": (attention, 20, 2_000),
    "whom we shared last": (last_contacts, 2_500, 25_000),
}
"""Questions, each with two numbers of published deliveries of two years."""


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
    ask, *pasts = ASKED[asked]
    few, many = (steps(tmp_path, published, ask) for published in pasts)
    assert 0 < many <= 1.3 * few + AT_ONCE
