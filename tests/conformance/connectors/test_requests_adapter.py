"""A call through requests ends when its time is up, however the other end spreads out its bytes."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from servers.simulators import XSimulator

from crosspromo.http.requests_adapter import DeadlineAdapter
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

BODY = {"said": "word " * 100}
DRIPPING = 0.005  # seconds a byte, so that the whole answer takes some three seconds
SHORT = 0.3


class Talkative(XSimulator):
    """Answers everything with the same long document."""

    def answer(self, request: Request) -> Answer:
        return json_answer(200, BODY)


@pytest.fixture
def server() -> Iterator[XSimulator]:
    with Talkative() as simulator:
        yield simulator


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", DeadlineAdapter())
        yield session


def test_an_answer_in_time_is_the_answer(server: XSimulator, session: requests.Session) -> None:
    for _ in range(2):  # the second over the same connection
        assert session.post(server.url, data=b"a" * 1_000_000, timeout=20).json() == BODY
    assert [len(arrival.body) for arrival in server.writes] == [1_000_000] * 2


def test_a_slow_answer_within_the_time_is_read_to_its_end(
    server: XSimulator, session: requests.Session
) -> None:
    server.fail_next("drip", "after", path="*", seconds=0.0001)
    assert session.get(server.url, timeout=20).json() == BODY


def test_one_whose_bytes_each_come_in_time_is_given_up_when_the_whole_time_is_over(
    server: XSimulator, session: requests.Session
) -> None:
    server.fail_next("drip", "after", path="*", seconds=DRIPPING)
    before = time.monotonic()
    with pytest.raises(requests.RequestException):
        session.get(server.url, timeout=SHORT)
    assert time.monotonic() - before < len(str(BODY)) * DRIPPING


def certificate_in(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(host, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = folder / "both.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return pem


@pytest.mark.parametrize("encrypted", [False, True])
def test_headers_that_never_end_are_given_up_as_well(tmp_path: Path, encrypted: bool) -> None:
    """Reading a body by a deadline is not enough: this one never gets that far."""
    hung_up = threading.Event()
    pem = certificate_in(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def endless_headers() -> None:
        accepted, _ = listening.accept()
        served = context.wrap_socket(accepted, server_side=True) if encrypted else accepted
        with served, suppress(OSError):  # the caller hangs up
            served.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            while not hung_up.wait(0.01):
                served.sendall(b"y")

    with socket.create_server(("127.0.0.1", 0)) as listening, requests.Session() as session:
        session.trust_env = False
        session.verify = str(pem)
        scheme = "https" if encrypted else "http"
        session.mount(f"{scheme}://", DeadlineAdapter())
        thread = threading.Thread(target=endless_headers)
        thread.start()
        try:
            with pytest.raises(requests.Timeout):
                session.get(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}", timeout=SHORT)
        finally:
            hung_up.set()
            thread.join()


def test_the_time_is_told_by_the_clock_it_was_given(server: XSimulator) -> None:
    hours = iter(range(0, 1_000_000, 3600))
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", DeadlineAdapter(lambda: float(next(hours))))
        with pytest.raises(requests.RequestException):
            session.get(server.url, timeout=20)
    assert server.journal.arrivals == ()


def test_without_a_time_out_there_is_no_deadline(
    server: XSimulator, session: requests.Session
) -> None:
    assert session.get(server.url).json() == BODY
