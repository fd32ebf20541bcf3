"""Transport adapter for requests with a deadline for the whole call and a limit for each body.

The time-out of requests bounds each wait for bytes, so a server that lets one byte through now and
then keeps a caller for ever. Through `DeadlineAdapter` the same number bounds the whole call:
connecting, sending, and the answer to its last byte. The time of a name server comes on top, and so
does each further address of a host that takes no connection.

Bodies are unpacked here and not by urllib3: see `crosspromo.http.bodies`.
"""

import http.client
import io
import time
from collections.abc import Iterator, Mapping
from socket import socket
from typing import Any, Final

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ConnectionError, SSLError  # noqa: A004 (its name)
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection

from crosspromo.http.bodies import ACCEPTED, MOST_BYTES, BodyError, unpacked
from crosspromo.http.deadlines import CallDeadline, Monotonic

PIECE: Final = 1 << 14
"""Bytes sent at a time: over TLS each piece may take the whole time-out of the socket."""

_CURRENT: Final = CallDeadline()
"""Deadline of the current call: urllib3 has no argument that reaches its sockets."""


def _limit_wait(connected: socket) -> None:
    """Limit a socket's next wait to the time left for the call; TimeoutError without time."""
    left = _CURRENT.left()
    if left is not None:
        connected.settimeout(left)


class UnreadableBodyError(RequestException):
    """Body that is too large or cannot be unpacked. The message holds no words of the server."""


class DeadlineAdapter(HTTPAdapter):
    """Adapter for `session.mount`: a request's time-out bounds the whole request, and MOST_BYTES
    the body of its answer.

    Nothing is streamed.
    """

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self._monotonic = monotonic
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(  # noqa: PLR0917 (the signature of requests)
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: str | bytes | tuple[str | bytes, str | bytes] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        whole = timeout[1] if isinstance(timeout, tuple) else timeout
        request.headers["Accept-Encoding"] = ACCEPTED
        with _CURRENT.within(whole, self._monotonic):
            response = super().send(request, stream, timeout, verify, cert, proxies)
            _read_body(response)  # here, within the deadline; the response keeps it
        return response


def _read_body(response: Response) -> None:
    """Read the body as it was sent, and give the response its unpacked form.

    UnreadableBodyError where it is too large or cannot be unpacked; the connection is then closed.
    """
    encoding = response.headers.pop("Content-Encoding", "")
    pieces = _packed_pieces(response)
    try:
        body = b"".join(unpacked(pieces, encoding, MOST_BYTES))
    except BodyError as error:
        response.close()
        raise UnreadableBodyError(str(error), response=response) from None
    if encoding:
        response.headers.pop("Content-Length", None)
    response._content = body  # noqa: SLF001 (requests has no other way to hand over a body)
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001  # as above


def _packed_pieces(response: Response) -> Iterator[bytes]:
    """Yield the body as it was sent, with the errors that requests itself raises for it."""
    try:
        yield from response.raw.stream(PIECE, decode_content=False)
    except exceptions.ProtocolError as error:
        raise ChunkedEncodingError(error) from error
    except exceptions.ReadTimeoutError as error:
        raise ConnectionError(error) from error
    except exceptions.SSLError as error:
        raise SSLError(error) from error


class _BoundedReader(io.RawIOBase):
    """Byte stream of an answer; each read is bounded by the time left."""

    def __init__(self, connected: socket) -> None:
        self._socket = connected
        self._bytes = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        _limit_wait(self._socket)
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    """Answer whose status, headers and body all arrive within the deadline."""

    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        unbounded, self.fp = self.fp, io.BufferedReader(_BoundedReader(sock))
        unbounded.close()


class _BoundedConnection(HTTPConnection):
    """Network connection whose connecting, writes and reads end at the deadline."""

    response_class = _BoundedResponse

    def _new_conn(self) -> socket:
        left = _CURRENT.left()
        if left is not None:
            self.timeout = left
        return super()._new_conn()

    def send(self, data: Any) -> None:
        """Send the bytes piece by piece; urllib3 hands over nothing but bytes."""
        if self.sock is None:
            super().send(b"")  # connects
        for start in range(0, len(data), PIECE):
            _limit_wait(self.sock)
            super().send(data[start : start + PIECE])


class _BoundedTLSConnection(_BoundedConnection, HTTPSConnection):
    """Encrypted bounded connection."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _BoundedConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTLSConnection


_POOLS: Final[Mapping[str, type[HTTPConnectionPool]]] = {"http": _Pool, "https": _TLSPool}
