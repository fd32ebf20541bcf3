"""The benchmarks measure what they say: sound workspaces, and a table with every bar in it."""

from pathlib import Path

import pytest

from bench.contest import Given, Measured
from bench.peers import own_rows
from bench.queues import Size, copy, make
from bench.report import page
from bench.scenarios import files, sources
from bench.table import Found, Row, Run, at_least, at_most
from crosspromo.daemon import run_once
from crosspromo.domain.states import State
from crosspromo.publishing.results import Disposition
from crosspromo.workspace import Workspace


def test_a_workspace_written_in_bulk_is_sound_and_publishes_what_is_due(tmp_path: Path) -> None:
    folder = make(tmp_path / "filled", Size(accounts=3, due=7, ahead=4, published=5))
    with Workspace.open(folder) as workspace:
        assert run_once(workspace).dispositions == {Disposition.PUBLISHED: 7}
        with workspace.store.read() as unit:
            assert unit.deliveries.counts() == {State.QUEUED: 4, State.PUBLISHED: 12}
            assert [*unit.ledger.faults(), *unit.deliveries.faults()] == []


def test_our_own_rows_written_bare_are_rows_of_ours(tmp_path: Path) -> None:
    folder = make(tmp_path / "filled", Size(accounts=300, due=600))
    assert own_rows.drain(Given(folder, 600))() == 599, "one went out before"
    with Workspace.open(folder) as workspace, workspace.store.read() as unit:
        assert unit.deliveries.counts() == {State.PUBLISHED: 600}
        assert [*unit.ledger.faults(), *unit.deliveries.faults(), *unit.faults_of_file()] == []


def test_a_copy_of_a_workspace_is_not_paused_and_publishes_the_same(tmp_path: Path) -> None:
    made = make(tmp_path / "filled", Size(accounts=2, due=5))
    with Workspace.open(copy(made, tmp_path / "copy")) as workspace:
        assert run_once(workspace).dispositions == {Disposition.PUBLISHED: 5}


def test_a_post_passes_few_files_of_ours_on_its_way_from_the_queue_to_the_network(
    tmp_path: Path,
) -> None:
    (found,) = files.scenario(Run(tmp_path, rounds=1, shrink=1))
    (row,) = found.rows
    assert row.met, row.measured
    assert found.figures["a post"].median > 20, "as many have to be passed at the least"


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (at_least("drain", 3, 3.0, "huey"), True),
        (at_least("drain", 3, 2.9, "huey"), False),
        (at_most("list", 1.5, 1.5, "short"), True),
        (at_most("list", 1.5, 1.6, "short"), False),
    ],
)
def test_a_bar_is_met_or_missed(row: Row, *, met: bool) -> None:
    assert row.met is met


def test_the_page_has_every_bar_beside_what_was_measured() -> None:
    missed = at_least("drain", 3, 2.5, "huey")
    found = Found(
        (missed,),
        "a second",
        {"huey": Measured.of([500, 300, 400])},
        processor={"huey": Measured.of([20])},
    )

    written = page("2 cores", "Median of 3 rounds.", [found], "x 1000")

    assert "| drain | ≥ 3 × huey | 2.50 × | **missed** |" in written
    assert (
        "- huey: 400 (300 to 500) a second, 20 (20 to 20) µs of the processor for each" in written
    )
    assert "x 1000" in written


def test_sources_are_read_anew_and_then_unchanged(tmp_path: Path) -> None:
    (found,) = sources.scenario(Run(tmp_path, rounds=1, shrink=50))
    assert [row.what for row in found.rows] == [
        "4 sources on as many hosts, 50 items each, read for the first time",
        "4 sources on as many hosts, 50 items each, unchanged",
    ]
    assert set(found.figures) == {sources.NEW, sources.UNCHANGED}
