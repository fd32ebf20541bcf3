"""Inserting what may be there already, as each database says it."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def inserting(dialect: str) -> Callable[..., Any]:
    """The dialect's own `insert`, which knows `on_conflict_do_update`.

    Only the dialect in use is loaded: the other's takes longer than a short command.
    """
    insert: Callable[..., Any] = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return insert
