"""Transfer of rows from a database of any kind into one in memory.

From SQLite rows are taken as they are stored, without conversion: the copy stores them alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    TableClause,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy import table as untyped_table
from sqlalchemy.types import NullType

Some = TypeVar("Some")

IDS_PER_QUERY = 500

PARAMETERS_PER_INSERT = 900
"""Fewer than any SQLite takes in a statement."""

_NOTHING: Mapping[Column[Any], Any] = {}


class Transfer:
    """Copies rows of one transaction into another, which is on SQLite."""

    def __init__(self, source: Connection, target: Connection) -> None:
        self._source, self._target = source, target
        self._as_stored = source.dialect.name == target.dialect.name

    def copy_some(
        self, table: Table, key: ColumnElement[Any], wanted: Sequence[Any], then: str = ""
    ) -> list[Any]:
        """Copy the rows whose `key` is among `wanted`; returns the keys in their column `then`."""
        found: set[Any] = set()
        for some in in_lots(wanted):
            rows = self.rows(select(table).where(key.in_(some)))
            self.insert(table, rows)
            found |= {row[then] for row in rows if then and row[then] is not None}
        return sorted(found)

    def copy_rows(
        self, table: Table, query: Select[Any], same: Mapping[Column[Any], Any] = _NOTHING
    ) -> None:
        """Copy all rows of the query, of which there may be many, within the driver alone.

        `same` are columns that get the same value in each row.
        """
        if not self._as_stored:
            values = {each.name: value for each, value in same.items()}
            self.insert(table, [{**row, **values} for row in self.rows(query)])
            return
        found = self._source.execute(untyped(query))
        rows = found.cursor.fetchall()
        found.close()
        columns = ", ".join(f'"{c.name}"' for c in (*query.selected_columns, *same))
        into = f"INSERT INTO {table.name} ({columns}) VALUES "  # noqa: S608 (names of ours)
        count = len(query.selected_columns)
        row = f"({', '.join(['?'] * count + [self._stored(*each) for each in same.items()])})"
        for some in in_lots(rows, PARAMETERS_PER_INSERT // count):
            text = into + ", ".join([row] * len(some))
            self._target.exec_driver_sql(text, tuple(chain.from_iterable(some)))

    def copy_alike(
        self, table: Table, query: Select[Any], same: Mapping[Column[Any], Any] = _NOTHING
    ) -> None:
        """Copy all rows of the query, as `copy_rows`, where most differ in two columns alone.

        These are the first ones, an integer and a text. SQLite packs rows that are alike in the
        others into one object, and unpacks it there: no row of its own goes through Python.
        """
        if not self._as_stored:
            self.copy_rows(table, query, same)
            return
        key, value, *alike = untyped(query).selected_columns
        packed = query.with_only_columns(func.json_group_object(key, value), *alike)
        names = ", ".join(f'"{c.name}"' for c in (key, value, *alike, *same))
        each = [*["?"] * len(alike), *(self._stored(*each) for each in same.items())]
        into = (
            f"INSERT INTO {table.name} ({names}) "  # noqa: S608 (names of ours)
            f"SELECT {', '.join(['CAST(key AS INTEGER)', 'value', *each])} FROM json_each(?)"
        )
        columns = list(query.selected_columns)[2:]
        for objects, *values in as_stored(self._source, packed.group_by(*columns), {}):
            self._target.exec_driver_sql(into, (*values, objects))

    def _stored(self, of: Column[Any], value: Any) -> str:
        """SQL: the value as the copy stores it; it is one of ours, without apostrophes."""
        convert = of.type.dialect_impl(self._target.dialect).bind_processor(self._target.dialect)
        return f"'{value if convert is None else convert(value)}'"

    def rows(self, query: Select[Any]) -> Sequence[Mapping[str, Any]]:
        """Rows of the query; from SQLite as they are stored, since the copy stores them alike."""
        if self._as_stored:
            query = untyped(query)
        return [dict(row) for row in self._source.execute(query).mappings()]

    def insert(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows as `rows` returns them, in place of those with the same key."""
        values = list(rows)
        if not values:
            return
        into: TableClause = table
        if self._as_stored:  # columns of no type, whose values are not converted
            into = untyped_table(table.name, *(column(name) for name in values[0]))
        self._target.execute(into.insert().prefix_with("OR REPLACE"), values)


def as_stored(
    connection: Connection, query: Executable, parameters: Mapping[str, Any]
) -> list[Sequence[Any]]:
    """Rows of an untyped query as the driver gives them, without conversion."""
    found = connection.execute(query, parameters)
    rows = list(found.cursor.fetchall())
    found.close()
    return rows


def untyped(query: Select[Any]) -> Any:
    """The query with columns of no type, whose values are not converted."""
    columns = [type_coerce(c, NullType()).label(c.name) for c in query.selected_columns]
    return query.with_only_columns(*columns)


def in_lots(of: Sequence[Some], most: int = IDS_PER_QUERY) -> Iterator[Sequence[Some]]:
    """Yield the members in order, at most so many together."""
    for start in range(0, len(of), most):
        yield of[start : start + most]
