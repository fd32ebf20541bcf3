"""The life of a delivery has no dead corners."""

import pytest

from crosspromo.domain.states import IN_DOUBT, TRANSITIONS, State


def sources_of(target: State) -> frozenset[State]:
    """The states from which a delivery may move to `target`."""
    return frozenset(state for state, targets in TRANSITIONS.items() if target in targets)


def test_every_state_has_its_row() -> None:
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("first", [State.DRAFT, State.QUEUED])
def test_every_state_is_reached_from_where_deliveries_begin(first: State) -> None:
    reached: set[State] = set()
    frontier = {first}
    while frontier:
        reached |= frontier
        frontier = {target for state in frontier for target in TRANSITIONS[state]} - reached
    assert reached == set(State)


def test_only_these_are_the_end() -> None:
    terminal = {state for state, targets in TRANSITIONS.items() if not targets}
    assert terminal == {State.DELETED, State.EXPIRED}


def test_nothing_moves_to_where_it_is() -> None:
    assert not [state for state, targets in TRANSITIONS.items() if state in targets]


def test_only_what_is_queued_is_sent_or_a_thread_that_broke_off() -> None:
    assert sources_of(State.SENDING) == {State.QUEUED, State.UNKNOWN}


def test_only_what_was_sent_is_published_or_in_doubt() -> None:
    assert sources_of(State.PUBLISHED) == {State.SENDING, State.UNKNOWN}
    assert sources_of(State.UNKNOWN) == {State.SENDING}
    assert sources_of(State.DELETED) == {State.PUBLISHED}


def test_what_may_be_on_the_network_cannot_be_cancelled_missed_or_expired() -> None:
    for ending in (State.CANCELLED, State.MISSED, State.EXPIRED):
        assert not sources_of(ending) & (IN_DOUBT | {State.PUBLISHED})


def test_sources_are_the_table_read_backwards() -> None:
    for target in State:
        for source in State:
            assert (source in sources_of(target)) == (target in TRANSITIONS[source])
