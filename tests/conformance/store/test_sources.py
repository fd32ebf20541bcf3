"""Sources in the store, on each database, and a database from before there were any."""

from datetime import timedelta
from pathlib import Path

import pytest
from old_databases import of_version
from sqlalchemy.exc import IntegrityError

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.partners import Partner
from crosspromo.domain.sources import Occasion, SourceKind, Suggestion, SuggestionState
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

ADDRESS = "https://river.example/feed"


def item(source: int, title: str) -> Suggestion:
    return Suggestion(
        number=0,
        source=source,
        occasion=Occasion.SHARE,
        partner="river-keepers",
        title=title,
        link=f"https://river.example/{title}",
        summary="",
        published_at=START,
        found_at=START,
    )


def test_a_source_and_its_items_are_kept_and_found(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
        number = unit.sources.add(SourceKind.FEED, ADDRESS, "river-keepers", "ana", START)
        unit.suggestions.add_all([(each, f"p/{each}", item(number, each)) for each in ("a", "b")])
    with store.read() as unit:
        source = unit.sources.find(number)
        assert source is not None
        assert (source.partner, source.next_at) == ("river-keepers", START)
        assert unit.sources.due(START - timedelta(seconds=1), 10) == []
        assert [each.number for each in unit.sources.due(START, 10)] == [number]
        assert unit.suggestions.known(number, ["a", "c"]) == {"a"}
        assert unit.suggestions.known_pages(["p/b", "p/c"]) == {"p/b"}
        assert [each.title for each in unit.suggestions.open(10)] == ["b", "a"]
        assert unit.suggestions.count_open() == 2


def test_an_item_is_kept_once(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
        number = unit.sources.add(SourceKind.FEED, ADDRESS, None, "ana", START)
        unit.suggestions.add_all([("a", "p/a", item(number, "a"))])
    with pytest.raises((IntegrityError, DatabaseError)), store.write() as unit:
        unit.suggestions.add_all([("a", "p/a", item(number, "a"))])


def test_a_suggestion_is_decided_once(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
        number = unit.sources.add(SourceKind.FEED, ADDRESS, None, "ana", START)
        unit.suggestions.add_all([("a", "p/a", item(number, "a"))])
        (found,) = unit.suggestions.open(1)
        decided = unit.suggestions.decide(found.number, SuggestionState.DISMISSED, "ana", START)
        again = unit.suggestions.decide(found.number, SuggestionState.USED, "ben", START)
        assert (decided, again) == (True, False)
        kept = unit.suggestions.find(found.number)
    assert kept is not None
    assert (kept.state, kept.decided_by) == (SuggestionState.DISMISSED, "ana")


def test_a_database_from_before_sources_takes_them(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0020", tmp_path)
    upgrade(older.engine)
    with older.write() as unit:
        number = unit.sources.add(SourceKind.ALERTS, ADDRESS, None, "ana", START)
    with older.read() as unit:
        assert [each.number for each in unit.sources.all()] == [number]
    older.close()
