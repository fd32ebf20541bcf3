"""Faults are armed from outside as well, strike as often as they say, and let go at once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types
from servers.simulators import Fault, FaultKind, Moment, XSimulator

from crosspromo.testing.simulator.faults import FaultBoard, FaultError, read_fault


def http(method: str, url: str, document: object = None) -> Any:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, json=document, timeout=2)


def outcomes(client: Any, count: int) -> list[str]:
    seen = []
    for number in range(count):
        try:
            client.create_tweet(text=f"post {number}")
            seen.append("ok")
        except tweepy.HTTPException as error:
            seen.append(str(error.response.status_code))
    return seen


def test_a_fault_skips_and_counts(x: XSimulator, client: Any) -> None:
    x.fail_next("500", skip=1, times=2)
    assert outcomes(client, 5) == ["ok", "500", "500", "ok", "ok"]


def test_faults_strike_in_the_order_they_were_armed(x: XSimulator, client: Any) -> None:
    x.fail_next("503")
    x.fail_next("500")
    assert outcomes(client, 3) == ["503", "500", "ok"]


def test_always_lasts_until_it_is_cleared(x: XSimulator, client: Any) -> None:
    x.fail_next(FaultKind.OUT_OF_CREDITS, times=None)
    assert outcomes(client, 2) == ["402", "402"]
    x.faults.clear()
    assert outcomes(client, 1) == ["ok"]


def test_reads_are_spared_unless_their_path_is_named(x: XSimulator, client: Any) -> None:
    x.fail_next("500", times=None)
    client.get_me()
    x.fail_next("503", path="/2/users/*")
    with pytest.raises(tweepy.TwitterServerError, match="503"):
        client.get_me()


def test_a_refused_write_does_not_use_up_a_fault_after_acceptance(
    x: XSimulator, client: Any
) -> None:
    client.create_tweet(text="post 0")
    x.fail_next("500", "after")
    assert outcomes(client, 2) == ["403", "500"]
    assert [write.accepted for write in x.writes] == [True, False, True]


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"kind": "flood"},
        {"kind": "429", "when": "after"},
        {"kind": "unreadable"},
        {"kind": "500", "times": 0},
        {"kind": "500", "colour": "red"},
        {"kind": "500", "times": "many"},
    ],
)
def test_what_cannot_happen_is_refused(document: object) -> None:
    with pytest.raises(FaultError):
        read_fault(document)


def test_another_process_arms_sees_and_clears(x: XSimulator, client: Any) -> None:
    armed = http("POST", f"{x.url}/_faults", [{"kind": "500", "when": "after", "times": None}])
    assert armed.json() == http("GET", f"{x.url}/_faults").json()
    assert outcomes(client, 1) == ["500"]
    (post,) = http("GET", f"{x.url}/_posts").json()["posts"]
    assert post["text"] == "post 0"
    (write,) = http("GET", f"{x.url}/_writes").json()["writes"]
    assert (write["path"], write["faults"], write["accepted"]) == ("/2/tweets", ["500"], True)
    assert http("DELETE", f"{x.url}/_faults").json() == {"faults": []}
    refused = http("POST", f"{x.url}/_faults", [{"kind": "429", "when": "after"}])
    assert refused.status_code == 400
    theirs = http("POST", f"{x.url}/_posts", {"author": "riverkeeper", "text": "Hi"}).json()["id"]
    client.retweet(theirs)


def test_the_journal_keeps_headers_and_no_credentials(x: XSimulator, client: Any) -> None:
    client.create_tweet(text="one")
    (write,) = x.writes
    assert write.headers["authorization"] == "OAuth …"
    assert "tweepy" in write.headers["user-agent"].lower()
    assert json.loads(write.body) == {"text": "one"}
    secrets = (x.credentials.access_token, x.credentials.consumer_key)
    assert not any(secret in repr(write) for secret in secrets)


def test_stopping_lets_a_held_connection_go(x: XSimulator) -> None:
    arrived = threading.Event()
    x.fail_next("hang", path="/held")
    x.fail_next("delay", path="/late", seconds=600)
    waiting = [hung(x, path) for path in ("/held", "/late")]
    while len(x.reads) < len(waiting):
        arrived.wait(0.001)
    before = time.monotonic()
    x.stop()
    assert [client.recv(1) for client in waiting] == [b"", b""]
    assert time.monotonic() - before < 2
    for client in waiting:
        client.close()


def hung(x: XSimulator, path: str) -> socket.socket:
    """A connection whose request nobody answers."""
    client = socket.create_connection(("127.0.0.1", int(x.url.rsplit(":", 1)[1])), timeout=5)
    client.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    return client


def test_many_writers_at_once_are_each_counted_once(x: XSimulator) -> None:
    x.fail_next("500", times=4)
    board = FaultBoard()
    strikes: list[Fault] = []
    for fault in x.faults.pending:
        board.arm(fault)

    def strike() -> None:
        struck = [board.strike(Moment.BEFORE, "/2/tweets", write=True) for _ in range(10)]
        strikes.extend(fault for fault in struck if fault)

    threads = [threading.Thread(target=strike) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(strikes) == 4


@pytest.mark.parametrize("network", ["x", "reddit"])
def test_the_command_says_when_it_is_ready_and_stops_on_sigterm(network: str) -> None:
    command = [sys.executable, "-m", "servers.simulators", network]
    where = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=where, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert (ready["ready"], ready["network"]) == (True, network)
        assert http("GET", f"{ready['url']}/_posts").json() == {"posts": []}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
