"""Work per delivery does not grow with the queue or with the past: no statement of the hot path
reads a growing table from end to end, on either database.

The statements are those that a real cycle, the command line and the reports make, noted as they go
by, and explained by the database itself.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select
from stories import ACCOUNT, queued, rules

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.outcomes import Unknown
from crosspromo.domain.permissions import Scope
from crosspromo.domain.policy import Terms
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.reports.ratio import ratio_report
from crosspromo.services.policy_history import PolicyRecords
from crosspromo.store.database.engine import transaction
from crosspromo.store.ledger.known import Stretch
from crosspromo.store.ledger.rows import LedgerUpdate
from crosspromo.store.queue.editorial import Times
from crosspromo.store.queue.listing import Filter
from crosspromo.store.queue.open_deliveries import are_open
from crosspromo.store.schema import deliveries
from crosspromo.store.sql import statements
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

GROWING = (
    "deliveries",
    "posts",
    "post_partners",
    "attempts",
    "ledger",
    "ledger_hours",
    "approvals",
    "delivery_holds",
    "partner_entries",
    "partner_terms",
    "received",
    "sign_off_mails",
    "event_asks",
    "event_corrections",
    "event_told",
    "partner_people",
    "figures",
    "figure_history",
)
"""Tables with a row for each post that ever was, or more."""

ALIASES = ("busy", "asking", "asked", "told")
"""Other names that statements of the store give them."""

ORGANISATION = OrganisationRules(floor=Target(1, 1), window=Window(days=28))
ACCOUNTS = {name: rules(name, target=Target(1, 1)) for name in (ACCOUNT, "another")}

LATELY = Stretch(START - timedelta(days=90), START)

Statement = tuple[str, object]


@contextmanager
def noted(store: Store) -> Iterator[dict[str, object]]:
    """The statements that are executed meanwhile, each with parameters it was given."""
    seen: dict[str, object] = {}

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: object, *rest: object
    ) -> None:
        _context, is_many = rest
        seen[statement] = parameters[0] if is_many else parameters  # type: ignore[index]  # a list

    class Noting(logging.Handler):
        """Hears of the statements that go to the driver straight."""

        def emit(self, record: logging.LogRecord) -> None:
            assert isinstance(record.args, tuple)
            seen[str(record.args[0])] = tuple(record.__dict__["values"])

    straight, noting = logging.getLogger(statements.__name__), Noting()
    event.listen(store.engine, "before_cursor_execute", note)
    straight.addHandler(noting)
    level = straight.level
    straight.setLevel(logging.DEBUG)
    try:
        yield seen
    finally:
        straight.setLevel(level)
        straight.removeHandler(noting)
        event.remove(store.engine, "before_cursor_execute", note)


def a_day(store: Store) -> None:
    """Posts of every kind go out, are held, freed, in doubt, looked up and deleted."""
    clock = FakeClock()
    floor = Terms(ORGANISATION.floor, None, ORGANISATION.window)
    policies = {name: each.policy for name, each in ACCOUNTS.items()}
    PolicyRecords(store, clock).record_at_first_write(policies, floor)
    connectors = {name: MemoryConnector() for name in ACCOUNTS}
    dispatcher = Dispatcher(
        store, connectors.__getitem__, ACCOUNTS, ORGANISATION, clock, "worker", lambda: 0.0
    )
    reconciler = Reconciler(
        store, connectors.__getitem__, ACCOUNTS, clock, lambda _worker: False, "worker"
    )
    connectors[ACCOUNT].accidents.append(lambda _accept: Unknown("timed out"))
    for name in ACCOUNTS:
        for number in range(3):
            queued(store, f"them {number}", account=name, reshare_of=f"https://x.example/{number}")
        for number in range(5):
            queued(store, f"us {number}", account=name, credit=Credit.SELF)
    reconciler.recover_abandoned()
    for _ in range(6):
        Cycle(dispatcher, reconciler, clock).run()
        clock.advance(timedelta(minutes=31))
    with store.write() as unit:
        assert unit.deliveries.held(), "nothing was held"
        unit.holds.wake_account(None, "ratio", clock.now())
        for gone in unit.deliveries.matching(Filter(states=frozenset({State.PUBLISHED}))):
            unit.transitions.delete(gone, clock.now())


def reads(store: Store) -> None:
    """What the daemon asks while it rests, `status`, and the report."""
    clock = FakeClock()
    with store.read() as unit:
        unit.deliveries.next_wake()
        unit.deliveries.counts()
        unit.deliveries.oldest_overdue(clock.now())
        unit.deliveries.overdue(ACCOUNT, clock.now())
        assert clock.now() - timedelta(days=1) not in unit.deliveries.taken_slots(ACCOUNT)
        times = unit.deliveries.timetable(ACCOUNT)
        times.before(clock.now(), timedelta(minutes=30))
        times.after(clock.now(), timedelta(minutes=30))
        times.count(clock.now() - timedelta(days=1), clock.now(), 9)
        unit.deliveries.due_times(ACCOUNT, clock.now(), None, 9)
        unit.deliveries.due_times(ACCOUNT, clock.now(), clock.now(), 9)
        unit.deliveries.is_busy(ACCOUNT)
        unit.deliveries.to_look_up(clock.now())
        unit.deliveries.held()
        unit.deliveries.next_queued(clock.now(), 9)
        unit.deliveries.postponed(clock.now(), 9)
        unit.attention(1).all(
            [ACCOUNT],
            clock.now(),
            due_before=clock.now(),
            woken_before=clock.now(),
            answers_until=clock.now(),
        )
        unit.deliveries.listed(Filter(), 9)
        unit.deliveries.listed(Filter(account=ACCOUNT), 9)
        unit.history.find_duplicate(ACCOUNT, Content(text="them"), clock.now())
        unit.history.find_near_duplicate(list(ACCOUNTS), Content(text="them"), clock.now())
        unit.history.queued_duplicate(ACCOUNT, Content(text="them"), clock.now())
        unit.history.find_repetition(ACCOUNT, Content(text="them"), clock.now())
        unit.history.queued_repetition(ACCOUNT, Content(text="them"), clock.now())
        unit.history.queued_near_duplicate(list(ACCOUNTS), Content(text="them"), clock.now())
        month = clock.now() - timedelta(days=15), clock.now() + timedelta(days=15)
        unit.calendar.planned(*month, None)
        unit.calendar.planned(*month, ACCOUNT)
        unit.calendar.settled(*month, None)
        unit.calendar.foretold(*month, None)
        unit.calendar.facts([1, 2])
        unit.accounts.faults()
        assert unit.policies.differ({None: Terms(None, None, Window(days=7))})
        assert any(unit.hold_history.of(number) for number in range(40))
        ratio_report(unit, ACCOUNTS.values(), ORGANISATION, clock.now())


def pages(store: Store) -> None:
    """What the console asks about partners, events and months."""
    now = FakeClock().now()
    since = now - timedelta(days=90)
    with store.read() as unit:
        unit.shares.given(since, now)
        unit.shares.given_outside(since, now)
        unit.shares.last_shared(["river-keepers"])
        unit.shares.planned()
        unit.shares.standings(since, now)
        unit.shares.about("river-keepers", 9)
        unit.shares.of_event("cleanup", 9)
        unit.shares.of_events(["cleanup"])
        unit.contacts.last(["river-keepers"], now)
        unit.contacts.received_and_noted("river-keepers")
        unit.partner_entries.of("river-keepers", 9)
        unit.sign_off_mails.awaited(now, 9)
        unit.sign_off_mails.failed(9)
        unit.sign_off_mails.of_posts([1, 2])
        unit.event_asks.laddered(now, 9)
        unit.event_asks.of(["cleanup"])
        unit.event_asks.shared_since(["river-keepers"], since)
        unit.event_asks.times("cleanup")
        unit.event_corrections.of("cleanup")
        unit.event_corrections.unnoted("cleanup")
        unit.event_corrections.told("cleanup")
        unit.partner_people.of("river-keepers")
        unit.partner_entries.open_until(now.date())
        unit.partner_entries.blackouts(now.date())
        unit.partner_terms.of("river-keepers")
        unit.received.latest(9, "river-keepers")
        unit.months.sums(since, now)
        unit.months.tallies({Window(days=7): since, Window(days=28): since}, now)
        unit.months.counted([ACCOUNT], since, now)
        unit.months.counted(None, since, now)
        unit.months.released(since, now)
        unit.months.unsent(since, now, 9)


def reports(store: Store) -> None:
    """What reports ask of a stretch of time, now and as of its end."""
    with store.read() as unit:
        for stretch in (LATELY, replace(LATELY, known_at=START)):
            unit.report_rows.counted(stretch)
            unit.report_rows.count(stretch, 9)
            unit.report_rows.latest_counted(stretch, None, 9)
            unit.report_rows.latest_counted(stretch, ACCOUNT, 9)
            unit.report_rows.given(stretch)
            unit.report_rows.given(stretch, "river-keepers")
            unit.report_rows.last_given(stretch)
            unit.report_rows.received(stretch)
            unit.report_rows.received(stretch, "river-keepers")
            unit.report_rows.holds(stretch)
            unit.report_rows.deleted(stretch)
            unit.report_figures.posts(stretch, [ACCOUNT])
        unit.report_rows.unknown()
        unit.report_rows.steps(["cleanup"], START)
        unit.months.unsent(LATELY.after, LATELY.until, 9)


def agreements(store: Store) -> None:
    """What the gate and withdrawals ask about partners, and about people on images."""
    now = FakeClock().now()
    with store.write() as unit:
        unit.permissions.asked([1, 2])
        unit.permissions.needs([1, 2])
        unit.permissions.waiting("river-keepers", Scope.TAG)
        unit.permissions.gone_out("river-keepers", Scope.TAG)
        unit.permissions.agreed_again("river-keepers", Scope.TAG, now)
        unit.photo_consents.of_deliveries([1, 2])
        unit.photo_consents.waiting("a" * 64)
        unit.photo_consents.gone_out("a" * 64)
        unit.photo_consents.judge_anew("a" * 64, now)
        unit.partner_limits.of(["river-keepers"], now.date())
        unit.partner_limits.shared(["river-keepers"], now)
        unit.partner_limits.queued_at([1, 2])


WORKLOADS: dict[str, Callable[[Store], None]] = {
    "a day": a_day,
    "reads": reads,
    "pages": pages,
    "reports": reports,
    "agreements": agreements,
}


def asking_figures(unit: Unit) -> None:
    """Ask whose figures are wanted, as a reading does."""
    unit.figures.enrol(ACCOUNT, START)
    unit.figures.due(ACCOUNT, START, 9)
    unit.figures.bring_forward(ACCOUNT, START, START)


def asking_last_shares(unit: Unit) -> None:
    """Ask for the last share of somebody who is not among the latest sends."""
    intent = Intent("elsewhere-1-aa", Prepared("t", {}), {}, START + timedelta(hours=1), START)
    unit.transitions.record_intent(unit.deliveries.get(1), intent)
    unit.shares.last_given({"nobody"}, START - timedelta(days=90), START, 0)


def plan_of_sqlite(connection: Connection, statement: str, parameters: object) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]  # as it was given
    return [str(row[3]) for row in rows]


def scans_of_sqlite(connection: Connection, statement: str, parameters: object) -> list[str]:
    plan = plan_of_sqlite(connection, statement, parameters)
    return [step for step in plan if re.match(rf"SCAN ({'|'.join((*GROWING, *ALIASES))})\b", step)]


def scans_of_postgres(connection: Connection, statement: str, parameters: object) -> list[str]:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)  # type: ignore[arg-type]  # as it was given
    plan = [str(row[0]) for row in rows]
    return [step for step in plan if re.search(rf"Seq Scan on ({'|'.join(GROWING)})\b", step)]


@pytest.mark.parametrize("work", WORKLOADS)
def test_no_growing_table_is_read_from_end_to_end(store: Store, work: str) -> None:
    a_day(store)
    with noted(store) as executed:
        WORKLOADS[work](store)
    scans_of = {"sqlite": scans_of_sqlite, "postgresql": scans_of_postgres}
    explain = scans_of[store.engine.dialect.name]
    explained = {
        statement: parameters
        for statement, parameters in executed.items()
        if statement.split()[0] in {"SELECT", "UPDATE", "DELETE"}
    }
    assert len(explained) > 8
    with transaction(store.engine, writes=True) as connection:
        scans = {
            statement: found
            for statement, parameters in explained.items()
            if (found := explain(connection, statement, parameters))
        }
    assert scans == {}


ANSWERS: dict[str, tuple[Callable[[Unit], object], tuple[str, ...]]] = {
    "who has work": (
        lambda unit: unit.deliveries.accounts_with_work(START),
        ("uq_deliveries_in_flight (acc", "ix_deliveries_wake (account=? AND state=? AND wake_at<"),
    ),
    "what is first": (
        lambda unit: unit.deliveries.next_due([ACCOUNT], START),
        ("uq_deliveries_in_flight (acc", "ix_deliveries_wake (account=? AND state=? AND wake_at<"),
    ),
    "when to look next": (
        lambda unit: unit.deliveries.next_wake(),
        ("ix_deliveries_wake (account=? AND state=? AND wake_at>",),
    ),
    "what is overdue": (
        lambda unit: unit.deliveries.oldest_overdue(START),
        ("ix_deliveries_wake (account=? AND state=? AND wake_at<",),
    ),
    "which slots are taken": (
        lambda unit: START in unit.deliveries.taken_slots(ACCOUNT),
        (
            "ix_deliveries_wake (account=? AND state=? AND wake_at=?",
            "ix_deliveries_wake (account=? AND state=? AND wake_at=? AND due_at=?)",
        ),
    ),
    "what is near a moment": (
        lambda unit: (
            unit.deliveries.timetable(ACCOUNT).before(START, timedelta(minutes=30)),
            unit.deliveries.timetable(ACCOUNT).after(START, timedelta(minutes=30)),
        ),
        (
            "INDEX ix_deliveries_wake (account=? AND state=? AND wake_at>? AND wake_at<?",
            "(account=? AND state=? AND wake_at=? AND due_at>? AND due_at<?)",
            "ix_deliveries_sent (account=? AND sent_at>? AND sent_at<?)",
        ),
    ),
    "how full a day is": (
        lambda unit: unit.deliveries.timetable(ACCOUNT).count(START, START, 9),
        (
            "INDEX ix_deliveries_wake (account=? AND state=? AND wake_at>? AND wake_at<?",
            "(account=? AND state=? AND wake_at=? AND due_at>? AND due_at<?)",
            "ix_deliveries_sent (account=? AND sent_at>? AND sent_at<?)",
        ),
    ),
    "what is past due": (
        lambda unit: unit.attention(1).all(
            [ACCOUNT], START, due_before=START, woken_before=START, answers_until=START
        ),
        (
            "INDEX ix_deliveries_put_off (state=? AND due_at<?)",
            "INDEX ix_deliveries_wake (account=? AND state=? AND wake_at<?)",
            "INDEX ix_deliveries_held (hold_code=? AND account=?)",
        ),
    ),
    "what was tried in vain": (
        lambda unit: unit.deliveries.postponed(START, 9),
        ("INDEX ix_deliveries_put_off (state=? AND due_at<?)",),
    ),
    "what waits since the clock was ahead": (
        lambda unit: unit.dated_ahead.retry_postponed(START),
        ("INDEX ix_deliveries_put_off (state=?)",),
    ),
    "what is about a partner": (
        lambda unit: unit.deliveries.listed(Filter(partner="river-keepers"), 9),
        ("INDEX ix_deliveries_post_id (post_id=?)",),
    ),
    "what goes next": (
        lambda unit: unit.deliveries.next_queued(START, 9),
        (
            "INDEX ix_deliveries_wake (account=? AND state=? AND wake_at>?)",
            "INDEX ix_deliveries_wake (account=? AND state=? AND wake_at>? AND wake_at<?)",
            "INDEX ix_deliveries_put_off (state=? AND due_at>? AND due_at<?)",
            "INDEX ix_deliveries_held (hold_code>?)",
        ),
    ),
    "what would go at once": (
        lambda unit: (
            unit.deliveries.due_times(ACCOUNT, START, None, 9),
            unit.deliveries.due_times(ACCOUNT, START, START, 9),
        ),
        (
            "COVERING INDEX ix_deliveries_wake (account=? AND state=? AND wake_at>?)",
            "COVERING INDEX ix_deliveries_wake (account=? AND state=? AND wake_at>? AND wake_at<?)",
        ),
    ),
    "what is being sent": (
        lambda unit: unit.deliveries.is_busy(ACCOUNT),
        ("uq_deliveries_in_flight (account=?)",),
    ),
    "what was said": (
        lambda unit: (
            unit.history.same_text_sent([1, 2], START),
            unit.history.find_duplicate(ACCOUNT, Content(text="them"), START),
        ),
        ("ix_deliveries_text (account=? AND text_hash=?)",),
    ),
    "when and why it was held": (
        lambda unit: unit.hold_history.of(1),
        ("ix_delivery_holds_delivery (delivery_id=?)",),
    ),
    "what it was judged by": (
        lambda unit: unit.policies.differ({}),
        ("uq_policies_in_force",),
    ),
    "what counts of it": (
        lambda unit: unit.ledger.apply(
            [LedgerUpdate(1, ACCOUNT, Credit.SELF, State.QUEUED, None, START)]
        ),
        ("uq_ledger_delivery (delivery_id=?)",),
    ),
    "what ends": (
        lambda unit: unit.transitions.cancel(unit.deliveries.get(1), START),
        ("uq_delivery_holds_open (delivery_id=?)",),
    ),
    "what belongs to a campaign": (
        lambda unit: (unit.campaigns.deliveries_of("spring", 9), unit.campaigns.counts()),
        (
            "COVERING INDEX ix_posts_campaign_id (campaign_id=?)",
            "ix_deliveries_post_id (post_id=?)",
        ),
    ),
    "what an editorial calendar has": (
        lambda unit: unit.deliveries.editorial(Times(None, None, START, START), 9),
        (
            "ix_deliveries_state (state=?)",
            "ix_deliveries_sent (account=? AND sent_at>? AND sent_at<?)",
        ),
    ),
    "what counts in a window": (
        lambda unit: (
            unit.ledger.tally(ACCOUNT, Window(days=28), START),
            unit.ledger.tally(ACCOUNT, Window(posts=20), START),
        ),
        (
            "ix_ledger_account_window (account=? AND at>? AND at<?",
            "ix_ledger_window (at>? AND at<?",
            "ix_ledger_account_window (account=?)",
        ),
    ),
    "what was shared of a partner": (
        lambda unit: unit.report_rows.given(LATELY, "river-keepers"),
        (
            "ix_ledger_window (at>? AND at<?)",
            "sqlite_autoindex_post_partners_1 (post_id=?)",
            "ix_ledger_partner (partner_id=? AND at>? AND at<?)",
        ),
    ),
    "whom we shared lately": (
        lambda unit: (
            unit.shares.given(LATELY.after, LATELY.until),
            unit.shares.last_shared(["river-keepers"]),
        ),
        (
            "ix_deliveries_sent (account=? AND sent_at>? AND sent_at<?)",
            "ix_deliveries_post_id (post_id=?)",
        ),
    ),
    "whom we shared last": (
        asking_last_shares,
        (
            "COVERING INDEX ix_deliveries_sent (account=? AND sent_at>? AND sent_at<?)",
            "COVERING INDEX ix_post_partners_partner_id (partner_id=?)",
            "ix_deliveries_post_id (post_id=?)",
        ),
    ),
    "what a limit of a partner leaves": (
        lambda unit: unit.partner_limits.shared(["river-keepers"], LATELY.after),
        (
            "ix_deliveries_sent (account=? AND sent_at>?)",
            "sqlite_autoindex_post_partners_1 (post_id=?)",
        ),
    ),
    "whom to ask to share an event": (
        lambda unit: (unit.event_asks.laddered(START, 9), unit.event_asks.times("cleanup")),
        ("ix_events_starts_at (starts_at>? AND starts_at<?)", "ix_deliveries_post_id (post_id=?)"),
    ),
    "when something went out": (
        lambda unit: unit.history.latest_sent({ACCOUNT: 1, "another": 3}, START),
        ("COVERING INDEX ix_deliveries_sent (account=? AND sent_at>",),
    ),
    "whose figures are asked": (
        asking_figures,
        (
            "ix_deliveries_sent (account=? AND sent_at>?)",
            "ix_figures_due_at (account=? AND due_at<?)",
        ),
    ),
    "what was counted": (
        lambda unit: (
            unit.figures.latest(ACCOUNT, 9),
            unit.figures.followers(ACCOUNT),
            unit.figures.as_of([1], START),
        ),
        (
            "ix_figures_published_at (account=?)",
            "followers_1 (account=?)",
            "figure_history_1 (delivery_id=? AND measured_at<?)",
        ),
    ),
    "what others said": (
        lambda unit: (
            unit.mentions.latest(ACCOUNT, 9),
            unit.mentions.to_check(ACCOUNT, START, 9),
            unit.mentions.any_before(START),
        ),
        (
            "ix_mentions_latest (account=?)",
            "ix_mentions_check_at (account=? AND check_at<?)",
            "COVERING INDEX ix_mentions_at (at<?)",
        ),
    ),
    "what is dated in the future": (
        lambda unit: (unit.dated_ahead.posts(START), unit.dated_ahead.next_partner_post(START)),
        (
            "COVERING INDEX ix_deliveries_sent (account=? AND sent_at>?)",
            "INDEX ix_ledger_window (at>?)",
        ),
    ),
}
"""Questions of every round with the indexes that answer them, and how far into each they lead."""

FIRST_ONLY = frozenset({"what is near a moment", "how full a day is", "what would go at once"})
"""Questions for the first rows of an order, which the index gives: nothing is sorted."""


def test_what_a_play_takes_up_is_sought_by_time_for_many_accounts_too(store: Store) -> None:
    """As SQLite takes it: with many, it would rather read the whole queue by its state."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses anew as tables grow")
    names = [f"account-{number}" for number in range(1_000)]
    queries = [
        select(deliveries.c.id).where(*where)
        for where in are_open(lambda account: account.in_(names), START)
    ]
    with transaction(store.engine, writes=False) as connection, noted(store) as executed:
        for query in queries:
            connection.execute(query)
        steps = [plan_of_sqlite(connection, *each)[0] for each in list(executed.items())]
    assert [step.partition(" INDEX ")[2] for step in steps[:4]] == [
        "ix_deliveries_wake (account=? AND state=? AND wake_at<?)",
        "ix_deliveries_wake (account=? AND state=? AND wake_at=? AND due_at<?)",
        "ix_deliveries_wake (account=? AND state=? AND wake_at=? AND due_at<?)",
        "ix_deliveries_held (hold_code>?)",
    ]


@pytest.mark.parametrize("question", ANSWERS)
def test_questions_of_every_round_lead_into_an_index(store: Store, question: str) -> None:
    """As SQLite takes them."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses anew as tables grow")
    ask, indexes = ANSWERS[question]
    queued(store)
    with store.write() as unit, noted(store) as executed:
        ask(unit)
    with transaction(store.engine, writes=False) as connection:
        steps = [
            step
            for statement in executed.items()
            for step in plan_of_sqlite(connection, *statement)
        ]
    for index in indexes:
        assert any(index in step for step in steps), steps
    if question in FIRST_ONLY:
        assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps), steps
