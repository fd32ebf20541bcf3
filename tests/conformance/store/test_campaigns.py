"""Campaigns in the store, on either database, and in databases from before them."""

from datetime import date
from pathlib import Path

import pytest
from old_databases import deliver, of_version
from sqlalchemy.exc import IntegrityError
from stories import queued

from crosspromo.domain.campaigns import Campaign
from crosspromo.domain.errors import DatabaseError, NotFoundError
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

SPRING = Campaign(
    "spring", "Frühling 🌊", START, "Ana", date(2026, 5, 1), date(2026, 5, 31), "“why”\n"
)
AUTUMN = Campaign("autumn", "Autumn", START, "Ana")


def test_a_campaign_comes_back_as_it_was_added_the_latest_first(store: Store) -> None:
    with store.write() as unit:
        unit.campaigns.add(SPRING)
        unit.campaigns.add(AUTUMN)
    with store.read() as unit:
        assert unit.campaigns.all() == [AUTUMN, SPRING]
        assert unit.campaigns.get("spring") == SPRING
        assert unit.campaigns.find("winter") is None
        with pytest.raises(NotFoundError):
            unit.campaigns.get("winter")


def test_no_two_campaigns_have_one_slug(store: Store) -> None:
    with store.write() as unit:
        unit.campaigns.add(SPRING)
    with pytest.raises((IntegrityError, DatabaseError)), store.write() as unit:
        unit.campaigns.add(SPRING)


def test_posts_are_counted_and_found_the_latest_ones(store: Store) -> None:
    first, second, other = (queued(store, f"Post {number}") for number in range(3))
    with store.write() as unit:
        unit.campaigns.add(SPRING)
        unit.campaigns.add(AUTUMN)
        posts = {each.id: each.post for each in unit.deliveries.some()}
        unit.campaigns.put_posts([posts[first], posts[second]], "spring")
        unit.campaigns.put_posts([posts[other]], "autumn")
        unit.campaigns.put_posts([posts[other]], None)
        with pytest.raises(NotFoundError):
            unit.campaigns.put_posts([posts[other]], "winter")
    with store.read() as unit:
        assert unit.campaigns.counts() == {"spring": (2, 0), "autumn": (0, 0)}
        found = unit.campaigns.deliveries_of("spring", 1)
        assert ([each.id for each in found.deliveries], found.earlier) == ([second], 1)
        assert unit.deliveries.get(first).campaign == "spring"
        assert unit.deliveries.get(other).campaign is None


def test_a_note_is_of_the_post(store: Store) -> None:
    number = queued(store)
    with store.write() as unit:
        unit.posts.set_note(unit.deliveries.get(number).post, "Ask Maria 🌊")
        assert unit.deliveries.get(number).note == "Ask Maria 🌊"


def test_a_database_from_before_campaigns_keeps_its_posts(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0017", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "draft")
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        kept = unit.deliveries.get(1)
        assert (kept.campaign, kept.note) == (None, "")
        unit.campaigns.add(SPRING)
        unit.campaigns.put_posts([kept.post], "spring")
        assert unit.deliveries.get(1).campaign == "spring"
    older.close()
