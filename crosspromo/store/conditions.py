"""Conditions that partial indexes are made with, for the statements that use these indexes.

A database uses an index over part of a table only where it sees that a statement asks for no other
part. A parameter shows it nothing, so these conditions are written out, values and all, and stand
beside what a statement asks for.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, literal_column

from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries


def waits() -> ColumnElement[bool]:
    """SQL: the delivery is still to go out: a draft, or queued."""
    return deliveries.c.state.in_([_written_out(State.DRAFT), _written_out(State.QUEUED)])


def is_sending(table: FromClause = deliveries) -> ColumnElement[bool]:
    """SQL: a worker has claimed the delivery."""
    sending: ColumnElement[bool] = table.c.state == _written_out(State.SENDING)
    return sending


def is_unknown() -> ColumnElement[bool]:
    """SQL: it cannot be told whether the delivery went out."""
    return deliveries.c.state == _written_out(State.UNKNOWN)


def _written_out(state: State) -> ColumnElement[Any]:
    return literal_column(f"'{state.value}'")
