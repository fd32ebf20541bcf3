"""Cells of what we keep of a partner for ourselves: support, lists, numbers with their units."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from crosspromo.domain.partner_numbers import HIGHEST
from crosspromo.intake.spreadsheet import CellError

SUPPORT = ("+", "0", "-")

_SUPPORT_WORDS: Mapping[str, str] = MappingProxyType(
    {"": "", "\u2212": "-", "\u2013": "-", "0.0": "0", "+1": "+", "-1": "-"}
    | dict.fromkeys(
        ("positive", "supportive", "supporter", "support", "supports", "for", "in favour", "ally"),
        "+",
    )
    | dict.fromkeys(("neutral", "undecided", "mixed"), "0")
    | dict.fromkeys(("negative", "opposed", "opposes", "opponent", "against"), "-")
    | {each: each for each in SUPPORT}
    | {"none": "", "n/a": "", "unknown": "", "tbd": ""}
)

SCALE = MappingProxyType({"1": "+", "2": "+", "3": "0", "4": "-", "5": "-", "": "", "0": ""})
"""Support by a scale on which 1 is the strongest."""

_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cadence_days": ("d", "day", "days"),
        "most_posts": ("post", "posts"),
        "most_posts_days": ("d", "day", "days"),
        "notice_hours": ("h", "hour", "hours"),
    }
)
_NUMBER = re.compile(r"([0-9]{1,9})(?:\.0)?\s*([a-z]*)")

_KINDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("organization", "organizations", "organisations"), "organisation")
    | dict.fromkeys(("person", "people", "individuals"), "individual")
)


def kind(cell: str) -> str:
    """Kind of a partner: words that programs use for ours are ours, others stay as they are."""
    return _KINDS.get(cell.casefold(), cell)


def is_support(cell: str) -> bool:
    """Whether the cell says how a partner stands to us, in any spelling that we know."""
    return cell.casefold() in _SUPPORT_WORDS or cell in SCALE


def support(cell: str, *, scale: bool) -> str:
    """One of SUPPORT, or an empty text; CellError for another text.

    `scale`: the cell has a number of SCALE.
    """
    found = SCALE.get(cell.removesuffix(".0")) if scale else _SUPPORT_WORDS.get(cell.casefold())
    if found is None:
        wanted = "a number from 1, strong support, to 5" if scale else "+, 0 or -"
        raise CellError("support", f'"{cell[:60]}" says no support that we know; write {wanted}')
    return found


def number(column: str, cell: str) -> int | None:
    """Whole number in the column's unit, which may stand behind it; None for an empty cell.

    CellError for another text.
    """
    if not cell:
        return None
    found = _NUMBER.fullmatch(cell.casefold())
    most = HIGHEST[column]
    if found is None or found[2] not in {"", *_UNITS[column]} or not 1 <= int(found[1]) <= most:
        raise CellError(
            column, f'"{cell[:60]}" is no number that is read; write one from 1 to {most:,}'
        )
    return int(found[1])


def parts(cell: str) -> tuple[str, ...]:
    """Parts between semicolons or line breaks, each once."""
    found = (" ".join(part.split()) for part in re.split(r"[;\n]", cell))
    return tuple(dict.fromkeys(part for part in found if part))
