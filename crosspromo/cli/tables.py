"""Tables for people: aligned columns, folded to the width of a terminal.

No library is used: loading one takes longer than reading the queue.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from crosspromo.domain.letter_cells import cells

GAP = "  "

NARROWEST = 8
"""Least width of a folded column, in terminal columns."""

COMFORTABLE = 24
"""Width of the widest folded column below which spare columns are left out."""


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None,
    spare: Sequence[str] = (),
) -> list[str]:
    """Lines of a table: names of its columns, a rule, and the rows.

    Where a line is wider than `width`, columns named in `spare` are left out, the first one first,
    and the widest columns are folded. Where that is not enough, each row is a block of lines, one
    for each cell. None: each row is one line.
    """
    if width is None:
        return _drawn(columns, rows, _widths(columns, rows))
    for name in spare:
        if name in columns and _is_cramped(_widths(columns, rows), width):
            place = columns.index(name)
            columns = [*columns[:place], *columns[place + 1 :]]
            rows = [[*row[:place], *row[place + 1 :]] for row in rows]
    widths = _widths(columns, rows)
    _narrow(widths, width)
    if _line(widths) > width:
        return list(_blocks(columns, rows, width))
    return _drawn(columns, rows, widths)


def _is_cramped(widths: list[int], width: int) -> bool:
    """Whether folding to this width leaves no column of a comfortable width."""
    if _line(widths) <= width:
        return False
    _narrow(widths, width)
    return max(widths) < COMFORTABLE


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cells, column)) for column in zip(columns, *rows, strict=True)]


def _line(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Lines of each row, one for each cell that is not empty, under a rule."""
    head = max(map(cells, columns))
    for row in rows:
        yield "─" * width
        for name, cell in zip(columns, row, strict=True):
            if cell:
                yield from _lines([name, cell], [head, max(width - head - len(GAP), 1)])


def _drawn(
    columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> list[str]:
    rule = "─" * _line(widths)
    lines = [line for row in rows for line in _lines(row, widths)]
    return [*_lines(columns, widths), rule, *lines]


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
