"""The real libraries' DEBUG logs, of a real server, show nothing that signs anybody in."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from servers.bluesky import Account, BlueskyServer
from servers.databases import new_store

from crosspromo.connectors.base import AccountSetup, Connector, Content, Found, NotSent, Sent
from crosspromo.connectors.bluesky import NETWORK
from crosspromo.secrets.redaction import RedactingFormatter, Redactor
from crosspromo.secrets.sessions import KEY_VARIABLE, EncryptedSessions, SessionCipher

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
HELLO = Content("Hello")
KEY = "b2Zjb3Vyc2VpdGlzbm90YXJlYWxrZXkhMTIzNDU2Nzg="


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[EncryptedSessions]:
    store = new_store(tmp_path)
    yield EncryptedSessions(
        store, SessionCipher(tmp_path, {KEY_VARIABLE: KEY}), Redactor(), "bluesky-main"
    )
    store.close()


@pytest.fixture
def logs() -> Iterator[tuple[StringIO, StringIO, Redactor]]:
    """Everything that is logged, bare and redacted, and what redacts it."""
    redactor, bare, redacted = Redactor(), StringIO(), StringIO()
    handlers = [logging.StreamHandler(bare), logging.StreamHandler(redacted)]
    handlers[1].setFormatter(RedactingFormatter(redactor, "%(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    for handler in handlers:
        root.addHandler(handler)
    yield bare, redacted, redactor
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def test_signing_in_posting_and_being_refused_are_logged_without_secrets(
    sessions: EncryptedSessions,
    logs: tuple[StringIO, StringIO, Redactor],
    bluesky_server: BlueskyServer,
    bluesky_account: Account,
    tmp_path: Path,
) -> None:
    bare, redacted, redactor = logs
    redactor.hide(bluesky_account.password)

    def connect(password: str) -> Connector:
        return NETWORK.connect(
            AccountSetup(
                name="bluesky-main",
                credentials={"identifier": bluesky_account.handle, "password": password},
                options={},
                server=bluesky_server.url,
                timeout=timedelta(seconds=30),
                workspace=tmp_path,
                sessions=sessions,
            )
        )

    refused = connect("not-the-password")
    assert isinstance(refused.ready(HELLO), NotSent)
    refused.close()
    for _ in ("signs in", "goes on with its session"):
        connector = connect(bluesky_account.password)
        assert connector.ready(HELLO) is None
        prepared = connector.prepare(HELLO, NOW)
        assert isinstance(connector.send(prepared), Sent)
        assert isinstance(connector.look_up(prepared, NOW), Found)
        connector.close()
    logging.getLogger("a library").debug("Authorization: %s", bluesky_account.password)

    session = sessions.load()
    assert session is not None
    tokens = [part for part in session.split(":::") if part.startswith("ey")]
    assert len(tokens) == 2
    assert "httpcore" in redacted.getvalue()
    assert bluesky_account.password in bare.getvalue()
    secrets = [bluesky_account.password, *tokens]
    assert [secret for secret in secrets if secret in redacted.getvalue()] == []
