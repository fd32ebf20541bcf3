"""Hostile answers: megabytes that unpack to gigabytes, and waits that end in the year 9999.

Each answer comes from a real server on loopback. The peak of memory is that of everything Python
allocates.
"""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

import PIL.Image
import pytest
from bluesky_accounts import MemorySessions
from conformance.connectors.reddit_world import BY_PASSWORD, TOKEN
from conformance.connectors.test_bluesky_faults import FRESH, GET, PUT, SIGN_IN, document
from conformance.connectors.x_world import SECRETS as X_KEYS
from servers import misbehaving
from servers.bombs import UNPACKED, bomb
from servers.misbehaving import MisbehavingServer
from servers.simulators import RedditSimulator, XSimulator
from servers.simulators.reddit_media import BUCKET

from crosspromo.connectors.base import (
    AccountError,
    AccountSetup,
    Connector,
    Content,
    Image,
    NotSent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.bluesky.account import BlueskyAccount
from crosspromo.connectors.cards import Cards
from crosspromo.connectors.reddit.account import RedditAccount
from crosspromo.connectors.x import connected
from crosspromo.domain.clock import SystemClock
from crosspromo.http.bodies import MOST_BYTES, BodyError, unpacked
from crosspromo.http.pages import Pages, anywhere
from crosspromo.testing.simulator.messages import Answer, Request

HELLO = Content("Hello", title="Hello")
PICTURED = Content("Hello", title="Hello", images=(Image("river.png", "A river"),))
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
ENCODINGS = ["gzip", "deflate", "raw"]


@contextmanager
def bounded() -> Iterator[None]:
    """Fails where the block needs 300 MB or 10 seconds."""
    for encoding in ENCODINGS:
        bomb(encoding)
    tracemalloc.start()
    began = time.monotonic()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < 10
    assert peak < 300_000_000


def packed(encoding: str, status: int = 200) -> Answer:
    named = {"content-encoding": "deflate" if encoding == "raw" else encoding}
    return Answer(status, bomb(encoding), {"content-type": "application/json", **named})


def packed_by_bluesky(encoding: str, status: int = 200) -> misbehaving.Answer:
    answer = packed(encoding, status)
    return misbehaving.Answer(answer.status, answer.body, dict(answer.headers))


@dataclass
class Bombs:
    """Answers of a simulated network by path, which may hold `*`."""

    answers: dict[str, Answer] = field(default_factory=dict)

    def of(self, request: Request) -> Answer | None:
        return next(
            (a for path, a in self.answers.items() if fnmatchcase(request.path, path)), None
        )


class HostileX(XSimulator):
    def __init__(self, bombs: Bombs) -> None:
        super().__init__()
        self.bombs = bombs

    def answer(self, request: Request) -> Answer:
        return self.bombs.of(request) or super().answer(request)


class HostileReddit(RedditSimulator):
    def __init__(self, bombs: Bombs) -> None:
        super().__init__()
        self.bombs = bombs

    def answer(self, request: Request) -> Answer:
        return self.bombs.of(request) or super().answer(request)


@pytest.fixture
def bombs() -> Bombs:
    return Bombs()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    PIL.Image.new("RGB", (3, 2), "teal").save(tmp_path / "river.png")
    return tmp_path


def setup(folder: Path, server: str, keys: dict[str, str]) -> AccountSetup:
    wait = timedelta(seconds=10)
    return AccountSetup("main", keys, {}, server, wait, folder, MemorySessions())


@pytest.fixture
def x(bombs: Bombs, folder: Path) -> Iterator[Connector]:
    with (
        HostileX(bombs) as server,
        closing(connected(setup(folder, server.url, X_KEYS), SystemClock())) as connector,
    ):
        yield connector


@pytest.fixture
def reddit(bombs: Bombs, folder: Path) -> Iterator[Connector]:
    with HostileReddit(bombs) as server:
        account = RedditAccount(setup(folder, server.url, BY_PASSWORD), "test", SystemClock())
        with closing(account) as connector:
            yield connector


@pytest.fixture
def pds() -> Iterator[MisbehavingServer]:
    with closing(MisbehavingServer([])) as server:
        server.answers[SIGN_IN] = FRESH
        yield server


@pytest.fixture
def bluesky(pds: MisbehavingServer, folder: Path) -> Iterator[Connector]:
    keys = {"identifier": "alice.test", "password": "correct-horse-battery"}
    with closing(BlueskyAccount(setup(folder, pds.url, keys))) as connector:
        yield connector


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("status", [200, 403, 429, 503])
class TestAfterASend:
    """The post may be there: the outcome is unknown."""

    def test_on_x(self, x: Connector, bombs: Bombs, encoding: str, status: int) -> None:
        bombs.answers["/2/tweets"] = packed(encoding, status)
        prepared = x.prepare(HELLO, NOW)
        with bounded():
            outcome = x.send(prepared)
        assert isinstance(outcome, Unknown)
        assert "larger than 10 MB" in outcome.detail

    def test_on_reddit(self, reddit: Connector, bombs: Bombs, encoding: str, status: int) -> None:
        assert reddit.ready(HELLO) is None
        bombs.answers["/api/submit"] = packed(encoding, status)
        prepared = reddit.prepare(HELLO, NOW)
        with bounded():
            outcome = reddit.send(prepared)
        assert isinstance(outcome, Unknown)
        assert "larger than 10 MB" in outcome.detail

    def test_on_bluesky(
        self, bluesky: Connector, pds: MisbehavingServer, encoding: str, status: int
    ) -> None:
        assert bluesky.ready(HELLO) is None
        pds.answers[PUT] = packed_by_bluesky(encoding, status)
        prepared = bluesky.prepare(HELLO, NOW)
        with bounded():
            outcome = bluesky.send(prepared)
        assert isinstance(outcome, Unknown)
        assert "larger than 10 MB" in outcome.detail


@pytest.mark.parametrize("encoding", ENCODINGS)
class TestBeforeASend:
    """Nothing was posted: it is tried again."""

    def test_at_a_sign_in_to_reddit(self, reddit: Connector, bombs: Bombs, encoding: str) -> None:
        bombs.answers[TOKEN] = packed(encoding)
        with bounded():
            assert isinstance(reddit.ready(HELLO), NotSent)
            with pytest.raises(AccountError, match="larger than 10 MB"):
                reddit.verify()

    @pytest.mark.parametrize("status", [200, 401])
    def test_at_a_sign_in_to_bluesky(
        self, bluesky: Connector, pds: MisbehavingServer, encoding: str, status: int
    ) -> None:
        pds.answers[SIGN_IN] = packed_by_bluesky(encoding, status)
        with bounded():
            assert isinstance(bluesky.ready(HELLO), NotSent)
            with pytest.raises(AccountError, match="larger than 10 MB"):
                bluesky.verify()

    def test_when_x_is_asked_who_we_are(self, x: Connector, bombs: Bombs, encoding: str) -> None:
        bombs.answers["/2/users/me"] = packed(encoding)
        with bounded(), pytest.raises(AccountError, match="larger than 10 MB"):
            x.verify()

    def test_at_an_upload_to_x(self, x: Connector, bombs: Bombs, encoding: str) -> None:
        bombs.answers["/2/media/*"] = packed(encoding)
        with bounded():
            assert isinstance(x.ready(PICTURED), NotSent)

    @pytest.mark.parametrize("path", ["/api/media/asset.json", BUCKET])
    def test_at_an_upload_to_reddit(
        self, reddit: Connector, bombs: Bombs, encoding: str, path: str
    ) -> None:
        bombs.answers[path] = packed(encoding)
        with bounded():
            assert isinstance(reddit.ready(PICTURED), NotSent)

    def test_at_an_upload_to_bluesky(
        self, bluesky: Connector, pds: MisbehavingServer, encoding: str
    ) -> None:
        pds.answers["com.atproto.repo.uploadBlob"] = packed_by_bluesky(encoding)
        with bounded():
            assert isinstance(bluesky.ready(PICTURED), NotSent)


@pytest.mark.parametrize("encoding", ENCODINGS)
class TestAtALookUp:
    """Nothing is proved."""

    def test_on_x(self, x: Connector, bombs: Bombs, encoding: str) -> None:
        bombs.answers["/2/users/*/tweets"] = packed(encoding)
        with bounded():
            assert isinstance(x.look_up(x.prepare(HELLO, NOW), NOW), Unclear)

    def test_on_reddit(self, reddit: Connector, bombs: Bombs, encoding: str) -> None:
        bombs.answers["/user/*"] = packed(encoding)
        with bounded():
            assert isinstance(reddit.look_up(reddit.prepare(HELLO, NOW), NOW), Unclear)

    def test_on_bluesky(self, bluesky: Connector, pds: MisbehavingServer, encoding: str) -> None:
        assert bluesky.ready(HELLO) is None
        pds.answers[GET] = packed_by_bluesky(encoding)
        with bounded():
            assert isinstance(bluesky.look_up(bluesky.prepare(HELLO, NOW), NOW), Unclear)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_page_of_a_link_card_is_read_no_further_than_its_limit(
    pds: MisbehavingServer, encoding: str
) -> None:
    answer = packed_by_bluesky(encoding)
    answer.headers["content-type"] = "text/html"
    pds.answers["/page"] = answer
    with closing(Cards(Pages(allows=anywhere), SystemClock())) as cards, bounded():
        assert cards.of(f"{pds.url}/page") is None


def test_a_bomb_is_one() -> None:
    """As long as this holds, the tests above test something."""
    for encoding in ENCODINGS:
        assert len(bomb(encoding)) < MOST_BYTES < UNPACKED


def test_an_answer_that_is_not_packed_is_limited_as_well() -> None:
    endless = (bytes(1 << 16) for _ in iter(int, 1))
    with bounded(), pytest.raises(BodyError, match="larger than 10 MB"):
        list(unpacked(endless, ""))


ABSURD = [
    "253402300799",
    "1000000000000",
    "9" * 5_000,
    "-1",
    "-1e400",
    "nan",
    "inf",
    "1e999",
    "x",
    "",
]


@pytest.mark.parametrize("value", ABSURD)
class TestAnAbsurdWait:
    """A 429 posts nothing, whatever time it names; the publishing core caps the time."""

    def test_on_x(self, x: Connector, bombs: Bombs, value: str) -> None:
        headers = {"x-rate-limit-reset": value, "x-user-limit-24hour-reset": value}
        headers["x-user-limit-24hour-remaining"] = "0"
        bombs.answers["/2/tweets"] = Answer(429, b"{}", headers)
        assert isinstance(x.send(x.prepare(HELLO, NOW)), NotSent)

    def test_on_reddit(self, reddit: Connector, bombs: Bombs, value: str) -> None:
        assert reddit.ready(HELLO) is None
        headers = {"retry-after": value, "x-ratelimit-remaining": "0", "x-ratelimit-reset": value}
        bombs.answers["/api/submit"] = Answer(429, b"{}", headers)
        assert isinstance(reddit.send(reddit.prepare(HELLO, NOW)), NotSent)

    @pytest.mark.parametrize("header", ["ratelimit-reset", "retry-after"])
    def test_on_bluesky(
        self, bluesky: Connector, pds: MisbehavingServer, header: str, value: str
    ) -> None:
        assert bluesky.ready(HELLO) is None
        pds.answers[PUT] = document({"error": "RateLimitExceeded"}, 429, **{header: value})
        assert isinstance(bluesky.send(bluesky.prepare(HELLO, NOW)), NotSent)


def test_an_error_in_an_ordinary_form_is_still_understood(
    bluesky: Connector, pds: MisbehavingServer
) -> None:
    pds.answers[SIGN_IN] = document({"error": "X", "message": "No"}, 401)
    refused = bluesky.ready(HELLO)
    assert isinstance(refused, NotSent)
    assert refused.account_fault
