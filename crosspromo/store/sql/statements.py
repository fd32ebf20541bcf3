"""SQL statements of the hot path, compiled once per database and run on the DBAPI cursor (0018).

SQLAlchemy builds each statement and knows how values are converted. Executing through SQLAlchemy
would examine every parameter anew, which takes longer than the database itself. These statements
are therefore compiled once, and the driver runs them within the transaction of the connection.

Errors are raised as SQLAlchemy's, and a lost connection is invalidated as SQLAlchemy does it.
"""

import logging
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
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
    case,
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

from crosspromo.store.sql.types import UtcDateTime, require_zone, to_json

log = logging.getLogger(__name__)

RowValues = Mapping[str, Any]
"""Values of one row, by column name."""

RowColumns = Mapping[str, Column[Any]]
"""Columns of the given rows: for each name, the table column that has the same type."""

RowExpressions = Mapping[str, Any] | ReadOnlyColumnCollection[str, Any]
"""SQL expressions for the columns of a given row, by name."""

BuildWrite = Callable[[RowExpressions, str], UpdateBase]
"""Builder of an INSERT, UPDATE or DELETE from the row expressions and the dialect's name."""

Among = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
"""Condition: the column is a member of the list parameter with this name."""

BuildSelect = Callable[[Among], Select[Any] | CompoundSelect[Any]]
"""Builder of a SELECT; conditions on list parameters are made by the `Among` argument."""


class CompiledWrite:
    """INSERT, UPDATE or DELETE over many given rows.

    `columns` describes the given rows, and `build` makes the statement from one SQL expression per
    column. SQLite runs the statement once per row, which costs microseconds. PostgreSQL is a
    network round trip away and gets all rows in one parameter.
    """

    def __init__(self, build: BuildWrite, columns: RowColumns) -> None:
        self._build = build
        self._columns = columns
        self._compiled: dict[str, _RowByRow | _AllRows] = {}

    def run(self, connection: Connection, rows: Sequence[RowValues]) -> int:
        """Number of database rows that the statement changed; `rows` must not be empty."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            kind = _RowByRow if dialect.name == "sqlite" else _AllRows
            compiled = self._compiled[dialect.name] = kind(self._build, self._columns, dialect)
        return int(_execute(connection, compiled.text, compiled.bind(rows)).rowcount)


def no_earlier_than(begin: ColumnElement[Any], end: Any) -> ColumnElement[Any]:
    """SQL: the time `end`, or `begin` if the clock was set back to before it."""
    return case((begin > end, begin), else_=end)


def insert_rows(table: Table, *names: str) -> CompiledWrite:
    """INSERT of rows with the named columns."""
    return CompiledWrite(
        lambda given, _dialect: table.insert().from_select(names, _select_given(given, names)),
        {name: table.c[name] for name in names},
    )


def add_to_sums(table: Table, *, key: Sequence[str], sums: Sequence[str]) -> CompiledWrite:
    """INSERT of rows with the columns `key` and `sums`.

    If the table has a row with the same key, the given sums are added to the sums of that row.
    """
    names = (*key, *sums)

    def build(given: RowExpressions, dialect: str) -> UpdateBase:
        # Only the dialect in use is imported: importing both takes longer than a short command.
        insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
        statement: UpdateBase = insert.from_select(
            names, _select_given(given, names)
        ).on_conflict_do_update(
            index_elements=key,
            set_={name: table.c[name] + insert.excluded[name] for name in sums},
        )
        return statement

    return CompiledWrite(build, {name: table.c[name] for name in names})


def _select_given(given: RowExpressions, names: Sequence[str]) -> Any:
    """SELECT of the given columns. SQLite needs a WHERE: else ON CONFLICT parses as a join's ON."""
    return select(*(given[name] for name in names)).where(true())


class CompiledSelect:
    """SELECT with named tuples as result rows; field names are column names.

    `lists` names the parameters that are lists; `build` puts them into conditions with `Among`.
    PostgreSQL takes a list as an array. SQLite takes one parameter per member: the list is padded
    with its last member to a power of two, so that few statement texts exist. A repeated member
    does not change the result.
    """

    def __init__(self, build: BuildSelect, *lists: str) -> None:
        self._build = build
        self._lists = lists
        self._compiled: dict[tuple[object, ...], _BoundSelect] = {}

    def rows(self, connection: Connection, **parameters: Any) -> list[Any]:
        """All result rows."""
        dialect = connection.dialect
        by_member = dialect.name == "sqlite"
        shape: tuple[object, ...] = (dialect.name,)
        for name in self._lists:
            parameters[name] = list(parameters[name])
            if by_member:
                _pad_to_power_of_two(parameters[name])
                shape += (len(parameters[name]),)
        compiled = self._compiled.get(shape)
        if compiled is None:
            statement = self._build(_in_list if by_member else _in_array)
            compiled = self._compiled[shape] = _BoundSelect(statement, parameters, dialect)
        cursor = _execute(connection, compiled.text, compiled.bind(parameters))
        found = compiled.fetch(cursor, dialect)
        cursor.close()
        return found


def _pad_to_power_of_two(members: list[Any]) -> None:
    if len(members) > 1:
        wanted = 1 << (len(members) - 1).bit_length()
        members += members[-1:] * (wanted - len(members))


def _in_list(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


def _in_array(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    member = Integer if isinstance(column.type, Integer) else String
    return column == any_(bindparam(name, type_=ARRAY(member)))


# -- statements compiled for one database ------------------------------------------------------


Converter = Callable[[Any], Any]
Converters = list[tuple[int, Converter]]
"""Converters of values in a row, each with the index of its value; other values stay."""

EachRow = Callable[[Iterable[Any]], list[Any]]
"""Conversion of rows."""

Source = tuple[str, int | None]
"""Name of a parameter, and the index of the member if it is a list."""


class _RowByRow:
    """Write that the driver executes once per row (SQLite)."""

    def __init__(self, build: BuildWrite, columns: RowColumns, dialect: Dialect) -> None:
        given = {name: bindparam(name, type_=column.type) for name, column in columns.items()}
        compiled = _compile(build(given, dialect.name), dialect)
        self.text = str(compiled)
        names = compiled.positiontup or []
        converters = dict(_bind_converters(compiled, names, dialect))
        self._bound = _each_row("row", [f"row[{name!r}]" for name in names], converters)

    def bind(self, rows: Sequence[RowValues]) -> Sequence[Sequence[Any]]:
        """Driver parameters: one sequence per row."""
        return self._bound(rows)


class _AllRows:
    """Write that the driver executes once, with all rows in one JSON document (PostgreSQL)."""

    def __init__(self, build: BuildWrite, columns: RowColumns, dialect: Dialect) -> None:
        document = cast(bindparam("rows", type_=Text), JSON)
        typed = (column(name, known.type) for name, known in columns.items())
        rows = func.json_to_recordset(document).table_valued(*typed)
        given = rows.render_derived(name="given", with_types=True)
        self.text = str(_compile(build(given.c, dialect.name), dialect))
        self._moments = [
            name for name, known in columns.items() if isinstance(known.type, UtcDateTime)
        ]

    def bind(self, rows: Sequence[RowValues]) -> Sequence[Sequence[Any]]:
        """Driver parameters: a single sequence with one value, the document.

        ValueError for a time without a zone, which JSON would accept.
        """
        for name in self._moments:
            for row in rows:
                require_zone(row[name])
        return [(to_json(rows),)]


class _BoundSelect:
    """SELECT compiled for one database; on SQLite also for lists of certain lengths."""

    def __init__(
        self, statement: Select[Any] | CompoundSelect[Any], parameters: RowValues, dialect: Dialect
    ) -> None:
        compiled = _compile(statement, dialect)
        state = compiled.construct_expanded_state(dict(parameters))
        self.text = state.statement
        members = {
            member: (name, index)
            for name, expanded in state.parameter_expansion.items()
            for index, member in enumerate(expanded)
        }
        names = state.positiontup or []
        # For each position: the parameter's name, and the index of the member if it is a list.
        sources = [members.get(name, (name, None)) for name in names]
        converters = _bind_converters(compiled, [name for name, _ in sources], dialect)
        constants = {name: compiled.params[name] for name, _ in sources if name not in parameters}
        self._bound = _one_row(sources, dict(converters), constants)
        columns = list(statement.selected_columns)
        self._row_type = _row_type(column.key or "" for column in columns)
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        self._result: EachRow | None = None

    def bind(self, parameters: RowValues) -> Sequence[Sequence[Any]]:
        """Driver parameters: a single sequence, since the statement is executed once."""
        return [self._bound(parameters)]

    def fetch(self, cursor: Any, dialect: Dialect) -> list[Any]:
        """Result rows as named tuples.

        The converters are chosen at the first execution, when the driver tells the column types.
        """
        if self._result is None:
            described = zip(self._types, cursor.description, strict=True)
            converters = _with_positions(
                type_.result_processor(dialect, column[1]) for type_, column in described
            )
            values = [f"value_{index}" for index in range(len(self._types))]
            self._result = _each_row(
                f"({', '.join(values)},)", values, dict(converters), self._row_type
            )
        return self._result(cursor.fetchall())


def _compile(statement: Executable, dialect: Dialect) -> SQLCompiler:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positional  # engine.py sets a positional `paramstyle` on every database
    return compiled


def _bind_converters(compiled: SQLCompiler, names: Iterable[str], dialect: Dialect) -> Converters:
    types = (compiled.binds[name].type.dialect_impl(dialect) for name in names)
    return _with_positions(type_.bind_processor(dialect) for type_ in types)


def _with_positions(converters: Iterable[Converter | None]) -> Converters:
    return [(index, convert) for index, convert in enumerate(converters) if convert is not None]


def _each_row(
    row: str, values: Sequence[str], converters: Mapping[int, Converter], of: Any = tuple
) -> EachRow:
    """Function that converts rows, each into a tuple of the type `of`.

    `row` is the target of the loop over the rows, and `values` are expressions of it. Python runs
    one expression for a row in half the time of a loop over its values; the names in it are ours.
    """
    converted = (
        f"convert_{index}({value})" if index in converters else value
        for index, value in enumerate(values)
    )
    known = {f"convert_{index}": convert for index, convert in converters.items()}
    text = f"lambda rows: [new(of, ({', '.join(converted)},)) for {row} in rows]"
    each_row: EachRow = eval(text, {**known, "new": tuple.__new__, "of": of})  # noqa: S307 (no text of others)
    return each_row


def _one_row(
    sources: Sequence[Source], converters: Mapping[int, Converter], constants: RowValues
) -> Callable[[RowValues], Sequence[Any]]:
    """Function that makes the driver's row from parameters by name, by one expression.

    `constants` are the values that the statement itself has, by names that no parameter has. A list
    that needs no conversion is put in as a whole.
    """
    known: dict[str, Any] = {}
    parts: list[str] = []
    for position, (name, index) in enumerate(sources):
        if name in constants:
            value = f"constant_{position}"
            known[value] = constants[name]
        else:
            value = f"given[{name!r}]"
        if index is not None and position not in converters:
            if index == 0:
                parts.append(f"*{value}")
            continue
        if index is not None:
            value = f"{value}[{index}]"
        if position in converters:
            known[f"convert_{position}"] = converters[position]
            value = f"convert_{position}({value})"
        parts.append(value)
    text = f"lambda given: ({''.join(f'{part}, ' for part in parts)})"
    one_row: Callable[[RowValues], Sequence[Any]] = eval(text, known)  # noqa: S307 (no text of others)
    return one_row


def _row_type(names: Iterable[str]) -> Any:
    return namedtuple("ResultRow", list(names), rename=True)  # noqa: PYI024 (names from the SELECT)


# -- execution ---------------------------------------------------------------------------------


def run_text(connection: Connection, text: str) -> None:
    """Execute a statement of our own without parameters, as one that was compiled."""
    _execute(connection, text, ((),)).close()


def _execute(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> Any:
    """DBAPI cursor after execution of the statement, once per parameter sequence in `rows`.

    DBAPIError, as from SQLAlchemy, if the driver fails.
    """
    if log.isEnabledFor(logging.DEBUG):
        log.debug("%s (%d)", text, len(rows), extra={"values": rows[0]})
    cursor = connection.connection.cursor()
    try:
        if len(rows) > 1:
            cursor.executemany(text, rows)
        else:  # the drivers have a shorter path for a single execution
            cursor.execute(text, rows[0])
    except connection.dialect.loaded_dbapi.Error as error:
        raise _sqlalchemy_error(connection, text, error) from error
    return cursor


def _sqlalchemy_error(connection: Connection, text: str, error: Exception) -> BaseException:
    """SQLAlchemy's exception for a driver's error; a lost connection is invalidated."""
    lost = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    wrapped = DBAPIError.instance(
        text,
        None,
        error,
        connection.dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
    if lost:
        connection.invalidate(wrapped)
    return wrapped
