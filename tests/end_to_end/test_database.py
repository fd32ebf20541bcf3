"""The database: missing, newer, broken, checked, copied."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from end_to_end.shell import Shell


def database(shell: Shell) -> Path:
    return shell.folder / "crosspromo.db"


def change(shell: Shell, statement: str) -> None:
    """Do to the database what no command would."""
    with closing(sqlite3.connect(database(shell))) as connection, connection:
        connection.execute(statement)


def test_a_missing_database_is_said_with_the_mend(empty: Shell) -> None:
    database(empty).unlink()

    assert "make it with: crosspromo db upgrade" in empty.refused("status")
    found = empty.run("doctor")
    assert found.status == 1
    assert found.out.count("FAIL") == 1
    empty.ok("db", "upgrade")
    empty.ok("doctor")


@pytest.mark.parametrize("line", [("status",), ("db", "upgrade"), ("run", "--once")])
def test_a_newer_database_is_left_alone(empty: Shell, line: tuple[str, ...]) -> None:
    change(empty, "UPDATE alembic_version SET version_num = '9999'")

    assert "newer than this crosspromo" in empty.refused(*line)


def test_a_file_that_is_no_database_is_said_to_be_none(empty: Shell) -> None:
    database(empty).write_text("this is no database, and it is long enough to tell", "utf-8")

    assert "file is not a database" in empty.refused("status")


def test_check_finds_a_ledger_that_lies(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok("run", "--once")
    shell.ok("db", "check")
    change(shell, "DELETE FROM ledger")

    checked = shell.run("db", "check", "--json")

    assert checked.status == 1
    lie, *sums = checked.json["faults"]
    assert lie == (
        "delivery 1 is published with credit others, but the ledger counts others 0, self 0"
    )
    assert [line.split(" for ")[0] for line in sums] == [
        "the sums of the organisation",
        "the sums of x-main",
    ]


def test_a_backup_is_a_workspace_s_database(shell: Shell, empty: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")

    shell.ok("db", "backup", "copy.db")

    (shell.folder / "copy.db").rename(database(empty))
    held = {"hold": {"rule": "paused"}, "forecast": None}  # foretold anew where it is put back
    moved = [{**delivery, **held} for delivery in shell.deliveries()]
    assert [{**delivery, **held} for delivery in empty.deliveries()] == moved
    empty.ok("db", "check")


def test_a_backup_overwrites_nothing(shell: Shell) -> None:
    there = shell.write("copy.db", "precious")

    assert "exists; choose another name" in shell.refused("db", "backup", "copy.db", status=2)
    assert there.read_text(encoding="utf-8") == "precious"


def test_a_password_in_the_settings_is_refused_once_and_not_said(empty: Shell) -> None:
    settings = (empty.folder / "crosspromo.toml").read_text(encoding="utf-8")
    url = 'url = "postgresql+psycopg://us:hush-hush@db.example/queue"'
    empty.configure(f"{settings}\n[database]\n{url}\n")

    found = empty.run("doctor")

    assert found.status == 1
    assert found.out.count("FAIL") == 1
    assert "[database] url: a password must not stand here" in found.out
    assert "hush-hush" not in found.out + found.err
    assert "a password must not stand here" in empty.refused("status")
