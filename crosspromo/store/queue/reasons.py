"""Reasons of holds and faults as JSON text in a column, and read back as the values they were.

The text has the name of the reason under `is`, and its values by name. Rows that a version before
0005 wrote have a sentence: they are read as `Recorded`.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_type_hints

from msgspec import convert, to_builtins

from crosspromo.domain.reasons import Recorded, faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.store.sql.types import from_json, to_json

_HOLDS: Mapping[str, Any] = {name: kind for kind, name in holds.CODES.items()}
_FAULTS: Mapping[str, Any] = {name: kind for kind, name in faults.CODES.items()}
_NAMES: Mapping[type, str] = {**holds.CODES, **faults.CODES, Recorded: "recorded"}


def written(reason: HoldReason | FaultReason) -> str:
    """The reason as JSON text."""
    values = {name: to_builtins(value) for name, value in reason._asdict().items()}
    return to_json({"is": _NAMES[type(reason)], **values})


def hold_of(text: str) -> HoldReason:
    """The reason of a hold, from its JSON text."""
    reason: HoldReason = _read(text, _HOLDS)
    return reason


def fault_of(text: str) -> FaultReason:
    """The reason of a fault, from its JSON text."""
    reason: FaultReason = _read(text, _FAULTS)
    return reason


def _read(text: str, kinds: Mapping[str, Any]) -> Any:
    values = from_json(text)
    kind = kinds.get(values["is"], Recorded)
    return kind(**{name: convert(values[name], hint) for name, hint in _fields(kind)})


@cache
def _fields(kind: Callable[..., Any]) -> tuple[tuple[str, Any], ...]:
    """The values of a reason by name, each with its type."""
    return tuple(get_type_hints(kind).items())
