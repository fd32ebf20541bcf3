"""Server of the console, in a thread of its own."""

import logging
import socket
import threading
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.types import ASGIApp

from crosspromo.domain.errors import ConfigError
from crosspromo.web.app import Console
from crosspromo.web.door import Door
from crosspromo.web.following import FollowedWorkspace
from crosspromo.workspace import Workspace

log = logging.getLogger(__name__)

GRACE: Final = 5
"""Seconds that requests have at the end."""

MOST_CONNECTIONS: Final = 256


class ConsoleServer:
    """Console of a workspace on a host and a port. Use it as a context manager."""

    def __init__(
        self, workspace: Workspace, host: str, port: int, door: Door | None = None
    ) -> None:
        self._workspace = workspace
        self._door = door
        self._host = host
        self._port = port

    def __enter__(self) -> Self:
        """Begin to listen; ConfigError where the address cannot be used."""
        self._socket = listening(self._host, self._port)
        self._followed = FollowedWorkspace(self._workspace)
        app: ASGIApp = Console(self._followed).app
        config = uvicorn.Config(
            app if self._door is None else self._door.before(app),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # `guard` reads them, from named addresses only
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=GRACE,
        )
        # A handler that somebody adds must not make it log: addresses of links hold secrets.
        logging.getLogger("uvicorn.access").disabled = True
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="console"
        )
        self._thread.start()
        log.info("console at %s", self.address)
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self._followed.close()

    @property
    def workspace(self) -> Workspace:
        """Workspace by the settings of now."""
        return self._followed.current()

    @property
    def address(self) -> str:
        """Address that it listens on, with the port that was given for port 0."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._socket.getsockname()[1]}"


def listening(host: str, port: int) -> socket.socket:
    """Socket that listens. What it accepts sends without Nagle's algorithm (RFC 896), by which the
    end of a page waits until the browser has acknowledged its beginning, some 40 ms.

    asyncio turns it off only for sockets that were made for TCP by name, as these are not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family)
    except (OSError, OverflowError, UnicodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "there is no such address"
        raise ConfigError(f"{host}, port {port} cannot be listened on: {words}") from None
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made
