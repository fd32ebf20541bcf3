"""The log on stderr: as text for people, as lines for the journal, or as JSON for programs.

Secrets are redacted in every format. Libraries stay quiet unless somebody asks for everything.
"""

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import IO

from crosspromo.secrets.redaction import RedactingFormatter, Redactor

EVERYTHING = 2
"""Number of -v that lets libraries and single SQL statements speak."""

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
JOURNAL = "%(name)s: %(message)s"
"""Formats for people. The journal has a time stamp and a priority of its own."""

PRIORITIES = {
    logging.CRITICAL: 2,
    logging.ERROR: 3,
    logging.WARNING: 4,
    logging.INFO: 6,
    logging.DEBUG: 7,
}
"""Priorities of syslog, by the level of a record: `<4>` before a line (sd-daemon(3))."""


class LogFormat(StrEnum):
    """Format of the log."""

    TEXT = "text"
    JSON = "json"


def log_to_stderr(
    redactor: Redactor,
    verbose: int,
    least: int,
    format_: LogFormat = LogFormat.TEXT,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Send the log to stderr, from the level `least` on.

    Each -v (`verbose`) lowers the level of our own log by one; from EVERYTHING on, all of it and
    the logs of libraries are written.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(redactor, format_, journal=is_journal(sys.stderr, environment)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    everything = verbose >= EVERYTHING
    root.setLevel(logging.DEBUG if everything else logging.WARNING)
    lowest = logging.DEBUG if everything else max(least - 10 * verbose, logging.DEBUG)
    logging.getLogger("crosspromo").setLevel(lowest)
    logging.getLogger("crosspromo.store.sql").setLevel(
        logging.NOTSET if everything else max(lowest, logging.INFO)
    )
    # It warns of each wake-up that comes while a long round is at work, which is no trouble.
    logging.getLogger("apscheduler").setLevel(logging.NOTSET if everything else logging.ERROR)


def is_journal(stream: IO[str], environment: Mapping[str, str]) -> bool:
    """Whether the stream goes to systemd's journal: $JOURNAL_STREAM names its device and inode.

    A process that the service starts with another stderr inherits the variable all the same.
    """
    named = environment.get("JOURNAL_STREAM")
    if not named:
        return False
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):  # closed, or no file
        return False
    return named == f"{found.st_dev}:{found.st_ino}"


class Lines(RedactingFormatter):
    """Formatter whose every line is redacted and, for the journal, begins with its priority."""

    def __init__(self, redactor: Redactor, format_: LogFormat, *, journal: bool) -> None:
        super().__init__(redactor, JOURNAL if journal else TEXT)
        self._format = format_
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        if self._format is LogFormat.JSON:
            text = self._redactor.redact(self._as_json(record))
        else:
            text = super().format(record)
        if not self._journal:
            return text
        priority = f"<{PRIORITIES.get(record.levelno, 6)}>"
        return "\n".join(f"{priority}{line}" for line in text.splitlines() or [""])

    def _as_json(self, record: logging.LogRecord) -> str:
        """Record as one line of JSON; its own fields come after time, level, logger, message."""
        document: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields: Mapping[str, object] = getattr(record, "fields", {})
        document |= {name: value for name, value in fields.items() if value is not None}
        if record.exc_info:
            document["traceback"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
