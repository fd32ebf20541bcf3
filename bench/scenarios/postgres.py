"""How fast what is due goes out on PostgreSQL, from one daemon and from four."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.contest import ROOT, ContestError, Given, Timed, drain_in_turns, drained, race
from bench.queues import Size, make
from bench.scenarios.drain import ACCOUNTS, DUE
from bench.table import Found, Run, at_least
from crosspromo.workspace import Workspace

sys.path.insert(0, str(ROOT / "tests"))

from servers.postgres import PostgresServer

OF_PROCRASTINATE = 2_000


def scenario(run: Run) -> Iterator[Found]:
    """One daemon beside Procrastinate, four beside one."""
    size = Size(ACCOUNTS, run.size(DUE))
    with PostgresServer(durable=True) as server:
        drains = drain_in_turns(
            {
                "one daemon": partial(_daemons, run, server.database, size, 1),
                "four daemons": partial(_daemons, run, server.database, size, 4),
                "Procrastinate": lambda: drained(
                    "bench.peers.with_procrastinate:drain",
                    Given(run.empty_folder(), run.size(OF_PROCRASTINATE), server.empty_database()),
                ),
            },
            run.rounds,
        )
    one, four, peer = (
        drains.rates[name] for name in ("one daemon", "four daemons", "Procrastinate")
    )
    worst = min(ours / theirs for ours, theirs in zip(one.each, peer.each, strict=True))
    yield Found(
        (
            at_least("drain on PostgreSQL, one daemon, worst round", 5, worst, "Procrastinate"),
            at_least("four daemons there", 1.3, four.median / one.median, "one daemon"),
        ),
        "deliveries a second",
        drains.rates,
        "After every drain each delivery had been attempted once, and its page held it once. "
        "The processor time is that of the daemons, without the server's.",
        drains.processor,
    )


def _daemons(run: Run, database: Callable[[], str], size: Size, count: int) -> Timed:
    folder = make(run.folder(), size, url=database())
    timed = race("bench.peers.ours:drain", [Given(folder, size.due // count)] * count)
    _check_nothing_twice(folder, size.due)
    if timed.done != size.due - count:  # each has sent one before the clock started
        raise ContestError(f"{timed.done} of {size.due - count} were published")
    return timed


def _check_nothing_twice(folder: Path, due: int) -> None:
    """ContestError where a delivery was attempted, or stands on a page, more or less than once."""
    with Workspace.open(folder) as workspace, workspace.store.engine.connect() as connection:
        tried = connection.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one()
        counted = connection.exec_driver_sql("SELECT sum(others) FROM ledger").scalar_one()
    articles = sum(
        page.read_text(encoding="utf-8").count("<article id=") for page in folder.rglob("*.html")
    )
    if {tried, counted, articles} != {due}:
        raise ContestError(
            f"of {due} deliveries {tried} were attempted, {counted} are counted, {articles} stand"
        )
