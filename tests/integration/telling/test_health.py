"""The health page of a daemon, over HTTP."""

import http.client
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from stories import queued

from crosspromo.domain.errors import ConfigError, UsageError
from crosspromo.domain.notices import Digest, Notice
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.health_server import MOST_CLIENTS, HealthServer, ListenAddress
from crosspromo.metrics import CONTENT_TYPE
from crosspromo.services.health import SILENT_AFTER, Health, Pulse
from crosspromo.services.notify import Notifier
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

ANYWHERE = ListenAddress("127.0.0.1", 0)
NEEDS = [
    Notice("failed:12:1", START, "Delivery 12 failed"),
    Notice("failed:13:1", START, "Delivery 13 failed"),
    Notice("account:x-main", START, "x-main needs attention"),
]


def health(store: Store, clock: FakeClock | None = None) -> Health:
    at = clock or FakeClock()
    notifier = Notifier(
        store, at, [], lambda: NEEDS, lambda _: Digest("", ""), "east-1-aa", str, UTC_ZONE
    )
    return Health(store, at, Pulse(at), lambda: NEEDS, lambda: notifier, "1.2.3")


def ask(address: ListenAddress, path: str, method: str = "GET") -> tuple[int, str, str | None]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), answer.getheader("content-type")
    connection.close()
    return found


def test_a_daemon_that_works_is_well(store: Store) -> None:
    with HealthServer(ANYWHERE, health(store)) as server:
        assert ask(server.listens_on, "/healthz")[:2] == (200, "ok\n")


def test_a_daemon_without_a_sign_of_life_is_not(store: Store) -> None:
    clock = FakeClock()
    ill = health(store, clock)
    with HealthServer(ANYWHERE, ill) as server:
        clock.set(START + SILENT_AFTER)
        assert ask(server.listens_on, "/healthz")[0] == 200
        clock.set(START + SILENT_AFTER + timedelta(seconds=1))
        answer = ask(server.listens_on, "/healthz")
        assert answer[:2] == (503, "no sign of life for 181 seconds\n")
        ill.pulse.beat()
        assert ask(server.listens_on, "/healthz")[0] == 200


@pytest.fixture
def unreachable(tmp_path: Path) -> Iterator[Store]:
    store = Store(open_engine("sqlite:///gone/store.db", tmp_path))
    yield store
    store.close()


def test_a_database_that_cannot_be_reached_is_said_and_has_no_figures(unreachable: Store) -> None:
    with HealthServer(ANYWHERE, health(unreachable)) as server:
        status, words, _ = ask(server.listens_on, "/healthz")
        page = ask(server.listens_on, "/metrics")[1]
    assert status == 503
    assert words.startswith("the database cannot be used: unable to open database file")
    assert "crosspromo_database_up 0\n" in page
    assert "crosspromo_deliveries" not in page


SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"\})? -?[0-9.e+]+')


def test_the_figures_are_in_the_format_of_prometheus(store: Store) -> None:
    queued(store, "One secret text", due_at=START - timedelta(minutes=2))
    queued(store, "Another", due_at=START + timedelta(minutes=2))
    with HealthServer(ANYWHERE, health(store)) as server:
        status, page, media_type = ask(server.listens_on, "/metrics")
    assert (status, media_type) == (200, CONTENT_TYPE)
    samples = [line for line in page.splitlines() if not line.startswith("# ")]
    assert all(SAMPLE.fullmatch(line) for line in samples), samples
    assert set(samples) >= {
        'crosspromo_build_info{version="1.2.3"} 1',
        "crosspromo_database_up 1",
        'crosspromo_deliveries{state="queued"} 2',
        "crosspromo_deliveries_held 0",
        "crosspromo_overdue_seconds 120",
        'crosspromo_matters{code="failed"} 2',
        'crosspromo_matters{code="account"} 1',
        "crosspromo_matters_untold 0",
        f"crosspromo_last_heartbeat_timestamp_seconds {START.timestamp():.15g}",
    }
    assert "secret text" not in page


def test_nothing_else_is_answered(store: Store) -> None:
    with HealthServer(ANYWHERE, health(store)) as server:
        assert ask(server.listens_on, "/")[0] == 404
        assert ask(server.listens_on, "/healthz/..%2f")[0] == 404
        assert ask(server.listens_on, "/healthz", "POST")[0] == 501
        assert ask(server.listens_on, "/healthz", "HEAD")[:2] == (200, "")


def test_it_listens_on_a_socket_too_and_takes_over_from_a_daemon_that_was_killed(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "health"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    address = ListenAddress.parse(str(path))
    with HealthServer(address, health(store)), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert client.makefile("rb").read().endswith(b"\r\n\r\nok\n")
        with pytest.raises(ConfigError, match="Address already in use"):
            HealthServer(address, health(store)).__enter__()
    assert not path.exists()


@contextmanager
def clients(address: ListenAddress, count: int) -> Iterator[list[socket.socket]]:
    """Clients that connect and say nothing."""
    connected = [socket.create_connection((address.host, address.port), 30) for _ in range(count)]
    try:
        yield connected
    finally:
        for client in connected:
            client.close()


def test_a_client_that_drips_is_cut_off_when_its_time_is_up(store: Store) -> None:
    with (
        HealthServer(ANYWHERE, health(store), patience=0.3) as server,
        clients(server.listens_on, 1) as [client],
    ):
        client.sendall(b"GET /healthz HTTP/1.0\r\nx: ")
        began = time.monotonic()
        assert client.recv(100) == b""
    assert time.monotonic() - began < 10


def test_more_clients_than_it_serves_are_turned_away_and_the_next_is_served(store: Store) -> None:
    with HealthServer(ANYWHERE, health(store)) as server:
        with clients(server.listens_on, MOST_CLIENTS + 1) as connected:
            assert connected[-1].recv(100) == b""
        deadline = time.monotonic() + 30
        while True:  # until the threads of the others have ended
            try:
                assert ask(server.listens_on, "/healthz")[0] == 200
                break
            except (ConnectionError, http.client.HTTPException):
                assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("127.0.0.1:9090", "127.0.0.1:9090"),
        ("[::1]:9090", "[::1]:9090"),
        ("localhost:9090", "localhost:9090"),
        ("/run/crosspromo/health", "/run/crosspromo/health"),
        ("unix:/run/health", "/run/health"),
        ("./health", "./health"),
    ],
)
def test_an_address_is_a_host_and_port_or_a_path(text: str, shown: str) -> None:
    assert str(ListenAddress.parse(text)) == shown


@pytest.mark.parametrize("text", ["", "9090", "::1:9090", "[::1]", "a:b", "a:99999", "u@h:1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no address to listen on; write 127\.0\.0\.1:9090"):
        ListenAddress.parse(text)
