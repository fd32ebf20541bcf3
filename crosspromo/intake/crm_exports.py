"""Exports of contact programs that write a row in a way of their own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from crosspromo.domain.errors import RowError
from crosspromo.domain.plurals import plural
from crosspromo.intake.partner_cells import status
from crosspromo.intake.partner_headings import Assigned, heading_key
from crosspromo.intake.sheet import CellRow, Sheet

_FIRST, _SECOND = "account1", "account2"
"""Beginnings of headings by which NPSP tells the two organisations of a row apart."""

_SCALE = frozenset({"supportlevel"})
_NATIONBUILDER = frozenset({"nationbuilderid", "taglist", "supportlevel", "twitterlogin"})
"""Headings of NationBuilder; two of them tell its export."""


def adapted(sheet: Sheet) -> Sheet:
    """Sheet as any other program would have written it.

    NationBuilder puts an apostrophe before values, so that Excel takes them as texts. NPSP writes
    two organisations into a row: the second gets a row of its own, with the same number.
    """
    keys = [heading_key(heading) for heading in sheet.headings]
    if len(_NATIONBUILDER.intersection(keys)) > 1:
        sheet = replace(sheet, rows=tuple(map(_without_apostrophes, sheet.rows)))
    if f"{_FIRST}name" in keys and f"{_SECOND}name" in keys:
        sheet = _with_second_rows(sheet, keys)
    return sheet


def is_scale(heading: str) -> bool:
    """Whether the heading is that of a scale on which 1 is the strongest support."""
    return heading_key(heading) in _SCALE


def remarks_on(columns: Iterable[Assigned], tagged: Mapping[str, int]) -> Iterator[RowError]:
    """What was read in another sense than it is written in.

    `tagged` counts the rows of each tag that is a legal status.
    """
    for each in columns:
        if each.column == "support" and is_scale(each.heading):
            message = "counts from 1, strong support: 1 and 2 were read as +, 3 as 0, 4 and 5 as -"
            yield RowError(0, each.label, message)
    for tag, count in tagged.items():
        message = f'the tag "{tag}" of {plural(count, "row")} was read as the status {status(tag)}'
        yield RowError(0, "topics", message)


def _without_apostrophes(row: CellRow) -> CellRow:
    return replace(row, cells=tuple(cell.removeprefix("'").lstrip() for cell in row.cells))


def _with_second_rows(sheet: Sheet, keys: list[str]) -> Sheet:
    """Sheet whose second organisations stand in rows of their own, below the first.

    A second organisation has the columns that both have, and no others.
    """
    first = {key.removeprefix(_FIRST): place for place, key in enumerate(keys) if _is(key, _FIRST)}
    second = {
        key.removeprefix(_SECOND): place for place, key in enumerate(keys) if _is(key, _SECOND)
    }
    kept = [place for place in range(len(keys)) if place not in second.values()]
    rows: list[CellRow] = []
    count = 0
    for row in sheet.rows:
        if _cell(row, first["name"]) or not _cell(row, second["name"]):
            rows.append(_cut(row, dict(enumerate(kept))))
        if _cell(row, second["name"]):
            count += 1
            old_of = {
                new: second[keys[old].removeprefix(_FIRST)]
                for new, old in enumerate(kept)
                if _is(keys[old], _FIRST) and keys[old].removeprefix(_FIRST) in second
            }
            rows.append(_cut(row, old_of, width=len(kept)))
    made = "made a partner of it" if count == 1 else "made a partner of each"
    told = RowError(0, "file", f"names a second organisation in {plural(count, 'row')}, and {made}")
    return replace(
        sheet,
        headings=tuple(sheet.headings[place] for place in kept),
        rows=tuple(rows),
        remarks=(*sheet.remarks, told) if count else sheet.remarks,
    )


def _is(key: str, beginning: str) -> bool:
    return key.startswith(beginning)


def _cell(row: CellRow, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _cut(row: CellRow, old_of: dict[int, int], width: int = 0) -> CellRow:
    """Row with the cells of old places at new ones; those without an old one are absent."""
    width = width or len(old_of)
    has = {new: old for new, old in old_of.items() if old < len(row.cells)}
    return CellRow(
        row.number,
        tuple(row.cells[has[place]] if place in has else "" for place in range(width)),
        {new: row.faults[old] for new, old in has.items() if old in row.faults},
        frozenset(place for place in range(width) if place not in has or has[place] in row.absent),
    )
