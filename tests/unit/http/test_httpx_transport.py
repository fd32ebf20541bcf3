"""A request's time-out bounds the whole of it, however often bytes arrive."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Final

import httpx
import pytest

from crosspromo.http.httpx_transport import BoundedTransport, proxy_to

TIMEOUT: Final = 0.3
AT_MOST: Final = 5.0
"""Seconds: a machine may be slow, and what is never bounded takes for ever."""

Serve = Callable[[socket.socket, threading.Event], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """The address of a server that answers one connection so."""
    over = threading.Event()
    with ExitStack() as resources:
        listener = resources.enter_context(socket.create_server(("127.0.0.1", 0)))

        def run() -> None:
            connection, _ = listener.accept()
            with closing(connection):
                serve(connection, over)

        thread = threading.Thread(target=run)
        thread.start()
        resources.callback(thread.join)
        resources.callback(over.set)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def drip(start: bytes) -> Serve:
    """Sends `start`, then one byte after the other until nobody listens."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(1 << 16)
        connection.sendall(start)
        while not over.wait(0.02):
            try:
                connection.sendall(b"x")
            except OSError:
                return

    return serve


def sip(connection: socket.socket, over: threading.Event) -> None:
    """Takes a little of the request now and then, and never answers."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
    while not over.wait(0.02):
        if not connection.recv(1 << 12):
            return


@pytest.mark.parametrize(
    ("serve", "size", "late"),
    [
        pytest.param(drip(b"HTTP/1.1 "), 1, httpx.ReadTimeout, id="in the first line"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nx-a: "), 1, httpx.ReadTimeout, id="in the headers"),
        pytest.param(
            drip(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n"),
            1,
            httpx.ReadTimeout,
            id="in the body",
        ),
        pytest.param(sip, 1 << 24, httpx.WriteTimeout, id="in the request"),
    ],
)
def test_a_server_that_drips_is_left(
    serve: Serve, size: int, late: type[httpx.TimeoutException]
) -> None:
    with (
        serving(serve) as url,
        httpx.Client(transport=BoundedTransport(), timeout=TIMEOUT) as client,
    ):
        started = time.monotonic()
        with pytest.raises(late):
            client.post(url, content=b"\0" * size)
        assert time.monotonic() - started < AT_MOST


def test_the_next_request_has_all_its_time() -> None:
    answer = b"HTTP/1.1 204 No Content\r\n\r\n"

    def serve(connection: socket.socket, over: threading.Event) -> None:
        for _ in range(2):
            connection.recv(1 << 16)
            over.wait(TIMEOUT / 2 + 0.1)
            connection.sendall(answer)

    with (
        serving(serve) as url,
        httpx.Client(transport=BoundedTransport(), timeout=2 * TIMEOUT) as client,
    ):
        assert client.get(url).status_code == 204
        assert client.get(url).status_code == 204


def test_without_a_time_out_there_is_no_bound() -> None:
    def serve(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(1 << 16)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with (
        serving(serve) as url,
        httpx.Client(transport=BoundedTransport(), timeout=None) as client,
    ):
        assert client.get(url).status_code == 204


class TestAProxy:
    def test_is_gone_through_where_there_is_one(self) -> None:
        asked: list[bytes] = []

        def serve(connection: socket.socket, over: threading.Event) -> None:
            asked.append(connection.recv(1 << 16))
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

        with (
            serving(serve) as proxy,
            httpx.Client(transport=BoundedTransport(proxy=proxy), timeout=AT_MOST) as client,
        ):
            assert client.get("http://pds.example/xrpc/x").status_code == 204
        assert asked[0].startswith(b"GET http://pds.example/xrpc/x HTTP/1.1\r\n")

    def test_is_the_one_that_the_machine_is_set_up_with(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
        monkeypatch.setenv("no_proxy", "localhost,.own.example")
        assert proxy_to("https://bsky.social") == "http://proxy.example:3128"
        assert proxy_to("https://pds.own.example") is None
        assert proxy_to("http://localhost:2583") is None
