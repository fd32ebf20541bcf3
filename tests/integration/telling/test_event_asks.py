"""Partners are asked by mail to share an event that a ladder announces: each once, at its time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from browsers import SETTINGS, Office
from ladder_series import add_step
from servers.mail import MailServer

from crosspromo.domain.errors import InputError, NotFoundError
from crosspromo.domain.events import Event
from crosspromo.domain.matters import PartnersToAsk
from crosspromo.domain.partner_people import PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Hosting
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.services.event_asks import EventAsks
from crosspromo.services.partner_people import PersonChanges

MAIL = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "news@rva.example.org"
"""
KEEPERS, CLEANUP = "river-keepers", "cleanup"
KIM, LEE, ANN = "kim@river.example.org", "lee@river.example.org", "ann@river.example.org"
DAY = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, server: MailServer) -> Iterator[Office]:
    with Office(tmp_path, SETTINGS + MAIL.format(port=server.port)) as office:
        laddered(office)
        yield office


def laddered(office: Office, slug: str = CLEANUP) -> None:
    """An event of River Keepers in forty days, with a step of a ladder a week before."""
    now = office.clock.now()
    starts_at = now + 40 * DAY
    event = Event(
        slug=slug,
        title="River Cleanup",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        zone="America/Chicago",
        uid=f"{slug}@example",
        location="Boat Ramp, 5 River Road",
        url="https://river.example.org/cleanup",
        hosting=Hosting.PARTNER,
        partners=(KEEPERS,),
    )
    with office.store.write() as unit:
        notes = {"about": "they pay late"}
        unit.partners.save(Partner(KEEPERS, "River Keepers", tier="gold", notes=notes), now)
        unit.events.save(event)
        due_at = starts_at - 7 * DAY
        add_step(unit, event, "x-main", "week", due_at, now=now, pinned=False)


def known(office: Office, name: str, role: PartnerRole, mail: str | None) -> int:
    people = office.workspace.services.partner_people("Maria Alvarez")
    return people.add(KEEPERS, PersonChanges(name, (role,), mail)).number


def daemon(office: Office, name: str = "one") -> EventAsks:
    return office.workspace.services.event_asks(name)


def days_before(office: Office, days: int) -> None:
    """The day so many days before the event, at noon there."""
    with office.store.read() as unit:
        starts_at = unit.events.get(CLEANUP).starts_at
    noon = (starts_at - days * DAY).replace(hour=18, minute=0)
    office.clock.advance(noon - office.clock.now())


def text_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def to_ask(office: Office) -> list[PartnersToAsk]:
    status = office.workspace.services.attention(office.workspace.worker_lock())
    found = (each.detail for each in status.matters())
    return [each for each in found if isinstance(each, PartnersToAsk)]


def whom(server: MailServer) -> list[str]:
    return [message["To"] for message in server.messages]


def test_the_key_contact_is_asked_a_month_before_and_once(
    office: Office, server: MailServer
) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    known(office, "Lee Stone", PartnerRole.DESIGNATE, LEE)
    days_before(office, 31)
    daemon(office).send()
    assert not server.messages
    days_before(office, 30)
    for name in ("one", "two", "one"):
        daemon(office, name).send()
        office.clock.advance(timedelta(minutes=6))
    assert whom(server) == [KIM]
    assert to_ask(office) == []


def test_the_mail_has_our_dates_and_the_link_and_nothing_that_we_note(
    office: Office, server: MailServer
) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    days_before(office, 30)
    daemon(office).send()
    (message,) = server.messages
    assert message["Subject"] == "River Valley Alliance: please share River Cleanup"
    said = text_of(message)
    with office.store.read() as unit:
        event = unit.events.get(CLEANUP)
    assert event.url in said
    assert f"{event.starts_at - 7 * DAY:%Y-%m-%d}" in said
    assert "late" not in said
    assert "gold" not in said


def test_who_stands_in_is_asked_where_the_key_contact_has_no_address(
    office: Office, server: MailServer
) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, None)
    known(office, "Lee Stone", PartnerRole.DESIGNATE, LEE)
    days_before(office, 30)
    daemon(office).send()
    assert whom(server) == [LEE]


def test_speakers_are_asked_a_week_before_each(office: Office, server: MailServer) -> None:
    known(office, "Kim Rivera", PartnerRole.SPEAKER, KIM)
    known(office, "Ann Field", PartnerRole.SPEAKER, ANN)
    known(office, "Lee Stone", PartnerRole.KEY_CONTACT, LEE)
    days_before(office, 7)
    daemon(office).send()
    assert sorted(whom(server)) == [ANN, KIM, LEE]
    to_kim = next(each for each in server.messages if each["To"] == KIM)
    assert "Hello Kim Rivera" in text_of(to_kim)


def test_who_has_shared_since_is_not_asked_again_before_the_event(
    office: Office, server: MailServer
) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    days_before(office, 20)
    shared(office)
    days_before(office, 3)
    daemon(office).send()
    assert not server.messages


def test_who_has_not_shared_is_asked_three_days_before(office: Office, server: MailServer) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    days_before(office, 3)
    daemon(office).send()
    (message,) = server.messages
    assert "have not seen a post of yours" in text_of(message)


def shared(office: Office) -> None:
    now = office.clock.now()
    with office.store.write() as unit:
        unit.received.add(
            Received(0, KEEPERS, now, ReceivedKind.SHARE, None, "", "", now, "Maria Alvarez")
        )


def test_asks_move_with_the_event_and_end_with_it(office: Office, server: MailServer) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    days_before(office, 30)
    events = office.workspace.services.change_event("Maria Alvarez")
    with office.store.write() as unit:
        event = unit.events.get(CLEANUP)
        later = replace(event, starts_at=event.starts_at + 9 * DAY, ends_at=event.ends_at + 9 * DAY)
        unit.events.save(later)
    daemon(office).send()
    assert not server.messages
    days_before(office, 30)
    events.cancel(CLEANUP)
    daemon(office).send()
    assert not server.messages


def test_events_without_a_ladder_ask_nobody(office: Office, server: MailServer) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    office.workspace.services.act_on_delivery("Maria Alvarez").cancel(1)
    days_before(office, 30)
    daemon(office).send()
    assert not server.messages


def test_without_an_address_somebody_among_us_asks(office: Office, server: MailServer) -> None:
    days_before(office, 30)
    daemon(office).send()
    (matter,) = to_ask(office)
    assert (matter.name, matter.why) == ("River Keepers", NotAskedWhy.NO_ADDRESS)
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    office.clock.advance(timedelta(minutes=6))
    daemon(office).send()
    assert whom(server) == [KIM]
    assert to_ask(office) == []


def test_without_a_mail_server_somebody_among_us_asks_and_says_so(office: Office) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    days_before(office, 30)
    replace(daemon(office), channel=lambda _: None).send()
    assert [each.why for each in to_ask(office)] == [NotAskedWhy.NO_MAIL]
    asked = office.workspace.services.asked_in_person("Maria Alvarez")
    asked.settle(CLEANUP, KEEPERS)
    assert to_ask(office) == []
    with pytest.raises(InputError, match="NobodyToAsk"):
        asked.settle(CLEANUP, KEEPERS)
    with pytest.raises(NotFoundError):
        asked.settle("nowhere", KEEPERS)


def test_who_was_asked_in_person_gets_no_mail(office: Office, server: MailServer) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    days_before(office, 30)
    office.workspace.services.asked_in_person("Maria Alvarez").settle(CLEANUP, KEEPERS)
    daemon(office).send()
    assert not server.messages


def test_a_mail_that_is_refused_is_told_of_and_tried_again(
    office: Office, server: MailServer
) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    server.refuses[KIM] = "550 no such box"
    days_before(office, 30)
    daemon(office).send()
    assert [each.why for each in to_ask(office)] == [NotAskedWhy.REFUSED]
    del server.refuses[KIM]
    daemon(office).send()
    assert not server.messages
    office.clock.advance(timedelta(minutes=6))
    daemon(office).send()
    assert whom(server) == [KIM]
    assert to_ask(office) == []


def test_what_is_too_late_to_ask_needs_nobody_any_more(office: Office) -> None:
    days_before(office, 30)
    daemon(office).send()
    assert to_ask(office)
    days_before(office, -1)
    assert to_ask(office) == []


def test_people_who_are_to_be_left_alone_are_not_mailed(office: Office, server: MailServer) -> None:
    known(office, "Kim Rivera", PartnerRole.KEY_CONTACT, KIM)
    kept_away = daemon(office).kept_away
    with office.store.write() as unit:
        kept_away.add(unit, [KIM], office.clock.now())
    days_before(office, 30)
    daemon(office).send()
    assert not server.messages
    assert [each.why for each in to_ask(office)] == [NotAskedWhy.NO_ADDRESS]


def test_the_page_today_names_whom_to_ask(office: Office) -> None:
    days_before(office, 30)
    daemon(office).send()
    page = office.signed_in(Role.APPROVER).open("/").text
    assert "River Keepers to share River Cleanup" in page
    assert f"/events/{CLEANUP}" in page
