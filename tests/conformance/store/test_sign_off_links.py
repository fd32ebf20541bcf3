"""Sign-off links in the store: by hash, by post, and those whose answer needs a person."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from old_databases import deliver, of_version
from sqlalchemy.exc import IntegrityError

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.posts import Kind
from crosspromo.domain.sign_off import Answer, Said, SignOffLink
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

LATER = START + timedelta(days=1)
SAID = (Said(1, "x-main", "Überall 🌊\n“here”", "c" * 64, START + timedelta(days=1)),)


def link(unit: Unit, partner: str = "river-keepers", token: str = "a" * 64) -> SignOffLink:
    post = unit.posts.add(
        kind=Kind.OWN,
        partners=(),
        event=None,
        template=None,
        reason=None,
        author="Amira",
        now=START,
    )
    made = SignOffLink(0, post, partner, "b" * 64, SAID, START, "Maria")
    return unit.sign_off_links.add(token, made)


def needing(unit: Unit) -> list[tuple[SignOffLink, str]]:
    found = unit.attention(10).all(
        frozenset(), START, due_before=START, woken_before=START, answers_until=LATER
    )
    return list(unit.sign_off_links.named(found.links))


def answered(made: SignOffLink, answer: Answer, words: str = "") -> SignOffLink:
    return replace(made, answer=answer, answered_at=START + timedelta(hours=1), words=words)


def test_a_link_comes_back_as_it_was_made_and_answered(store: Store) -> None:
    with store.write() as unit:
        made = link(unit)
        assert unit.sign_off_links.find("a" * 64) == made
        said = answered(made, Answer.CHANGE, "Sonntag, bitte 🌊")
        unit.sign_off_links.answer(said)
    with store.read() as unit:
        assert unit.sign_off_links.find("a" * 64) == said
        assert unit.sign_off_links.find("c" * 64) is None
        assert unit.sign_off_links.of_post(made.post) == [said]


def test_a_link_that_was_called_back_is_found_by_its_hash_alone(store: Store) -> None:
    with store.write() as unit:
        made, other = link(unit), link(unit, "others", "d" * 64)
        later = START + timedelta(hours=2)
        assert unit.sign_off_links.call_back(made.post, "river-keepers", later) == 1
        assert unit.sign_off_links.call_back(made.post, "river-keepers", later) == 0
        assert unit.sign_off_links.of_post(made.post) == []
        assert unit.sign_off_links.of_post(other.post) == [other]
        found = unit.sign_off_links.find("a" * 64)
    assert found is not None
    assert found.called_back_at == later


def test_no_two_links_have_one_hash(store: Store) -> None:
    with store.write() as unit:
        link(unit)
    with pytest.raises((IntegrityError, DatabaseError)), store.write() as unit:
        link(unit)


def test_a_no_needs_a_person_until_it_is_called_back(store: Store) -> None:
    with store.write() as unit:
        refused = answered(link(unit), Answer.NO)
        agreed = answered(link(unit, token="e" * 64), Answer.YES)
        wished = answered(link(unit, token="f" * 64), Answer.CHANGE)  # of a post without deliveries
        for each in (refused, agreed, wished):
            unit.sign_off_links.answer(each)
        assert needing(unit) == [(refused, "river-keepers")]
        unit.sign_off_links.call_back(refused.post, refused.partner, START)
        assert needing(unit) == []


def test_a_database_from_before_links_gets_their_table(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0015", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "draft")
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        made = SignOffLink(0, 1, "river-keepers", "b" * 64, SAID, START, "Maria")
        wished = answered(unit.sign_off_links.add("a" * 64, made), Answer.CHANGE, "Sunday")
        unit.sign_off_links.lock(1)
        unit.sign_off_links.answer(wished)
        assert needing(unit) == [(wished, "river-keepers")]
    older.close()
