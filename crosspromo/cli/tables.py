"""Tables for people: aligned columns, folded to the width of a terminal.

Drawn here because a library for it takes longer to load than the queue to read.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

GAP = "  "

NARROWEST = 8
"""A column is not folded to fewer columns of a terminal than this."""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """The lines of a table: the names of its columns, a rule, and the rows.

    Where a line is wider than `width`, the widest columns are folded; None: a row is a line.
    """
    widths = [max(map(cells, column)) for column in zip(columns, *rows, strict=True)]
    if width is not None:
        _narrow(widths, width)
    rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    lines = [line for row in rows for line in _lines(row, widths)]
    return [*_lines(columns, widths), rule, *lines]


def cells(text: str) -> int:
    """How many columns of a terminal the text takes up."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _narrow(widths: list[int], width: int) -> None:
    """Take from the widest column until all fit, or none can give."""
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
    """The cell in lines of at most `width`, parted at spaces where there are any."""
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
