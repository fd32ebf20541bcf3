"""What systemd is told, and how often it wants to hear."""

import os
import socket
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from crosspromo.systemd import ALIVE, READY, notify, watchdog_interval


def test_a_state_is_one_datagram(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        notify(READY, {"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert listener.recv(100) == b"READY=1"


def test_its_socket_may_be_a_name_without_a_file() -> None:
    name = f"crosspromo-test-{uuid4().hex}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        notify(ALIVE, {"NOTIFY_SOCKET": f"@{name}"})
        assert listener.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", ["/nowhere/notify", "", "vsock:2:1", "relative"])
def test_a_socket_that_takes_nothing_does_no_harm(address: str) -> None:
    notify(READY, {"NOTIFY_SOCKET": address})
    notify(READY, {})


@pytest.mark.parametrize(
    ("environment", "interval"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "600000000"}, timedelta(minutes=10)),
        ({"WATCHDOG_USEC": "600000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(minutes=10)),
        ({"WATCHDOG_USEC": "600000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_interval_is_the_one_meant_for_this_process(
    environment: dict[str, str], interval: timedelta | None
) -> None:
    assert watchdog_interval(environment) == interval
