"""The report on others and self, now and at a moment of the past."""

from dataclasses import replace
from datetime import timedelta

from stories import ACCOUNT, NO_FLOOR, publish_next, queued, rules

from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.phrasing.reports.ratio import page
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.services.reports import Reports
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

MONTH = timedelta(days=28)


def reports(store: Store, clock: FakeClock) -> Reports:
    """The reports, after one post about others has gone out."""
    account = rules(target=Target(1, 1))
    memory = MemoryConnector()
    queued(store, credit=Credit.OTHERS)
    dispatcher = Dispatcher(
        store, lambda _name: memory, {ACCOUNT: account}, NO_FLOOR, clock, "worker"
    )
    publish_next(dispatcher, ACCOUNT)
    return Reports(store, clock, UTC_ZONE, {ACCOUNT: account}, NO_FLOOR, "Us")


def test_without_a_moment_it_is_of_now(store: Store) -> None:
    clock = FakeClock()
    report = reports(store, clock).ratio().report
    assert report.as_of == START
    assert [(a.account, a.others, a.headroom) for a in report.accounts] == [(ACCOUNT, 1, 1)]


def test_at_another_moment_it_counts_the_window_that_ends_there(store: Store) -> None:
    found = replace(reports(store, FakeClock()), clock=FakeClock(START + MONTH))
    later = found.ratio().report
    assert (later.as_of, later.accounts[0].others) == (START + MONTH, 0)
    assert found.ratio(START + MONTH / 2).report.accounts[0].others == 1


def test_the_first_sentences_name_the_window_in_which_they_count(store: Store) -> None:
    found = reports(store, FakeClock())
    whole = OrganisationRules(floor=Target(1, 1), window=Window(days=9))
    said = page(replace(found, organisation=whole).ratio())
    assert said.lead[0].startswith("0 self posts went out with crosspromo in the last 9 days: ")
    assert "1 partner post and 0 self posts in the last 9 days; " in said.lead[1]


def test_an_account_that_is_short_is_proposed_a_partner_whom_the_queue_takes(store: Store) -> None:
    found = reports(store, FakeClock())
    short = {ACCOUNT: rules(target=Target(2, 1))}
    assert [each.partner for each in page(replace(found, rules=short).ratio()).acts] == [""]
    with store.write() as unit:
        unit.partners.save(Partner("birch", "Birch"), START)
    assert [each.partner for each in page(replace(found, rules=short).ratio()).acts] == ["birch"]


def test_without_accounts_there_is_the_organisation_alone(store: Store) -> None:
    report = Reports(store, FakeClock(), UTC_ZONE, {}, NO_FLOOR, "Us").ratio().report
    assert report.accounts == ()
    assert report.organisation.others == 0
