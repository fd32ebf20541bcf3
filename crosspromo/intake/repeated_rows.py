"""Rows of one file about the same partner, as lists with a row for each contact have them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from crosspromo.domain.errors import RowError
from crosspromo.domain.partner_rows import PartnerRow
from crosspromo.intake.grids import LONGEST_CELL

T = TypeVar("T")

LENIENT_TEXTS = ("name", "website")
"""Texts of which the first row's stands; another website becomes a note."""


def combined(first: PartnerRow, second: PartnerRow) -> PartnerRow | None:
    """Row that says what both say; None where they contradict each other, or say too much.

    Notes stand beside each other, lists are joined, and a second website or handle becomes a note.
    A filled field comes before an empty one.
    """
    notes = dict(first.notes)
    for heading, note in second.notes.items():
        notes[heading] = _both(notes.get(heading, ""), note)
    texts = dict(first.texts)
    for column, text in second.texts.items():
        known = texts.get(column, "")
        if known and text and known != text:
            if column not in LENIENT_TEXTS:
                return None
            if column == "website":
                notes["website (2)"] = _both(notes.get("website (2)", ""), text)
        texts[column] = known or text
    handles = dict(first.handles)
    for network, handle in second.handles.items():
        known = handles.get(network, "")
        if known and handle and known.casefold() != handle.casefold():
            notes[f"{network} (2)"] = _both(notes.get(f"{network} (2)", ""), handle)
        handles[network] = known or handle
    if any(len(note) > LONGEST_CELL for note in notes.values()):
        return None
    numbers = _agreed(first.numbers, second.numbers)
    answers = _agreed(_answers(first), _answers(second))
    if numbers is None or answers is None:
        return None
    lists = {
        name: tuple(dict.fromkeys((*first.lists.get(name, ()), *second.lists.get(name, ()))))
        for name in {**first.lists, **second.lists}
    }
    return replace(
        first,
        texts=MappingProxyType(texts),
        handles=MappingProxyType(handles),
        notes=MappingProxyType(notes),
        lists=MappingProxyType(lists),
        numbers=MappingProxyType(numbers),
        tag_ok=answers.get("tag_ok"),
        archived=answers.get("archived"),
    )


def repeated(slug: str, first: int, second: int, *, adds: bool) -> RowError:
    """Remark on a row about the partner of an earlier row; `adds`: it says more."""
    if adds:
        message = f'is about "{slug}" like row {first}, and what it says more was added to that'
    else:
        message = f'says of "{slug}" what row {first} says, and was left out'
    return RowError(second, "row", message)


def contradictory(slug: str, first: int, second: int) -> RowError:
    """Fault of a row that contradicts an earlier row about the same partner."""
    return RowError(
        second,
        "slug",
        f'"{slug}" is the slug of row {first} and of row {second}; remove one row, '
        "or give each its own slug",
    )


def _both(first: str, second: str) -> str:
    """Notes beside each other; one that is a part of the other stands once."""
    if second in first.split("; "):
        return first
    return f"{first}; {second}" if first and second else first or second


def _agreed(
    first: Mapping[str, T | None], second: Mapping[str, T | None]
) -> dict[str, T | None] | None:
    """Values of both; None where both have different ones."""
    agreed = dict(first)
    for name, value in second.items():
        known = agreed.get(name)
        if known is not None and value is not None and known != value:
            return None
        agreed[name] = value if known is None else known
    return agreed


def _answers(row: PartnerRow) -> dict[str, bool | None]:
    return {"tag_ok": row.tag_ok, "archived": row.archived}
