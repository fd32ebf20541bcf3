"""Redaction: secrets are blotted out of logs, error texts and answers of connectors."""

import json
import logging
import threading
from datetime import datetime
from urllib.parse import quote, quote_plus

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.errors import AccountError
from crosspromo.domain.outcomes import (
    LookUp,
    NotRemoved,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content
from crosspromo.publishing.networks import Connector, Deletes

HIDDEN = "[hidden]"
SHORTEST = 4
"""Shorter values would hide every other word."""


class Redactor:
    """Knows the secrets of this process and blots them out of texts. Thread-safe."""

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def hide(self, *secrets: str) -> None:
        """Blot these out from now on."""
        with self._lock:
            self._secrets |= {
                form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)
            }

    def redact(self, text: str) -> str:
        """The text with every secret blotted out, the longest first."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text


def _forms(secret: str) -> set[str]:
    """The secret as it stands in texts, in addresses and forms, in JSON and in Python's quotes."""
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback and all, and then blots out every secret in it."""

    def __init__(self, redactor: Redactor, format_: str) -> None:
        super().__init__(format_)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.redact(super().format(record))


class RedactingConnector:
    """A connector whose words have no secrets in them, whatever the network echoed."""

    def __init__(self, connector: Connector, redactor: Redactor) -> None:
        self._connector = connector
        self._redact = redactor.redact

    def ready(self, content: Content) -> NotSent | Rejected | None:
        obstacle = self._connector.ready(content)
        return None if obstacle is None else self._redacted(obstacle)

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return self._connector.prepare(content, now)

    def send(self, prepared: Prepared) -> Outcome:
        outcome = self._connector.send(prepared)
        match outcome:
            case Sent():
                return outcome
            case Unknown(detail, needs_person, retry_at):
                return Unknown(self._redact(detail), needs_person, retry_at)
            case NotSent() | Rejected():
                return self._redacted(outcome)

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        answer = self._connector.look_up(prepared, attempted_at)
        return Unclear(self._redact(answer.detail)) if isinstance(answer, Unclear) else answer

    def delete(self, receipt: Receipt) -> Removal:
        if not isinstance(self._connector, Deletes):
            return NotRemoved("its connector cannot delete")
        removal = self._connector.delete(receipt)
        match removal:
            case Removed():
                return removal
            case NotRemoved(reason):
                return NotRemoved(self._redact(reason))

    def verify(self) -> str:
        try:
            return self._redact(self._connector.verify())
        except AccountError as error:
            raise AccountError(self._redact(str(error))) from None

    def close(self) -> None:
        self._connector.close()

    def _redacted(self, obstacle: NotSent | Rejected) -> NotSent | Rejected:
        match obstacle:
            case NotSent(reason, retry_at, account_fault):
                return NotSent(self._redact(reason), retry_at, account_fault)
            case Rejected(reason, code):
                return Rejected(self._redact(reason), code)
