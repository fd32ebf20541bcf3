"""The socket of the console."""

import socket

import pytest

from crosspromo.web.server import listening


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_is_accepted_sends_without_waiting_for_acknowledgements(host: str) -> None:
    """Else the end of each page is 40 ms late (Nagle's algorithm, and delayed acknowledgements)."""
    with listening(host, 0) as server, socket.create_connection(server.getsockname()):
        accepted, _ = server.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
