"""The report on others and self, now and at any other moment."""

from datetime import timedelta

from stories import ACCOUNT, NO_FLOOR, publish_next, queued, rules

from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.services.ratio_report import RatioReports
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

MONTH = timedelta(days=28)


def reports(store: Store, clock: FakeClock) -> RatioReports:
    """The reports, after one post about others has gone out."""
    account = rules(target=Target(1, 1))
    memory = MemoryConnector()
    queued(store, credit=Credit.OTHERS)
    dispatcher = Dispatcher(
        store, lambda _name: memory, {ACCOUNT: account}, NO_FLOOR, clock, "worker"
    )
    publish_next(dispatcher, ACCOUNT)
    return RatioReports(store, clock, {ACCOUNT: account}, NO_FLOOR)


def test_without_a_moment_it_is_of_now(store: Store) -> None:
    clock = FakeClock()
    report = reports(store, clock).as_of()
    assert report.as_of == START
    assert [(a.account, a.others, a.headroom) for a in report.accounts] == [(ACCOUNT, 1, 1)]


def test_at_another_moment_it_counts_the_window_that_ends_there(store: Store) -> None:
    found = reports(store, FakeClock())
    later = found.as_of(START + MONTH)
    assert (later.as_of, later.accounts[0].others) == (START + MONTH, 0)
    assert found.as_of(START + MONTH / 2).accounts[0].others == 1


def test_without_accounts_there_is_the_organisation_alone(store: Store) -> None:
    report = RatioReports(store, FakeClock(), {}, NO_FLOOR).as_of(None)
    assert report.accounts == ()
    assert report.organisation.others == 0
