"""Column types with equal Python values on every database, and the JSON codec."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec

# ruff: noqa: ARG002 (SQLAlchemy's signatures)
from sqlalchemy import ColumnElement, DateTime, Dialect, String, literal_column
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator


class EnumMember(TypeDecorator[str]):
    """Column type for an enum member, stored by its value.

    Comparisons with an enum member contain the value as a literal. A database uses a partial index
    only if the statement's text shows that all wanted rows lie in the index. SQLite would accept a
    parameter, too, but would then prepare the statement anew for each value.
    """

    impl = String
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[str]):  # noqa: N801 (SQLAlchemy's name)
        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            return super().operate(op, *(_as_literals(each) for each in other), **kwargs)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _member_value  # without `process_bind_param`: a delivery has a dozen of them


def _member_value(member: str | None) -> str | None:
    return None if member is None else str(member)


def _as_literals(value: Any) -> Any:
    if isinstance(value, Enum):
        return literal_column(f"'{value.value}'")
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_as_literals(each) for each in value]
    return value


def require_zone(moment: datetime | None) -> None:
    """ValueError for a time without a zone."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {moment!r}")


_LENGTH_WITHOUT_ZONE = len("2026-01-01 12:00:00.000000")


@lru_cache(maxsize=64)
def _text_of(moment: datetime) -> str:
    """Text of a time in UTC; what is written or asked together mostly shares its times.

    Not for times of another zone: two of them can be equal, and an hour apart where its clocks are
    set back.
    """
    return moment.isoformat(" ", "microseconds")[:_LENGTH_WITHOUT_ZONE]


class UtcDateTime(TypeDecorator[datetime]):
    """Column type for an aware time: stored in UTC, read as aware UTC; ValueError if naive.

    SQLite has no type for times. The column holds the text that SQLAlchemy would write there, which
    sorts by time. The conversion is our own because a delivery has a dozen times.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        require_zone(value)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def to_text(value: datetime | None) -> str | None:
            if value is None:
                return None
            if value.tzinfo is not UTC:
                value = self.process_bind_param(value, dialect)
                assert value is not None
            return _text_of(value)

        return to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)

        def from_text(value: str | None) -> datetime | None:
            return None if value is None else datetime.fromisoformat(f"{value}+00:00")

        return from_text


def to_json(value: Any) -> str:
    """JSON text of the value. A lone surrogate, which UTF-8 cannot encode, is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)


def from_json(text: str | bytes) -> Any:
    """Value of a JSON text. Lone surrogates need the standard library: msgspec rejects them."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)
