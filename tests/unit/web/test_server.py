"""The socket of the console."""

import socket

import pytest

from crosspromo.domain.errors import ConfigError
from crosspromo.web.server import listening


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_is_accepted_sends_without_waiting_for_acknowledgements(host: str) -> None:
    """Else the end of a page is 40 ms late (Nagle's algorithm, and delayed acknowledgements)."""
    try:
        server = listening(host, 0)
    except ConfigError:
        pytest.skip(f"this machine has no {host}")
    with server, socket.create_connection(server.getsockname()[:2]):
        accepted, _ = server.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
