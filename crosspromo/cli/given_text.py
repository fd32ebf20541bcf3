"""Texts that a person gives: typed, from a file, or from another command (`-`)."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from crosspromo.domain.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_BYTES = 1_000_000
"""Largest text that is read, in bytes; no network takes a longer one."""

STDIN = "-"


def text_option(
    name: str = "text", text_help: str = "What to say; - reads it from stdin."
) -> Callable[[Command], Callable[..., Any]]:
    """Add `--NAME TEXT` and `--NAME-file FILE`; the command takes either as `text`, else None.

    A typed text stays as it is: `@file` and a backslash have no meaning.
    """

    def decorate(command: Command) -> Callable[..., Any]:
        @wraps(command)
        def with_text(
            *arguments: Any, text: str | None, text_file: str | None, **options: Any
        ) -> Any:
            if text is not None and text_file is not None:
                raise UsageError(f"give the text once: by --{name} or by --{name}-file")
            source = STDIN if text == STDIN else text_file
            given = text if source is None else read_text(source)
            return command(*arguments, text=given, **options)

        in_file = click.option(
            f"--{name}-file",
            "text_file",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, allow_dash=True),
            help="Read it from a text file (UTF-8).",
        )(with_text)
        return click.option(f"--{name}", "text", metavar="TEXT", help=text_help)(in_file)

    return decorate


def read_text(source: str) -> str:
    """Text of a file, or of stdin (`-`), without its last line break.

    UsageError for a text that is too long or is not UTF-8.
    """
    where = "stdin" if source == STDIN else source
    if source == STDIN:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with Path(source).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(f"{where} is larger than {MOST_BYTES:,} bytes; give a shorter text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{where} is not UTF-8 text; save it as UTF-8") from None
    return text.replace("\r\n", "\n").removesuffix("\n")
