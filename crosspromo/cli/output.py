"""How results reach people and programs: tables and sentences, or one JSON document."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click


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
    """A table, in colour only on a terminal; on a pipe no row is ever cut."""
    from rich.box import SIMPLE  # noqa: PLC0415 (slow to import, and --json needs none of it)
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    width: dict[str, Any] = {} if sys.stdout.isatty() else {"width": 200}
    Console(highlight=False, **width).print(table)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """`Tue 2026-04-22 09:00`, in the organisation's zone; empty for None."""
    return "" if moment is None else f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 row`, `2 rows`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def emit_fields(document: dict[str, Any]) -> None:
    """A document as `key: value` lines, what is empty left out."""
    for key, value in document.items():
        if value not in (None, "", [], {}):
            click.echo(f"{key}: {_in_words(value)}")


def _in_words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{key} {item}" for key, item in value.items() if item is not None)
        case list():
            return "; ".join(str(item) for item in value)
        case _:
            return str(value)
