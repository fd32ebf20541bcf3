"""Redaction: secrets in logs and error texts are replaced by HIDDEN."""

import json
import logging
import threading
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
SHORTEST = 4
"""Fewest characters of a hidden secret: shorter values would hide every other word."""


class Redactor:
    """Secrets of this process, and their replacement in texts. Thread-safe."""

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def hide(self, *secrets: str) -> None:
        """Hide these secrets from now on; values shorter than SHORTEST are ignored."""
        with self._lock:
            self._secrets |= {
                form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)
            }

    def redact(self, text: str) -> str:
        """Text with every secret replaced by HIDDEN, the longest secret first."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text


def _forms(secret: str) -> set[str]:
    """Spellings of the secret: plain, in addresses and forms, in JSON, and in Python's quotes."""
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }


class RedactingFormatter(logging.Formatter):
    """Log formatter that redacts the whole formatted record, its traceback included."""

    def __init__(self, redactor: Redactor, format_: str) -> None:
        super().__init__(format_)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.redact(super().format(record))
