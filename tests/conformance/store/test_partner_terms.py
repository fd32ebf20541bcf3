"""Terms of partners: list, closeness and cadence keep their history, however they are saved."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from old_databases import of_version, write

from crosspromo.domain.partner_terms import Term
from crosspromo.domain.partners import Partner
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

LATER = START + timedelta(days=3)
KEEPERS = Partner("keepers", "River Keepers", list="extended", closeness="broad")


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_term_ends_where_the_next_begins(store: Store, in_bulk: bool) -> None:
    after = replace(KEEPERS, list="focus", cadence_days=14)
    with store.write() as unit:
        if in_bulk:
            unit.partners.save_all([KEEPERS], [], START)
            unit.partners.save_all([], [after], LATER)
        else:
            unit.partners.save(KEEPERS, START)
            unit.partners.save(after, LATER)
        assert unit.partner_terms.of("keepers") == [
            Term("cadence", "14", LATER),
            Term("closeness", "broad", START),
            Term("list", "focus", LATER),
            Term("list", "extended", START, LATER),
        ]
        assert unit.partner_terms.cadences_since() == {"keepers": LATER}


def test_what_did_not_change_is_not_recorded_again(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(KEEPERS, START)
        unit.partners.save(replace(KEEPERS, why="They clean."), LATER)
        unit.partners.save_all([], [replace(KEEPERS, why="They do.")], LATER)
        assert {each.since for each in unit.partner_terms.of("keepers")} == {START}


def test_a_term_that_is_taken_away_ends(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(KEEPERS, START)
        unit.partners.save(replace(KEEPERS, closeness=""), LATER)
        assert unit.partner_terms.of("keepers")[0] == Term("closeness", "broad", START, LATER)
        assert unit.partner_terms.cadences_since() == {}


def test_a_clock_that_was_set_back_ends_no_term_before_it_began(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(KEEPERS, LATER)
        unit.partners.save(replace(KEEPERS, list="focus"), START)
        ended = [each for each in unit.partner_terms.of("keepers") if each.until is not None]
        assert ended == [Term("list", "extended", LATER, LATER)]


def test_of_partners_of_an_older_database_nothing_is_known_before_a_change(
    store: Store, tmp_path: Path
) -> None:
    older = of_version(store, "0016", tmp_path)
    texts = {**dict.fromkeys(("kind", "tier", "why", "website", "status"), ""), "list": "extended"}
    with transaction(older.engine, writes=True) as connection:
        write(
            connection,
            "partners",
            id=1,
            slug="keepers",
            name="River Keepers",
            closeness="broad",
            **texts,
            handles="{}",
            topics="[]",
            notes="{}",
            tag_ok=False,
        )
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        assert unit.partners.get("keepers") == KEEPERS
        assert unit.partner_terms.of("keepers") == []
        unit.partners.save(replace(KEEPERS, list="focus"), LATER)
        assert unit.partner_terms.of("keepers") == [Term("list", "focus", LATER)]
    older.close()
