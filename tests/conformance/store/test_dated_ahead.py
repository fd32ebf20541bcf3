"""Times in the future and waits that no rule gives, on either database."""

from datetime import timedelta

from stories import ACCOUNT, delivery, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.backoff import LONGEST_REST
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.workers import Trouble, TroubleKind
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

YEAR, HOUR = timedelta(days=365), timedelta(hours=1)


def test_posts_and_waits_of_the_future(store: Store) -> None:
    sending, postponed = queued(store, "one"), queued(store, "two", account="another")
    with store.write() as unit:
        intent = Intent("elsewhere-1-aa", Prepared("t", {}), {}, START + YEAR, START + HOUR)
        unit.transitions.record_intent(unit.deliveries.get(sending), intent)
        fault = Fault(faults.NotSent("no connection"))
        unit.transitions.postpone(unit.deliveries.get(postponed), fault, START + YEAR, START)
        unit.accounts.rest(ACCOUNT, START + YEAR)
    with store.read() as unit:
        assert unit.dated_ahead.posts(START) == (1, START + HOUR)
        assert unit.dated_ahead.posts(START + HOUR) == (0, None)
        assert unit.dated_ahead.next_partner_post(START) is None, "a send in flight proves nothing"
    with store.write() as unit:
        unit.dated_ahead.shorten_waits(START, lambda _: HOUR)
        unit.dated_ahead.retry_postponed(START)
    assert delivery(store, sending).wake_at == START + HOUR
    assert delivery(store, postponed).wake_at == START
    with store.read() as unit:
        assert unit.accounts.resting(START) == {ACCOUNT: START + LONGEST_REST}


def test_holds_by_rules_of_the_settings_are_judged_anew_and_others_are_not(store: Store) -> None:
    notes = {
        "quiet": HoldNote(holds.InQuietHours("21:00-07:00"), START + HOUR),
        "rate-limit": HoldNote(holds.RateLimited(), START + HOUR),
    }
    numbers = {code: queued(store, code, account=code, credit=Credit.SELF) for code in notes}
    with store.write() as unit:
        for code, number in numbers.items():
            unit.transitions.hold(unit.deliveries.get(number), notes[code], START)
        unit.holds.judge_anew(["another"])
    assert {delivery(store, each).wake_at for each in numbers.values()} == {START + HOUR}
    with store.write() as unit:
        unit.holds.judge_anew(["quiet", "rate-limit"])
    assert delivery(store, numbers["quiet"]).wake_at == START
    assert delivery(store, numbers["quiet"]).hold is not None, "until the gate has judged"
    assert delivery(store, numbers["rate-limit"]).wake_at == START + HOUR


def test_what_a_daemon_reports_is_kept_until_it_reports_anew(store: Store) -> None:
    told = [Trouble(TroubleKind.SETTINGS, "cannot be read", START)]
    with store.write() as unit:
        unit.workers.start("east-1-aa", START)
        unit.workers.report("east-1-aa", told)
        assert unit.workers.troubles() == {"east-1-aa": told}
        unit.workers.report("east-1-aa", [])
        assert unit.workers.troubles() == {}
