"""What the console costs: processor time, queries, bytes, and the memory of `crosspromo serve`.

The console is served as a process of its own, over 1,000 posts of a month with a short past, which
fills the accounts' windows, and over the same with a long past. Processor time is that of the whole
process.
"""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

import httpx
from sqlalchemy import event, select, update

from bench.contest import Measured, take_turns
from bench.machine import processor_seconds, resident_megabytes
from bench.queues import Size, make
from bench.scenarios.commands import COMMAND
from bench.scenarios.drain import MILLION
from bench.table import Found, Row, Run, at_most
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.services.sign_in import Place
from crosspromo.services.tries import Tries
from crosspromo.settings import FILE_NAME
from crosspromo.store.database.engine import transaction
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.schema import deliveries
from crosspromo.web.guard import FORM_TOKEN, form_token
from crosspromo.web.routes import table
from crosspromo.web.server import ConsoleServer
from crosspromo.workspace import Workspace

NETWORKS = ("x", "bluesky", "reddit", "sandbox")
"""Networks whose texts the four accounts have."""

PAST = 2_000
"""Past deliveries of the office without a long past: the windows of its accounts are full."""

POSTS = 1_000
MONTH = timedelta(days=30)
DRAFTS = 250
"""Posts that wait for approval, the last ones of the month."""

REQUESTS = 40
"""Requests of one kind that are timed together: the clock of a process ticks slowly."""

PAGE, PREVIEW, FORECAST, ACT = 30.0, 50.0, 1_000.0, 15.0
"""Bars in milliseconds of processor time a request."""

QUERIES, MONTH_BYTES, AT_REST, FLAT = 12, 60_000, 80, 1.2

BARS: Mapping[str, float] = {
    "Today": PAGE,
    "Today, just after an act": PAGE,
    "Queue": PAGE,
    "Post": PAGE,
    "month": PAGE,
    "preview of four networks": PREVIEW,
    "forecast of the draft": FORECAST,
    "move": ACT,
    "approve": ACT,
    "cancel": ACT,
}


def scenario(run: Run) -> Iterator[Found]:
    """Each page and act over a short past and over a long one; queries, bytes and memory."""
    many = run.size(MILLION)
    with Served(_office(run, PAST)) as near, Served(_office(run, many)) as far:
        memory = near.resident
        size = near.bytes_of_month()
        names = [name for name in BARS if name in near.requests()]
        for name in names:
            figures = take_turns(
                {
                    name: partial(near.milliseconds, name),
                    f"{name}, long past": partial(far.milliseconds, name),
                },
                run.rounds,
            )
            yield Found(
                tuple(_rows(name, figures, many)), "milliseconds of processor time", figures
            )
        queries = _queries(_counted(near.office), _counted(far.office))
    missing = [Row(_what(each), f"≤ {BARS[each]:g} ms", NO_PAGE, None) for each in BARS]
    yield Found(tuple(row for row, name in zip(missing, BARS, strict=True) if name not in names))
    yield Found((_bytes(size), queries))
    at_rest = f"{memory:.1f} MB"
    row = Row("`crosspromo serve` at rest", f"≤ {AT_REST} MB", at_rest, memory <= AT_REST)
    yield Found((row,), "MB resident", {"after some pages": Measured.of([memory])})


NO_PAGE = "not measured: there is no such page"


def _what(name: str) -> str:
    return f"console, {name}, {POSTS:,} posts in the month"


def _rows(name: str, figures: Mapping[str, Measured], many: int) -> Iterator[Row]:
    near, far = (each.median for each in figures.values())
    bar = BARS[name]
    yield Row(_what(name), f"≤ {bar:g} ms of processor", f"{near:.1f} ms", near <= bar)
    what = f"the same with {many:,} past deliveries"
    yield at_most(what, FLAT, far / near, f"the same with {PAST:,}")


def _bytes(size: int | None) -> Row:
    what, bar = _what("month"), f"≤ {MONTH_BYTES:,} bytes"
    if size is None:
        return Row(what, bar, NO_PAGE, None)
    return Row(what, bar, f"{size:,} bytes", size <= MONTH_BYTES)


def _queries(near: Mapping[str, int], far: Mapping[str, int]) -> Row:
    """Most queries of one page; a long past must not add any."""
    name, most = max(far.items(), key=lambda each: each[1])
    grown = [each for each in far if far[each] > near[each]]
    measured = ", ".join(
        [f"{most} ({name})", *(f"more over a long past: {each}" for each in grown)]
    )
    bar = f"≤ {QUERIES}, no more over a long past"
    return Row("console, queries of a page", bar, measured, most <= QUERIES and not grown)


# -- what is served ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Office:
    """Workspace with a month of posts and a person who is signed in by a token.

    `first` is the id of the first post that waits; the others follow, the next ids.
    """

    folder: Path
    token: str
    first: int


class Served:
    """Console of an office, served as a process of its own. Use it as a context manager."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._acted = {"move": 0, "cancel": POSTS // 2, "approve": POSTS - DRAFTS}

    def __enter__(self) -> Self:
        """Begin to serve; some pages are opened, so that everything is loaded."""
        self._process = subprocess.Popen(
            [COMMAND, "-w", str(self.office.folder), "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().split()[-1]
        cookies = {"crosspromo": self.office.token}
        self._client = httpx.Client(base_url=address, cookies=cookies, timeout=60)
        for path in ("/", "/queue", "/compose", "/accounts"):
            self._get(path)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._process.terminate()
        self._process.communicate()

    @property
    def resident(self) -> float:
        """Megabytes resident."""
        return resident_megabytes(self._process.pid)

    def milliseconds(self, name: str) -> float:
        """Milliseconds of processor time that a request of this name takes."""
        request = self.requests()[name]
        request()
        before = processor_seconds(self._process.pid)
        for _ in range(REQUESTS):
            request()
        return 1000 * (processor_seconds(self._process.pid) - before) / REQUESTS

    def requests(self) -> Mapping[str, Callable[[], object]]:
        """Requests by name. An act is done to another post each time."""
        compose = f"/compose/{'bench' * 2}be"
        found: dict[str, Callable[[], object]] = {
            "Today": partial(self._get, "/"),
            "Today, just after an act": self._act_and_look,
            "Queue": partial(self._get, "/queue"),
            "Post": partial(self._get, f"/posts/{self.office.first}"),
            "preview of four networks": partial(self._send, f"{compose}/preview", WRITTEN),
            "forecast of the draft": partial(self._send, f"{compose}/forecast", WRITTEN),
            **{name: partial(self._act, name) for name in self._acted},
        }
        if self._month is not None:
            found["month"] = partial(self._get, self._month)
        return found

    def bytes_of_month(self) -> int | None:
        """Size of the month's page; None where there is no calendar."""
        return None if self._month is None else len(self._get(self._month))

    @property
    def _month(self) -> str | None:
        """Path of the page with the middle of the posts; None where there is no calendar."""
        has_calendar = any(each.path.startswith("/calendar") for each in table())
        return f"/calendar/{datetime.now(UTC) + MONTH / 2:%Y-%m}" if has_calendar else None

    def _get(self, path: str) -> bytes:
        return self._client.get(path).raise_for_status().content

    def _send(self, path: str, fields: Mapping[str, object]) -> None:
        data = {FORM_TOKEN: form_token(self.office.token), **fields}
        answer = self._client.post(path, data=data)
        if answer.status_code not in {200, 303}:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")

    def _act(self, name: str) -> None:
        index = self._acted[name]
        self._acted[name] = index + 1
        at = datetime.now(UTC) + timedelta(days=20, minutes=index)
        fields = {"at": f"{at:%Y-%m-%d %H:%M}"} if name == "move" else {}
        self._send(f"/deliveries/{self.office.first + index}/{name}", fields)

    def _act_and_look(self) -> None:
        self._act("move")
        self._get("/")


WRITTEN: Mapping[str, object] = {
    "kind": "own",
    "text": "Meet us at the river on Saturday: we plant willows, and there is soup.",
    "title": "Willows on Saturday",
    "accounts": [f"account-{number:04}" for number in range(len(NETWORKS))],
    "when": "slot",
}
"""Fields of a draft for all accounts."""


def _office(run: Run, published: int) -> Office:
    """Office with four accounts, a month of posts, and so many past ones."""
    folder = make(run.folder(), Size(len(NETWORKS), 0, POSTS, published))
    _settle(folder / FILE_NAME)
    with Workspace.open(folder) as workspace:
        with transaction(workspace.store.engine, writes=True) as connection:
            queued = deliveries.c.state == State.QUEUED
            ids = sorted(connection.execute(select(deliveries.c.id).where(queued)).scalars())
            for index, key in enumerate(ids):
                of_this = deliveries.c.id == key
                connection.execute(update(deliveries).where(of_this).values(_values(index)))
            DeliveryCounts(connection).rebuild()
        services = workspace.services
        services.forecasting.renew()
        link = services.people("bench").add("Maria Alvarez", Role.ADMIN)
        place = Place("bench")
        begun = services.sign_in(Tries()).accept(link.token, "three calm herons wade", place)
    return Office(folder, begun.token, ids[0])


def _settle(file: Path) -> None:
    """Give each account of crosspromo.toml its network's texts, slots and a target."""
    networks = iter(NETWORKS)
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        if line.startswith("network"):
            network = next(networks)
            lines += [] if network == "sandbox" else [f'imitates = "{network}"']
            lines += ['slots = ["daily 09:00", "daily 13:00"]', 'ratio = "3:1"']
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _values(index: int) -> dict[str, object]:
    """Due time, state and credit of the post with this index in the month."""
    at = datetime.now(UTC) + timedelta(hours=1) + MONTH * (index / POSTS)
    is_draft = index >= POSTS - DRAFTS
    return {
        "due_at": at,
        "wake_at": None if is_draft else at,
        "state": State.DRAFT if is_draft else State.QUEUED,
        "credit": Credit.SELF if index % 3 == 2 else Credit.OTHERS,
    }


def _counted(office: Office) -> dict[str, int]:
    """Queries of each page, as SQLite runs them, when it was looked at a moment before."""
    found = {}
    for path in ("/", "/queue", f"/posts/{office.first}", "/compose"):
        with Workspace.open(office.folder) as workspace:
            seen: list[str] = []

            def trace(connection: sqlite3.Connection, _: object, seen: list[str] = seen) -> None:
                connection.set_trace_callback(seen.append)

            engine = workspace.store.engine
            engine.dispose()
            event.listen(engine, "connect", trace)
            with ConsoleServer(workspace, "127.0.0.1", 0) as server:
                cookies = {"crosspromo": office.token}
                for _ in range(2):
                    seen.clear()
                    httpx.get(f"{server.address}{path}", cookies=cookies).raise_for_status()
        name = "/posts/N" if path.startswith("/posts") else path
        found[name] = sum(each.startswith("SELECT") for each in seen)
    return found
