"""docs/how-to/several-machines.md, typed as it stands; and two machines on one PostgreSQL."""

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from end_to_end.shell import WORKSPACE, Shell

if TYPE_CHECKING:
    from servers.postgres import PostgresServer

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "several-machines.md"
ON_POSTGRESQL = '\n[database]\nurl = "env:DATABASE_URL"\n'

ACCOUNTS = [f"page-{n}" for n in range(8)]
EIGHT_PAGES = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[defaults]
ratio = "none"
timeout = "1s"
look_up_after = ["1s", "2s"]

[floor]
ratio = "none"
""" + "".join(f'\n[accounts.{name}]\nnetwork = "sandbox"\n' for name in ACCOUNTS)

LOOKS = 100
"""So often we look whether all is done; each look takes about a second."""


def typed_under(heading: str) -> list[list[str]]:
    """The commands that the page shows under this heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line.split()[1:] for line in lines if line.startswith("crosspromo ")]


def test_a_workspace_moves_as_the_page_says(
    workspace_with_partners: Path,
    shell: Shell,
    postgres_server: "PostgresServer",
) -> None:
    """Even into a database without a table."""
    machine = Shell(shell.folder, {"DATABASE_URL": postgres_server.empty_database()})
    machine.ok("queue", "spotlight", "river-keepers", "--to", "x-main,bluesky-main")
    machine.ok("queue", "own", "--to", "reddit-main", "--title", "Ours", "--text", "Our report")
    commands = typed_under("Move the workspace")
    assert ["db", "copy", "sqlite:///crosspromo.db", "env:DATABASE_URL"] in commands
    before = None
    for command in commands:
        if command[:2] == ["db", "copy"]:
            before = machine.deliveries()
        machine.ok(*command)
        if command[:2] == ["db", "copy"]:
            machine.configure(WORKSPACE + ON_POSTGRESQL)

    assert machine.deliveries() == before
    assert [d["state"] for d in machine.deliveries()] == ["published", "published", "queued"]
    assert machine.ok("status", "--json").json["paused"] == []
    assert "DATABASE_URL is not set" in machine.refused("status", env={"DATABASE_URL": ""})
    assert "pg_dump --format=custom" in machine.refused("db", "backup", "copy.db", status=2)
    machine.ok("queue", "spotlight", "river-keepers", "--to", "reddit-main")
    machine.ok("run", "--once")
    machine.ok("db", "check")


def test_two_machines_share_forty_posts_and_one_dies_in_the_middle(
    empty: Shell, tmp_path: Path, postgres_server: "PostgresServer"
) -> None:
    """Each machine has a folder of its own; the pages, which are the network, are the same."""
    database = {"DATABASE_URL": postgres_server.database()}
    network = tmp_path / "network"
    network.mkdir()
    east, west = Shell(empty.folder, database), Shell(tmp_path / "west", database)
    for machine in (east, west):
        machine.configure(EIGHT_PAGES + ON_POSTGRESQL)
        (machine.folder / "sandbox").symlink_to(network)

    def queue(*numbers: int) -> None:
        for number in numbers:
            west.ok("queue", "own", "--to", "all", "--text", f"This is our post {number}.")

    with east.daemon() as first, west.daemon() as second:
        first.says("started as")
        second.says("started as")
        status = west.ok("status")
        assert status.out.startswith("daemon: alive, 2 of them\n"), status
        queue(1, 2)
        west.ok("pause", "--reason", "so that all go at once")
        queue(3, 4, 5)
        west.ok("resume")
        first.kill()
        states: Counter[str] = Counter()
        for _ in range(LOOKS):
            states = Counter(d["state"] for d in west.deliveries())
            if states.keys() == {"published"}:
                break
        assert states == {"published": 40}
        assert second.terminate() == 0

    for account in ACCOUNTS:
        page = (network / f"{account}.html").read_text(encoding="utf-8")
        found = Counter(re.findall(r"This is our post \d\.", page))
        assert found == {f"This is our post {n}.": 1 for n in range(1, 6)}, account
    west.ok("db", "check")


@pytest.mark.parametrize("line", [("status",), ("run",), ("db", "upgrade")])
def test_a_database_that_is_away_is_said_in_a_sentence(
    empty: Shell, line: tuple[str, ...], tmp_path: Path
) -> None:
    empty.configure(WORKSPACE + ON_POSTGRESQL)
    url = f"postgresql+psycopg://us@/queue?host={tmp_path}"
    said = empty.refused(*line, env={"DATABASE_URL": url})
    assert "cannot be reached" in said


def test_a_daemon_outlives_a_restart_of_its_database(
    empty: Shell, postgres_server: "PostgresServer"
) -> None:
    machine = Shell(empty.folder, {"DATABASE_URL": postgres_server.database()})
    machine.configure(EIGHT_PAGES + ON_POSTGRESQL)
    with machine.daemon() as daemon:
        daemon.says("started as")
        postgres_server.stop()
        postgres_server.start()
        machine.ok("queue", "own", "--to", "page-1", "--text", "We are back.")
        daemon.says("published")
        assert daemon.terminate() == 0
    assert machine.page("page-1").count("We are back.") == 1
