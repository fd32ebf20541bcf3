"""A permission is withdrawn while a worker claims a post by it: one of them comes first.

Either the post becomes a draft and nothing is sent, or the withdrawal lists it as being sent.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

from stories import ACCOUNT, NO_FLOOR, publish_next, queued, rules

from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.services.permissions import NewPermission, PermissionService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

ROUNDS = 60
KNOWN = {ACCOUNT: rules()}
TAG = Need(Scope.TAG, "river-keepers")


def test_a_withdrawal_and_a_claim_know_of_each_other(store: Store) -> None:
    clock, network = FakeClock(), MemoryConnector()
    service = PermissionService(store, clock, ZoneInfo("UTC"), KNOWN, "dan")
    dispatcher = Dispatcher(store, lambda _name: network, KNOWN, NO_FLOOR, clock, "worker")
    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            delivery = queued(store, f"them {number}")
            with store.write() as unit:
                unit.permissions.set_needs(delivery, [TAG])
            day = START.date() - timedelta(days=1)
            given = service.add(
                NewPermission(TAG.partner, TAG.scope, "Ana Ruiz", day, "mail")
            ).permission.number
            together = Barrier(2)

            def send(together: Barrier = together) -> None:
                together.wait(10)
                publish_next(dispatcher, ACCOUNT)

            sending = pool.submit(send)
            together.wait(10)
            done = service.withdraw(given, "they left").consequences
            sent_when_it_returned = [each.payload["text"] for each in network.sent]
            sending.result(20)

            listed = {each.id for each in (*done.in_flight, *done.stands)}
            with store.read() as unit:
                state = unit.deliveries.get(delivery).state
            if delivery in done.drafts:
                assert state is State.DRAFT
                assert f"them {number}" not in network.network.texts
            else:
                assert delivery in listed
                assert state is State.PUBLISHED
            assert len(network.sent) - len(sent_when_it_returned) <= len(listed)
    with store.read() as unit:
        assert unit.ledger.faults() == []
        assert unit.deliveries.faults() == []
