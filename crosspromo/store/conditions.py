"""Conditions that partial indexes are made with, for the statements that use these indexes.

A database uses an index over part of a table only where it sees that a statement asks for no other
part. So these conditions stand beside what a statement asks for.
"""

from sqlalchemy import ColumnElement, FromClause

from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries


def waits() -> ColumnElement[bool]:
    """SQL: the delivery is still to go out: a draft, or queued."""
    return deliveries.c.state.in_((State.DRAFT, State.QUEUED))


def is_sending(table: FromClause = deliveries) -> ColumnElement[bool]:
    """SQL: a worker has claimed the delivery."""
    sending: ColumnElement[bool] = table.c.state == State.SENDING
    return sending


def is_unknown() -> ColumnElement[bool]:
    """SQL: it cannot be told whether the delivery went out."""
    return deliveries.c.state == State.UNKNOWN
