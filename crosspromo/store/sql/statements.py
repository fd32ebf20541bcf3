"""What the daemon says to the database for every delivery, said with little ado.

SQLAlchemy builds these statements and knows how values are put and read; but it would look at every
parameter anew each time, which takes longer than the database itself. So they are compiled once,
and then it is the driver that runs them, in the transaction of SQLAlchemy's connection.

Failures are those of SQLAlchemy, and a connection that is lost is thrown away as it would do.
"""

import logging
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    String,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
    true,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import CompoundSelect, Executable, UpdateBase

from crosspromo.store.sql.types import UtcDateTime, to_json

log = logging.getLogger(__name__)

RowValues = Mapping[str, Any]
Values = Mapping[str, Any] | ReadOnlyColumnCollection[str, Any]
"""An expression for each column of a row, by name."""

RowColumns = Mapping[str, Column[Any]]
"""Which column of a table each column of a row is like, by name."""

Build = Callable[[Values, str], UpdateBase]
"""What is made of a row's columns, in a dialect."""

Among = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""Says that a column is one of the list that a parameter is."""

Convert = Callable[[Any], Any]
Converts = list[tuple[int, Convert]]
"""At which places of a row something is to be converted, and how."""


class CompiledWrite:
    """An INSERT, UPDATE or DELETE that is made of many rows at once.

    `columns` are the columns that the rows have, by name, and `build` says with an expression for
    each of them what is made of a row. SQLite is given one row after another, which costs it
    nothing; PostgreSQL, which is far away, all of them in one parameter.
    """

    def __init__(self, build: Build, columns: RowColumns) -> None:
        self._build = build
        self._columns = columns
        self._ready: dict[str, _OneByOne | _AllAtOnce] = {}

    def run(self, connection: Connection, rows: Sequence[RowValues]) -> int:
        """How many rows of the database it met. Of the given rows there is at least one."""
        dialect = connection.dialect
        ready = self._ready.get(dialect.name)
        if ready is None:
            make = _OneByOne if dialect.name == "sqlite" else _AllAtOnce
            ready = self._ready[dialect.name] = make(self._build, self._columns, dialect)
        return int(_run(connection, ready.text, ready.put(rows)).rowcount)


class _OneByOne:
    """A statement that is run with each row."""

    def __init__(self, build: Build, columns: RowColumns, dialect: Dialect) -> None:
        given = {name: bindparam(name, type_=column.type) for name, column in columns.items()}
        compiled = _compiled(build(given, dialect.name), dialect)
        self.text = str(compiled)
        names = compiled.positiontup or []
        self._values: Convert = itemgetter(*names) if len(names) > 1 else _alone(names[0])
        self._puts = _puts(compiled, names, dialect)

    def put(self, rows: Sequence[RowValues]) -> Sequence[Sequence[Any]]:
        """Each row as the driver takes it."""
        return _converted([self._values(row) for row in rows], self._puts)


class _AllAtOnce:
    """A statement over a table of rows, which goes as one document."""

    def __init__(self, build: Build, columns: RowColumns, dialect: Dialect) -> None:
        document = cast(bindparam("rows", type_=Text), JSON)
        typed = (column(name, known.type) for name, known in columns.items())
        rows = func.json_to_recordset(document).table_valued(*typed)
        given = rows.render_derived(name="given", with_types=True)
        self.text = str(_compiled(build(given.c, dialect.name), dialect))
        self._moments = [
            (name, known.type)
            for name, known in columns.items()
            if isinstance(known.type, UtcDateTime)
        ]
        self._dialect = dialect

    def put(self, rows: Sequence[RowValues]) -> Sequence[Sequence[Any]]:
        """One row of one value. All that JSON cannot tell is a moment without a zone."""
        for name, kind in self._moments:
            for row in rows:
                kind.process_bind_param(row[name], self._dialect)
        return [(to_json(rows),)]


class CompiledSelect:
    """A SELECT. Its rows have the names of its columns.

    `build` says with `among` where a column is to be one of a list, a parameter named in `lists`.
    PostgreSQL takes a list as an array. For SQLite it is filled up to a power of two with its last
    member, so that there are few texts to know: saying a thing twice changes no list.
    """

    def __init__(
        self, build: Callable[[Among], Select[Any] | CompoundSelect[Any]], *lists: str
    ) -> None:
        self._build = build
        self._lists = lists
        self._ready: dict[tuple[object, ...], _BoundSelect] = {}

    def rows(self, connection: Connection, **parameters: Any) -> list[Any]:
        """All its rows."""
        dialect = connection.dialect
        spelled_out = dialect.name == "sqlite"
        shape: tuple[object, ...] = (dialect.name,)
        for name in self._lists:
            parameters[name] = list(parameters[name])
            if spelled_out:
                _fill_up(parameters[name])
                shape += (len(parameters[name]),)
        ready = self._ready.get(shape)
        if ready is None:
            statement = self._build(_in_list if spelled_out else _in_array)
            ready = self._ready[shape] = _BoundSelect(statement, parameters, dialect)
        cursor = _run(connection, ready.text, ready.put(parameters))
        found = ready.read(cursor, dialect)
        cursor.close()
        return found


class _BoundSelect:
    """A SELECT for one database, and on SQLite for lists of certain lengths."""

    def __init__(
        self, statement: Select[Any] | CompoundSelect[Any], parameters: RowValues, dialect: Dialect
    ) -> None:
        compiled = _compiled(statement, dialect)
        state = compiled.construct_expanded_state(dict(parameters))
        self.text = state.statement
        members = {
            member: (name, index)
            for name, expanded in state.parameter_expansion.items()
            for index, member in enumerate(expanded)
        }
        names = state.positiontup or []
        self._sources = [members.get(name, (name, None)) for name in names]
        self._puts = _puts(compiled, [name for name, _ in self._sources], dialect)
        self._fixed = {
            name: compiled.params[name] for name, _ in self._sources if name not in parameters
        }
        columns = list(statement.selected_columns)
        self._make: Convert = _named(column.key or "" for column in columns)._make
        self._kinds = [column.type.dialect_impl(dialect) for column in columns]
        self._reads: Converts | None = None

    def put(self, parameters: RowValues) -> Sequence[Sequence[Any]]:
        """The parameters as the driver takes them: one row."""
        known = {**self._fixed, **parameters}
        sources = self._sources
        row = [known[name] if index is None else known[name][index] for name, index in sources]
        return _converted([row], self._puts)

    def read(self, cursor: Any, dialect: Dialect) -> list[Any]:
        """What the driver found, with names. It says of what type a column is with the first."""
        if self._reads is None:
            told = zip(self._kinds, cursor.description, strict=True)
            self._reads = _needed(
                kind.result_processor(dialect, column[1]) for kind, column in told
            )
        make, reads = self._make, self._reads
        return [make(row) for row in _converted(cursor.fetchall(), reads)]


def _named(names: Iterable[str]) -> Any:
    return namedtuple("Read", list(names), rename=True)  # noqa: PYI024 (known only now)


def _compiled(statement: Executable, dialect: Dialect) -> SQLCompiler:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positional  # as every driver is asked to be: see engine.py
    return compiled


def _puts(compiled: SQLCompiler, names: Iterable[str], dialect: Dialect) -> Converts:
    kinds = (compiled.binds[name].type.dialect_impl(dialect) for name in names)
    return _needed(kind.bind_processor(dialect) for kind in kinds)


def _needed(converts: Iterable[Convert | None]) -> Converts:
    return [(place, convert) for place, convert in enumerate(converts) if convert is not None]


def _converted(rows: Sequence[Sequence[Any]], converts: Converts) -> Sequence[Sequence[Any]]:
    if not converts:
        return rows
    converted = [list(row) for row in rows]
    for place, convert in converts:
        for row in converted:
            row[place] = convert(row[place])
    return converted


def _alone(name: str) -> Convert:
    return lambda row: (row[name],)


def _fill_up(members: list[Any]) -> None:
    if members:
        wanted = 1 << (len(members) - 1).bit_length()
        members += members[-1:] * (wanted - len(members))


def _in_list(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def _in_array(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    member = Integer if isinstance(column.type, Integer) else String
    return column == any_(bindparam(name, type_=ARRAY(member)))


def _run(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> Any:
    """The driver's cursor, after it has run this with each of these rows."""
    log.debug("%s (%d)", text, len(rows), extra={"values": rows[0]})
    cursor = connection.connection.cursor()
    try:
        if len(rows) > 1:
            cursor.executemany(text, rows)
        else:  # the drivers have a shorter way for one alone
            cursor.execute(text, rows[0])
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_does(connection, text, error) from error
    return cursor


def _as_sqlalchemy_does(connection: Connection, text: str, error: Exception) -> BaseException:
    """The failure as SQLAlchemy names it."""
    lost = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    named = DBAPIError.instance(
        text,
        None,
        error,
        connection.dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
    if lost:
        connection.invalidate(named)
    return named


def adding(table: Table, *names: str) -> CompiledWrite:
    """Rows with these columns."""
    return CompiledWrite(
        lambda given, _dialect: table.insert().from_select(names, _rows(given, names)),
        {name: table.c[name] for name in names},
    )


def summing(table: Table, *, key: Sequence[str], sums: Sequence[str]) -> CompiledWrite:
    """Rows with these columns; where there is one with this key, its sums grow by theirs."""
    names = (*key, *sums)

    def build(given: Values, dialect: str) -> UpdateBase:
        # Only the dialect in use is loaded: the other's takes longer than a short command.
        insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
        statement: UpdateBase = insert.from_select(
            names, _rows(given, names)
        ).on_conflict_do_update(
            index_elements=key,
            set_={name: table.c[name] + insert.excluded[name] for name in sums},
        )
        return statement

    return CompiledWrite(build, {name: table.c[name] for name in names})


def _rows(given: Values, names: Sequence[str]) -> Any:
    """With a WHERE, without which SQLite takes ON CONFLICT for a join's."""
    return select(*(given[name] for name in names)).where(true())
