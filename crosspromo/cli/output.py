"""Output of results: tables and sentences for people, one JSON document for programs.

Texts of others, such as names and errors of networks, are printed everywhere. The streams of the
process therefore escape invisible characters in all that is written to them (`escaping`).
"""

import os
import re
import sys
from codecs import lookup
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from json import dumps
from shutil import get_terminal_size
from typing import Any, TextIO, cast
from zoneinfo import ZoneInfo

import click

from crosspromo.domain.invisible import escaped
from crosspromo.domain.timing import wall_clock


def emit_json(document: object) -> None:
    """Print the document as JSON on stdout; moments are in UTC ISO 8601."""
    from msgspec import json  # noqa: PLC0415 (tables and --help need none of it)

    click.echo(escaped_json(json.format(json.encode(document), indent=2).decode()))


def emit_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    empty: str = "there is nothing to show",
    spare: Sequence[str] = (),
) -> None:
    """Print a table without its empty columns, with a bold head on a terminal only.

    On a terminal no line is wider than it: `spare` columns are left out in their order, then
    columns of long cells fold, then each row becomes lines of its own. Elsewhere each row is one
    line. `empty` is the sentence where there are no rows.
    """
    from crosspromo.cli.tables import table  # noqa: PLC0415 (--json needs none of it)

    cells = [["" if cell is None else escaped(str(cell)) for cell in row] for row in rows]
    if not cells:
        click.echo(empty)
        return
    used = [n for n in range(len(columns)) if any(row[n] for row in cells)]
    lines = table(
        [columns[n] for n in used],
        [[row[n] for n in used] for row in cells],
        get_terminal_size().columns if sys.stdout.isatty() else None,
        spare,
    )
    lines[0] = styled(lines[0], bold=True)
    echo_styled("\n".join(lines))


class EscapingStream:
    """Text stream that writes invisible characters as their codes; see `domain.invisible`.

    The stream has no `buffer`, so that nothing goes past it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write the text; its length is returned, as `print` expects."""
        if not isinstance(text, str):
            raise TypeError(f"a text is written, not {type(text).__name__}")
        self.stream.write(escaped(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self.stream, name)


@contextmanager
def escaping() -> Iterator[None]:
    """Escape invisible characters in all that goes to stdout and stderr meanwhile."""
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, TextIOWrapper) and "ascii" in lookup(stream.encoding).name:
            stream.reconfigure(encoding="utf-8")  # a misconfigured terminal, as click sees it
    sys.stdout, sys.stderr = (cast("TextIO", EscapingStream(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def styled(text: str, **style: Any) -> str:
    """The text, escaped, with style on a terminal only; to be printed by `echo_styled`."""
    plain = "NO_COLOR" in os.environ or not sys.stdout.isatty()
    return escaped(text) if plain else click.style(escaped(text), **style)


def echo_styled(text: str) -> None:
    """Print a text made of `styled` and `escaped` parts, on stdout."""
    stream = sys.stdout
    click.echo(text, file=stream.stream if isinstance(stream, EscapingStream) else stream)


_SUSPECT = re.compile("[^ -~\n]")


def escaped_json(document: str) -> str:
    """JSON with its invisible characters as JSON's own escapes."""
    return _SUSPECT.sub(_as_json, document)


def _as_json(found: re.Match[str]) -> str:
    character = found[0]
    return character if escaped(character) == character else dumps(character)[1:-1]


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Moment as `Wed 2026-04-22 09:00`, in the organisation's zone; empty for None."""
    return "" if moment is None else wall_clock(moment, zone)


def emit_fields(document: dict[str, Any], zone: ZoneInfo) -> None:
    """Print a document as `key: value` lines, times in `zone`, without empty values."""
    for key, value in document.items():
        if value not in (None, "", [], {}):
            click.echo(f"{key}: {_in_words(value, zone)}")


def _in_words(value: object, zone: ZoneInfo) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return local(value, zone)
        case dict():
            return ", ".join(f"{key} {item}" for key, item in value.items() if item is not None)
        case list():
            return "; ".join(str(item) for item in value)
        case _:
            return str(value)
