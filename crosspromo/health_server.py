"""HTTP server for monitoring: `/healthz` and `/metrics`, and nothing else.

It answers GET and HEAD, to a few clients at a time, each within a few seconds.
"""

import logging
import os
import socket
import socketserver
import stat
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from crosspromo import metrics
from crosspromo.domain.errors import ConfigError, UsageError
from crosspromo.services.health import Health

log = logging.getLogger(__name__)

PATIENCE: Final = 10.0
"""Seconds for one connection, however slowly its client reads or writes."""

MOST_CLIENTS: Final = 8
"""Connections that are answered side by side; one more is closed at once."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Address to listen on: a host and a port, or the path of a Unix socket."""

    host: str
    port: int = 0
    path: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `127.0.0.1:9090`, `[::1]:9090` or a path with a slash; UsageError for others."""
        if "/" in text and "\0" not in text:
            return cls("", 0, text.removeprefix("unix:"))
        try:
            parts = urlsplit(f"//{text}")
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or port is None or "@" in text:
            raise UsageError(
                f'"{text}" is no address to listen on; write 127.0.0.1:9090, [::1]:9090, or the '
                "path of a socket such as /run/crosspromo/health"
            )
        return cls(host, port)

    def __str__(self) -> str:
        if self.path is not None:
            return self.path
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class HealthServer:
    """Server of one daemon's health, in threads of its own. Use it as a context manager."""

    def __init__(self, address: ListenAddress, health: Health, patience: float = PATIENCE) -> None:
        self._address = address
        self._health = health
        self._patience = patience

    def __enter__(self) -> Self:
        """Begin to listen; ConfigError where the address cannot be used."""
        try:
            _remove_stale(self._address.path)
            self._server = _server(self._address, self._health, self._patience)
        except (OSError, OverflowError) as error:  # OverflowError: a port above 65535
            words = error.strerror if isinstance(error, OSError) else "there is no such port"
            raise ConfigError(f"{self._address} cannot be listened on: {words}") from None
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,))
        self._thread.start()
        log.info("health at %s", self.listens_on)
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if self._address.path is not None:
            Path(self._address.path).unlink(missing_ok=True)

    @property
    def listens_on(self) -> ListenAddress:
        """Address with the port that was given for port 0."""
        if self._address.path is not None:
            return self._address
        return ListenAddress(self._address.host, self._server.server_address[1])


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Server with few threads, each of which ends in time."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    health: Health
    patience: float

    def __init__(self, *arguments: Any) -> None:
        self._free = threading.BoundedSemaphore(MOST_CLIENTS)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        limit = threading.Timer(self.patience, _cut_off, (request,))
        limit.daemon = True
        limit.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            limit.cancel()
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 (the base class's signature)
        log.debug("a client of the health page went away: %s", sys.exception())


class _Server6(_Server):
    address_family = socket.AF_INET6


class _UnixServer(_Server):
    address_family = socket.AF_UNIX


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE

    def do_GET(self) -> None:
        match urlsplit(self.path).path:
            case "/healthz":
                trouble = self.server.health.trouble()
                if trouble is None:
                    self._answer(HTTPStatus.OK, "ok\n")
                else:
                    self._answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{trouble}\n")
            case "/metrics":
                page = metrics.page(self.server.health)
                self._answer(HTTPStatus.OK, page, metrics.CONTENT_TYPE)
            case _:
                self._answer(HTTPStatus.NOT_FOUND, "there are /healthz and /metrics\n")

    do_HEAD = do_GET  # noqa: N815 (the name the base class looks for)

    def _answer(
        self, status: HTTPStatus, text: str, media_type: str = "text/plain; charset=utf-8"
    ) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "crosspromo"

    def address_string(self) -> str:
        return "a client"  # on a Unix socket it has no address

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as in the base class)
        log.debug(format, *args)


def _server(address: ListenAddress, health: Health, patience: float) -> _Server:
    kind: type[_Server] = _Server
    where: Any = (address.host, address.port)
    if address.path is not None:
        kind, where = _UnixServer, address.path
    elif ":" in address.host:
        kind = _Server6
    server = kind(where, _Handler)
    server.health, server.patience = health, patience
    return server


def _remove_stale(path: str | None) -> None:
    """Remove the socket of a daemon that was killed; a socket that answers stays."""
    if path is None or not Path(path).exists() or not stat.S_ISSOCK(os.stat(path).st_mode):  # noqa: PTH116 (one call for both)
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            Path(path).unlink(missing_ok=True)


def _cut_off(request: socket.socket) -> None:
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)
