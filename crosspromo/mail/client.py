"""SMTP client: hands one message to the mail server, encrypted, within one time limit.

A time-out of smtplib bounds each wait for bytes, so a server that sends one byte now and then keeps
a caller for ever. Here a timer closes the connection when the time for the whole call is up. The
time of a name server comes on top.
"""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final

from crosspromo.domain.errors import CrosspromoError
from crosspromo.mail.message import one_line
from crosspromo.mail.server import MailServer

PATIENCE: Final = 30.0
"""Seconds for one message, from the connection to the server's last answer."""

LONGEST_ANSWER: Final = 200
"""Characters of a server's answer that an error repeats."""

_PROBLEMS = (smtplib.SMTPException, OSError, UnicodeError)


class MailError(CrosspromoError):
    """Message that the mail server did not take; the text holds no password."""

    kind = "mail"


@dataclass(frozen=True)
class Mailer:
    """Client of one mail server; each message gets its own connection.

    `password` None: the server is not asked to let us in by name. `patience` is in seconds.
    """

    server: MailServer
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    patience: float = PATIENCE

    def send(self, message: EmailMessage) -> Mapping[str, str]:
        """Send the message; returns the server's words for each address that it refused.

        MailError where the message reached nobody. Where the time ran out after the text was
        handed over, the server may have taken the message all the same.
        """
        limit = _TimeLimit(self.patience)
        try:
            with limit.running(), self._connected(limit) as smtp:
                refused = smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise MailError(self._sentence(_refusals(error.recipients))) from None
        except ssl.SSLCertVerificationError as error:
            words = f"its certificate is not trusted: {error.verify_message}"
            raise MailError(self._sentence(words)) from None
        except _PROBLEMS as error:
            over = isinstance(error, TimeoutError) or limit.is_over
            words = f"no end after {self.patience:g} seconds" if over else _words(error)
            raise MailError(self._sentence(words)) from None
        return {address: _answer(*said) for address, said in refused.items()}

    @contextmanager
    def _connected(self, limit: "_TimeLimit") -> Iterator[smtplib.SMTP]:
        """Connection that is encrypted and let in by name, as the settings ask."""
        smtp = self._connect(limit)
        try:
            if self.server.scheme == "smtp":
                self._encrypt(smtp, limit)
            if self.username is not None and self.password is not None:
                smtp.login(self.username, self.password)
            yield smtp
            with suppress(*_PROBLEMS):  # the message is with the server already
                smtp.quit()
        finally:
            smtp.close()

    def _connect(self, limit: "_TimeLimit") -> smtplib.SMTP:
        own_name = socket.gethostname()  # the full name would take a question to a name server
        host, port = self.server.host, self.server.port
        if self.server.scheme == "smtps":
            return _LimitedTLS(limit, host, port, own_name, ssl.create_default_context())
        return _Limited(limit, host, port, own_name)

    def _encrypt(self, smtp: smtplib.SMTP, limit: "_TimeLimit") -> None:
        smtp.ehlo_or_helo_if_needed()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=_context(verified=not self.server.is_local))
            limit.watch(smtp.sock)
            smtp.ehlo()
        elif not self.server.is_local:
            raise smtplib.SMTPNotSupportedError(
                "it does not offer encryption (STARTTLS), and nothing is said to it in the clear"
            )

    def _sentence(self, words: str) -> str:
        return f"the mail server {self.server} did not take it: {words}"


class _TimeLimit:
    """Time limit of a call: at its end the watched connection is shut down."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.is_over = False

    @contextmanager
    def running(self) -> Iterator[None]:
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()

    def left(self) -> float:
        """Seconds left; TimeoutError where there is none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def watch(self, connected: socket.socket | None) -> None:
        """Shut this connection down when the time is up."""
        self._socket = connected
        self.left()

    def _end(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):
                # Not SSLSocket.shutdown, which would turn encryption off under the other thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Limited(smtplib.SMTP):
    """SMTP connection within a time limit."""

    def __init__(self, limit: _TimeLimit, host: str, port: int, own_name: str) -> None:
        self._limit = limit
        super().__init__(host, port, own_name)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 (smtplib's signature)
        connected = socket.create_connection((host, port), self._limit.left())
        self._limit.watch(connected)
        return connected


class _LimitedTLS(smtplib.SMTP_SSL):
    """SMTP connection over TLS within a time limit."""

    def __init__(
        self, limit: _TimeLimit, host: str, port: int, own_name: str, context: ssl.SSLContext
    ) -> None:
        self._limit = limit
        super().__init__(host, port, own_name, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 (smtplib's signature)
        plain = socket.create_connection((host, port), self._limit.left())
        self._limit.watch(plain)
        encrypted = self.context.wrap_socket(plain, server_hostname=host)
        self._limit.watch(encrypted)
        return encrypted


def _context(*, verified: bool) -> ssl.SSLContext:
    """TLS settings. A server on this machine seldom has a certificate that others would trust."""
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _words(error: Exception) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            refused = "it refuses the user name or the password"
            return f"{refused} ({_answer(error.smtp_code, error.smtp_error)})"
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
        case smtplib.SMTPServerDisconnected():
            return "it closed the connection"
        case OSError(strerror=str(words)) if words:
            return one_line(words, LONGEST_ANSWER)
        case _:
            return one_line(str(error), LONGEST_ANSWER) or type(error).__name__


def _refusals(recipients: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {_answer(*said)}" for address, said in recipients.items())


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {one_line(text, LONGEST_ANSWER)}".strip()
