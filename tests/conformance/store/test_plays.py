"""Plays from every database: the excerpt, forecasts, and what they rest on."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from old_databases import deliver, of_version
from sqlalchemy import event, inspect, select
from stories import ACCOUNT, NO_FLOOR, queued, rules

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import HoldNote, NewDelivery
from crosspromo.domain.forecasts import Forecast, HangsOn, Outcome, Uncertainty
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.ratio import Tally, Target
from crosspromo.domain.reasons.holds import BelowRatio, WaitsForTurn
from crosspromo.domain.states import State
from crosspromo.services.play.engine import Stage
from crosspromo.store import excerpt
from crosspromo.store.database.memory import NEEDLESS
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.forecasts import NOT_IN_VERSION, Basis
from crosspromo.store.schema import accounts, ledger, ledger_hours, metadata
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHORT = BelowRatio(
    whole=False, others=0, self_=0, target="1:1", window="28d", joint=False, needed=1
)


def test_a_play_on_any_database_goes_the_same_way(store: Store) -> None:
    theirs = queued(store, "Theirs", due_at=START + HOUR)
    ours = queued(store, "Ours", credit=Credit.SELF, due_at=START + 2 * HOUR, cost=0.25)
    short = queued(store, "More", credit=Credit.SELF, due_at=START + 3 * HOUR)
    known = {ACCOUNT: rules(target=Target(1, 1))}
    with store.read() as unit:
        stage = Stage(unit, known, NO_FLOOR, START, START + DAY)
    with stage:
        steps = stage.play().steps
    assert [(step.at - START, step.delivery, step.outcome) for step in steps] == [
        (HOUR, theirs, Outcome.SENT),
        (2 * HOUR, ours, Outcome.SENT),
        (3 * HOUR, short, Outcome.HELD),
    ]


def test_a_copy_counts_each_row_of_the_ledger_once(store: Store) -> None:
    flying = queued(store, "Flying", credit=Credit.SELF, due_at=START)
    before = START - HOUR
    posts = [
        OutsidePost(ACCOUNT, before, Credit.OTHERS, text="Meet them", remote_id="1"),
        OutsidePost(ACCOUNT, before, Credit.BOTH, text="With them", remote_id="2"),
    ]
    with store.write() as unit:
        unit.outside_posts.record(posts, before)
        intent = Intent("play", Prepared("token", {}), {"checks": {}}, START + DAY, before)
        unit.transitions.record_intent(unit.deliveries.get(flying), intent)
        in_doubt = unit.ledger.tally(ACCOUNT, NO_FLOOR.window, START)
    with store.read() as unit:
        stage = Stage(unit, {ACCOUNT: rules()}, NO_FLOOR, START, START + DAY)
    with stage:
        with stage._store.read() as copy:
            assert copy.ledger.tally(ACCOUNT, NO_FLOOR.window, START) == in_doubt == Tally(2, 2)
        (after,) = stage.play([START + HOUR]).standings
        assert after.tallies[ACCOUNT] == Tally(2, 2), "what was in flight is not counted again"


def test_a_copy_has_the_rows_of_the_window_with_their_amounts(store: Store) -> None:
    """Rows that are alike are copied together; posts of the same time are still told apart."""
    queued(store), queued(store, account="it's another")
    counted = Credit.OTHERS, Credit.SELF, Credit.BOTH, Credit.OTHERS
    posts = [
        OutsidePost(account, START - days * DAY, credit, text="Meet them", remote_id=f"{days}-{n}")
        for account, *before in ((ACCOUNT, 1, 27, 29), ("it's another", 1, 5))
        for days in before
        for n, credit in enumerate(counted)
    ]
    with store.write() as unit:
        unit.outside_posts.record(posts, START)
        unit.opening_balances.add(OpeningBalance(ACCOUNT, START - 30 * DAY, 40, 2, "gone"), START)
        balance = OpeningBalance("it's another", START - 9 * DAY, 12, 7, "notes")
        unit.opening_balances.add(balance, START)
    columns = ledger.c.id, ledger.c.account, ledger.c.at, ledger.c.others, ledger.c.self
    hours = select(ledger_hours).order_by(*ledger_hours.primary_key)
    with store.read() as unit:
        stage = Stage(unit, {ACCOUNT: rules()}, NO_FLOOR, START, START + DAY)
        rows = unit._connection.execute(select(*columns).order_by(ledger.c.id)).all()
        sums = unit._connection.execute(hours).all()
    since = START - 28 * DAY
    with stage, stage._store.read() as copy:
        copied = copy._connection.execute(select(*columns).order_by(ledger.c.id)).all()
        assert copied == [row for row in rows if row.at > since]
        assert len(copied) == 2 * 2 * len(counted) + 1
        found = copy._connection.execute(hours).all()
        assert found == [each for each in sums if each.hour >= since]
        assert {each.account for each in found} == {"", ACCOUNT, "it's another"}


def test_a_copy_has_all_indexes_but_needless_ones(store: Store) -> None:
    queued(store)
    with store.read() as unit:
        stage = Stage(unit, {ACCOUNT: rules()}, NO_FLOOR, START, START + DAY)
    with stage, stage._store.read() as copy:
        found = inspect(copy._connection)
        there = {each["name"] for table in metadata.tables for each in found.get_indexes(table)}
    known = {index.name for table in metadata.sorted_tables for index in table.indexes}
    assert known >= NEEDLESS
    assert there == known - NEEDLESS


@pytest.mark.parametrize("is_first", [True, False])
def test_a_delivery_that_is_rolled_back_is_played_on_a_copy_made_before(
    store: Store, *, is_first: bool
) -> None:
    before = [] if is_first else [queued(store, "Theirs", due_at=START + HOUR)]
    known = {ACCOUNT: rules()}
    with store.read() as unit:
        stage = Stage(unit, known, NO_FLOOR, START, START + DAY)
    with stage:
        with store.write() as unit:
            unit.accounts.register([ACCOUNT])
            partner = Partner("wood-keepers", "Wood Keepers")
            unit.partners.save(partner, START)
            post = unit.posts.add(
                kind=Kind.SPOTLIGHT,
                partners=[partner.slug],
                event=None,
                template=None,
                reason=None,
                author="tester",
                now=START,
            )
            new = unit.deliveries.add(
                NewDelivery(
                    post=post,
                    account=ACCOUNT,
                    network="memory",
                    state=State.QUEUED,
                    credit=Credit.OTHERS,
                    content=Content("Meet the Wood Keepers"),
                    due_at=START + 2 * HOUR,
                    pinned=False,
                    expires_at=None,
                    cost=None,
                )
            )
            stage.add(unit, [new])
            unit.roll_back()
        played = stage.play()
    assert [(step.delivery, step.outcome) for step in played.steps] == [
        (each, Outcome.SENT) for each in (*before, new)
    ]
    assert played.deliveries[new].partners == (partner.slug,)


def test_a_copy_has_no_sessions(store: Store) -> None:
    queued(store)
    with store.write() as unit:
        unit.accounts.save_session(ACCOUNT, "encrypted")
    with store.read() as unit:
        stage = Stage(unit, {ACCOUNT: rules()}, NO_FLOOR, START, START + DAY)
    with stage, stage._store.read() as copy:
        query = select(accounts.c.name, accounts.c.session)
        assert copy._connection.execute(query).all() == [(ACCOUNT, None)]


def test_forecasts_are_kept_as_they_were_foretold(store: Store) -> None:
    one, two, three = (queued(store, text) for text in ("One", "Two", "Three"))
    forecasts = {
        one: Forecast(Outcome.SENT, START + HOUR),
        two: Forecast(Outcome.HELD, None, SHORT, START),
        three: Forecast(Outcome.SENT, START, uncertainty=Uncertainty(HangsOn.OTHER, two, ACCOUNT)),
    }
    with store.write() as unit:
        unit.forecasts.store(forecasts, Basis("1", START))
    with store.write() as unit:
        assert unit.forecasts.of([one, two, three]) == forecasts
        del forecasts[one]
        unit.forecasts.store(forecasts, Basis("2", START + HOUR))
    with store.read() as unit:
        assert unit.forecasts.of([one, two, three]) == forecasts
        assert unit.forecasts.basis() == Basis("2", START + HOUR)


@pytest.mark.parametrize("what", ["forecasts", "settings"])
def test_two_may_store_what_they_foretold_or_judged_at_once(store: Store, what: str) -> None:
    key = queued(store)
    forecasts = {key: Forecast(Outcome.SENT, START)}

    def write(unit: Unit) -> None:
        if what == "forecasts":
            unit.forecasts.store(forecasts, Basis("1", START))
        else:
            unit.holds.judged_by("1", START)

    def write_also() -> None:
        with store.write() as unit:
            write(unit)

    with ThreadPoolExecutor(1) as pool:
        with store.write() as unit:
            write(unit)
            other = pool.submit(write_also)
            wait([other], timeout=0.5)  # it waits, too: for this transaction
        other.result()
    with store.read() as unit:
        assert unit.forecasts.of([key]) == (forecasts if what == "forecasts" else {})


def test_a_version_is_the_same_until_something_changes(store: Store) -> None:
    queued(store)

    def version() -> str:
        with store.read() as unit:
            return unit.forecasts.version([ACCOUNT], START + DAY, START - DAY, "settings")

    before = version()
    assert version() == before
    with store.write() as unit:
        unit.pauses.begin(Pause(None, "ana", START, "storm"))
    assert version() != before


def test_every_table_that_a_play_copies_is_in_the_version_or_left_out_for_a_reason(
    store: Store,
) -> None:
    queued(store)
    read: list[str] = []

    def note(*arguments: Any) -> None:
        read.append(arguments[2])

    event.listen(store.engine, "before_cursor_execute", note)
    with store.read() as unit:
        unit.forecasts.version([ACCOUNT], START + DAY, START - DAY, "settings")
    event.remove(store.engine, "before_cursor_execute", note)
    words = {word for statement in read for word in re.findall(r"\w+", statement)}
    assert excerpt.COPIED - words == NOT_IN_VERSION.keys()


def test_holds_are_judged_anew_by_other_settings_or_after_a_step_back_of_the_clock(
    store: Store,
) -> None:
    with store.write() as unit:
        unit.holds.judge_anew_by("1", START)
    for settings, now, judged in (
        ("1", START + HOUR, False),
        ("2", START + HOUR, True),
        ("2", START, True),
        ("2", START + HOUR, False),
    ):
        key = queued(store, f"{settings}{now}{judged}", due_at=START - HOUR)
        with store.write() as unit:
            held = unit.deliveries.get(key)
            unit.transitions.hold(held, HoldNote(WaitsForTurn(None), START + DAY), now)
            unit.holds.judge_anew_by(settings, now)
            woken = unit.deliveries.get(key).wake_at == START - HOUR
        assert woken is judged, (settings, now)


def test_deliveries_of_before_have_a_time_of_their_own(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0007", tmp_path)
    with older.engine.begin() as connection:
        deliver(connection, 1, "draft")
    upgrade(older.engine)
    with older.read() as unit:
        assert not unit.deliveries.get(1).when_allowed
        assert unit.forecasts.basis() is None
