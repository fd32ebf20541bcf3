"""Which partners stand ready to be shared on an account: who was not shared lately, in order."""

from datetime import timedelta

import pytest
from stories import ACCOUNT

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import NewDelivery
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.states import State
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

SINCE = START - timedelta(days=28)
LONG_AGO = START - timedelta(days=60)


@pytest.fixture
def partners(store: Store) -> None:
    """Seven partners of whom nothing was said yet."""
    with store.write() as unit:
        unit.accounts.register([ACCOUNT, "another"])
        for name in "abcdefg":
            unit.partners.save(Partner(name, name.upper()), START)


def ready(store: Store, *without: str, limit: int = 10) -> list[str]:
    with store.read() as unit:
        return [slug for slug, _ in unit.partners.ready(ACCOUNT, SINCE, without, limit)]


def spotlight(store: Store, slug: str, *, account: str = ACCOUNT) -> int:
    with store.write() as unit:
        post = unit.posts.add(
            kind=Kind.SPOTLIGHT,
            partners=[slug],
            event=None,
            template=None,
            reason=None,
            author="tester",
            now=START,
        )
        return unit.deliveries.add(
            NewDelivery(
                post=post,
                account=account,
                network="memory",
                state=State.QUEUED,
                credit=Credit.OTHERS,
                content=Content(f"About {slug}"),
                due_at=START,
                pinned=False,
                expires_at=None,
                cost=None,
            )
        )


def published(store: Store, slug: str, days_ago: int, *, account: str = ACCOUNT) -> None:
    at = START - timedelta(days=days_ago)
    delivery_id = spotlight(store, slug, account=account)
    intent = Intent("worker", Prepared(slug, {}), {}, at + timedelta(minutes=1), at)
    with store.write() as unit:
        unit.transitions.record_intent(unit.deliveries.get(delivery_id), intent)
        receipt = Receipt(slug, published_at=at)
        unit.transitions.publish(unit.deliveries.get(delivery_id), receipt, at)


@pytest.mark.usefixtures("partners")
class TestReady:
    def test_who_was_never_shared_comes_first_then_who_was_longest_ago(self, store: Store) -> None:
        published(store, "a", 60)
        published(store, "b", 90)
        assert ready(store) == ["c", "d", "e", "f", "g", "b", "a"]
        assert ready(store, limit=2) == ["c", "d"]

    def test_the_last_time_counts_not_the_first(self, store: Store) -> None:
        published(store, "a", 90)
        published(store, "a", 60)
        with store.read() as unit:
            last = dict(unit.partners.ready(ACCOUNT, SINCE, (), 10))
        assert last["a"] == LONG_AGO
        assert last["b"] is None

    def test_who_was_shared_in_the_window_waits(self, store: Store) -> None:
        published(store, "a", 27)
        published(store, "b", 28)
        assert "a" not in ready(store)
        assert "b" in ready(store), "the window is half open"

    def test_who_is_in_the_queue_already_waits(self, store: Store) -> None:
        spotlight(store, "a")
        assert "a" not in ready(store)

    def test_another_account_is_another_matter(self, store: Store) -> None:
        published(store, "a", 1, account="another")
        spotlight(store, "b", account="another")
        assert ready(store)[:2] == ["a", "b"]

    def test_we_ourselves_are_left_out(self, store: Store) -> None:
        assert ready(store, "a", "c") == ["b", "d", "e", "f", "g"]
