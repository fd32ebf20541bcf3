"""Two accounts with one login: the one that signs in second sends nothing, and a person is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import pytest
from stories import NO_FLOOR, delivery, queued, rules

from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector, MemoryNetwork


@dataclass
class Known(MemoryConnector):
    """A connector that knows which account it signs in to."""

    identity: str | None = None


def run(store: Store, accounts: Mapping[str, Known], other_network: str = "") -> None:
    """Everything that is due, by a process that starts anew."""
    clock = FakeClock()
    known = {
        name: replace(rules(name), network="other" if name == other_network else "memory")
        for name in accounts
    }

    def connect(name: str) -> Connector:
        return cast("Connector", accounts[name])

    dispatcher = Dispatcher(store, connect, known, NO_FLOOR, clock, "worker", lambda: 0.0)
    Cycle(dispatcher, Reconciler(store, connect, known, clock, lambda _: False), clock).run()


def one_login(*names: str, identity: str | None = "did:plc:a") -> dict[str, Known]:
    network = MemoryNetwork()
    return {name: Known(network, identity=identity) for name in names}


@pytest.mark.parametrize("runs", [1, 2])
def test_the_same_post_goes_out_once(store: Store, runs: int) -> None:
    accounts = one_login("a", "b")
    ids = [queued(store, "Hello", account=name) for name in accounts]
    for _ in range(runs):
        run(store, accounts)
    states = [delivery(store, each).state for each in ids]
    assert sorted(states) == sorted([State.PUBLISHED, State.QUEUED])
    assert accounts["a"].sends + accounts["b"].sends == 1
    with store.read() as unit:
        ((name, fault),) = unit.accounts.faults().items()
    other = "b" if name == "a" else "a"
    assert f"{name} and {other} are the same account on memory" in fault


def test_an_account_that_was_there_before_goes_on(store: Store) -> None:
    accounts = one_login("a", "b")
    queued(store, "one", account="b")
    run(store, accounts)
    for text, name in (("two", "a"), ("three", "b")):
        queued(store, text, account=name)
    run(store, accounts)
    assert accounts["b"].sends == 2
    assert accounts["a"].sends == 0


@pytest.mark.parametrize("identity", [None, "did:plc:a"])
def test_other_networks_and_unknown_logins_are_let_alone(
    store: Store, identity: str | None
) -> None:
    accounts = one_login("a", "b", identity=identity)
    for name in accounts:
        queued(store, "Hello", account=name)
    run(store, accounts, other_network="b" if identity else "")
    assert [each.sends for each in accounts.values()] == [1, 1]
