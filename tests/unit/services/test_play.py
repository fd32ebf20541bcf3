"""Plays, rehearsals and forecasts, on a store in memory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select
from stories import ACCOUNT, NO_FLOOR, delivery, queued, rules

from crosspromo.domain.approval import PARTNER_PREFIX, Signature
from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.forecasts import HORIZON, Forecast, HangsOn, Outcome, Uncertainty
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.pauses import Pause
from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.photos import PhotoConsent
from crosspromo.domain.posts import Credit, Image
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.reasons.faults import NotSent
from crosspromo.domain.reasons.holds import (
    BelowRatio,
    PartnerLimitReached,
    PartnerNoticeRuns,
    PermissionLacking,
    PhotoConsentLacking,
)
from crosspromo.domain.requests import OwnPost, Spotlight, Words
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE, Slot
from crosspromo.phrasing.forecasts import of_forecast, reason_of
from crosspromo.publishing import log_lines
from crosspromo.publishing.compose import FittedImage
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.play import forecasting as forecasting_module
from crosspromo.services.play.forecasting import REST, Forecasting
from crosspromo.services.play.rehearsal import AlsoQueued, NewPost, Rehearsals
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.excerpt import Reach
from crosspromo.store.schema import metadata
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START, FakeClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def forecasting(
    store: Store, account: AccountRules | None = None, clock: FakeClock | None = None
) -> Forecasting:
    known = account or rules()
    return Forecasting(
        store=store,
        clock=clock or FakeClock(),
        policies={known.name: known.policy},
        window=NO_FLOOR.window,
        settings_version="1",
        rules=lambda: {known.name: known},
        organisation=lambda: NO_FLOOR,
    )


def foretold(store: Store, key: int, account: AccountRules | None = None) -> Forecast:
    return forecasting(store, account).of([key])[key]


RATIO = rules(target=Target(1, 1))


SHORT = BelowRatio(
    whole=False, others=1, self_=1, target="1:1", window="90d", joint=False, needed=1
)


def edit(unit: Unit, key: int, into: State = State.QUEUED, **changes: Any) -> None:
    found = unit.deliveries.get(key)
    unit.transitions.edit(found, replace(found.content, **changes), START, into=into)


def as_draft(store: Store, key: int) -> None:
    with store.write() as unit:
        edit(unit, key, State.DRAFT)


def publish(store: Store, key: int) -> None:
    intent = Intent("play", Prepared("token", {}), {"checks": {}}, START + DAY, START)
    with store.write() as unit:
        unit.transitions.record_intent(unit.deliveries.get(key), intent)
    with store.write() as unit:
        unit.transitions.publish(unit.deliveries.get(key), Receipt("1"), START)


def everything(store: Store) -> dict[str, list[Any]]:
    with store.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


# -- forecasts ---------------------------------------------------------------------------------


def test_a_post_that_nothing_holds_should_go_when_it_is_due(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    forecast = foretold(store, key)
    assert (forecast.goes_at, forecast.certain) == (START + HOUR, True)
    assert reason_of(forecast, ACCOUNT, UTC_ZONE) is None
    assert of_forecast(forecast, ACCOUNT, UTC_ZONE) == "It should go at Wed 2026-04-01 13:00."


def test_what_is_queued_before_a_self_post_is_played_and_not_assumed(store: Store) -> None:
    ours = queued(store, "Ours", credit=Credit.SELF, due_at=START + 2 * HOUR)
    assert foretold(store, ours, RATIO).goes_at is None
    queued(store, "Theirs", due_at=START + HOUR)
    assert foretold(store, ours, RATIO).goes_at == START + 2 * HOUR


def test_a_self_post_without_headroom_says_how_many_partner_posts_it_is_short(
    store: Store,
) -> None:
    key = queued(store, credit=Credit.SELF, due_at=START + HOUR)
    forecast = foretold(store, key, RATIO)
    assert forecast.outcome is Outcome.HELD
    assert isinstance(forecast.reason, BelowRatio)
    assert of_forecast(forecast, ACCOUNT, UTC_ZONE) == (
        "At Wed 2026-04-01 13:00 it will be held: 1 partner post short."
    )


def test_a_post_that_expires_says_which_hold_kept_it_until_then(store: Store) -> None:
    key = queued(store, credit=Credit.SELF, due_at=START + HOUR, expires_at=START + 2 * HOUR)
    forecast = foretold(store, key, RATIO)
    assert forecast.outcome is Outcome.EXPIRED
    assert isinstance(forecast.reason, BelowRatio)
    said = (
        "At Wed 2026-04-01 13:00 it will be held: 1 partner post short. "
        "It will expire at Wed 2026-04-01 14:00."
    )
    assert of_forecast(forecast, ACCOUNT, UTC_ZONE) == said
    assert reason_of(forecast, ACCOUNT, UTC_ZONE) == said


def test_a_post_that_expires_and_is_held_already_says_so(store: Store) -> None:
    key = queued(store, credit=Credit.SELF, due_at=START - HOUR, expires_at=START + 2 * HOUR)
    short = BelowRatio(False, 0, 0, "1:1", "28d", False, 1)
    with store.write() as unit:
        note = HoldNote(short, None)
        unit.transitions.hold(unit.deliveries.get(key), note, START - HOUR)
    assert of_forecast(foretold(store, key, RATIO), ACCOUNT, UTC_ZONE) == (
        "It is held: 1 partner post short. It will expire at Wed 2026-04-01 14:00."
    )


def test_a_post_that_expires_without_a_hold_has_nothing_to_add(store: Store) -> None:
    key = queued(store, due_at=START - 2 * HOUR, expires_at=START - HOUR)
    with store.write() as unit:  # else the forecast hangs on the daemon
        unit.workers.start("daemon", START)
    assert of_forecast(foretold(store, key), ACCOUNT, UTC_ZONE) == (
        "It will expire at Wed 2026-04-01 12:00."
    )


def test_a_post_that_is_overdue_will_be_missed(store: Store) -> None:
    key = queued(store, due_at=START - 2 * HOUR, pinned=True)
    assert foretold(store, key).outcome is Outcome.MISSED


def test_a_fault_of_a_play_is_logged_and_does_not_make_a_queued_post_look_lost(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    key = queued(store, due_at=START + HOUR)

    def broken_rules() -> Mapping[str, AccountRules]:
        raise KeyError(ACCOUNT)

    broken = replace(forecasting(store), rules=broken_rules)
    with store.read() as unit:
        deliveries = [unit.deliveries.get(key)]
    assert broken.after_queueing(deliveries) == {}
    (record,) = caplog.records
    assert "the posts are queued" in record.message
    assert record.exc_info is not None


def test_a_post_beyond_the_horizon_is_not_certain(store: Store) -> None:
    key = queued(store, due_at=START + 40 * DAY)
    near = queued(store, "Near", due_at=START + HOUR)
    service = forecasting(store)
    service.renew()
    found = service.of([key, near])
    doubt = found[key].uncertainty
    assert doubt is not None
    assert doubt.on is HangsOn.BEYOND
    assert found[near].certain


def test_a_post_that_was_moved_beyond_the_horizon_keeps_no_older_forecast(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    service = forecasting(store)
    service.renew()
    with store.write() as unit:
        delivery = unit.deliveries.get(key)
        unit.transitions.requeue_at(delivery, START + 40 * DAY, START, pinned=True)
    assert listed_doubt(service, store, key) is HangsOn.BEYOND
    assert service.of([key])[key].goes_at == START + 40 * DAY


def test_a_post_whose_account_is_gone_keeps_no_older_forecast(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    forecasting(store).renew()
    without = replace(forecasting(store), policies={}, rules=dict)
    assert listed_doubt(without, store, key) is HangsOn.NO_ACCOUNT
    assert without.of([key])[key].goes_at is None


def test_a_post_without_a_time_is_not_late_where_no_daemon_has_judged_it(store: Store) -> None:
    allowed(store, "Ours", START - HOUR)
    key = queued(store, "Theirs", due_at=START + HOUR)
    assert forecasting(store, RATIO).of([key])[key].certain


def listed_doubt(service: Forecasting, store: Store, key: int) -> HangsOn | None:
    """What the forecast in a list hangs on."""
    with store.read() as unit:
        doubt = service.stored(unit, [unit.deliveries.get(key)])[key].uncertainty
    return None if doubt is None else doubt.on


def test_whose_turn_is_first_is_chance_where_a_send_lets_another_post_go(store: Store) -> None:
    slots = (Slot.parse("daily 09:00"),)
    plain = replace(RATIO, policy=replace(RATIO.policy, slots=slots))
    ours = queued(store, "Ours", credit=Credit.SELF, due_at=START - HOUR)
    queued(store, "Theirs", due_at=START + HOUR, pinned=True)
    late = queued(store, "Theirs, too", due_at=START + HOUR)
    with store.write() as unit:  # else the forecasts hang on the daemon
        unit.workers.start("daemon", START)
    found = forecasting(store, plain).of([ours, late])
    doubts = [each.uncertainty.on for each in found.values() if each.uncertainty is not None]
    assert len(doubts) == 2
    assert {*doubts} <= {HangsOn.RACE, HangsOn.OTHER}


def test_a_post_on_a_paused_account_hangs_on_the_pause(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    with store.write() as unit:
        unit.pauses.begin(Pause(ACCOUNT, "ana", START, "a week off"))
    forecast = foretold(store, key)
    assert forecast.goes_at is None
    assert forecast.uncertainty is not None
    assert forecast.uncertainty.on is HangsOn.PAUSE


def test_a_post_by_hand_and_what_follows_hang_on_a_person(store: Store) -> None:
    plain = rules()
    by_hand = replace(plain, capabilities=replace(plain.capabilities, by_hand=True))
    key = queued(store, due_at=START + HOUR)
    forecast = foretold(store, key, by_hand)
    assert forecast.goes_at == START + HOUR
    assert forecast.uncertainty is not None
    assert forecast.uncertainty.on is HangsOn.BY_HAND


def test_a_post_whose_last_try_failed_hangs_on_its_network(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    with store.write() as unit:
        unit.transitions.postpone(
            unit.deliveries.get(key), Fault(NotSent("no line")), START + 2 * HOUR, START
        )
    forecast = foretold(store, key)
    assert forecast.uncertainty is not None
    assert forecast.uncertainty.on is HangsOn.NETWORK


def test_a_forecast_is_out_of_date_once_the_queue_has_changed(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    service = forecasting(store)
    assert service.renew()
    assert not service.renew(), "nothing has changed"
    with store.read() as unit:
        assert service.stored(unit, [unit.deliveries.get(key)])[key].certain
    queued(store, "Another", due_at=START + DAY)
    with store.read() as unit:
        stale = service.stored(unit, [unit.deliveries.get(key)])[key]
    assert stale.uncertainty is not None
    assert stale.uncertainty.on is HangsOn.STALE
    assert service.of([key])[key].certain, "it is played"
    assert service.renew()


CHANGES: dict[str, Callable[[Any, int], object]] = {
    "a pause": lambda unit, _: unit.pauses.begin(Pause(None, "ana", START, "storm")),
    "a fault": lambda unit, _: unit.accounts.set_fault(ACCOUNT, "refused", START),
    "a rest": lambda unit, _: unit.accounts.rest(ACCOUNT, START + HOUR),
    "a cancellation": lambda unit, key: unit.transitions.cancel(unit.deliveries.get(key), START),
    "another time": lambda unit, key: unit.transitions.requeue_at(
        unit.deliveries.get(key), START + DAY, START, pinned=True
    ),
    "other partners of a post": lambda unit, key: unit.posts.set_partners(
        unit.deliveries.get(key).post, ["river-keepers", "wood-keepers"], {key}
    ),
    "an approval": lambda unit, key: unit.approvals.sign(key, Signature("ana", "content", START)),
    "a partner's sign-off": lambda unit, key: unit.approvals.sign(
        key, Signature(f"{PARTNER_PREFIX}river-keepers", "content", START)
    ),
    "an approval that is withdrawn": lambda unit, key: unit.approvals.withdraw(key + 1),
    "an edit of the text": lambda unit, key: edit(unit, key, text="Hello!"),
    "an edit of the link": lambda unit, key: edit(unit, key, link="https://river.example"),
    "a row of the ledger": lambda unit, _: unit.outside_posts.record(
        [OutsidePost(ACCOUNT, START - HOUR, Credit.SELF, text="Ours", remote_id="9")], START
    ),
    "a deleted post": lambda unit, key: unit.transitions.delete(
        unit.deliveries.get(key + 2), START
    ),
    "a pause before its reason": lambda unit, _: unit.pauses.begin(Pause(None, "ana", START, None)),
    "a partner's status": lambda unit, _: unit.partners.save(
        replace(unit.partners.get("river-keepers"), status="candidate"), START
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_on_which_a_forecast_rests_is_noticed(store: Store, what: str) -> None:
    key = queued(store, due_at=START + HOUR)
    another = queued(store, "Another", due_at=START + HOUR)
    with store.write() as unit:
        unit.partners.save(Partner("wood-keepers", "Wood Keepers"), START)
        unit.posts.set_partners(unit.deliveries.get(another).post, ["wood-keepers"], {another})
        unit.approvals.sign(another, Signature("ben", "content", START))
    publish(store, queued(store, "Sent"))
    service = forecasting(store)
    service.renew()
    with store.write() as unit:
        CHANGES[what](unit, key)
    assert service.renew()


def test_a_forecast_that_has_not_come_true_is_out_of_date(store: Store) -> None:
    key, later = (
        queued(store, "Soon", due_at=START + HOUR),
        queued(store, "Then", due_at=START + DAY),
    )
    clock = FakeClock()
    service = forecasting(store, clock=clock)
    service.renew()
    clock.advance(HOUR + timedelta(minutes=2))
    with store.read() as unit:
        found = service.stored(unit, [unit.deliveries.get(each) for each in (key, later)])
    assert [each.uncertainty for each in found.values()] == [Uncertainty(HangsOn.LATE)] * 2
    found = service.of([key, later])
    assert found[key].goes_at == clock.now(), "a daemon that starts now sends it now"
    assert [each.uncertainty for each in found.values()] == [Uncertainty(HangsOn.LATE)] * 2
    assert service.renew()
    assert not service.renew()
    assert service.of([later])[later].uncertainty == Uncertainty(HangsOn.LATE), "none has started"


def test_what_is_queued_while_a_due_post_is_untouched_is_not_certain(store: Store) -> None:
    queued(store, "Soon", due_at=START + HOUR)
    clock = FakeClock()
    service = forecasting(store, clock=clock)
    service.renew()
    clock.advance(DAY)
    new = queued(store, "Then", due_at=START + 2 * DAY)
    with store.read() as unit:
        deliveries = [unit.deliveries.get(new)]
    late = Uncertainty(HangsOn.LATE)
    assert service.after_queueing(deliveries)[new].uncertainty == late
    with store.read() as unit:
        assert service.stored(unit, deliveries)[new].uncertainty == late
    assert service.of([new])[new].uncertainty == late


def test_a_due_post_is_not_late_while_a_daemon_is_alive_and_may_be_at_it(store: Store) -> None:
    key, clock = queued(store, due_at=START), FakeClock()
    clock.advance(HOUR)
    with store.write() as unit:
        unit.workers.start("daemon", clock.now())
    assert forecasting(store, clock=clock).of([key])[key].certain


# -- time alone --------------------------------------------------------------------------------


def test_a_post_that_was_held_for_ever_is_foretold_anew_as_the_window_moves(store: Store) -> None:
    account = rules(target=Target(1, 1), window=Window(days=90))
    key = queued(store, "Ours", credit=Credit.SELF, due_at=START + HOUR)
    free = START + 30 * DAY
    rows = [
        OutsidePost(ACCOUNT, free - 90 * DAY, Credit.SELF, text="Ours before", remote_id="1"),
        OutsidePost(ACCOUNT, START - DAY, Credit.OTHERS, text="Theirs", remote_id="2"),
    ]
    with store.write() as unit:
        unit.outside_posts.record(rows, START)
        unit.transitions.hold(unit.deliveries.get(key), HoldNote(SHORT, free), START)
    clock = FakeClock()
    service = forecasting(store, account, clock)
    service.renew()

    def stored() -> Forecast:
        with store.read() as unit:
            return service.stored(unit, [unit.deliveries.get(key)])[key]

    assert stored().outcome is Outcome.HELD
    clock.advance(DAY)
    assert not service.renew()
    clock.advance(2 * DAY)
    assert stored().uncertainty == Uncertainty(HangsOn.STALE)
    assert service.renew()
    assert (stored().goes_at, stored().certain) == (free, True)


def test_a_forecast_is_good_for_a_day_though_nothing_has_changed(store: Store) -> None:
    queued(store, due_at=START + 3 * DAY)
    clock = FakeClock()
    service = forecasting(store, clock=clock)
    service.renew()
    clock.advance(DAY)
    assert not service.renew()
    clock.advance(timedelta(seconds=1))
    assert service.renew()


def test_a_post_that_has_come_within_the_horizon_is_played(store: Store) -> None:
    key = queued(store, due_at=START + HORIZON + HOUR)
    clock = FakeClock()
    service = forecasting(store, clock=clock)
    service.renew()
    clock.advance(2 * HOUR)
    with store.read() as unit:
        (stale,) = service.stored(unit, [unit.deliveries.get(key)]).values()
    assert stale.uncertainty == Uncertainty(HangsOn.STALE)
    assert service.renew()
    with store.read() as unit:
        assert service.stored(unit, [unit.deliveries.get(key)])[key].certain


def test_a_draft_whose_time_has_passed_is_foretold_anew(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    as_draft(store, key)
    clock = FakeClock()
    service = forecasting(store, clock=clock)
    service.renew()
    clock.advance(2 * HOUR)
    assert service.renew()
    with store.read() as unit:
        assert unit.forecasts.of([key])[key].goes_at == clock.now()


# -- one text on two accounts ------------------------------------------------------------------


def sharing(store: Store, clock: FakeClock | None = None) -> Forecasting:
    one = replace(rules("x1"), accounts_sharing_duplicate_rule=("x2",))
    two = replace(rules("x2"), accounts_sharing_duplicate_rule=("x1",))
    known = {"x1": one, "x2": two}
    return replace(
        forecasting(store, clock=clock),
        policies={name: each.policy for name, each in known.items()},
        rules=lambda: known,
    )


def test_the_other_account_may_have_nothing_queued(store: Store) -> None:
    key = queued(store, account="x1", due_at=START + HOUR)
    assert sharing(store).of([key])[key].certain


@pytest.mark.parametrize("is_draft", [True, False])
def test_a_refusal_of_the_same_text_hangs_on_the_earlier_post(store: Store, is_draft: bool) -> None:
    earlier = queued(store, "Meet the keepers", account="x1", due_at=START + HOUR)
    later = queued(store, "Meet the keepers!", account="x2", due_at=START + DAY)
    if is_draft:
        as_draft(store, earlier)
    found = sharing(store).of([later])[later]
    assert found.outcome is Outcome.REFUSED
    doubt = Uncertainty(HangsOn.OTHER, earlier, "x1") if is_draft else None
    assert found.uncertainty == doubt


def test_a_refusal_says_that_the_earlier_post_is_queued_and_not_that_it_went_out(
    store: Store,
) -> None:
    earlier = queued(store, "Meet the keepers", account="x1", due_at=START + HOUR)
    later = queued(store, "Meet the keepers", account="x2", due_at=START + DAY)
    sentence = of_forecast(sharing(store).of([later])[later], "x2", UTC_ZONE)
    assert sentence.startswith(
        f"It will be refused: x2: delivery {earlier} on x1 says the same, or nearly, "
        "and is queued for Wed 2026-04-01 13:00;"
    )


def test_a_post_to_which_the_play_has_not_come_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = queued(store, due_at=START + DAY)
    queued(store, "Before", due_at=START + HOUR)
    monkeypatch.setattr(forecasting_module, "PATIENCE", 0.0)
    found = foretold(store, key)
    assert (found.goes_at, found.uncertainty) == (START + DAY, Uncertainty(HangsOn.TIME))


def test_a_post_that_waits_for_a_person_is_foretold_anew_now_and_then(store: Store) -> None:
    queued(store, due_at=START + HOUR)
    plain, clock = rules(), FakeClock()
    by_hand = replace(plain, capabilities=replace(plain.capabilities, by_hand=True))
    service = forecasting(store, by_hand, clock)
    service.renew()
    clock.advance(HOUR + timedelta(minutes=2))
    assert service.renew(), "its time has passed"
    clock.advance(timedelta(minutes=2))
    assert not service.renew(), "it is due for as long as the person takes"
    clock.advance(REST)
    assert service.renew(), "its time is about now all the same"


def test_other_settings_make_forecasts_out_of_date(store: Store) -> None:
    queued(store, due_at=START + HOUR)
    forecasting(store).renew()
    assert replace(forecasting(store), settings_version="2").renew()


def test_a_forecast_is_the_same_when_it_is_read_again(store: Store) -> None:
    keys = [
        queued(store, "Held", credit=Credit.SELF, due_at=START + HOUR),
        queued(store, "Missed", due_at=START - 2 * HOUR, pinned=True),
        queued(store, "Late", credit=Credit.SELF, due_at=START + 2 * HOUR),
        queued(store, "Off", credit=Credit.SELF, due_at=START + HOUR, expires_at=START + DAY),
        queued(store, "Over", due_at=START - 2 * HOUR, expires_at=START - HOUR),
    ]
    service = forecasting(store, RATIO)
    played, _, _ = service._play(9.0)
    service.renew()
    with store.read() as unit:
        assert unit.forecasts.of(keys) == {key: played[key] for key in keys}


# -- when allowed ------------------------------------------------------------------------------


def allowed(store: Store, text: str, due_at: object) -> int:
    key = queued(store, text, credit=Credit.SELF, due_at=cast("Any", due_at))
    from crosspromo.store.schema import deliveries  # noqa: PLC0415

    with store.engine.begin() as connection:
        connection.execute(
            deliveries.update().where(deliveries.c.id == key).values(when_allowed=True)
        )
    return key


def test_posts_that_go_when_allowed_take_a_slot_each_oldest_first(store: Store) -> None:
    slots = (Slot.parse("daily 09:00"), Slot.parse("daily 13:00"))
    plain = rules()
    account = replace(plain, policy=replace(plain.policy, target=None, slots=slots))
    older, younger = allowed(store, "One", START - 30 * HOUR), allowed(store, "Two", START)
    found = forecasting(store, account).of([older, younger])
    assert found[older].goes_at == START.replace(hour=13)
    assert found[younger].goes_at == START.replace(hour=9) + DAY


def test_a_post_that_goes_when_allowed_waits_for_the_ratio_and_is_never_missed(
    store: Store,
) -> None:
    key = allowed(store, "Ours", START - 3 * DAY)
    assert foretold(store, key, RATIO).outcome is Outcome.HELD
    queued(store, "Theirs", due_at=START + DAY)
    assert foretold(store, key, RATIO).goes_at == START + DAY


def test_a_post_that_waits_to_be_allowed_takes_no_slot(store: Store) -> None:
    key = allowed(store, "Ours", START)
    with store.read() as unit:
        assert START not in unit.deliveries.taken_slots(ACCOUNT)
        times = unit.deliveries.timetable(ACCOUNT)
        assert times.before(START, HOUR) is None
        assert times.count(START - HOUR, START, 9) == 0
    assert delivery(store, key).when_allowed


# -- rehearsals --------------------------------------------------------------------------------


def rehearsals(store: Store, account: AccountRules) -> Rehearsals:
    accounts = {account.name: account}
    clock = FakeClock()
    queue = PostQueue(
        store=store,
        clock=clock,
        rules=accounts,
        organisation=NO_FLOOR,
        own_group=frozenset(),
        renderer=Templates((SHIPPED / "templates",), "We"),
        pictures=lambda **_: cast("Any", None),
    )
    return Rehearsals(store, clock, accounts, NO_FLOOR, queue)


def test_a_rehearsal_changes_nothing(store: Store) -> None:
    queued(store, due_at=START + HOUR)
    before = everything(store)
    found = rehearsals(store, rules()).rehearse(1)
    assert [each.step.outcome for each in found.steps] == [Outcome.SENT]
    assert everything(store) == before


def test_a_post_can_be_tried_without_being_queued(store: Store) -> None:
    queued(store, "Theirs", due_at=START + HOUR)
    before = everything(store)
    ours = OwnPost(author="ana", says=Words("Our report is out."), at=START + 2 * HOUR)
    found = rehearsals(store, RATIO).rehearse(1, [AlsoQueued(ours, [ACCOUNT])])
    assert [(each.new, each.step.outcome) for each in found.steps] == [
        (None, Outcome.SENT),
        (NewPost(1, 1), Outcome.SENT),
    ]
    assert everything(store) == before


@pytest.mark.parametrize("act", ["dry run", "rehearsal"])
def test_a_question_copies_the_queue_while_the_database_is_free(
    store: Store, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    queued(store, "Theirs", due_at=START + HOUR)
    copy = Unit.excerpt

    def while_others_queue(unit: Unit, reach: Reach) -> Store:
        assert not store_is_locked
        return copy(unit, reach)

    store_is_locked: list[bool] = []
    write = Store.write

    @contextmanager
    def locking(which: Store) -> Iterator[Unit]:
        with write(which) as unit:
            if which is store:
                store_is_locked.append(True)
            yield unit
        store_is_locked.clear()

    monkeypatch.setattr(Unit, "excerpt", while_others_queue)
    monkeypatch.setattr(Store, "write", locking)
    before = everything(store)
    plain = rehearsals(store, RATIO)
    ours = OwnPost(author="ana", says=Words("Our report is out."), at=START + 2 * HOUR)
    if act == "rehearsal":
        steps = plain.rehearse(1, [AlsoQueued(ours, [ACCOUNT])]).steps
        goes_at = steps[-1].step.at
    else:
        queue = replace(plain.queue, forecasting=forecasting(store, RATIO))
        (tried,) = queue.queue(ours, [ACCOUNT], dry_run=True)
        assert tried.view.forecast is not None
        goes_at = cast("Any", tried.view.forecast.goes_at)
    assert goes_at == START + 2 * HOUR, "what was queued before it is played, too"
    assert everything(store) == before


def test_images_of_tried_posts_are_fitted_while_the_database_is_free(store: Store) -> None:
    class Fitter:
        def fitted(self, image: Image, _: ImageLimits) -> FittedImage:
            queued(store, "Somebody else's", due_at=START + DAY)  # fails where it is locked
            return FittedImage(image)

    account = rules()
    capabilities = replace(account.capabilities, images=ImageLimits(most=4))
    plain = rehearsals(store, replace(account, capabilities=capabilities))
    queue = replace(plain.queue, pictures=lambda **_: Fitter())
    shown = (Image("river.png", "The river at dawn"),)
    ours = OwnPost(author="ana", says=Words("Our report."), at=START + HOUR, images=shown)
    found = replace(plain, queue=queue).rehearse(1, [AlsoQueued(ours, [ACCOUNT])])
    assert [each.delivery.content.text for each in found.steps] == [
        "Our report.",
        "Somebody else's",
    ]


def test_of_several_posts_that_are_tried_all_are_played_or_none(store: Store) -> None:
    first = OwnPost(author="ana", says=Words("Our report is out."), at=START + 2 * HOUR)
    second = replace(first, says=Words("We moved to Mill Street."), at=START + 3 * HOUR)
    plain = rehearsals(store, rules())
    found = plain.rehearse(1, [AlsoQueued(first, [ACCOUNT]), AlsoQueued(second, [ACCOUNT])])
    assert [each.delivery.content.text for each in found.steps] == [
        "Our report is out.",
        "We moved to Mill Street.",
    ]
    before = everything(store)
    about_nobody = Spotlight(author="ana", partner="nobody")
    with pytest.raises(NotFoundError):
        plain.rehearse(1, [AlsoQueued(first, [ACCOUNT]), AlsoQueued(about_nobody, [ACCOUNT])])
    assert everything(store) == before


def test_each_day_ends_with_what_is_allowed_then(store: Store) -> None:
    queued(store, "Theirs", due_at=START + DAY)
    days = rehearsals(store, RATIO).rehearse(1).days
    assert [row.headroom for row in days] == [0, 1, 1, 1, 1, 1, 1, 1]
    assert days[0].day.isoformat() == "2026-04-01"


def test_a_play_logs_nothing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    queued(store, due_at=START + HOUR)
    with caplog.at_level("DEBUG"):
        rehearsals(store, rules()).rehearse(1)
    assert [each for each in caplog.records if each.name == log_lines.__name__] == []


def test_a_restart_changes_no_hold(store: Store) -> None:
    key = queued(store, credit=Credit.SELF, due_at=START - HOUR)
    with store.write() as unit:
        unit.holds.judge_anew_by("1", START)
    foretold(store, key, RATIO)
    with store.write() as unit:
        unit.holds.judge_anew_by("1", START + HOUR)
    assert delivery(store, key).wake_at == START - HOUR


# -- trying ------------------------------------------------------------------------------------


def test_a_trial_ends_with_the_posts_that_are_tried(store: Store) -> None:
    theirs = queued(store, "Theirs", due_at=START + HOUR)
    ours = queued(store, "Ours", credit=Credit.SELF, due_at=START + 2 * HOUR)
    later = queued(store, "Later", due_at=START + DAY)
    service = forecasting(store, RATIO)
    with store.read() as unit:
        tried = [unit.deliveries.get(key) for key in (theirs, ours)]
    stage, basis = service.trying()
    found = service.tried(stage, basis, tried)
    assert {key: each.goes_at for key, each in found.items()} == {
        theirs: START + HOUR,
        ours: START + 2 * HOUR,
    }
    assert all(each.certain for each in found.values())
    assert later not in {step.delivery for step in stage.steps}


def test_a_trial_of_a_post_that_stays_held_plays_to_the_end(store: Store) -> None:
    ours = queued(store, "Ours", credit=Credit.SELF, due_at=START + HOUR)
    service = forecasting(store, RATIO)
    with store.read() as unit:
        tried = [unit.deliveries.get(ours)]
    stage, basis = service.trying()
    forecast = service.tried(stage, basis, tried)[ours]
    assert (forecast.outcome, forecast.certain) == (Outcome.HELD, True)


# -- permissions and limits of partners --------------------------------------------------------


def need(store: Store, key: int, until: date | None) -> None:
    """The delivery tags its partner, who agreed until this day."""
    with store.write() as unit:
        unit.permissions.add(
            "river-keepers", Scope.TAG, until=until, evidence="mail", now=START, who="dan"
        )
        unit.permissions.set_needs(key, [Need(Scope.TAG, "river-keepers")])


def test_a_permission_that_ends_before_the_post_is_due_is_foretold(store: Store) -> None:
    lasting, ending = (queued(store, text, due_at=START + DAY) for text in ("One", "Two"))
    need(store, lasting, None)
    assert foretold(store, lasting).outcome is Outcome.SENT
    with store.write() as unit:
        (given,) = unit.permissions.of(["river-keepers"])
        unit.permissions.withdraw(given.number, START, "dan", "a new form")
    need(store, ending, START.date())
    forecast = foretold(store, ending)
    assert forecast.outcome is Outcome.HELD
    assert isinstance(forecast.reason, PermissionLacking)


def test_a_consent_of_somebody_on_an_image_is_played(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    no = PhotoConsent(
        number=0,
        hash="a" * 64,
        image="river.jpg",
        person="Sam Lee",
        minor=False,
        consent=False,
        networks=(),
        given_by="Sam Lee",
        until=None,
        evidence="mail",
        recorded_at=START,
        recorded_by="dan",
    )
    with store.write() as unit:
        unit.photo_consents.add(no)
        unit.photo_consents.set_hashes(key, ["a" * 64])
        edit(unit, key, images=(Image("media/a.jpg", "A river"),))
    assert isinstance(foretold(store, key).reason, PhotoConsentLacking)


def test_a_limit_of_a_partner_is_played_with_what_was_sent_before(store: Store) -> None:
    sent, waits = queued(store, "One"), queued(store, "Two", due_at=START + HOUR)
    with store.write() as unit:
        keepers = unit.partners.get("river-keepers")
        unit.partners.save(replace(keepers, most_posts=1, most_posts_days=7), START)
    publish(store, sent)
    forecast = foretold(store, waits)
    assert isinstance(forecast.reason, PartnerLimitReached)
    assert forecast.goes_at == START + 7 * DAY


def test_notice_of_a_partner_is_played(store: Store) -> None:
    key = queued(store, due_at=START + HOUR)
    with store.write() as unit:
        keepers = unit.partners.get("river-keepers")
        unit.partners.save(replace(keepers, notice_hours=48), START)
    forecast = foretold(store, key)
    assert isinstance(forecast.reason, PartnerNoticeRuns)
    assert forecast.goes_at == START + 2 * DAY


def test_a_forecast_is_out_of_date_once_a_permission_is_withdrawn(store: Store) -> None:
    key = queued(store, due_at=START + DAY)
    need(store, key, None)
    service = forecasting(store)
    assert service.of([key])[key].certain
    with store.write() as unit:
        (given,) = unit.permissions.of(["river-keepers"])
        unit.permissions.withdraw(given.number, START, "dan", "they left")
    assert not service.of([key])[key].certain or service.of([key])[key].goes_at is None
