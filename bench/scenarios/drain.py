"""How fast what is due goes out, on SQLite with synchronous=FULL."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench.contest import Drains, Given, Timed, drain_in_turns, drained
from bench.peers.redis_server import redis_server, why_not
from bench.queues import Size
from bench.table import Found, Run, at_least, at_most

DUE, ACCOUNTS = 20_000, 1_000
OF_PEERS = 4_000
"""How many the peers are given: they are slower, and their rate stays the same."""

MILLION = 1_000_000

OWN_ROWS = "our own rows written bare"


def _ours(run: Run, size: Size, contestant: str = "ours:drain") -> Callable[[], Timed]:
    """`run --once`, or what takes its place, on a fresh copy of the workspace each time."""

    def measure() -> Timed:
        folder = run.copy(size)
        try:
            return drained(f"bench.peers.{contestant}", Given(folder, size.due))
        finally:
            shutil.rmtree(folder)

    return measure


def _other(run: Run, contestant: str, count: int, url: str = "") -> Callable[[], Timed]:
    return lambda: drained(f"bench.peers.{contestant}", Given(run.empty_folder(), count, url))


def many_accounts(run: Run) -> Iterator[Found]:
    """Beside Python's other schedulers and queues, and beside the bare database."""
    size = Size(ACCOUNTS, run.size(DUE))
    count = run.size(OF_PEERS)
    with ExitStack() as stack:
        peers = {
            "APScheduler, SQLAlchemyJobStore": _other(run, "with_apscheduler:drain", count),
            "huey, SqliteHuey": _other(run, "with_huey:drain", count),
        }
        missing = why_not()
        if missing is None:
            url = stack.enter_context(redis_server(run.empty_folder()))
            peers["Celery, Redis"] = _other(run, "with_celery:drain", count, url)
        drains = drain_in_turns(
            {
                "crosspromo": _ours(run, size),
                OWN_ROWS: _ours(run, size, "own_rows:drain"),
                "bare grouped commits": _other(run, "bare:grouped", run.size(DUE)),
                **peers,
            },
            run.rounds,
        )
    fastest = max(peers, key=lambda name: drains.rates[name].median)
    what = f"drain, {size.due:,} due over {size.accounts:,} sandbox accounts, SQLite FULL"
    each = drains.processor["crosspromo"].median / drains.processor[OWN_ROWS].median
    yield Found(
        (
            at_least(what, 3, _rate(drains, fastest), f"the fastest peer ({fastest})"),
            at_most(f"{what}, processor time", 3, each, OWN_ROWS),
            at_least(what, 0.3, _rate(drains, "bare grouped commits"), "bare grouped commits"),
        ),
        "deliveries a second",
        drains.rates,
        "" if missing is None else f"Celery was left out: {missing}.",
        drains.processor,
    )


def one_account(run: Run) -> Iterator[Found]:
    """Strictly one after another."""
    size = Size(1, run.size(DUE // 4))
    drains = drain_in_turns(
        {
            "crosspromo": _ours(run, size),
            "bare, two commits each": _other(run, "bare:one_by_one", run.size(DUE // 4)),
        },
        run.rounds,
    )
    ratio = _rate(drains, "bare, two commits each")
    row = at_least(f"drain, {size.due:,} on one account", 0.65, ratio, "bare two-commits-each")
    yield Found((row,), "deliveries a second", drains.rates, processor=drains.processor)


def long_queue(run: Run) -> Iterator[Found]:
    """The same with a long queue and a long history."""
    accounts, due, many = ACCOUNTS, run.size(DUE), run.size(MILLION)
    drains = drain_in_turns(
        {
            "crosspromo": _ours(run, Size(accounts, due, many, many)),
            "empty queue": _ours(run, Size(accounts, due)),
        },
        run.rounds,
    )
    what = f"the same with {many:,} pending and {many:,} published"
    row = at_least(what, 0.85, _rate(drains, "empty queue"), "the empty queue")
    yield Found((row,), "deliveries a second", drains.rates, processor=drains.processor)


def _rate(drains: Drains, other: str) -> float:
    return drains.rates["crosspromo"].median / drains.rates[other].median
