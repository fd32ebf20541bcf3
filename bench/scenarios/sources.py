"""Two hundred feeds on as many hosts, read for the first time and once more unchanged."""

import shutil
from collections.abc import Iterator

from bench.contest import Given, Measured, race, take_turns
from bench.peers.feed_server import ITEMS, FeedServer
from bench.queues import Size, make
from bench.table import Found, Row, Run
from crosspromo.workspace import Workspace

SOURCES = 200
NEW, UNCHANGED = "read for the first time", "unchanged"
MOST = {NEW: 20.0, UNCHANGED: 3.0}
"""Seconds, by what is read."""


def scenario(run: Run) -> Iterator[Found]:
    """How long `source sync` takes, by what the servers answer."""
    count = run.size(SOURCES)
    with FeedServer() as server:
        folder = run.folder()

        def new() -> float:
            shutil.rmtree(folder, ignore_errors=True)
            make(folder, Size(1, 0))
            with Workspace.open(folder) as workspace:
                for number in range(count):
                    address = f"http://source-{number}.example:{server.port}/feed"
                    workspace.services.sources.add(address, None, "bench")
            return measure(200)

        def measure(status: int) -> float:
            server.answers.clear()
            timed = race("bench.peers.reading:read", [Given(folder, count)])
            assert timed.done == count, f"{timed.done} of {count} were read"
            assert server.answers == [status] * count, "the servers answered otherwise"
            return timed.seconds

        figures = take_turns({NEW: new, UNCHANGED: lambda: measure(304)}, run.rounds)
    what = f"{count} sources on as many hosts, {ITEMS} items each"
    rows = (_row(f"{what}, {name}", most, figures[name]) for name, most in MOST.items())
    yield Found(tuple(rows), "seconds", figures)


def _row(what: str, most: float, measured: Measured) -> Row:
    return Row(what, f"< {most:g} s", f"{measured.median:.1f} s", measured.median < most)
