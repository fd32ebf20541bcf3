"""`crosspromo run`: the daemon, as systemd runs it."""

import json
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

import pytest
from end_to_end.shell import Shell


def test_it_publishes_what_is_queued_meanwhile_and_ends_in_order(shell: Shell) -> None:
    with shell.daemon() as daemon:
        daemon.says("started as")
        assert shell.ok("status").out.startswith("daemon: alive")

        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main,bluesky-main")

        daemon.says("published")
        daemon.says("published")
        assert daemon.terminate() == 0
        daemon.says("stopped")

    assert [d["state"] for d in shell.deliveries()] == ["published", "published"]
    assert shell.page("x-main").count("<article") == 1
    assert shell.ok("status").out.startswith("daemon: not running")


def test_a_self_post_goes_by_itself_when_others_were_shared(shell: Shell) -> None:
    with shell.daemon() as daemon:
        daemon.says("started as")
        shell.ok("queue", "own", "--to", "bluesky-main", "--text", "Our report is out.")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main")

        assert "delivery 2 " in daemon.says("published")
        assert "delivery 1 " in daemon.says("published")


def test_json_is_for_a_run_that_ends(shell: Shell) -> None:
    assert "--json goes with --once" in shell.refused("run", "--json", status=2)


# Signals


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGINT])
def test_a_closed_terminal_ends_it_in_order_like_sigterm(empty: Shell, how: signal.Signals) -> None:
    with empty.daemon() as daemon:
        daemon.says("started as")
        assert daemon.terminate(how) == 0
        daemon.says("stopped")
    assert empty.ok("status").out.startswith("daemon: not running")


def test_signals_without_a_meaning_do_nothing(shell: Shell) -> None:
    with shell.daemon() as daemon:
        daemon.says("started as")
        daemon.send(signal.SIGUSR1)
        daemon.send(signal.SIGUSR2)
        shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main")
        daemon.says("published")
        assert daemon.terminate() == 0


# The log


def test_a_log_in_json_is_one_document_a_line(shell: Shell) -> None:
    with shell.daemon("--log-format", "json") as daemon:
        daemon.says("started as")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main")
        line = json.loads(daemon.says("published"))
        assert daemon.terminate() == 0
    assert (line["level"], line["delivery"], line["state"]) == ("info", 1, "published")
    assert line["account"] == "bluesky-main"


def test_a_pause_that_the_daemon_meets_is_in_the_log(shell: Shell) -> None:
    shell.ok("pause", "x-main", "--reason", "storm")
    with shell.daemon() as daemon:
        assert "x-main was paused by tester" in daemon.says("storm")
        daemon.says("started as")
        assert daemon.terminate() == 0


# systemd


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket at which systemd hears of a service."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(60)
        yield listener


def test_systemd_hears_that_it_is_ready_alive_and_ending(
    empty: Shell, systemd: socket.socket
) -> None:
    wants = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "200000"}
    with empty.daemon(env=wants) as daemon:
        heard = [systemd.recv(100) for _ in range(5)]
        assert daemon.terminate() == 0
        systemd.settimeout(0)
        heard += _whatever_is_left(systemd)
    assert heard.count(b"READY=1") == 1
    assert heard.count(b"WATCHDOG=1") >= 4
    assert b"STOPPING=1" in heard[-3:]


def test_systemd_hears_nothing_of_a_daemon_that_hangs(shell: Shell, systemd: socket.socket) -> None:
    """Somebody keeps the database locked, so that its work cannot go on."""
    wants = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "200000"}
    with shell.daemon(env=wants) as daemon:
        daemon.says("started as")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main", "--at", "+4s")
        with closing(sqlite3.connect(shell.folder / "crosspromo.db", timeout=60)) as database:
            database.isolation_level = None
            database.execute("BEGIN IMMEDIATE")
            _wait_for_silence(systemd, 1.5)
            database.execute("ROLLBACK")
        systemd.settimeout(60)
        assert systemd.recv(100) == b"WATCHDOG=1"
        daemon.says("published")
        assert daemon.terminate() == 0


def _wait_for_silence(listener: socket.socket, seconds: float) -> None:
    """Wait until nothing was heard for so long, at most a minute."""
    deadline = monotonic() + 60
    listener.settimeout(seconds)
    while monotonic() < deadline:
        try:
            listener.recv(100)
        except TimeoutError:
            return
    raise AssertionError("it was never silent")


def _whatever_is_left(listener: socket.socket) -> list[bytes]:
    heard = []
    with suppress(BlockingIOError):
        while True:
            heard.append(listener.recv(100))
    return heard


# Health


def test_monitoring_asks_a_running_daemon_how_it_is(empty: Shell) -> None:
    with empty.daemon("--health", "127.0.0.1:0") as daemon:
        address = daemon.says("health at").rsplit(" ", 1)[1].strip()
        daemon.says("started as")
        with urlopen(f"http://{address}/healthz", timeout=30) as answer:
            assert (answer.status, answer.read()) == (200, b"ok\n")
        with urlopen(f"http://{address}/metrics", timeout=30) as answer:
            page = answer.read().decode()
        assert daemon.terminate() == 0
    assert 'crosspromo_deliveries{state="queued"} 0' in page


@pytest.mark.parametrize("address", ["9090", "127.0.0.1", "127.0.0.1:http", "a@b:1", ":1"])
def test_an_address_that_cannot_be_listened_on_is_refused(empty: Shell, address: str) -> None:
    said = empty.refused("run", "--health", address, status=2)
    assert f'"{address}" is no address to listen on; write 127.0.0.1:9090' in said


def test_an_address_that_is_taken_is_said(empty: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = empty.refused("run", "--health", address)
    assert f"{address} cannot be listened on: Address already in use" in said


def test_health_is_for_a_daemon(empty: Shell) -> None:
    assert "--health is for the daemon" in empty.refused(
        "run", "--once", "--health", "127.0.0.1:9090", status=2
    )
