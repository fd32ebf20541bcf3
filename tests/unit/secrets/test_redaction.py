"""Whatever is logged or answered, no secret is in it."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.errors import AccountError
from crosspromo.domain.outcomes import (
    Absent,
    LookUp,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content
from crosspromo.secrets.redacting_connector import RedactingConnector
from crosspromo.secrets.redaction import (
    HIDDEN,
    SHORTEST,
    RedactingFormatter,
    Redactor,
)

SECRET = "correct horse/battery+1"
WHEN = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
PREPARED = Prepared("token", {"text": "Hello"})


def knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    redactor.hide(*secrets)
    return redactor


# Texts


def test_a_secret_is_blotted_out_wherever_it_stands() -> None:
    assert knowing("hunter22").redact("hunter22 or ahunter22b") == f"{HIDDEN} or a{HIDDEN}b"


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert knowing("hunter", "hunter22").redact("hunter22") == HIDDEN


def test_a_value_as_short_as_a_word_is_let_stand() -> None:
    assert knowing("a" * (SHORTEST - 1), "").redact("aaa and more") == "aaa and more"
    assert knowing("a" * SHORTEST).redact("aaaa") == HIDDEN


@given(st.text(min_size=SHORTEST), st.text(), st.text())
def test_no_text_shows_a_secret_afterwards(secret: str, before: str, after: str) -> None:
    redacted = knowing(secret).redact(before + secret + after)
    assert secret not in redacted.replace(HIDDEN, "")
    assert HIDDEN in redacted


@given(st.text(st.characters(codec="utf-8"), min_size=SHORTEST))
def test_a_secret_is_known_in_addresses_forms_json_and_quotes(secret: str) -> None:
    redactor = knowing(secret)
    for text in (
        urlencode({"password": secret}).removeprefix("password="),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    ):
        assert redactor.redact(text) == HIDDEN


# Logs


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(page: io.StringIO) -> Iterator[logging.Logger]:
    handler = logging.StreamHandler(page)
    handler.setFormatter(RedactingFormatter(knowing(SECRET), "%(levelname)s %(message)s"))
    logger = logging.getLogger("crosspromo.tests.redaction")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def test_a_log_line_shows_no_secret(log: logging.Logger, page: io.StringIO) -> None:
    log.debug("signing in with %s", SECRET)
    assert page.getvalue() == f"DEBUG signing in with {HIDDEN}\n"


def test_a_traceback_shows_no_secret(log: logging.Logger, page: io.StringIO) -> None:
    def refuse() -> None:
        raise ValueError(f"bad password {SECRET}")

    try:
        try:
            refuse()
        except ValueError as error:
            raise RuntimeError({"body": urlencode({"password": SECRET})}) from error
    except RuntimeError:
        log.exception("the network said no")
    written = page.getvalue()
    assert "Traceback" in written
    assert "RuntimeError" in written
    assert "correct" not in written
    assert written.count(HIDDEN) == 2


def test_a_printed_stack_shows_no_secret(log: logging.Logger, page: io.StringIO) -> None:
    log.warning("here", stack_info=True, extra={"password": SECRET})
    assert "Stack (most recent call last)" in page.getvalue()
    assert SECRET not in page.getvalue()


# Connectors


class Echo:
    """A connector whose network repeats the password in everything it says."""

    def __init__(self, outcome: Outcome, look_up: LookUp | None = None) -> None:
        self.outcome = outcome
        self.answer: LookUp = look_up or Absent()
        self.closed = False

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return self.outcome if isinstance(self.outcome, NotSent | Rejected) else None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return PREPARED

    def send(self, prepared: Prepared) -> Outcome:
        return self.outcome

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        return self.answer

    def verify(self) -> str:
        if isinstance(self.outcome, Rejected):
            raise AccountError(self.outcome.reason)
        return f"us, {SECRET}"

    def close(self) -> None:
        self.closed = True


SAID = f"no: {SECRET}"
HUSHED = f"no: {HIDDEN}"


@pytest.mark.parametrize(
    ("outcome", "discreet"),
    [
        (NotSent(SAID, WHEN, account_fault=True), NotSent(HUSHED, WHEN, account_fault=True)),
        (Rejected(SAID, "too-long"), Rejected(HUSHED, "too-long")),
        (Unknown(SAID, needs_person=True), Unknown(HUSHED, needs_person=True)),
        (Sent(Receipt("1", "https://x.example/1", WHEN)),) * 2,
    ],
)
def test_what_a_network_echoes_is_blotted_out_and_nothing_else_is_changed(
    outcome: Outcome, discreet: Outcome
) -> None:
    connector = RedactingConnector(Echo(outcome), knowing(SECRET))
    assert connector.send(PREPARED) == discreet
    if isinstance(discreet, NotSent | Rejected):
        assert connector.ready(Content("Hello")) == discreet
    else:
        assert connector.ready(Content("Hello")) is None


def test_a_look_up_is_as_discreet() -> None:
    found = RedactingConnector(Echo(Unknown(""), Unclear(SAID)), knowing(SECRET))
    assert found.look_up(PREPARED, WHEN) == Unclear(HUSHED)
    assert (
        RedactingConnector(Echo(Unknown("")), knowing(SECRET)).look_up(PREPARED, WHEN) == Absent()
    )


def test_verifying_is_as_discreet_whether_it_works_or_not() -> None:
    assert RedactingConnector(Echo(Unknown("")), knowing(SECRET)).verify() == f"us, {HIDDEN}"
    with pytest.raises(AccountError) as error:
        RedactingConnector(Echo(Rejected(SAID)), knowing(SECRET)).verify()
    assert str(error.value) == HUSHED


def test_the_rest_is_the_connectors_own() -> None:
    echo = Echo(Unknown(""))
    connector = RedactingConnector(echo, knowing(SECRET))
    assert connector.prepare(Content("Hello"), WHEN) is PREPARED
    connector.close()
    assert echo.closed
