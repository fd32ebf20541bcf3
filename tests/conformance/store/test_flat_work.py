"""Work of SQLite that does not grow with the queue or the past: counted in steps of its machine,
not in time.

It has no statistics of the tables, as in any workspace.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.queues import Size, make
from crosspromo.store.database.engine import open_engine
from crosspromo.store.queue import listing
from crosspromo.store.queue.listing import Filter
from crosspromo.store.unit import Store, Unit

FEW, MANY = 20, 2_000
AT_ONCE = 50
"""Steps that are counted together."""


def present() -> datetime:
    """The time by this machine's clock, by which the workspaces of benchmarks are dated."""
    return datetime.now(UTC)


def attention(unit: Unit) -> None:
    now = present()
    day = timedelta(days=1)
    unit.attention(20).all(
        ["account-0000"], now, due_before=now - day, woken_before=now - day, answers_until=now
    )


def last_contacts(unit: Unit) -> None:
    unit.contacts.last(["river-keepers"], present())


def goes_next(unit: Unit) -> None:
    now = present()
    unit.deliveries.next_queued(now, 3)
    unit.deliveries.next_queued(now, 3, now + timedelta(days=800))


def about_a_partner(unit: Unit) -> None:
    unit.deliveries.listed(Filter(partner="river-keepers"), 9)


def after_a_run(unit: Unit) -> None:
    unit.deliveries.postponed(present(), 20)


def clock_set_back(unit: Unit) -> None:
    unit.dated_ahead.retry_postponed(present())


ASKED: dict[str, Callable[[Unit], None]] = {
    "what needs a person": attention,
    "what goes next": goes_next,
    "what was tried in vain": after_a_run,
    "what waits since the clock was ahead": clock_set_back,
}


def steps(folder: Path, size: Size, ask: Callable[[Unit], None]) -> int:
    """Steps of the answer in a workspace of this size."""
    made = make(folder / f"{size.ahead}-{size.published}", size)
    store = Store(open_engine("sqlite:///crosspromo.db", made))
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += AT_ONCE
        return 0

    with store.write() as unit:
        ask(unit)  # all is imported and prepared
        driver = unit.deliveries._connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, AT_ONCE)
        ask(unit)
        driver.set_progress_handler(None, 0)
    store.close()
    return counted


LONGER = pytest.mark.parametrize(
    ("few", "many"),
    [
        pytest.param(Size(1, 0, 5, FEW), Size(1, 0, 5, MANY), id="past"),
        pytest.param(Size(1, 0, FEW, 5), Size(1, 0, MANY, 5), id="queue"),
    ],
)


@pytest.mark.parametrize("asked", ASKED)
@LONGER
def test_it_is_no_more_over_more(few: Size, many: Size, asked: str, tmp_path: Path) -> None:
    one, other = (steps(tmp_path, size, ASKED[asked]) for size in (few, many))
    assert other <= 1.3 * one + AT_ONCE


@LONGER
def test_a_list_about_a_partner_is_no_more_over_many_posts(
    few: Size, many: Size, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each post in these workspaces is about the one partner."""
    monkeypatch.setattr(listing, "FEW_POSTS", FEW // 2)
    one, other = (steps(tmp_path, size, about_a_partner) for size in (few, many))
    assert other <= 1.3 * one + AT_ONCE


def test_whom_we_shared_last_is_no_more_over_a_long_past(tmp_path: Path) -> None:
    """In both there are more posts than are walked before partners are sought."""
    few, many = (steps(tmp_path, Size(1, 0, 5, past), last_contacts) for past in (2_500, 25_000))
    assert 0 < many <= 1.3 * few + AT_ONCE
