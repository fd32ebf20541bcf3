"""Column types that keep Python's meaning in every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

# ruff: noqa: ARG002 (SQLAlchemy's signatures)
from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

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
