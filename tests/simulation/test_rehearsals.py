"""What a rehearsal says is what happens: twenty small workspaces, and the same with a table less.

By hand, more of them: `PYTHONPATH=tests .venv/bin/python -m simulation.rehearsals --seeds 200`.
"""

from collections.abc import Iterator

import pytest
from simulation.rehearsals import Rehearsed
from simulation.stages import STAGES, Stage
from sqlalchemy import Connection

from crosspromo.store import excerpt
from crosspromo.store.database.memory import add_indexes
from crosspromo.store.schema import metadata

SEEDS = 20
REVEALING = {
    "accounts": 0,
    "approvals": 1,
    "deliveries": 0,
    "delivery_needs": 0,
    "delivery_photos": 0,
    "events": 11,
    "judged_settings": 8,
    "ledger": 0,
    "ledger_hours": 0,
    "partner_entries": 4,
    "partner_people": 5,
    "partners": 0,
    "pauses": 2,
    "permissions": 0,
    "photo_consents": 0,
    "post_partners": 0,
    "posts": 0,
}
"""For each copied table a seed whose weeks go otherwise than foretold without the table."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with STAGES["sqlite"]() as on:
        yield on


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_rehearsed_is_what_happens(stage: Stage, seed: int) -> None:
    assert Rehearsed(seed, stage).rehearse().differences() == []


@pytest.mark.parametrize("seed", range(SEEDS // 2))
def test_what_is_certain_comes_true_to_the_minute_while_people_do_nothing(
    stage: Stage, seed: int
) -> None:
    assert Rehearsed(seed, stage).broken_forecasts() == []


def test_most_of_what_is_rehearsed_is_not_left_to_chance(stage: Stage) -> None:
    rehearsed = [Rehearsed(seed, stage).rehearse() for seed in range(3)]
    certain = sum(len(each.foretold.keys() - each.doubts.keys()) for each in rehearsed)
    assert certain > 0.8 * sum(len(each.foretold) for each in rehearsed)


def test_every_table_is_copied_or_left_out_for_a_reason() -> None:
    assert {table.name for table in metadata.sorted_tables} == (
        excerpt.COPIED | excerpt.LEFT_OUT.keys()
    )
    assert not excerpt.COPIED & excerpt.LEFT_OUT.keys()
    assert REVEALING.keys() == excerpt.COPIED


@pytest.mark.parametrize("table", REVEALING)
def test_a_table_that_is_missing_from_the_copy_is_noticed(
    stage: Stage, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(copy: Connection) -> None:
        add_indexes(copy)
        copy.execute(metadata.tables[table].delete())

    monkeypatch.setattr(excerpt, "add_indexes", without)
    assert Rehearsed(REVEALING[table], stage).rehearse().differences()
