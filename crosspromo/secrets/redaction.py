"""Redaction: secrets are blotted out of logs and error texts."""

import json
import logging
import threading
from urllib.parse import quote, quote_plus

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
