"""Permissions and needs in the store, and the yes of older databases."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from old_databases import deliver, of_version, write
from sqlalchemy import Connection, text
from stories import queued

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.partner_limits import Shared
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import IMPORTED, Need, Scope
from crosspromo.domain.photos import PhotoConsent
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

KEEPERS = Partner("river-keepers", "River Keepers", handles={"x": "Keepers"})
TAG = Need(Scope.TAG, "river-keepers")


def agree(unit: Unit, *networks: str, until: date | None = None) -> int:
    return unit.permissions.add(
        "river-keepers",
        Scope.TAG,
        networks=networks,
        agreed_by="Ana Ruiz",
        agreed_on=date(2026, 3, 1),
        until=until,
        evidence="mail “of” März",
        now=START,
        who="dan",
    )


def test_a_permission_comes_back_as_it_was_recorded(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(KEEPERS, START)
        number = agree(unit, "x", "bluesky", until=date(2027, 1, 1))
    with store.write() as unit:
        (found,) = unit.permissions.of(["river-keepers"])
        assert found == unit.permissions.get(number)
    assert found.networks == ("bluesky", "x")
    assert (found.agreed_on, found.until) == (date(2026, 3, 1), date(2027, 1, 1))
    assert found.stands


def test_an_unknown_permission_is_not_found(store: Store) -> None:
    with store.write() as unit, pytest.raises(NotFoundError):
        unit.permissions.get(7)


@pytest.mark.parametrize(
    ("networks", "until", "is_a_yes"),
    [((), None, True), (("x",), None, False), ((), date(2030, 1, 1), False)],
)
def test_the_yes_of_a_partner_is_worked_out_from_permissions(
    store: Store, networks: tuple[str, ...], until: date | None, is_a_yes: bool
) -> None:
    with store.write() as unit:
        unit.partners.save(replace(KEEPERS, tag_ok=True), START)
        assert not unit.partners.get("river-keepers").tag_ok
        number = agree(unit, *networks, until=until)
        assert unit.partners.get("river-keepers").tag_ok is is_a_yes
        unit.permissions.withdraw(number, START, "dan", "they left")
        assert not unit.partners.get("river-keepers").tag_ok


def test_needs_come_with_every_permission_of_their_scope(store: Store) -> None:
    delivery = queued(store)
    logo = Need(Scope.LOGO, "river-keepers", declared=True)
    with store.write() as unit:
        first, second = agree(unit), agree(unit, "x")
        unit.permissions.set_needs(delivery, [TAG, logo])
        unit.permissions.set_needs(delivery, [TAG, logo])
        asked = {each.need: each for each in unit.permissions.asked([delivery])[delivery]}
        assert [each.number for each in asked[TAG].permissions] == [first, second]
        assert asked[logo].permissions == []
        assert asked[logo].name == "River Keepers"
        assert unit.permissions.needs([delivery + 1]) == {}
        assert unit.partners.references({"river-keepers"})["river-keepers"].posts == 2


def test_a_partner_is_found_by_handle_whatever_its_capitals(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(KEEPERS, START)
        found = unit.permissions.with_handles("x", {"keepers", "nobody"})
        assert found == {"keepers": "river-keepers"}
        assert unit.permissions.with_handles("bluesky", {"keepers"}) == {}


def test_a_consent_comes_back_with_the_deliveries_that_show_the_image(store: Store) -> None:
    delivery = queued(store)
    consent = PhotoConsent(
        number=0,
        hash="a" * 64,
        image="river.jpg",
        person="Sam Lee",
        minor=True,
        consent=True,
        networks=("x",),
        given_by="Kim Lee",
        until=date(2027, 1, 1),
        evidence="form",
        recorded_at=START,
        recorded_by="dan",
    )
    with store.write() as unit:
        number = unit.photo_consents.add(consent)
        unit.photo_consents.set_hashes(delivery, ["a" * 64, "b" * 64])
        kept = replace(consent, number=number)
        assert unit.photo_consents.of_deliveries([delivery]) == {delivery: [kept]}
        assert [each.id for each in unit.photo_consents.waiting("a" * 64)] == [delivery]


def test_limits_have_the_days_of_silence_that_are_not_over(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(replace(KEEPERS, most_posts=2, most_posts_days=7), START)
        connection = unit.partner_limits._connection
        silence(connection, "2026-03-01", "2026-03-31")
        silence(connection, "2026-03-30", "2026-04-01")
        limits = unit.partner_limits.of(["river-keepers", "nobody"], date(2026, 4, 1))
    (found,) = limits.values()
    assert (found.most, found.days) == (2, 7)
    assert [(each.first, each.last) for each in found.blackouts] == [
        (date(2026, 3, 30), date(2026, 4, 1))
    ]


def silence(connection: Connection, day: str, last_day: str) -> None:
    connection.execute(
        text(
            "INSERT INTO partner_entries (partner_id, kind, words, day, last_day, recorded_at, "
            "recorded_by) SELECT id, 'blackout', 'mourning', :day, :last_day, "
            "'2026-01-01 00:00:00.000000', 'dan' FROM partners"
        ),
        {"day": day, "last_day": last_day},
    )


def test_posts_about_a_partner_count_from_their_last_send(store: Store) -> None:
    first, _ = queued(store, "one"), queued(store, "two")
    with store.write() as unit:
        delivery = unit.deliveries.get(first)
        unit._connection.execute(
            text(
                "UPDATE deliveries SET state = 'unknown', attempt = 1, sent_at = :at, "
                "wake_at = NULL WHERE id = :id"
            ),
            {"at": START.isoformat(" ", "microseconds")[:26], "id": first},
        )
        slugs = ["river-keepers"]
        since = START - timedelta(days=1)
        assert unit.partner_limits.shared(slugs, since) == {
            "river-keepers": [Shared(delivery.post, START)]
        }
        assert unit.partner_limits.shared(slugs, START) == {"river-keepers": []}
        unit.roll_back()


def test_the_yes_of_an_older_database_becomes_a_permission(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0017", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        for number, slug, tag_ok in ((1, "river-keepers", True), (2, "others", False)):
            write(
                connection,
                "partners",
                id=number,
                slug=slug,
                name=slug,
                tag_ok=tag_ok,
                handles='{"x": "keepers"}',
                topics="[]",
                notes="{}",
                **dict.fromkeys(
                    ("kind", "list", "closeness", "tier", "why", "website", "status"), ""
                ),
            )
            write(connection, "post_partners", post_id=1, partner_id=number)
        deliver(connection, 1, "queued", text="Meet @Keepers.", wake_at=START)
        deliver(connection, 2, "queued", text="Meet @keepers-of-bees.", wake_at=START)
    upgrading.upgrade(older.engine)
    with older.read() as unit:
        assert unit.partners.get("river-keepers").tag_ok
        assert not unit.partners.get("others").tag_ok
        (permission,) = unit.permissions.of()
        assert (permission.partner, permission.evidence) == ("river-keepers", IMPORTED)
        assert permission.is_a_yes
        assert TAG in unit.permissions.needs([1, 2])[1]
        assert 2 not in unit.permissions.needs([1, 2])
    older.close()
