"""httpx transport with a deadline for the whole call, a limit for each body, and a check of the
server's address.

httpx's time-out bounds each wait for bytes, so a server that sends one byte now and then keeps a
caller for ever. Through `BoundedTransport` a request's time-out bounds the whole request:
connecting, sending, and the answer to its last byte. The time of a name server comes on top.

Bodies are unpacked here and not by httpx: see `crosspromo.http.bodies`.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from crosspromo.http.bodies import ACCEPTED, MOST_BYTES, BodyError, unpacked
from crosspromo.http.deadlines import CallDeadline

PIECE: Final = 1 << 14
"""Bytes written at a time: httpcore's own write starts a new time-out for each accepted piece."""

SECONDS_IDLE: Final = 5.0
"""Lifetime of an idle connection, httpx's default: servers close idle connections."""


class BoundedStream(httpcore.NetworkStream):
    """Network connection whose reads and writes end at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: CallDeadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), PIECE):
            left = _left(self._deadline, timeout, httpcore.WriteTimeout)
            self._stream.write(buffer[start : start + PIECE], left)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        encrypted = self._stream.start_tls(ssl_context, server_hostname, left)
        return BoundedStream(encrypted, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Factory of bounded connections.

    `addresses` maps host and port to the address to connect to, and raises httpcore.ConnectError
    for a forbidden host; None: the system resolves names.
    """

    def __init__(
        self, deadline: CallDeadline, addresses: Callable[[str, int], str] | None = None
    ) -> None:
        self._deadline = deadline
        self._addresses = addresses
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = host if self._addresses is None else self._addresses(host, port)
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
        return BoundedStream(stream, self._deadline)


class UnreadableBodyError(httpx.DecodingError):
    """Body that is too large or cannot be unpacked. The message holds no words of the server."""


class _UnpackedBody(httpx.SyncByteStream):
    """Body of an answer, unpacked while it is read; UnreadableBodyError beyond MOST_BYTES."""

    def __init__(self, body: httpx.SyncByteStream, encoding: str) -> None:
        self._body = body
        self._encoding = encoding

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from unpacked(self._body, self._encoding, MOST_BYTES)
        except BodyError as error:
            raise UnreadableBodyError(str(error)) from None

    def close(self) -> None:
        self._body.close()


class BoundedTransport(httpx.HTTPTransport):
    """Transport for `httpx.Client(transport=…)`: a request's read time-out bounds the whole
    request, and MOST_BYTES the body of its answer.

    `proxy` is the address of a proxy. `addresses`: see `BoundedBackend`.
    """

    def __init__(
        self, *, proxy: str | None = None, addresses: Callable[[str, int], str] | None = None
    ) -> None:
        context = httpx.create_ssl_context()
        super().__init__(verify=context)
        self._deadline = CallDeadline()
        backend = BoundedBackend(self._deadline, addresses)
        # httpx has no argument for the backend; tests with slow servers check the replaced pool.
        self._pool = _pool(context, backend, None if proxy is None else httpx.Proxy(proxy))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Handle a request as the base class does, within its deadline.

        The body is read in the same thread, within the same deadline.
        """
        self._deadline.begin(request.extensions["timeout"]["read"])
        if request.headers.get("accept-encoding") != "identity":
            request.headers["accept-encoding"] = ACCEPTED
        return _with_unpacked_body(super().handle_request(request))


def _with_unpacked_body(packed: httpx.Response) -> httpx.Response:
    """Answer whose body is unpacked while it is read, with the headers of an unpacked body."""
    body = packed.stream
    if not isinstance(body, httpx.SyncByteStream):  # the base class makes no other
        raise TypeError(f"{type(body).__name__} cannot be read here")
    headers = packed.headers.copy()
    encoding = headers.pop("content-encoding", "")
    if encoding:
        headers.pop("content-length", None)
    return httpx.Response(
        packed.status_code,
        headers=headers,
        stream=_UnpackedBody(body, encoding),
        extensions=packed.extensions,
    )


def proxy_to(server: str) -> str | None:
    """This machine's proxy for a server (HTTPS_PROXY, NO_PROXY); None without a proxy."""
    parts = urlsplit(server)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)


def _left(
    deadline: CallDeadline, timeout: float | None, late: type[httpcore.TimeoutException]
) -> float | None:
    """Seconds left for the next step; raises `late` where no time is left."""
    try:
        return deadline.left(timeout)
    except TimeoutError:
        raise late from None


def _pool(
    context: ssl.SSLContext, backend: BoundedBackend, proxy: httpx.Proxy | None
) -> httpcore.ConnectionPool:
    if proxy is None:
        return httpcore.ConnectionPool(
            context, keepalive_expiry=SECONDS_IDLE, network_backend=backend
        )
    return httpcore.HTTPProxy(
        str(proxy.url),
        proxy.raw_auth,
        ssl_context=context,
        keepalive_expiry=SECONDS_IDLE,
        network_backend=backend,
    )
