"""HTTP/1.1 server on loopback whose connections can be held open and released at once."""

from __future__ import annotations

import contextlib
import io
import selectors
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from crosspromo.testing.simulator.messages import Answer, Request

_LOOPBACK = "127.0.0.1"
_STOP_POLL_SECONDS = 0.02


class Caller(Protocol):
    """Client's end of a connection, as far as a fault needs it."""

    def hold(self) -> None:
        """Wait until the client has given up or the server stops."""

    def stopped_within(self, seconds: float) -> bool:
        """Wait for `seconds`, whatever the client does; True at once when the server stops."""


Serve = Callable[[Request, Caller], Answer | None]
Now = Callable[[], datetime]
"""The network's time (aware), which its answers tell in their header Date."""


class Listener:
    """Server socket with its threads: bound at creation, served from `start` on."""

    def __init__(self, port: int, serve: Serve, now: Now) -> None:
        self._server = _Server((_LOOPBACK, port), serve, now)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def start(self) -> None:
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": _STOP_POLL_SECONDS},
            name=f"simulator-{self.port}",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    server_address: tuple[str, int]

    def __init__(self, address: tuple[str, int], serve: Serve, now: Now) -> None:
        self.serve = serve
        self.now = now
        self.stopping = threading.Event()
        self._wake, self.woken = socket.socketpair()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._open_lock = threading.Lock()
        try:
            super().__init__(address, _Handler)
        except OSError:
            self._close_wake()
            raise

    def server_bind(self) -> None:
        # HTTPServer looks its own name up in the DNS here; nothing needs that name.
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._open_lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def server_close(self) -> None:
        self.stopping.set()
        self._wake.close()  # whoever holds a connection reads the end of file and lets go
        with self._open_lock:
            still_open = dict(self._open)
        for connection, thread in still_open.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()
        self._close_wake()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that has hung up is what these servers are for; anything else is our bug.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def _close_wake(self) -> None:
        self._wake.close()
        self.woken.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # header and body leave in one piece
    server: _Server

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def hold(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.connection, selectors.EVENT_READ)
            waiting.register(self.server.woken, selectors.EVENT_READ)
            waiting.select()

    def stopped_within(self, seconds: float) -> bool:
        return self.server.stopping.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (http.server's name)
        """Log nothing: the journal is the log."""

    def version_string(self) -> str:
        return "crosspromo-simulator"

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.server.now().astimezone(UTC), usegmt=True)

    def _serve(self) -> None:
        target = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=target.path,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            parameters=tuple(parse_qsl(target.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("content-length") or 0)),
        )
        answer = self.server.serve(request, self)
        if answer is None or self.server.stopping.is_set():
            self.close_connection = True
            return
        if answer.seconds_a_byte:
            self.wfile = _Dripping(self.connection, self.server.stopping, answer.seconds_a_byte)
            self.close_connection = True
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        if self.close_connection:  # asked for by the client, who pools it unless we say so too
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)


class _Dripping(io.BufferedIOBase):
    """Stream that writes one byte at a time. Raises as the socket does after the client hung up."""

    def __init__(self, client: socket.socket, stopping: threading.Event, seconds: float) -> None:
        self._client = client
        self._stopping = stopping
        self._seconds = seconds

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        for at in range(len(data)):
            if self._stopping.wait(self._seconds):
                break
            self._client.sendall(data[at : at + 1])
        return len(data)
