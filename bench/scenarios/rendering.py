"""What a delivery costs the processor: its text rendered, its facts gathered, and judged."""

from collections.abc import Iterator

from bench.contest import Given, Measured, race
from bench.queues import Size
from bench.scenarios.drain import ACCOUNTS
from bench.table import Found, Row, Run

BAR = 250


def scenario(run: Run) -> Iterator[Found]:
    """Microseconds of processor time a delivery."""
    size = Size(ACCOUNTS, ACCOUNTS, 0, run.size(10 * ACCOUNTS))
    folder = run.filled(size)
    each = [
        1e6 * timed.processor / timed.done
        for timed in (
            race("bench.peers.judging:render_and_judge", [Given(folder, size.due)])
            for _ in range(run.rounds)
        )
    ]
    measured = Measured.of(each)
    row = Row(
        "rendering with gate facts, per delivery, processor time",
        f"≤ {BAR} µs",
        f"{measured.median:.0f} µs",
        measured.median <= BAR,
    )
    yield Found((row,), "microseconds of processor time", {"a delivery": measured})
