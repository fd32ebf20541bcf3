"""The report says what the gate counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from stories import ACCOUNT, NO_FLOOR, delivery, publish_next, queued, rules

from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.verdicts import Override
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.reports.ratio import RatioReport, ratio_report
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

FLOOR = OrganisationRules(floor=Target(1, 1), window=Window(days=28))


@pytest.fixture(autouse=True)
def registered(store: Store) -> None:
    with store.write() as unit:
        unit.accounts.register([ACCOUNT])


def published(
    store: Store, *credits_: Credit, overridden: bool = False, clock: FakeClock | None = None
) -> None:
    """Deliveries that have gone out, whatever the ratio."""
    account = rules()
    memory = MemoryConnector()
    clock = clock or FakeClock()
    dispatcher = Dispatcher(
        store, lambda _name: memory, {ACCOUNT: account}, NO_FLOOR, clock, "worker"
    )
    for credit in credits_:
        with store.read() as unit:
            text = f"Post {sum(unit.deliveries.counts().values())}"
        delivery_id = queued(store, text, credit=credit, due_at=clock.now())
        if overridden:
            with store.write() as unit:
                override = Override(by="staff", reason="people must know")
                unit.transitions.override(delivery(store, delivery_id), override, START)
        publish_next(dispatcher, ACCOUNT)


def report(
    store: Store,
    account: AccountRules,
    organisation: OrganisationRules = FLOOR,
    later: timedelta = timedelta(0),
) -> RatioReport:
    with store.read() as unit:
        return ratio_report(unit, [account], organisation, START + later)


def test_a_ratio_account_shows_its_headroom_and_what_opens_the_next(store: Store) -> None:
    published(store, *[Credit.OTHERS] * 4, Credit.SELF)
    (line,) = report(store, rules(target=Target(3, 1))).accounts
    assert (line.policy, line.target, line.window) == ("ratio", "3:1", "28d")
    assert (line.others, line.self_, line.ratio, line.ok) == (4, 1, 4.0, True)
    assert (line.headroom, line.partner_posts_to_next) == (0, 2)
    assert line.earliest_by_roll_off is None


def test_roll_off_is_named_when_it_alone_would_open_headroom(store: Store) -> None:
    clock = FakeClock()
    account = rules(target=Target(2, 1))
    published(store, Credit.SELF, clock=clock)
    clock.advance(timedelta(days=3))
    published(store, Credit.OTHERS, Credit.OTHERS, clock=clock)
    (line,) = report(store, account, later=timedelta(days=4)).accounts
    assert line.headroom == 0
    assert line.earliest_by_roll_off == START + timedelta(days=28)


def test_a_quota_account_holds_nothing_and_is_reminded(store: Store) -> None:
    account = replace(rules(), policy=Policy(target=None, quota=2))
    published(store, Credit.OTHERS)
    (line,) = report(store, account).accounts
    assert (line.policy, line.target, line.ok) == ("quota", "2 per 7d", False)
    assert (line.headroom, line.partner_posts_to_next) == (None, None)
    published(store, Credit.OTHERS)
    (line,) = report(store, account).accounts
    assert line.ok


def test_no_self_posts_make_no_ratio_rather_than_an_infinite_one(store: Store) -> None:
    published(store, Credit.OTHERS)
    (line,) = report(store, rules(target=Target(1, 1))).accounts
    assert line.ratio is None
    assert line.ok


def test_the_organisation_counts_all_accounts_or_says_that_its_floor_is_off(store: Store) -> None:
    published(store, Credit.OTHERS, Credit.OTHERS, Credit.SELF)
    whole = report(store, rules()).organisation
    assert (whole.others, whole.self_, whole.target, whole.headroom) == (2, 1, "1:1", 1)
    off = report(store, rules(), NO_FLOOR).organisation
    assert (off.target, off.headroom, off.ok) == (None, None, True)


def test_what_a_person_released_is_told_apart(store: Store) -> None:
    published(store, Credit.SELF)
    published(store, Credit.SELF, overridden=True)
    at_publish = report(store, rules()).at_publish
    assert (at_publish.self_sent, at_publish.allowed, at_publish.overridden) == (2, 1, 1)


def test_what_has_left_the_window_is_not_counted(store: Store) -> None:
    published(store, Credit.OTHERS, Credit.SELF)
    (line,) = report(store, rules(target=Target(1, 1)), later=timedelta(days=28)).accounts
    assert (line.others, line.self_) == (0, 0)


def test_a_promise_that_is_not_kept_says_since_when(store: Store) -> None:
    clock = FakeClock()
    published(store, Credit.OTHERS, clock=clock)
    clock.advance(timedelta(days=3))
    published(store, Credit.SELF, clock=clock)
    late = timedelta(days=29)
    told = report(store, rules(target=Target(1, 1)), later=late)
    (line,) = told.accounts
    assert (line.ok, line.below_since) == (False, START + timedelta(days=28))
    assert told.organisation.below_since == START + timedelta(days=28)

    (line,) = report(store, rules(target=Target(1, 1)), later=timedelta(days=4)).accounts
    assert (line.ok, line.below_since) == (True, None)
