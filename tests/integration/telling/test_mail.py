"""The mail client, on a real SMTP server."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from servers.mail import PASSWORD, USER, Certificates
from servers.mail import MailServer as RealServer

from crosspromo.mail.client import Mailer, MailError
from crosspromo.mail.message import plain_message
from crosspromo.mail.server import MailAddress, MailServer

pytestmark = [
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]
"""The server's library warns of itself, in the thread of the server."""

NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
ANA = MailAddress("Ana Ruiz", "ana@rva.example.org")
BO = MailAddress("", "bo@rva.example.org")
NAMED = "mail.example.org"

MESSAGE = plain_message(
    sender=MailAddress("River Valley", "news@rva.example.org"),
    to=[ANA, BO],
    subject="Zwei Dinge brauchen Dich – ¡hoy!",
    text="Grüße\n",
    now=NOW,
)


def mailer(
    server: RealServer, scheme: str = "smtp", host: str = "127.0.0.1", **keys: object
) -> Mailer:
    return Mailer(MailServer(scheme, host, server.port), **keys)  # type: ignore[arg-type]  # (given below)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """`mail.example.org` is a server on another machine, as far as the client knows."""
    resolve = socket.getaddrinfo

    def resolved(host: str, *rest: object, **keys: object) -> object:
        return resolve("127.0.0.1" if host == NAMED else host, *rest, **keys)  # type: ignore[arg-type]  # (passed on)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, certificates: Certificates) -> None:
    """Our authority is among those that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))


def failure(act: Callable[[], object]) -> str:
    with pytest.raises(MailError) as error:
        act()
    return str(error.value)


def test_a_message_arrives_whole_in_whatever_script(certificates: Certificates) -> None:
    with RealServer() as server:
        assert mailer(server).send(MESSAGE) == {}
    [arrived] = server.messages
    assert arrived["Subject"] == "Zwei Dinge brauchen Dich – ¡hoy!"
    assert arrived["To"] == "Ana Ruiz <ana@rva.example.org>, bo@rva.example.org"
    assert arrived["From"] == "River Valley <news@rva.example.org>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Date"].datetime == NOW
    assert arrived["Message-ID"].endswith("@rva.example.org>")
    assert arrived.get_content().strip() == "Grüße"


@pytest.mark.usefixtures("far", "trusted")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_it_is_encrypted_before_a_password_is_said(certificates: Certificates, scheme: str) -> None:
    tls = certificates.context(NAMED)
    with RealServer(tls, implicit=scheme == "smtps", asks_for_login=True) as server:
        mailer(server, scheme, NAMED, username=USER, password=PASSWORD).send(MESSAGE)
    assert (server.encrypted, server.logins) == ([True], [USER])


@pytest.mark.usefixtures("far")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_ends_it(
    certificates: Certificates, scheme: str
) -> None:
    tls = certificates.context(NAMED)
    with RealServer(tls, implicit=scheme == "smtps", asks_for_login=True) as server:
        client = mailer(server, scheme, NAMED, username=USER, password=PASSWORD)
        assert "its certificate is not trusted" in failure(lambda: client.send(MESSAGE))
    assert (server.messages, server.logins) == ([], [])


@pytest.mark.usefixtures("far", "trusted")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_of_another_host_ends_it(certificates: Certificates, scheme: str) -> None:
    tls = certificates.context("other.example.org")
    with RealServer(tls, implicit=scheme == "smtps") as server:
        client = mailer(server, scheme, NAMED)
        assert "its certificate is not trusted" in failure(lambda: client.send(MESSAGE))


@pytest.mark.usefixtures("far")
def test_nothing_is_said_in_the_clear_to_another_machine() -> None:
    with RealServer() as server:
        client = mailer(server, host=NAMED)
        assert "does not offer encryption (STARTTLS)" in failure(lambda: client.send(MESSAGE))
    assert server.messages == []


def test_on_this_machine_a_certificate_of_its_own_will_do(certificates: Certificates) -> None:
    with RealServer(certificates.context("anything.example.org")) as server:
        mailer(server).send(MESSAGE)
    assert server.encrypted == [True]


def test_a_refused_password_is_said_and_never_shown(certificates: Certificates) -> None:
    with RealServer(certificates.context("localhost"), asks_for_login=True) as server:
        client = mailer(server, username=USER, password="wrong-horse-battery")
        said = failure(lambda: client.send(MESSAGE))
    assert "it refuses the user name or the password (535" in said
    assert "wrong-horse" not in said + repr(client)
    assert server.messages == []


def test_an_address_that_is_refused_does_not_keep_it_from_the_others() -> None:
    with RealServer(refuses={BO.spec: "550 no such user"}) as server:
        assert mailer(server).send(MESSAGE) == {BO.spec: "550 no such user"}
    assert len(server.messages) == 1


def test_a_message_that_reaches_nobody_is_a_failure() -> None:
    refuses = {ANA.spec: "550 no such user", BO.spec: "452 mailbox full"}
    with RealServer(refuses=refuses) as server:
        said = failure(lambda: mailer(server).send(MESSAGE))
    assert "ana@rva.example.org: 550 no such user" in said
    assert "bo@rva.example.org: 452 mailbox full" in said


def test_a_server_that_is_not_there_is_named_with_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = Mailer(MailServer("smtp", "127.0.0.1", port))
    assert failure(lambda: client.send(MESSAGE)) == (
        f"the mail server 127.0.0.1, port {port} did not take it: Connection refused"
    )


@contextmanager
def dripping(greeting: bytes) -> Iterator[int]:
    """A server that sends one byte after the other of an answer without an end; its port."""
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        connected, _ = listener.accept()
        with connected:
            try:
                connected.sendall(greeting)
                while not over.wait(0.02):
                    connected.sendall(b".")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("greeting", [b"220-", b""])
def test_a_server_that_drips_is_left_when_the_time_is_up(scheme: str, greeting: bytes) -> None:
    with dripping(greeting) as port:
        client = Mailer(MailServer(scheme, "127.0.0.1", port), patience=0.3)
        began = time.monotonic()
        said = failure(lambda: client.send(MESSAGE))
    assert time.monotonic() - began < 5
    assert "no end after 0.3 seconds" in said or scheme == "smtps"  # to TLS a dot is no greeting
