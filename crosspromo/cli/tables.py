"""Tables for people: aligned columns, folded to the width of a terminal.

No library is used: loading one takes longer than reading the queue.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

GAP = "  "

NARROWEST = 8
"""Least width of a folded column, in terminal columns."""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """Lines of a table: names of its columns, a rule, and the rows.

    Where a line is wider than `width`, the widest columns are folded; None: each row is one line.
    """
    widths = [max(map(cells, column)) for column in zip(columns, *rows, strict=True)]
    if width is not None:
        _narrow(widths, width)
    rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    lines = [line for row in rows for line in _lines(row, widths)]
    return [*_lines(columns, widths), rule, *lines]


def cells(text: str) -> int:
    """Width of the text in terminal columns."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _narrow(widths: list[int], width: int) -> None:
    """Reduce the widest column until all fit, or until all are at NARROWEST; in place."""
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    folded = [_fold(cell, width) for cell, width in zip(row, widths, strict=True)]
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (
            part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)
        )
        yield GAP.join(padded).rstrip()


def _fold(cell: str, width: int) -> list[str]:
    """Split the cell into lines of at most `width`, at spaces where possible."""
    if cells(cell) <= width:
        return [cell]
    lines = [""]
    for word in cell.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(joined) <= width:
            lines[-1] = joined
            continue
        lines.append("")
        for character in word:
            if cells(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines if lines[0] else lines[1:]
