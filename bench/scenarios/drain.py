"""How fast what is due goes out, on SQLite with synchronous=FULL."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench.contest import Given, Measured, rate, take_turns
from bench.peers.redis_server import redis_server, why_not
from bench.queues import Size
from bench.table import Found, Run, at_least

DUE, ACCOUNTS = 20_000, 1_000
OF_PEERS = 4_000
"""How many the peers are given: they are slower, and their rate stays the same."""

MILLION = 1_000_000


def ours(run: Run, size: Size) -> Callable[[], float]:
    """Deliveries a second of `run --once`, on a fresh copy of the workspace each time."""

    def measure() -> float:
        folder = run.copy(size)
        try:
            return rate("bench.peers.ours:drain", Given(folder, size.due))
        finally:
            shutil.rmtree(folder)

    return measure


def _other(run: Run, contestant: str, count: int, url: str = "") -> Callable[[], float]:
    return lambda: rate(f"bench.peers.{contestant}", Given(run.empty_folder(), count, url))


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
        figures = take_turns(
            {
                "crosspromo": ours(run, size),
                "bare grouped commits": _other(run, "bare:grouped", run.size(DUE)),
                **peers,
            },
            run.rounds,
        )
    mine = figures["crosspromo"].median
    fastest = max(peers, key=lambda name: figures[name].median)
    what = f"drain, {size.due:,} due over {size.accounts:,} sandbox accounts, SQLite FULL"
    yield Found(
        (
            at_least(what, 3, mine / figures[fastest].median, f"the fastest peer ({fastest})"),
            at_least(what, 0.3, _ratio(figures, "bare grouped commits"), "bare grouped commits"),
        ),
        "deliveries a second",
        figures,
        "" if missing is None else f"Celery was left out: {missing}.",
    )


def one_account(run: Run) -> Iterator[Found]:
    """Strictly one after another."""
    size = Size(1, run.size(DUE // 4))
    figures = take_turns(
        {
            "crosspromo": ours(run, size),
            "bare, two commits each": _other(run, "bare:one_by_one", run.size(DUE // 4)),
        },
        run.rounds,
    )
    ratio = _ratio(figures, "bare, two commits each")
    row = at_least(f"drain, {size.due:,} on one account", 0.6, ratio, "bare two-commits-each")
    yield Found((row,), "deliveries a second", figures)


def long_queue(run: Run) -> Iterator[Found]:
    """The same with a long queue and a long history."""
    accounts, due, many = ACCOUNTS, run.size(DUE), run.size(MILLION)
    figures = take_turns(
        {
            "crosspromo": ours(run, Size(accounts, due, many, many)),
            "empty queue": ours(run, Size(accounts, due)),
        },
        run.rounds,
    )
    what = f"the same with {many:,} pending and {many:,} published"
    row = at_least(what, 0.9, _ratio(figures, "empty queue"), "the empty queue")
    yield Found((row,), "deliveries a second", figures)


def _ratio(figures: dict[str, Measured], other: str) -> float:
    return figures["crosspromo"].median / figures[other].median
