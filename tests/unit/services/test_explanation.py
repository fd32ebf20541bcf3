"""Explanations as values: of what waits, of what went out, and of what is not there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from stories import ACCOUNT, NO_FLOOR, publish_next, queued, rules

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.forecasts import Forecast
from crosspromo.domain.gate import CHECKS
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target
from crosspromo.domain.reasons.holds import BelowRatio
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Allow, Hold
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.explanation import Explanations
from crosspromo.services.play.forecasting import Forecasting
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

THREE_TO_ONE = rules(target=Target(3, 1))


def explanations(
    store: Store, *accounts: AccountRules, clock: FakeClock | None = None
) -> Explanations:
    return Explanations(
        store=store,
        clock=clock or FakeClock(),
        rules={each.name: each for each in accounts},
        organisation=NO_FLOOR,
        own_group=frozenset(),
    )


def test_a_self_post_that_is_held_says_what_it_needs_and_whom_to_share(store: Store) -> None:
    ours = queued(store, credit=Credit.SELF)
    with store.write() as unit:
        unit.partners.save(Partner("food-bank", "Food Bank"), START)
    told = explanations(store, THREE_TO_ONE).explain(ours)
    assert isinstance(told.decision, Hold)
    assert isinstance(told.decision.reason, BelowRatio)
    assert told.decision.reason.needed == 3
    assert [check.name for check in told.checks if isinstance(check.answer, Hold)] == ["ratio"]
    assert told.release is not None
    assert told.release.posts_needed == 3
    assert [slug for slug, _ in told.release.ready] == ["food-bank", "river-keepers"]


def test_partners_whom_the_law_bars_are_not_proposed(store: Store) -> None:
    ours = queued(store, credit=Credit.SELF)
    with store.write() as unit:
        unit.partners.save(Partner("kim", "Kim for Mayor", status="candidate"), START)
    asked = explanations(store, THREE_TO_ONE)
    told = replace(asked, organisation=replace(NO_FLOOR, status="c3")).explain(ours)
    assert told.release is not None
    assert "kim" not in [slug for slug, _ in told.release.ready]


def test_what_may_go_has_passed_every_check(store: Store) -> None:
    told = explanations(store, THREE_TO_ONE).explain(queued(store))
    assert isinstance(told.decision, Allow)
    assert all(isinstance(check.answer, str) for check in told.checks)
    assert told.release is None


def test_what_went_out_is_explained_by_the_decision_of_that_moment(store: Store) -> None:
    gone, clock = queued(store), FakeClock()
    network = MemoryConnector()
    dispatcher = Dispatcher(
        store=store,
        connector=lambda _account: network,
        accounts={ACCOUNT: THREE_TO_ONE},
        organisation=NO_FLOOR,
        clock=clock,
        worker="worker",
    )
    publish_next(dispatcher, ACCOUNT)
    clock.advance(timedelta(days=60))
    told = explanations(store, THREE_TO_ONE, clock=clock).explain(gone)
    assert told.delivery.state is State.PUBLISHED
    assert told.decision is None
    assert [check.name for check in told.checks] == [name for name, _ in CHECKS]
    said = {check.name: check.answer for check in told.checks}
    assert said["paused"] == f"{ACCOUNT} is not paused."
    assert said["floor"] == "The organisation keeps no floor."
    assert told.numbers is not None
    assert told.numbers["account"] == {
        "others": 0,
        "self": 0,
        "target": "3:1",
        "window": "28d",
    }


def test_a_delivery_whose_account_left_the_settings_says_so(store: Store) -> None:
    assert explanations(store).explain(queued(store)).account_gone


def test_a_delivery_that_is_not_there(store: Store) -> None:
    with pytest.raises(NotFoundError) as error:
        explanations(store, THREE_TO_ONE).explain(7)
    assert error.value.code == "no-such-delivery"


def test_several_are_explained_with_one_play(store: Store) -> None:
    keys = [queued(store, text, due_at=START + timedelta(hours=1)) for text in ("One", "Two")]
    plays: list[list[int]] = []

    class Counting(Forecasting):
        def of(self, delivery_ids: Iterable[int]) -> dict[int, Forecast]:
            plays.append(list(delivery_ids))
            return super().of(plays[-1])

    plain = rules()
    counting = Counting(
        store=store,
        clock=FakeClock(),
        policies={ACCOUNT: plain.policy},
        window=NO_FLOOR.window,
        settings_version="1",
        rules=lambda: {ACCOUNT: plain},
        organisation=lambda: NO_FLOOR,
    )
    told = replace(explanations(store, plain), forecasting=counting).explain_all(keys)
    assert [each.delivery.id for each in told] == keys
    assert all(each.forecast is not None and each.forecast.goes_at for each in told)
    assert plays == [keys]
