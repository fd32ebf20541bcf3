"""Partners are asked for sign-off by mail: one mail for all posts, by whichever daemon is first."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from browsers import SETTINGS, Office
from partners_asked import KEEPERS, TEXT, asked_post
from servers.mail import MailServer

from crosspromo.domain.matters import PartnerNotAsked
from crosspromo.domain.sign_off import Answer
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.services.act_on_posts import Targets
from crosspromo.services.edited_content import Changes
from crosspromo.services.partner_people import PersonChanges
from crosspromo.services.sign_off_mails import SignOffMails
from crosspromo.services.tries import Tries

MAIL = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "news@rva.example.org"

[serve]
public_url = "https://post.rva.example.org"
"""
KIM = "kim@river.example.org"
LINK = re.compile(r"https://post\.rva\.example\.org/a/(\S+)")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, server: MailServer) -> Iterator[Office]:
    with Office(tmp_path, SETTINGS + MAIL.format(port=server.port)) as office:
        yield office


def addressed(office: Office, mail: str = KIM) -> None:
    people = office.workspace.services.partner_people("Maria Alvarez")
    people.edit(people.list(KEEPERS)[0].number, PersonChanges(mail=mail))


def daemon(office: Office, name: str = "one") -> SignOffMails:
    return office.workspace.services.sign_off_mails(name)


def settle(office: Office) -> None:
    """A round that sees the posts, and one when nothing was added for five minutes."""
    daemon(office).send()
    office.clock.advance(timedelta(minutes=5))
    daemon(office).send()


def text_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def unasked(office: Office) -> list[NotAskedWhy]:
    status = office.workspace.services.attention(office.workspace.worker_lock())
    found = (each.detail for each in status.matters())
    return [each.why for each in found if isinstance(each, PartnerNotAsked)]


def test_one_mail_asks_for_all_posts_five_minutes_after_the_last(
    office: Office, server: MailServer
) -> None:
    asked_post(office)
    addressed(office)
    daemon(office).send()
    office.clock.advance(timedelta(minutes=3))
    later = office.clock.now() + timedelta(days=4)
    second = "They plant willows along the river, and you can help on any Sunday in May."
    asked_post(office, second, ("x-main",), at=later)
    addressed(office)
    daemon(office).send()
    office.clock.advance(timedelta(minutes=4))
    daemon(office).send()
    assert not server.messages
    office.clock.advance(timedelta(minutes=1))
    daemon(office).send()
    (message,) = server.messages
    assert message["To"] == KIM
    assert "may we post this about River Keepers?" in message["Subject"]
    tokens = LINK.findall(text_of(message))
    assert len(tokens) == 2
    offs = office.workspace.services.sign_offs(Tries())
    assert {offs.open(each, "::1").open[0].content.text for each in tokens} == {TEXT, second}
    office.clock.advance(timedelta(hours=1))
    daemon(office).send()
    assert len(server.messages) == 1


def test_two_daemons_send_one_mail(office: Office, server: MailServer) -> None:
    asked_post(office)
    addressed(office)
    daemon(office).send()
    office.clock.advance(timedelta(minutes=5))
    for name in ("one", "two"):
        daemon(office, name).send()
    assert len(server.messages) == 1


def test_another_text_is_asked_anew_with_what_changed(office: Office, server: MailServer) -> None:
    post = asked_post(office)
    addressed(office)
    settle(office)
    (token,) = LINK.findall(text_of(server.messages[0]))
    offs = office.workspace.services.sign_offs(Tries())
    seen = offs.open(token, "::1").version
    assert offs.answer(token, "::1", seen, Answer.YES, "")[1]
    daemon(office).send()
    acts = office.workspace.services.act_on_posts("Amira Author")
    acts.edit(Targets(posts=(post,)), Changes(text=TEXT.replace("Saturday", "Sunday")))
    settle(office)
    said = text_of(server.messages[1])
    assert "an earlier answer does not hold any more" in said
    assert f"It was: {TEXT}" in said
    assert "Join them on Sunday." in said
    assert LINK.findall(said) != [token]


def test_of_another_time_they_are_told_and_not_asked(office: Office, server: MailServer) -> None:
    post = asked_post(office)
    addressed(office)
    settle(office)
    office.clock.advance(timedelta(minutes=1))
    moved = office.clock.now() + timedelta(days=5)
    acts = office.workspace.services.act_on_posts("Amira Author")
    acts.move(Targets(posts=(post,)), moved)
    settle(office)
    said = text_of(server.messages[1])
    assert "another time for 1 post" in server.messages[1]["Subject"]
    assert "Your answer holds, and your link works as before." in said
    assert not LINK.findall(said)
    settle(office)
    assert len(server.messages) == 2


def test_without_an_address_somebody_among_us_is_told_until_it_is_there(
    office: Office, server: MailServer
) -> None:
    asked_post(office)
    settle(office)
    assert unasked(office) == [NotAskedWhy.NO_ADDRESS]
    addressed(office)
    office.clock.advance(timedelta(minutes=5))
    daemon(office).send()
    assert len(server.messages) == 1
    assert unasked(office) == []


def test_without_a_mail_server_a_link_by_hand_is_enough(office: Office) -> None:
    post = asked_post(office)
    addressed(office)
    mails = replace(daemon(office), channel=lambda _: None)
    mails.send()
    office.clock.advance(timedelta(minutes=5))
    mails.send()
    assert unasked(office) == [NotAskedWhy.NO_MAIL]
    office.workspace.services.sign_off_links("Maria Alvarez").make(post, KEEPERS)
    assert unasked(office) == []


def test_a_mail_that_is_refused_is_told_of_and_tried_again(
    office: Office, server: MailServer
) -> None:
    asked_post(office)
    addressed(office)
    server.refuses[KIM] = "550 no such box"
    settle(office)
    assert unasked(office) == [NotAskedWhy.REFUSED]
    daemon(office).send()
    del server.refuses[KIM]
    office.clock.advance(timedelta(minutes=5))
    daemon(office).send()
    assert len(server.messages) == 1
    assert unasked(office) == []
