"""People at partners in the store, and the notes of older databases that became people."""

import json
from dataclasses import replace
from pathlib import Path

from old_databases import of_version, write

from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

KIM = PartnerPerson(
    0,
    "river",
    "Kim Rivera",
    (PartnerRole.KEY_CONTACT, PartnerRole.SIGN_OFF),
    START,
    "ana",
    mail="kim@river.example.org",
    phone="555 0100",
    note="Überall 🌊",
)


def test_a_person_comes_back_as_stored(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("river", "River Keepers"), START)
        kim = unit.partner_people.add(KIM)
        assert unit.partner_people.get(kim.number) == replace(KIM, number=kim.number)
        assert unit.partner_people.of("river") == [kim]


def test_posts_wait_for_a_person_until_they_left(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save(Partner("river", "River Keepers"), START)
        kim = unit.partner_people.add(KIM)
    with store.read() as unit:
        assert unit.approvals.sign_offs(["river"]) == {"river"}
    with store.write() as unit:
        unit.partner_people.change(replace(kim, ended_at=START))
    with store.read() as unit:
        assert not unit.approvals.sign_offs(["river"])
        assert not unit.partner_people.present()
        assert [each.name for each in unit.partner_people.of("river")] == ["Kim Rivera"]


def test_a_partner_who_asked_by_a_note_has_a_person_for_it(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0017", tmp_path)
    notes = {
        "yes": {"Sign_off": "yes", "Phone": "555"},
        "kim": {"sign_off": " Kim  Rivera "},
        "events": {"sign_off": "only for events"},
        "no": {"sign_off": "No", "Phone": "555"},
        "silent": {"Phone": "555"},
    }
    with transaction(older.engine, writes=True) as connection:
        for slug, some in notes.items():
            empty = dict.fromkeys(("list", "closeness", "tier", "why", "website", "status"), "")
            write(
                connection,
                "partners",
                slug=slug,
                name=slug,
                kind="",
                handles="{}",
                topics="[]",
                tag_ok=False,
                notes=json.dumps(some),
                **empty,
            )
    upgrading.upgrade(older.engine)
    with older.read() as unit:
        people = unit.partner_people.all()
        asked = unit.approvals.sign_offs(notes)
        kept = {each.slug: dict(each.notes) for each in unit.partners.all()}
    assert asked == {"yes", "kim", "events"}
    assert [(each.partner, each.name, each.note) for each in people] == [
        ("events", "sign-off", "only for events"),
        ("kim", "Kim Rivera", ""),
        ("yes", "sign-off", ""),
    ]
    assert kept == {
        "events": {},
        "kim": {},
        "no": {"Phone": "555"},
        "silent": {"Phone": "555"},
        "yes": {"Phone": "555"},
    }
    older.close()
