"""The log on stderr: formats, priorities, secrets, and who may speak."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosspromo.cli.logs import Lines, LogFormat, is_journal, log_to_stderr
from crosspromo.secrets.redaction import Redactor

SECRET = 'correct-horse-"battery"'


def line(
    format_: LogFormat,
    message: str,
    level: int = logging.INFO,
    *,
    journal: bool = False,
    **more: object,
) -> str:
    redactor = Redactor()
    redactor.hide(SECRET)
    record = logging.LogRecord("crosspromo.daemon", level, "x.py", 1, message, None, None)
    record.__dict__.update(more)
    return Lines(redactor, format_, journal=journal).format(record)


def test_text_has_one_time_stamp_a_level_and_a_name() -> None:
    said = line(LogFormat.TEXT, "started")
    assert said.endswith(" INFO crosspromo.daemon: started")
    assert said.startswith("20")


@pytest.mark.parametrize(
    ("level", "priority"),
    [
        (logging.CRITICAL, 2),
        (logging.ERROR, 3),
        (logging.WARNING, 4),
        (logging.INFO, 6),
        (logging.DEBUG, 7),
        (25, 6),
    ],
)
def test_a_line_for_the_journal_has_its_priority_and_no_time_stamp(
    level: int, priority: int
) -> None:
    said = line(LogFormat.TEXT, "started", level, journal=True)
    assert said == f"<{priority}>crosspromo.daemon: started"


def test_every_line_of_a_traceback_has_the_priority() -> None:
    said = line(LogFormat.TEXT, "one\ntwo", logging.ERROR, journal=True)
    assert said == "<3>crosspromo.daemon: one\n<3>two"


def test_json_is_one_line_with_the_fields_of_the_record() -> None:
    until = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
    fields = {"delivery": 12, "until": until, "code": None}
    said = line(LogFormat.JSON, "held\nagain", fields=fields)
    document = json.loads(said)
    assert "\n" not in said
    assert document["message"] == "held\nagain"
    assert (document["delivery"], document["until"]) == (12, "2026-04-22T14:00:00+00:00")
    assert document["time"].endswith("+00:00")
    assert "code" not in document


@pytest.mark.parametrize("format_", list(LogFormat))
@pytest.mark.parametrize("journal", [False, True])
def test_no_format_shows_a_secret(format_: LogFormat, journal: bool) -> None:
    said = line(format_, f"refused {SECRET}", journal=journal, fields={"account": SECRET})
    assert "battery" not in said
    assert "[hidden]" in said


def test_a_field_that_json_does_not_know_is_written_as_text() -> None:
    assert json.loads(line(LogFormat.JSON, "x", fields={"path": Path("/a")}))["path"] == "/a"


def test_the_journal_is_known_by_its_device_and_inode(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as stream:
        found = os.fstat(stream.fileno())
        named = f"{found.st_dev}:{found.st_ino}"
        assert is_journal(stream, {"JOURNAL_STREAM": named})
        assert not is_journal(stream, {"JOURNAL_STREAM": f"{named}0"})
        assert not is_journal(stream, {})
    assert not is_journal(stream, {"JOURNAL_STREAM": named})


@pytest.fixture(autouse=True)
def loggers() -> Iterator[None]:
    """The levels and handlers of the process are as before afterwards."""
    root = logging.getLogger()
    names = ["crosspromo", "crosspromo.store.sql", "apscheduler"]
    before = root.level, root.handlers[:], [logging.getLogger(name).level for name in names]
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name, level in zip(names, before[2], strict=True):
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize(
    ("verbose", "least", "levels"),  # ours, of SQL statements, of the scheduler, of a library
    [
        (0, logging.WARNING, ["WARNING", "WARNING", "ERROR", "WARNING"]),
        (1, logging.WARNING, ["INFO", "INFO", "ERROR", "WARNING"]),
        (0, logging.INFO, ["INFO", "INFO", "ERROR", "WARNING"]),
        (1, logging.INFO, ["DEBUG", "INFO", "ERROR", "WARNING"]),
        (2, logging.INFO, ["DEBUG", "DEBUG", "DEBUG", "DEBUG"]),
        (9, logging.WARNING, ["DEBUG", "DEBUG", "DEBUG", "DEBUG"]),
    ],
)
def test_each_v_says_more_and_libraries_speak_last(
    verbose: int, least: int, levels: list[str]
) -> None:
    log_to_stderr(Redactor(), verbose, least)
    names = ["crosspromo.daemon", "crosspromo.store.sql.statements", "apscheduler.x", "filelock"]
    found = [logging.getLogger(name).getEffectiveLevel() for name in names]
    assert [logging.getLevelName(level) for level in found] == levels


def test_a_second_call_does_not_say_everything_twice(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        log_to_stderr(Redactor(), 0, logging.INFO, environment={})
    logging.getLogger("crosspromo.daemon").info("started")
    sys.stderr.flush()
    assert capsys.readouterr().err.count("started") == 1
