"""Merging of partners on both databases, for every table that names a partner."""

from datetime import timedelta

import pytest
from sqlalchemy import Column, select

from crosspromo.domain.introductions import Introduction
from crosspromo.domain.partner_terms import Term
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Kind
from crosspromo.store.database.engine import transaction
from crosspromo.store.partner_merging import MergedPartner, kept_apart, naming_columns
from crosspromo.store.schema import merged_partners, partners, post_partners
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

LATER = START + timedelta(days=1)


@pytest.mark.parametrize("column", [*naming_columns()], ids=str)
def test_the_rows_of_two_partners_can_become_those_of_one(column: "Column[int]") -> None:
    """A new table with a unique key over its partner needs a rule of its own for merges."""
    assert kept_apart(column)


def test_who_declined_an_introduction_is_named_as_the_one_who_stays(store: Store) -> None:
    with store.write() as unit:
        for slug in ("gone", "into", "third"):
            unit.partners.save(Partner(slug, slug), START)
        new = Introduction(0, "gone", "third", "a van", "a van", START, "ana")
        number = unit.introductions.add(new)
        unit.introductions.decline(number, "gone", START)
        unit.partner_merging.move("gone", "into", LATER, "ana")
        found = unit.introductions.get(number)
    assert (found.needing, found.declined_for) == ("into", "into")


def test_all_that_names_one_names_the_other_and_terms_end(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("gone", "Gone", list="extended"), START)
        unit.partners.save(Partner("into", "Into", list="focus"), START)
        for slugs in (("gone",), ("gone", "into"), ("into",)):
            unit.posts.add(
                kind=Kind.SPOTLIGHT,
                partners=slugs,
                event=None,
                template=None,
                reason=None,
                author="ana",
                now=START,
            )
        moved = unit.partner_merging.move("gone", "into", LATER, "ana")
        assert moved["post_partners"] == 1
        assert unit.partners.find("gone") is None
        assert unit.partners.references({"into"})["into"].posts == 3
        assert unit.partner_terms.of("into") == [
            Term("list", "focus", START),
            Term("list", "extended", START, LATER),
        ]
        found = MergedPartner("gone", "Gone", "into", LATER, "ana")
        assert unit.partner_merging.merged("gone") == found
        assert unit.partner_merging.merged("into") is None
        assert unit.partner_merging.all() == {"gone": "into"}
    with transaction(store.engine, writes=False) as connection:
        (partner_id,) = connection.execute(select(partners.c.id)).scalars()
        for table in (post_partners, merged_partners):
            assert set(connection.execute(select(table.c.partner_id)).scalars()) == {partner_id}
