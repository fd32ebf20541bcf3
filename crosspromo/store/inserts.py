"""Inserting many rows at once, and adding to those that are there already."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import Table, select, true
from sqlalchemy.sql.expression import UpdateBase

from crosspromo.store.statements import Values, Writing


def adding(table: Table, *names: str) -> Writing:
    """Rows with these columns."""
    return Writing(
        lambda given, _dialect: table.insert().from_select(names, _rows(given, names)),
        {name: table.c[name] for name in names},
    )


def summing(table: Table, *, key: Sequence[str], sums: Sequence[str]) -> Writing:
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

    return Writing(build, {name: table.c[name] for name in names})


def _rows(given: Values, names: Sequence[str]) -> Any:
    """With a WHERE, without which SQLite takes ON CONFLICT for a join's."""
    return select(*(given[name] for name in names)).where(true())
