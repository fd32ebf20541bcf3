"""What others wrote cannot steer the terminal, whatever prints it."""

import logging
import subprocess
import sys

import click
import pytest

from crosspromo.cli.output import echo_styled, emit_json, emit_table, escaping, styled

STEERING = "\x1b[2J\x1b]0;mine\x07\u202egone"
SHOWN = "\\x1b[2J\\x1b]0;mine\\x07\\u202egone"


def test_a_sentence_shows_the_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with escaping():
        click.echo(f"name: {STEERING}", color=True)
        print(STEERING, file=sys.stderr)  # noqa: T201 (as a library would)
    assert capsys.readouterr() == (f"name: {SHOWN}\n", f"{SHOWN}\n")


def test_a_table_is_as_wide_as_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    emit_table(["name", "next"], [[STEERING, "x"], ["a", "y"]])
    _, rule, first, second = capsys.readouterr().out.splitlines()
    assert first == f"{SHOWN}  x"
    assert second.rindex("y") == first.rindex("x")
    assert len(rule) == len(first) + len("ext")


def test_a_document_says_the_same_in_escapes_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json({"name": STEERING + "\U000e0041"})
    out = capsys.readouterr().out
    assert '"\\u001b[2J\\u001b]0;mine\\u0007\\u202egone\\udb40\\udc41"' in out


def test_the_log_shows_the_codes(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, STEERING, None, None)
    with escaping():
        logging.StreamHandler().handle(record)
    assert capsys.readouterr().err == f"{SHOWN}\n"


def test_style_is_ours_and_for_terminals_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert styled(STEERING, bold=True) == SHOWN
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with escaping():
        echo_styled(styled(STEERING, bold=True))
    assert capsys.readouterr().out == f"\x1b[1m{SHOWN}\x1b[0m\n"


def test_a_wrong_word_of_the_command_line_is_shown_in_codes() -> None:
    typed = f"from crosspromo.cli.main import run\nraise SystemExit(run([{STEERING!r}]))"
    done = subprocess.run(
        [sys.executable, "-c", typed], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert SHOWN in done.stderr
