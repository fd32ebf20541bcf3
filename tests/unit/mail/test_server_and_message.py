"""Mail servers and addresses as people write them, and headers that nobody can add to."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.errors import UsageError
from crosspromo.mail.message import plain_message
from crosspromo.mail.server import MailAddress, MailServer

NOW = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
ANA = MailAddress("", "ana@rva.example.org")


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtps://mail.example.org", ("smtps", "mail.example.org", 465)),
        ("smtp://mail.example.org", ("smtp", "mail.example.org", 587)),
        ("smtp://127.0.0.1:2525/", ("smtp", "127.0.0.1", 2525)),
        ("smtps://[::1]:9465", ("smtps", "::1", 9465)),
    ],
)
def test_a_server_is_its_scheme_host_and_port(text: str, server: tuple[str, str, int]) -> None:
    found = MailServer.parse(text)
    assert (found.scheme, found.host, found.port) == server


@pytest.mark.parametrize(
    "text",
    ["mail.example.org", "https://mail.example.org", "smtp://", "smtp://a:x", "smtp://a/b", ""],
)
def test_what_is_no_server_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(
        UsageError, match=r'is not a mail server; write "smtps://mail\.example\.org"'
    ):
        MailServer.parse(text)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as error:
        MailServer.parse("smtps://ana:horse-battery@mail.example.org")
    assert "write them under credentials" in str(error.value)
    assert "horse" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@example.org", ("", "ana@example.org")),
        ("Ana Ruiz <ana@example.org>", ("Ana Ruiz", "ana@example.org")),
        ('"Ruiz, Ana" <ana+x@example.org>', ("Ruiz, Ana", "ana+x@example.org")),
        ("José <jose@niño.example>", ("José", "jose@xn--nio-8ma.example")),
    ],
)
def test_an_address_may_have_a_name(text: str, address: tuple[str, str]) -> None:
    assert MailAddress.parse(text) == MailAddress(*address)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "ana",
            "josé@example.org",
            "ana@",
            "@example.org",
            "a b@example.org",
            "ana@example..org",
        ),
        *("ana@example.org, bo@example.org", "ana@example.org\nBcc: bo@example.org"),
        *("Ana\r\nBcc: x@y.org <ana@example.org>", "Ana <ana@example.org", "<>"),
    ],
)
def test_what_is_no_address_or_more_than_one_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a mail address"):
        MailAddress.parse(text)


HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted"),
    *("content-type", "content-transfer-encoding", "mime-version"),
}


@given(subject=st.text(), text=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_subject_and_no_text_can_add_a_header(subject: str, text: str) -> None:
    message = plain_message(sender=ANA, to=[ANA], subject=subject, text=text, now=NOW)
    read = message_from_bytes(message.as_bytes(policy=SMTP))
    assert {name.lower() for name in read.keys()} == HEADERS  # noqa: SIM118 (a message has no set of names)


@given(st.from_regex(r"[^\n]{0,20}<?[^\n@]{1,12}@[^\n@]{1,12}>?", fullmatch=True))
def test_every_address_that_is_taken_can_be_written_to(text: str) -> None:
    try:
        address = MailAddress.parse(text)
    except UsageError:
        return
    plain_message(sender=address, to=[address], subject="x", text="y", now=NOW)
