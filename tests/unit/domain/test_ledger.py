"""What counts in each state: doubt counts against us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.ledger import Columns, columns
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import TRANSITIONS, State

# SEMANTICS: the table of states, as (others, self) of a delivery that is both.
COUNTS = {
    State.DRAFT: (0, 0),
    State.QUEUED: (0, 0),
    State.SENDING: (0, 1),
    State.UNKNOWN: (0, 1),
    State.PUBLISHED: (1, 1),
    State.DELETED: (0, 1),
    State.FAILED: (0, 0),
    State.CANCELLED: (0, 0),
    State.MISSED: (0, 0),
    State.EXPIRED: (0, 0),
}


@pytest.mark.parametrize("state", State)
def test_each_state_counts_as_the_table_says(state: State) -> None:
    others, self_ = COUNTS[state]
    assert columns(Credit.BOTH, state) == Columns(others, self_)
    assert columns(Credit.OTHERS, state) == Columns(others, 0)
    assert columns(Credit.SELF, state) == Columns(0, self_)
    assert columns(Credit.NONE, state) == Columns(0, 0)


@given(st.sampled_from(Credit))
def test_deleting_a_post_never_gives_headroom_back(credit: Credit) -> None:
    published, deleted = columns(credit, State.PUBLISHED), columns(credit, State.DELETED)
    assert deleted.self_ == published.self_
    assert deleted.others == 0


@given(st.sampled_from(Credit))
def test_only_a_confirmed_post_is_credited_to_others(credit: Credit) -> None:
    assert [s for s in State if columns(credit, s).others] == (
        [State.PUBLISHED] if credit.counts_others else []
    )


@given(st.sampled_from(Credit))
def test_nothing_that_goes_out_counts_as_self_only_afterwards(credit: Credit) -> None:
    for source in (State.SENDING, State.UNKNOWN):
        for target in TRANSITIONS[source] & {State.PUBLISHED, State.UNKNOWN}:
            assert columns(credit, source).self_ == columns(credit, target).self_
