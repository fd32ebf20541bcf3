"""A list that has no room for all shows what waits first, then what ended last."""

from dataclasses import replace
from datetime import timedelta

import pytest
from stories import ACCOUNT, queued

from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.states import State
from crosspromo.store.queue.listing import Filter
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

LATER = START + timedelta(days=1)


@pytest.fixture
def ids(store: Store) -> list[int]:
    """Six deliveries: of an account of their own the last, cancelled the second and the fourth."""
    made = [queued(store, f"Text {n}") for n in range(5)]
    made.append(queued(store, account="other", due_at=LATER))
    with store.write() as unit:
        for index in (1, 3):
            unit.transitions.cancel(unit.deliveries.get(made[index]), START)
    return made


def listed(store: Store, wanted: Filter, room: int) -> tuple[list[int], bool]:
    with store.read() as unit:
        found, more = unit.deliveries.listed(wanted, room)
    return [each.id for each in found], more


def test_all_of_them_in_the_order_they_were_queued_where_there_is_room(
    store: Store, ids: list[int]
) -> None:
    assert listed(store, Filter(), 6) == (ids, False)


def test_what_has_waited_longest_comes_first(store: Store, ids: list[int]) -> None:
    assert listed(store, Filter(), 2) == ([ids[0], ids[2]], True)


def test_what_room_is_left_goes_to_what_ended_last(store: Store, ids: list[int]) -> None:
    assert listed(store, Filter(), 5) == ([ids[0], *ids[2:]], True)


def test_it_keeps_to_what_is_asked_for(store: Store, ids: list[int]) -> None:
    assert listed(store, Filter(states=frozenset({State.CANCELLED})), 1) == ([ids[3]], True)
    assert listed(store, Filter(account="other"), 9) == ([ids[5]], False)
    assert listed(store, Filter(account=ACCOUNT, since=LATER), 9) == ([], False)
    assert listed(store, Filter(since=LATER), 9) == ([ids[5]], False)
    assert listed(store, Filter(held=True), 9) == ([], False)


@pytest.mark.parametrize("few", [0, 1_000])
def test_what_is_about_a_partner_is_the_same_with_few_posts_and_with_many(
    store: Store, ids: list[int], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("crosspromo.store.queue.listing.FEW_POSTS", few)
    ours = queued(store, "Our report", credit=Credit.SELF)
    about = Filter(partner="river-keepers")
    assert listed(store, Filter(), 9) == ([*ids, ours], False)
    assert listed(store, about, 9) == (ids, False)
    assert listed(store, about, 5) == ([ids[0], *ids[2:]], True)
    assert listed(store, replace(about, states=frozenset({State.CANCELLED})), 1) == ([ids[3]], True)
    assert listed(store, replace(about, account="other"), 9) == ([ids[5]], False)
    assert listed(store, replace(about, kind=Kind.OWN), 9) == ([], False)
    assert listed(store, Filter(partner="nobody"), 9) == ([], False)


def test_a_page_larger_than_one_query_is_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosspromo.store.queue.deliveries.IDS_PER_QUERY", 2)
    made = [queued(store, f"Text {n}") for n in range(5)]
    assert listed(store, Filter(), 4) == (made[:4], True)
    assert listed(store, Filter(), 5) == (made, False)
