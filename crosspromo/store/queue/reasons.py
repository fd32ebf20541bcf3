"""Reasons of holds and faults as JSON text in a column.

The JSON object has the name of the reason under `is`, and the values of the reason by name. Rows
from before database version 0005 have a sentence instead, and are read as `Recorded`.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_type_hints

from msgspec import convert, to_builtins

from crosspromo.domain.reasons import Recorded, faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.store.sql.types import from_json, to_json

_HOLDS: Mapping[str, Any] = {name: type_ for type_, name in holds.CODES.items()}
_FAULTS: Mapping[str, Any] = {name: type_ for type_, name in faults.CODES.items()}
_REASONS = {**_HOLDS, **_FAULTS}
"""Reasons of both kinds, which share no name."""
_NAMES: Mapping[type, str] = {**holds.CODES, **faults.CODES, Recorded: "recorded"}


def reason_text(reason: HoldReason | FaultReason) -> str:
    """JSON text for the reason."""
    values = {name: to_builtins(value) for name, value in reason._asdict().items()}
    return to_json({"is": _NAMES[type(reason)], **values})


def hold_of(text: str) -> HoldReason:
    """Hold reason from its JSON text."""
    reason: HoldReason = _read(text, _HOLDS)
    return reason


def fault_of(text: str) -> FaultReason:
    """Fault reason from its JSON text."""
    reason: FaultReason = _read(text, _FAULTS)
    return reason


def reason_of(text: str) -> HoldReason | FaultReason:
    """Reason of either kind from its JSON text."""
    reason: HoldReason | FaultReason = _read(text, _REASONS)
    return reason


def _read(text: str, types: Mapping[str, Any]) -> Any:
    values = from_json(text)
    type_ = types.get(values["is"], Recorded)
    return type_(**{name: convert(values[name], hint) for name, hint in _fields(type_)})


@cache
def _fields(type_: Callable[..., Any]) -> tuple[tuple[str, Any], ...]:
    """Value names and value types of a reason class."""
    return tuple(get_type_hints(type_).items())
