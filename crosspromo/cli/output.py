"""Output of results: tables and sentences for people, one JSON document for programs."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from shutil import get_terminal_size
from typing import Any
from zoneinfo import ZoneInfo

import click


def emit_json(document: object) -> None:
    """Print the document as JSON on stdout; moments are in UTC ISO 8601."""
    from msgspec import json  # noqa: PLC0415 (tables and --help need none of it)

    click.echo(json.format(json.encode(document), indent=2).decode())


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table without its empty columns, with a bold head on a terminal only.

    On a terminal, columns of long cells fold where a line is too long; elsewhere each row is one
    line.
    """
    from crosspromo.cli.tables import table  # noqa: PLC0415 (--json needs none of it)

    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    used = [n for n in range(len(columns)) if not cells or any(row[n] for row in cells)]
    lines = table(
        [columns[n] for n in used],
        [[row[n] for n in used] for row in cells],
        get_terminal_size().columns if sys.stdout.isatty() else None,
    )
    if "NO_COLOR" not in os.environ:
        lines[0] = click.style(lines[0], bold=True)
    click.echo("\n".join(lines))


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Moment as `Wed 2026-04-22 09:00`, in the organisation's zone; empty for None."""
    return "" if moment is None else f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


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
