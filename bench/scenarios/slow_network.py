"""A thousand accounts due at one moment, on a network that takes its time."""

import shutil
from collections.abc import Iterator

from bench.contest import Given, Measured, race, take_turns
from bench.peers.slow import SECONDS
from bench.queues import Size, make
from bench.scenarios.drain import ACCOUNTS
from bench.table import Found, Run, at_most
from crosspromo.publishing.cycle import MOST_AT_ONCE


def scenario(run: Run) -> Iterator[Found]:
    """How long until the last one has gone, beside the time that the network alone takes."""
    count = ACCOUNTS
    ideal = count / min(count, MOST_AT_ONCE) * SECONDS

    def measure() -> float:
        folder = make(run.folder(), Size(count, count), network="slow")
        timed = race("bench.peers.slow:drain", [Given(folder, count)])
        shutil.rmtree(folder)
        assert timed.done == count, f"{timed.done} of {count} were published"
        return timed.seconds

    figures = take_turns({"until the last": measure}, run.rounds)
    figures["the network alone"] = Measured.of([ideal])
    ratio = figures["until the last"].median / ideal
    what = f"{count:,} accounts due at once, {SECONDS * 1000:.0f} ms, {MOST_AT_ONCE} in flight"
    yield Found((at_most(what, 1.3, ratio, f"the ideal {ideal:.1f} s"),), "seconds", figures)
