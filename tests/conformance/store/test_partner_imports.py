"""Partners of a database of 0007 are all offered; imports and headings are kept from 0008 on."""

from pathlib import Path

from old_databases import of_version, write

from crosspromo.domain.partner_rows import FieldChange, PartnerChange
from crosspromo.domain.partners import Partner, References
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

CHANGES = (
    PartnerChange("bank", True, (FieldChange("name", None, "Food Bank"),)),
    PartnerChange("keepers", False, (FieldChange("topics", ["Water"], None),)),
)


def test_partners_of_an_older_database_are_all_offered(store: Store, tmp_path: Path) -> None:
    old = of_version(store, "0007", tmp_path)
    texts = ("kind", "list", "closeness", "tier", "why", "website", "status")
    with transaction(old.engine, writes=True) as connection:
        write(
            connection,
            "partners",
            id=1,
            slug="keepers",
            name="River Keepers",
            **dict.fromkeys(texts, ""),
            handles="{}",
            topics="[]",
            notes="{}",
            tag_ok=True,
        )
    upgrading.upgrade(old.engine)
    with old.read() as unit:
        assert unit.partners.all() == [Partner("keepers", "River Keepers", tag_ok=True)]
        assert unit.partner_imports.find(None) is None
    old.close()


def test_what_an_import_changed_is_read_as_it_was_written(store: Store) -> None:
    with store.write() as unit:
        number = unit.partner_imports.add(START, "ana", "list.csv", CHANGES)
    with store.write() as unit:
        past = unit.partner_imports.find(None)
        assert past is not None
        assert past == (number, START, "ana", "list.csv", None)
        assert unit.partner_imports.newest_not_undone() == past
        assert tuple(unit.partner_imports.changes(number)) == CHANGES
        unit.partner_imports.mark_undone(number, START)
    with store.read() as unit:
        assert unit.partner_imports.newest_not_undone() is None
        undone = unit.partner_imports.find(None)
        assert undone is not None
        assert undone.undone_at == START


def test_the_last_meaning_of_a_heading_stands(store: Store) -> None:
    with store.write() as unit:
        unit.sheet_headings.remember({"url": "website", "org": "name"}, "ana", START)
        unit.sheet_headings.remember({"url": "notes"}, "kim", START)
        unit.sheet_headings.remember({}, "kim", START)
    with store.read() as unit:
        assert unit.sheet_headings.all() == {"url": "notes", "org": "name"}


def test_partners_are_saved_in_bulk_archived_and_removed(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save_all((Partner("a", "A"), Partner("b", "B")), (), START)
        unit.partners.save_all((), (Partner("a", "A", archived_at=START),), START)
        unit.partners.remove("b")
    with store.read() as unit:
        assert unit.partners.all() == [Partner("a", "A", archived_at=START)]
        assert unit.partners.references({"a"}) == {}
        assert unit.deliveries.waiting_about({"a"}) == []
        assert References(0, 0, 0) == (0, 0, 0, 0, 0)
