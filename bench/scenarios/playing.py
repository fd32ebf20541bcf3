"""How long the coming weeks take to play, and what forecasts cost a list of the queue."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from sqlalchemy import select, update

from bench.contest import Measured, take_turns
from bench.queues import Size, make
from bench.scenarios.commands import COMMAND, TURNS, milliseconds
from bench.scenarios.drain import MILLION
from bench.table import Found, Row, Run, at_most
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE, Slot, slot_times
from crosspromo.settings import FILE_NAME
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import deliveries
from crosspromo.workspace import Workspace

ACCOUNTS, QUEUED, WEEKS = 8, 400, 4
LISTED = 200
MOST_SECONDS = 3.0
SLOTS = ("daily 09:00", "daily 13:00", "daily 17:30")


def rehearsal(run: Run) -> Iterator[Found]:
    """`rehearse` of four weeks, over no past and over a long one."""
    many = run.size(MILLION)
    short = _with_slots(run, Size(ACCOUNTS, 0, QUEUED))
    long = _with_slots(run, Size(ACCOUNTS, 0, QUEUED, many))
    words = ("rehearse", "--weeks", str(WEEKS), "--json")
    figures = take_turns(
        {
            "no past": milliseconds([COMMAND, "-w", str(short), *words]),
            "a long past": milliseconds([COMMAND, "-w", str(long), *words]),
        },
        run.rounds,
    )
    seconds = figures["no past"].median / 1000
    what = f"`rehearse --weeks {WEEKS}`, {ACCOUNTS} accounts, 3 slots a day, {QUEUED} queued"
    in_time = Row(what, f"≤ {MOST_SECONDS:g} s", f"{seconds:.2f} s", seconds <= MOST_SECONDS)
    ratio = figures["a long past"].median / figures["no past"].median
    flat = at_most(f"the same with {many:,} past deliveries", 1.2, ratio, "the same with none")
    yield Found((in_time, flat), "milliseconds", figures)


def listing(run: Run) -> Iterator[Found]:
    """`queue list` with forecasts, beside the same without any."""
    plain = _with_slots(run, Size(ACCOUNTS, 0, LISTED))
    foretold = _with_slots(run, Size(ACCOUNTS, 0, LISTED))
    with Workspace.open(foretold) as workspace:
        workspace.services.forecasting.renew()
    figures: dict[str, Measured] = take_turns(
        {
            "with forecasts": milliseconds([COMMAND, "-w", str(foretold), "queue", "list"]),
            "without": milliseconds([COMMAND, "-w", str(plain), "queue", "list"]),
        },
        TURNS * run.rounds,
    )
    ratio = figures["with forecasts"].median / figures["without"].median
    what = f"`queue list` with {LISTED} queued and their forecasts"
    yield Found((at_most(what, 1.3, ratio, "the same without"),), "milliseconds", figures)


def _with_slots(run: Run, size: Size) -> Path:
    """A workspace with three slots a day, whose queue fills them; every third post is about us."""
    folder = make(run.folder(), size)
    file = folder / FILE_NAME
    slots = ", ".join(f'"{slot}"' for slot in SLOTS)
    plain = file.read_text(encoding="utf-8")
    file.write_text(
        plain.replace('network = "sandbox"', f'network = "sandbox"\nslots = [{slots}]'),
        encoding="utf-8",
    )
    with (
        Workspace.open(folder) as workspace,
        transaction(workspace.store.engine, writes=True) as connection,
    ):
        queued = deliveries.c.state == State.QUEUED
        for name in workspace.settings.accounts:
            query = select(deliveries.c.id).where(queued, deliveries.c.account == name)
            ids = connection.execute(query.order_by(deliveries.c.id)).scalars().all()
            times = slot_times([Slot.parse(slot) for slot in SLOTS], UTC_ZONE, _tomorrow())
            for number, key, at in zip(count(), ids, islice(times, len(ids)), strict=False):
                credit = Credit.SELF if number % 3 == 2 else Credit.OTHERS
                values = {"due_at": at, "wake_at": at, "credit": credit}
                connection.execute(update(deliveries).where(deliveries.c.id == key).values(values))
    return folder


def _tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)
