"""What was found, as text: for the terminal while it runs, and for RESULTS.md."""

from collections.abc import Iterable, Sequence

from bench.table import Found, Row

MARKS = {True: "met", False: "**missed**", None: "—"}
HEAD = "| what | bar | measured | |\n|---|---|---|---|"


def lines(found: Found) -> str:
    """The rows and the figures of one scenario, for the terminal."""
    rows = [
        f"{row.what}: {row.measured} (bar {row.bar}: {MARKS[row.met].strip('*')})"
        for row in found.rows
    ]
    return "\n".join([*rows, *(f"    {line}" for line in _figures(found))])


def page(machine: str, how: str, results: Sequence[Found], text_speeds: str) -> str:
    """RESULTS.md."""
    parts = [
        "# Results of the benchmarks",
        "Written by `make bench`; what is measured and how is in [README.md](README.md).",
        f"{machine}. {how}",
        table(row for found in results for row in found.rows),
        "## Figures\n\nMedians, and in brackets the lowest and the highest.",
        *(_section(found) for found in results if found.figures),
    ]
    if text_speeds:
        parts.append(f"## Texts\n\n```text\n{text_speeds.strip()}\n```")
    return "\n\n".join(parts) + "\n"


def table(rows: Iterable[Row]) -> str:
    """The bars, each with what was measured."""
    cells = [f"| {row.what} | {row.bar} | {row.measured} | {MARKS[row.met]} |" for row in rows]
    return "\n".join([HEAD, *cells])


def _section(found: Found) -> str:
    listed = "\n".join(f"- {line}" for line in _figures(found))
    return f"### {found.rows[0].what}\n\n{listed}"


def _figures(found: Found) -> list[str]:
    told = []
    for name, measured in found.figures.items():
        used = found.processor.get(name)
        each = "" if used is None else f", {used} µs of the processor for each"
        told.append(f"{name}: {measured} {found.unit}{each}")
    return [*told, *([found.notes] if found.notes else [])]
