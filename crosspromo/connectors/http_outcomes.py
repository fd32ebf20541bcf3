"""Rules for failed HTTP calls that hold on every network; the words stay each network's own."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from crosspromo.domain.outcomes import NotSent, Rejected, Unknown

LONGEST_WORDS: Final = 200
"""Most characters quoted from a network's answer."""

MOST_SEARCHED: Final = 20_000
"""Characters of a network's answer in which secrets are looked for; the others are not quoted."""

LONGEST_SECRET: Final = 8_000
"""Characters of a secret in its longest form. One may begin before MOST_SEARCHED and end after."""

Redact = Callable[[str], str]
"""Function that returns a text without its secrets."""


def _as_it_is(text: str) -> str:
    return text


REDACT: Final[ContextVar[Redact]] = ContextVar("redact", default=_as_it_is)
"""Redaction of the account whose connector is at work in this thread; see `RedactingConnector`."""


def one_line(words: str) -> str:
    """A network's words on one line, without secrets, cut after LONGEST_WORDS characters.

    A cut through a secret would hide it from redaction, so the words are redacted first.
    """
    redacted = REDACT.get()(words[:MOST_SEARCHED])
    if len(words) > MOST_SEARCHED:
        redacted = redacted[:-LONGEST_SECRET]
    line = " ".join(redacted.split())
    if len(words) > MOST_SEARCHED:
        return f"{line[:LONGEST_WORDS]}…"
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def before_send(outcome: NotSent | Rejected | Unknown) -> NotSent | Rejected:
    """Outcome of a call that posts nothing: Unknown becomes NotSent with the same words."""
    return NotSent(outcome.detail) if isinstance(outcome, Unknown) else outcome


def never_left(error: BaseException) -> str | None:
    """Reason why an error of requests proves that no request was sent; None without such proof.

    Proof is a connection that never came about: refused, no such host, TLS, connect time-out. Of
    TLS errors only a refused certificate is proof: others may occur while an answer is read.
    """
    import ssl  # noqa: PLC0415 (only where an account is used, as the next)

    from urllib3 import exceptions  # noqa: PLC0415 (as above)

    match getattr(error.args[0], "reason", None) if error.args else None:
        case exceptions.NameResolutionError():
            return "its name cannot be resolved"
        case exceptions.NewConnectionError():
            return "it takes no connection"
        case exceptions.ConnectTimeoutError():
            return "connecting took too long"
        case exceptions.ProxyError():
            return "the proxy takes no connection"
        case exceptions.SSLError(args=(ssl.SSLCertVerificationError(), *_)):
            return "its certificate cannot be verified"
        case _:
            return None
