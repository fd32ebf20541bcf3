"""Drafts in the store: each is of one person, and becomes one post."""

from datetime import timedelta
from pathlib import Path

import pytest
from old_databases import of_version

from crosspromo.domain.compose_drafts import Composed, Picture, When
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Kind
from crosspromo.store.database import upgrading
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

TOKEN = "a" * 12
EVERYTHING = Composed(
    kind=Kind.EVENT,
    event="cleanup",
    text="Überall 🌊\n",
    accounts=("x-main", "bluesky-main"),
    when=When.AT,
    at="tue 9",
    paid=True,
    pictures=(Picture("media/x.png", "hall.png", "A hall"),),
)


def person(unit: Unit, name: str = "Amira") -> int:
    return unit.people.add(name, None, Role.AUTHOR, START)


def post(unit: Unit) -> int:
    return unit.posts.add(
        kind=Kind.OWN,
        partners=(),
        event=None,
        template=None,
        reason=None,
        author="Amira",
        now=START,
    )


def test_what_was_typed_comes_back_as_it_was(store: Store) -> None:
    with store.write() as unit:
        amira = person(unit)
        assert unit.compose_drafts.save(TOKEN, amira, Composed(text="first"), START)
        assert unit.compose_drafts.save(TOKEN, amira, EVERYTHING, START + timedelta(minutes=1))
    with store.read() as unit:
        found = unit.compose_drafts.get(TOKEN, amira)
    assert found.composed == EVERYTHING
    assert found.saved_at == START + timedelta(minutes=1)
    assert found.post is None


def test_nobody_else_reads_changes_or_deletes_a_draft(store: Store) -> None:
    with store.write() as unit:
        amira, dan = person(unit), person(unit, "Dan")
        unit.compose_drafts.save(TOKEN, amira, EVERYTHING, START)
        assert not unit.compose_drafts.save(TOKEN, dan, Composed(text="mine"), START)
        unit.compose_drafts.throw_away(TOKEN, dan)
        assert unit.compose_drafts.of(dan, 10) == ([], 0)
        with pytest.raises(NotFoundError):
            unit.compose_drafts.get(TOKEN, dan)
        assert unit.compose_drafts.get(TOKEN, amira).composed == EVERYTHING


def test_a_draft_becomes_one_post_and_is_then_empty_and_unlisted(store: Store) -> None:
    with store.write() as unit:
        amira = person(unit)
        unit.compose_drafts.save(TOKEN, amira, EVERYTHING, START)
        first, second = post(unit), post(unit)
        assert unit.compose_drafts.become(TOKEN, amira, first, EVERYTHING)
        assert not unit.compose_drafts.become(TOKEN, amira, second, EVERYTHING)
        assert not unit.compose_drafts.save(TOKEN, amira, EVERYTHING, START)
        unit.compose_drafts.throw_away(TOKEN, amira)
        found = unit.compose_drafts.get(TOKEN, amira)
        assert (found.post, found.composed) == (first, Composed())
        assert unit.compose_drafts.of(amira, 10) == ([], 0)


def test_drafts_are_listed_latest_first(store: Store) -> None:
    with store.write() as unit:
        amira = person(unit)
        for number in range(3):
            at = START + timedelta(minutes=number)
            unit.compose_drafts.save(f"draft-{number}-----"[:12], amira, Composed(), at)
        found, total = unit.compose_drafts.of(amira, 2)
    assert [each.token[6] for each in found] == ["2", "1"]
    assert total == 3


def test_a_database_from_before_drafts_gets_their_table(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0014", tmp_path)
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        amira = person(unit)
        unit.compose_drafts.save(TOKEN, amira, EVERYTHING, START)
        assert unit.compose_drafts.become(TOKEN, amira, 1, EVERYTHING)  # the post that was there
    older.close()
