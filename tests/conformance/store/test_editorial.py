"""Deliveries of the editorial calendar, on either database."""

from datetime import datetime, timedelta

import pytest
from stories import queued

from crosspromo.domain.states import State
from crosspromo.store.queue.editorial import Times
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, [0, 1, 2]),
        (START + DAY, None, [1, 2]),
        (START, START + DAY, [0]),
        (None, START + 2 * DAY, [0, 1]),
    ],
)
def test_open_deliveries_are_found_by_their_due_time(
    store: Store, since: datetime | None, until: datetime | None, found: list[int]
) -> None:
    ids = [queued(store, f"Post {day}", due_at=START + day * DAY) for day in range(3)]
    cancelled = queued(store, "Cancelled", due_at=START)
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(cancelled), START)
    with store.read() as unit:
        listed, more = unit.deliveries.editorial(Times(since, until, START, START), 9)
    assert [each.id for each in listed] == [ids[place] for place in found]
    assert not more


def test_no_more_are_read_than_asked_for(store: Store) -> None:
    ids = [queued(store, f"Post {day}", due_at=START + day * DAY) for day in range(3)]
    with store.read() as unit:
        listed, more = unit.deliveries.editorial(Times(None, None, START, START), 2)
    assert ([each.id for each in listed], more) == (ids[:2], True)


def test_locked_deliveries_come_as_they_are(store: Store) -> None:
    one, other = queued(store, "One"), queued(store, "Other")
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(one), START)
        found = unit.deliveries.locked([other, one, 99])
    assert [(each.id, each.state) for each in found] == [
        (one, State.CANCELLED),
        (other, State.QUEUED),
    ]
