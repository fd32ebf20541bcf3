"""Column types that keep Python's meaning in every database, and the codec of JSON columns."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import msgspec

# ruff: noqa: ARG002 (SQLAlchemy's signatures)
from sqlalchemy import ColumnElement, DateTime, Dialect, String, literal_column
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator


class Member(TypeDecorator[str]):
    """A member of an enum, by its value.

    What a column is compared with is written out where it is a member, as a literal. A database
    uses an index over part of a table only where it sees that no other part is asked for. SQLite
    sees that with a parameter, too, but then prepares the statement anew for each value.
    """

    impl = String
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[str]):  # noqa: N801 (SQLAlchemy's name)
        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            return super().operate(op, *(_written_out(each) for each in other), **kwargs)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _value  # straight: every delivery has a dozen of them


def _value(member: str | None) -> str | None:
    return None if member is None else str(member)


def _written_out(value: Any) -> Any:
    if isinstance(value, Enum):
        return literal_column(f"'{value.value}'")
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_written_out(each) for each in value]
    return value


_TO_THE_ZONE = len("2026-01-01 12:00:00.000000")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. UTC in the database, aware and in UTC when read; naive ones are refused.

    SQLite has no type for moments. There it is the text that SQLAlchemy would write, which sorts as
    time does; we write and read it ourselves, since every delivery has a dozen of them.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        latest: tuple[datetime | None, str | None] = None, None

        def written(value: datetime | None) -> str | None:
            nonlocal latest
            known, text = latest
            if value is known:  # most of what goes together has the same moments
                return text
            moment = self.process_bind_param(value, dialect)
            text = None if moment is None else moment.isoformat(" ", "microseconds")[:_TO_THE_ZONE]
            latest = value, text
            return text

        return written

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)

        def read(value: str | None) -> datetime | None:
            return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)

        return read


def to_json(value: Any) -> str:
    """As JSON. Half a surrogate pair, which UTF-8 has no bytes for, is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)


def from_json(text: str | bytes) -> Any:
    """What was written so. What msgspec refuses (such an escape) the standard library reads."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)
