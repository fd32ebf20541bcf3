"""The last share of a partner is the same by whichever way it is looked for."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import deliveries, post_partners, posts
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

ACCOUNTS = ("main", "another")
SLUGS = ("ash", "birch", "cedar")
HOUR = timedelta(hours=1)

Post = tuple[frozenset[str], Sequence[tuple[str, State, Credit, int]]]

sends = st.tuples(
    st.sampled_from(ACCOUNTS),
    st.sampled_from([State.PUBLISHED, State.DELETED, State.MISSED]),
    st.sampled_from(list(Credit)),
    st.integers(-9, 2),
)
made = st.lists(
    st.tuples(st.frozensets(st.sampled_from(SLUGS)), st.lists(sends, max_size=3)), max_size=12
)


@pytest.fixture
def office(store: Store) -> Store:
    with store.write() as unit:
        unit.accounts.register(ACCOUNTS)
        unit.partners.save_all([Partner(each, each.title()) for each in SLUGS], [], START)
    return store


def fill(store: Store, of: Sequence[Post]) -> None:
    """Have these posts, and no others."""
    with transaction(store.engine, writes=True) as connection:
        for table in (deliveries, post_partners, posts):
            connection.execute(delete(table))
    for partners, sent in of:
        with store.write() as unit:
            post = unit.posts.add(
                kind=Kind.SPOTLIGHT,
                partners=sorted(partners),
                event=None,
                template=None,
                reason=None,
                author="tester",
                now=START,
            )
        with transaction(store.engine, writes=True) as connection:
            for each in sent:
                connection.execute(insert(deliveries).values(**values(post, *each)))


def values(post: int, account: str, state: State, credit: Credit, hours: int) -> dict[str, object]:
    went_out = state is not State.MISSED
    at = START + hours * HOUR
    return {
        "post_id": post,
        "account": account,
        "network": "memory",
        "state": state,
        "credit": credit,
        "text": "Hello",
        "text_hash": "hash",
        "images": [],
        "parts": [],
        "dropped": [],
        "due_at": at,
        "pinned": False,
        "attempt": int(went_out),
        "sent_at": at if went_out else None,
        "published_at": at if went_out else None,
    }


def plainly(of: Sequence[Post], slugs: Collection[str], since: datetime) -> dict[str, datetime]:
    """Last shares after `since` and until START, from each post."""
    found: dict[str, datetime] = {}
    for partners, sent in of:
        for _account, state, credit, hours in sent:
            at = START + hours * HOUR
            is_share = state is State.PUBLISHED and credit.counts_others
            if is_share and since < at <= START:
                for slug in partners & set(slugs):
                    found[slug] = max(at, found.get(slug, at))
    return found


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(made, st.frozensets(st.sampled_from(SLUGS)), st.integers(1, 9), st.integers(0, 4))
def test_it_is_that_of_all_sends(
    office: Store, of: list[Post], slugs: frozenset[str], hours: int, walked: int
) -> None:
    fill(office, of)
    since = START - hours * HOUR
    with office.read() as unit:
        assert unit.shares.last_given(slugs, since, START, walked) == plainly(of, slugs, since)


@pytest.mark.parametrize("others", [0, 9])
def test_it_is_found_by_sends_and_by_posts(office: Store, others: int) -> None:
    """Behind the latest send of all, among fewer sends than posts, and among more."""
    share = (State.PUBLISHED, Credit.OTHERS)
    of: list[Post] = [(frozenset({"ash"}), [("main", *share, -8), ("main", *share, -7)])]
    of += [(frozenset({"ash"}), []) for _ in range(4)]
    of += [(frozenset({"birch"}), [("main", *share, -1)]) for _ in range(others + 1)]
    fill(office, of)
    with office.read() as unit:
        found = unit.shares.last_given({"ash", "birch"}, START - 9 * HOUR, START, 0)
    assert found == {"ash": START - 7 * HOUR, "birch": START - HOUR}
