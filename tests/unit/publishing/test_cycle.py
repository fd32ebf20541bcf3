"""A round of the daemon: everything due, account by account, and no account in another's way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from stories import NO_FLOOR, delivery, queued, rules

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.outcomes import Outcome, Receipt, Sent, Unknown
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle, Roster
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

ACCOUNTS = ("first", "second")


@pytest.fixture
def connectors() -> dict[str, MemoryConnector]:
    return {name: MemoryConnector() for name in ACCOUNTS}


def cycle(
    store: Store,
    connectors: dict[str, MemoryConnector],
    *,
    organisation: OrganisationRules = NO_FLOOR,
    stopping: Callable[[], bool] = lambda: False,
    target: Target | None = None,
) -> Cycle:
    clock = FakeClock()
    accounts = {name: rules(name, target=target) for name in ACCOUNTS}
    return Cycle(
        dispatcher=Dispatcher(
            store, connectors.__getitem__, accounts, organisation, clock, "worker"
        ),
        reconciler=Reconciler(
            store, connectors.__getitem__, accounts, clock, lambda _worker: False
        ),
        clock=clock,
        stopping=stopping,
    )


def test_everything_due_goes_out_in_the_order_it_was_due(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    for text in ("one", "two", "three"):
        for account in ACCOUNTS:
            queued(store, text, account=account)
    done = cycle(store, connectors).run()
    assert done.dispositions == {Disposition.PUBLISHED: 6}
    for account in ACCOUNTS:
        assert connectors[account].network.texts == ["one", "two", "three"]


def test_a_round_takes_so_many_accounts_of_this_machine_in_the_order_they_came() -> None:
    """The others are left for other workers, and for the next round."""
    names = ["one", "two", "three"]
    roster = Roster(frozenset(names), local=frozenset(names), most_local=2)
    roster.wait(names)
    assert roster.take_next() == ["one", "two"]
    roster.wait(["two", "one"])
    assert roster.take_next() == ["three", "two"]


def test_a_slow_account_does_not_delay_another(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    others_are_done = threading.Event()

    def slow(accept: Callable[[], Receipt]) -> Outcome:
        assert others_are_done.wait(timeout=30), "the other account waited for this one"
        return Sent(accept())

    def last(accept: Callable[[], Receipt]) -> Outcome:
        others_are_done.set()
        return Sent(accept())

    connectors["first"].accidents.append(slow)
    connectors["second"].accidents.append(last)
    for account in ACCOUNTS:
        queued(store, account=account)
    assert cycle(store, connectors).run().dispositions == {Disposition.PUBLISHED: 2}


def test_a_fault_of_our_own_on_one_account_stops_no_other(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    broken = queued(store, account="first")
    fine = queued(store, account="second")
    whole = cycle(store, connectors)

    def connector(account: str) -> MemoryConnector:
        if account == "first":
            raise RuntimeError("its connector cannot be built")
        return connectors[account]

    crippled = Dispatcher(
        store, connector, whole.dispatcher.accounts, NO_FLOOR, whole.clock, "worker"
    )
    Cycle(crippled, whole.reconciler, whole.clock).run()
    assert delivery(store, broken).state is State.QUEUED
    assert delivery(store, fine).state is State.PUBLISHED


def test_a_post_about_others_on_one_account_opens_the_floor_on_another(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    floor = OrganisationRules(floor=Target(1, 1), window=Window(days=28))
    own = queued(store, "us", account="first", credit=Credit.SELF)
    assert cycle(store, connectors, organisation=floor).run().dispositions == {Disposition.HELD: 1}
    queued(store, "them", account="second")
    cycle(store, connectors, organisation=floor).run()
    assert delivery(store, own).state is State.PUBLISHED


class Failing(Store):
    """A store whose transactions fail when they are asked to, as two that meet in PostgreSQL do."""

    def __init__(self, store: Store, *failures: bool) -> None:
        super().__init__(store.engine)
        self.failures = list(failures)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        with super().write() as unit:
            yield unit
            if self.failures and self.failures.pop(0):
                raise DatabaseError("two transactions were in each other's way")


def test_an_answer_outlives_a_transaction_that_fails(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    sent = queued(store, account="first")
    ready, claim, settle, again = False, False, True, False
    failing = Failing(store, ready, claim, settle, again)
    assert cycle(failing, connectors).run().dispositions == {Disposition.PUBLISHED: 1}
    assert delivery(store, sent).state is State.PUBLISHED
    assert connectors["first"].sends == 1


def test_a_database_that_fails_again_ends_the_round_and_the_post_is_in_doubt(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    sent = queued(store, account="first")
    with pytest.raises(DatabaseError):
        cycle(Failing(store, False, False, True, True), connectors).run()
    assert delivery(store, sent).state is State.SENDING
    assert connectors["first"].sends == 1


def test_a_look_up_whose_answer_cannot_be_recorded_ends_the_round_and_is_made_once(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    """A full disk: another look-up would follow at once, and another, without end."""
    queued(store, account="first")
    in_doubt = cycle(store, connectors)
    connectors["first"].accidents.append(lambda _accept: Unknown("no answer"))
    in_doubt.run()
    assert isinstance(in_doubt.clock, FakeClock)
    in_doubt.clock.advance(timedelta(minutes=1))
    full = Failing(store, *[True] * 20)

    with pytest.raises(DatabaseError):
        replace(in_doubt, reconciler=replace(in_doubt.reconciler, store=full)).run()

    assert len(connectors["first"].looked_up_since) == 1
    in_doubt.run()
    assert len(connectors["first"].looked_up_since) == 2


def test_the_answer_of_a_look_up_outlives_a_transaction_that_fails(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    queued(store, account="first")
    in_doubt = cycle(store, connectors)
    connectors["first"].accidents.append(lambda accept: Unknown(f"lost: {accept()}"))
    in_doubt.run()
    assert isinstance(in_doubt.clock, FakeClock)
    in_doubt.clock.advance(timedelta(minutes=1))
    once = Failing(store, True, False)

    done = replace(in_doubt, reconciler=replace(in_doubt.reconciler, store=once)).run()

    assert done.reconciled == 1
    assert len(connectors["first"].looked_up_since) == 1


def with_capabilities(cycle: Cycle, **changes: dict[str, Any]) -> dict[str, AccountRules]:
    """The accounts of the cycle, some of them with other capabilities."""
    return {
        name: replace(account, capabilities=replace(account.capabilities, **changes.get(name, {})))
        for name, account in cycle.dispatcher.accounts.items()
    }


class FailingToWake(Store):
    """A store whose first transaction that only wakes held deliveries fails."""

    failed = False

    @contextmanager
    def write(self) -> Iterator[Unit]:
        with super().write() as unit:
            yield unit
            only_wakes = "holds" in vars(unit) and "transitions" not in vars(unit)
            if only_wakes and not self.failed:
                self.failed = True
                raise DatabaseError("the disk is full")


def test_a_wake_up_that_fails_loses_no_send_that_was_claimed(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    floor = OrganisationRules(floor=Target(1, 1), window=Window(days=28))
    queued(store, "us", account="second", credit=Credit.SELF)
    cycle(store, connectors, organisation=floor).run()
    theirs = [queued(store, text, account="first") for text in ("them", "them again")]
    failing = FailingToWake(store.engine)
    whole = cycle(failing, connectors, organisation=floor)
    accounts = with_capabilities(whole, first={"ready_at_once": True})

    replace(whole, dispatcher=replace(whole.dispatcher, accounts=accounts)).run()

    assert failing.failed
    assert [delivery(store, each).state for each in theirs] == [State.PUBLISHED] * 2
    assert connectors["first"].sends == 2


def test_sends_on_networks_begin_before_those_on_this_machine(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    far_has_begun = threading.Event()

    def here(accept: Callable[[], Receipt]) -> Outcome:
        assert far_has_begun.wait(timeout=30), "the network waited for this machine"
        return Sent(accept())

    def far(accept: Callable[[], Receipt]) -> Outcome:
        far_has_begun.set()
        return Sent(accept())

    connectors["first"].accidents.append(here)
    connectors["second"].accidents.append(far)
    for account in ACCOUNTS:
        queued(store, account=account)
    whole = cycle(store, connectors)
    accounts = with_capabilities(
        whole,
        first={"ready_at_once": True, "local": True},
        second={"ready_at_once": True},
    )

    done = replace(whole, dispatcher=replace(whole.dispatcher, accounts=accounts)).run()

    assert done.dispositions == {Disposition.PUBLISHED: 2}


def test_a_connector_that_is_gone_before_the_send_was_sent_nothing(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    lost = queued(store, account="first")
    fine = queued(store, account="second")
    asked: list[str] = []

    def connector(account: str) -> MemoryConnector:
        asked.append(account)
        if asked.count("first") > 1 and account == "first":
            raise RuntimeError("its memory is full")
        return connectors[account]

    whole = cycle(store, connectors)
    replace(whole, dispatcher=replace(whole.dispatcher, connector=connector)).run()

    assert delivery(store, lost).state is State.QUEUED
    assert connectors["first"].sends == 0
    assert delivery(store, fine).state is State.PUBLISHED


def test_asked_to_stop_it_begins_nothing_new(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    def stopping() -> bool:
        return bool(connectors["first"].sends)

    for text in ("one", "two"):
        queued(store, text, account="first")
    cycle(store, connectors, stopping=stopping).run()
    assert connectors["first"].network.texts == ["one"]


def test_an_abandoned_send_is_reconciled_before_anything_new(
    store: Store, connectors: dict[str, MemoryConnector]
) -> None:
    queued(store, "lost", account="first")
    connectors["first"].accidents.append(lambda accept: (accept(), Unknown("timed out"))[1])
    first = cycle(store, connectors)
    assert first.run().dispositions == {Disposition.UNKNOWN: 1}
    assert isinstance(first.clock, FakeClock)
    first.clock.advance(timedelta(seconds=20))
    assert first.run().reconciled == 1
    assert connectors["first"].network.texts == ["lost"]
