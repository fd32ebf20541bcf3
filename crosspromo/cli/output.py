"""How results reach people and programs: tables and sentences, or one JSON document."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

SHORT = 22
"""Cells of this many characters are not folded: a date stays whole."""

WIDEST = 10_000
"""A line of a table that is not on a terminal is not folded before this many columns."""


def emit_json(document: object) -> None:
    """The document on stdout: moments in UTC ISO 8601, everything else as it is."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (tuple, frozenset, set)):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table without its empty columns, in colour only on a terminal.

    On a terminal, columns of long cells fold where a line is too long; elsewhere a row is a line.
    """
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 (slow to import, and --json needs none of it)
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    used = [n for n in range(len(columns)) if not cells or any(row[n] for row in cells)]
    table = Table(
        box=SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
    )
    for n in used:
        widest = max((len(row[n]) for row in cells), default=0)
        table.add_column(columns[n], overflow="fold", no_wrap=widest <= SHORT)
    for row in cells:
        table.add_row(*(Text(row[n]) for n in used))
    if sys.stdout.isatty():
        Console(highlight=False).print(table)
        return
    console = Console(highlight=False, width=WIDEST)
    with console.capture() as captured:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """`Tue 2026-04-22 09:00`, in the organisation's zone; empty for None."""
    return "" if moment is None else f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 row`, `2 rows`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def emit_fields(document: dict[str, Any], zone: ZoneInfo) -> None:
    """A document as `key: value` lines, times in `zone`, what is empty left out."""
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
