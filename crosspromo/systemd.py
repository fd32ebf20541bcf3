"""What a service says to systemd: that it is ready, alive, or ending (sd_notify(3)).

It is one datagram to a socket that $NOTIFY_SOCKET names; without one, nothing is said.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"


def notify(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """Say the state to systemd. A socket that takes nothing is no reason to stop posting."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):  # a name in the abstract namespace
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(1)
        sender.sendto(state.encode(), address)


def watchdog_interval(environment: Mapping[str, str] = os.environ) -> timedelta | None:
    """Time within which systemd wants a sign of life; None: it wants none of this process."""
    pid = environment.get("WATCHDOG_PID")
    if pid is not None and pid != str(os.getpid()):
        return None
    wanted = environment.get("WATCHDOG_USEC", "")
    return timedelta(microseconds=int(wanted)) if wanted.isdecimal() and int(wanted) else None
