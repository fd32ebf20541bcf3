"""The same item shared twice earns once: padding, decided when the intent is recorded."""

from datetime import timedelta

import pytest
from stories import ACCOUNT, NO_FLOOR, delivery, publish_next, queued, rules

from crosspromo.domain.outcomes import Rejected
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

POST = "https://network.example/river-keepers/1"


class World:
    def __init__(self, store: Store, window: Window) -> None:
        self.store = store
        self.clock = FakeClock()
        self.memory = MemoryConnector()
        self.account = rules(window=window)

    def share(self, text: str, url: str | None = None, credit: Credit = Credit.OTHERS) -> Credit:
        """Queue and publish it now; what it counted as comes back."""
        delivery_id = queued(
            self.store, text, credit=credit, due_at=self.clock.now(), reshare_of=url
        )
        publish_next(
            Dispatcher(
                self.store,
                lambda _account: self.memory,
                {ACCOUNT: self.account},
                NO_FLOOR,
                self.clock,
                "worker",
            ),
            ACCOUNT,
        )
        return delivery(self.store, delivery_id).credit

    def tally(self) -> Tally:
        with self.store.read() as unit:
            return unit.ledger.tally(ACCOUNT, self.account.policy.window, self.clock.now())


@pytest.fixture(params=["28d", "20 posts"])
def world(request: pytest.FixtureRequest, store: Store) -> World:
    return World(store, Window.parse(request.param))


def test_the_same_post_reshared_earns_once(world: World) -> None:
    assert world.share("look", POST) is Credit.OTHERS
    assert world.share("look again", f"{POST}/") is Credit.NONE
    assert world.share("another", "https://network.example/river-keepers/2") is Credit.OTHERS
    assert world.tally() == Tally(others=2, self_=0)


def test_other_words_about_the_same_partner_are_another_item(world: World) -> None:
    assert world.share("They clean the river.") is Credit.OTHERS
    assert world.share("They also teach.") is Credit.OTHERS


def test_a_joint_item_repeated_still_counts_as_ours(world: World) -> None:
    assert world.share("together", POST, Credit.BOTH) is Credit.BOTH
    assert world.share("together again", POST, Credit.BOTH) is Credit.SELF
    assert world.tally() == Tally(others=1, self_=2)


def test_what_did_not_go_out_was_not_shared(world: World) -> None:
    world.memory.accidents.append(lambda _accept: Rejected("not today"))
    world.share("look", POST)
    assert world.share("look again", POST) is Credit.OTHERS


def test_once_the_first_has_left_the_window_it_earns_again(store: Store) -> None:
    world = World(store, Window(days=28))
    world.share("look", POST)
    world.clock.advance(timedelta(days=28) - timedelta(seconds=1))
    assert world.share("look again", POST) is Credit.NONE
    world.clock.advance(timedelta(seconds=1))
    assert world.share("and again", POST) is Credit.OTHERS


def test_padding_is_never_what_opens_headroom(store: Store) -> None:
    world = World(store, Window(days=28))
    for text in ("one", "two", "three"):
        world.share(text, POST)
    world.account = rules(target=Target(2, 1))
    assert world.share("us", credit=Credit.SELF) is Credit.SELF
    assert world.memory.network.texts == ["one", "two", "three"]


@pytest.mark.parametrize("credit", Credit)
def test_padding_takes_what_it_earns_and_never_what_it_costs(credit: Credit) -> None:
    assert not credit.as_padding.counts_others
    assert credit.as_padding.counts_self is credit.counts_self
