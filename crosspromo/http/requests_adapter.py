"""Calls through requests that end in time, however slowly the other end sends.

The time-out of requests bounds each wait for bytes, so a server that lets one byte through now and
then keeps a caller for ever. Through `DeadlineAdapter` the same number bounds the whole call:
connecting, sending, and the answer to its last byte. What a name server takes comes on top, and so
does each further address of a host that takes no connection.
"""

import http.client
import io
import time
from collections.abc import Mapping
from socket import socket
from typing import Any, Final

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from crosspromo.http.deadlines import CallDeadline, Monotonic

PIECE: Final = 1 << 14
"""Bytes sent at a time: over TLS each piece of them may take as long as the socket allows."""

_CURRENT: Final = CallDeadline()
"""Of the call that this thread is making: urllib3 has no argument that reaches its sockets."""


def _hasten(connected: socket) -> None:
    """Let the next wait on this socket take what is left of the call; TimeoutError if nothing."""
    left = _CURRENT.left()
    if left is not None:
        connected.settimeout(left)


class DeadlineAdapter(HTTPAdapter):
    """For `session.mount`: the time-out of a request bounds all of it. Nothing is streamed."""

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
        with _CURRENT.within(whole, self._monotonic):
            response = super().send(request, stream, timeout, verify, cert, proxies)
            _ = response.content  # read here, within the deadline; the response keeps it
        return response


class _Arriving(io.RawIOBase):
    """The bytes of an answer, each read of them in what is left of the time."""

    def __init__(self, connected: socket) -> None:
        self._socket = connected
        self._bytes = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        _hasten(self._socket)
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer whose status, headers and body all come within the deadline."""

    def __init__(self, sock: socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        whenever, self.fp = self.fp, io.BufferedReader(_Arriving(sock))
        whenever.close()


class _Bounded(HTTPConnection):
    """A connection that is made, written to and read from until the deadline and no longer."""

    response_class = _Answer

    def _new_conn(self) -> socket:
        left = _CURRENT.left()
        if left is not None:
            self.timeout = left
        return super()._new_conn()

    def send(self, data: Any) -> None:
        """The bytes piece by piece; urllib3 hands over nothing else."""
        if self.sock is None:
            super().send(b"")  # connects
        for start in range(0, len(data), PIECE):
            _hasten(self.sock)
            super().send(data[start : start + PIECE])


class _BoundedTLS(_Bounded, HTTPSConnection):
    """The same, encrypted."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Bounded


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTLS


_POOLS: Final[Mapping[str, type[HTTPConnectionPool]]] = {"http": _Pool, "https": _TLSPool}
