"""Reports are mailed once a month to whom the settings name, by whichever daemon is first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from browsers import SETTINGS, Office
from servers.mail import MailServer

from crosspromo.domain.errors import ConfigError
from crosspromo.domain.matters import ReportNotMailed
from crosspromo.domain.months import Month
from crosspromo.domain.partners import Partner
from crosspromo.mail.client import MailError
from crosspromo.mail.server import MailAddress
from crosspromo.phrasing.reports import month as month_words
from crosspromo.phrasing.reports import partner as partner_words
from crosspromo.report_settings import MailedReports
from crosspromo.services.report_mails import ReportMails
from crosspromo.testing.clock import FakeClock

MAIL = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "news@rva.example.org"

[reports]
monthly = ["director@rva.example.org", "board@rva.example.org"]

[reports.partners]
river-keepers = ["ana@river.example.org"]
"""
DIRECTOR, BOARD, ANA = "director@rva.example.org", "board@rva.example.org", "ana@river.example.org"
REFUSED = "550 no such box"
MARCH = Month(2026, 3)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, server: MailServer) -> Iterator[Office]:
    """On the first of April, at 7 in the morning; the addresses were named the day before."""
    with Office(tmp_path, SETTINGS + MAIL.format(port=server.port)) as office:
        the_day_before(office)
        with office.store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers"), office.clock.now())
        yield office


def the_day_before(office: Office) -> None:
    """Let a daemon read the settings a day ago."""
    replace(daemon(office), clock=FakeClock(office.clock.now() - timedelta(days=1))).send()


def daemon(office: Office, name: str = "one") -> ReportMails:
    return office.workspace.services.report_mails(name)


def mailed(server: MailServer) -> list[tuple[str, str]]:
    return sorted((str(each["To"]), str(each["Subject"])) for each in server.messages)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def unmailed(office: Office) -> list[ReportNotMailed]:
    attention = office.workspace.services.attention(office.workspace.worker_lock())
    return [each.detail for each in attention.matters() if isinstance(each.detail, ReportNotMailed)]


def test_the_last_month_is_mailed_once_from_nine_o_clock_of_the_first_day(
    office: Office, server: MailServer
) -> None:
    daemon(office).send()
    assert not server.messages
    office.clock.advance(timedelta(hours=2))
    for _ in range(2):
        daemon(office).send()
        daemon(office, "two").send()
        office.clock.advance(timedelta(hours=3))
    assert mailed(server) == [
        (ANA, "River Valley Alliance has not shared River Keepers in 90 days"),
        (BOARD, "River Valley Alliance, March 2026: nothing went out; promise kept"),
        (DIRECTOR, "River Valley Alliance, March 2026: nothing went out; promise kept"),
    ]
    office.clock.advance(timedelta(days=31))
    daemon(office).send()
    assert len(server.messages) == 6


def test_a_daemon_that_stood_still_on_the_first_mails_it_later_in_the_month(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(days=20))
    daemon(office).send()
    assert "March 2026" in text_of(next(each for each in server.messages if each["To"] == BOARD))


def test_a_mail_says_what_the_report_says_and_has_its_page(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(hours=2))
    daemon(office).send()
    message = next(each for each in server.messages if each["To"] == DIRECTOR)
    text = text_of(message)
    assert text.startswith("March 2026: nothing went out; promise kept.\n")
    assert "WHAT WENT WRONG" in text
    assert "crosspromo " not in text  # a director types no commands
    (page,) = message.iter_attachments()
    assert page.get_filename() == "month-2026-04-01.html"
    assert page.get_content_type() == "text/html"
    assert "<svg" in str(page.get_content())


def test_two_daemons_mail_one_report_even_where_both_have_read_that_nobody_did(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(hours=2))
    second = daemon(office, "two")
    asked = iter((second.send,))

    def stopping() -> bool:  # the second daemon mails while the first is about to
        for send in asked:
            send()
        return False

    daemon(office).send(stopping)
    assert len(server.messages) == 3


def test_an_address_that_is_refused_is_a_matter_until_it_is_taken(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(hours=2))
    server.refuses[BOARD] = REFUSED
    daemon(office).send()
    assert [to for to, _ in mailed(server)] == [ANA, DIRECTOR]
    (matter,) = unmailed(office)
    assert (matter.month, matter.partner, matter.address) == ("2026-03", "", BOARD)
    assert "no such box" in matter.words
    daemon(office).send()  # not at once
    server.refuses.clear()
    office.clock.advance(timedelta(minutes=1))
    daemon(office).send()
    daemon(office).send()
    assert [to for to, _ in mailed(server)] == [ANA, BOARD, DIRECTOR]
    assert unmailed(office) == []


def test_what_failed_is_tried_again_after_the_month_and_forgotten_where_nobody_wants_it(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(hours=2))
    server.refuses = {BOARD: REFUSED, DIRECTOR: REFUSED}
    daemon(office).send()
    office.clock.advance(timedelta(days=31))
    server.refuses = {BOARD: REFUSED}
    daemon(office).send()
    assert [subject for to, subject in mailed(server) if to == DIRECTOR] == [
        f"River Valley Alliance, {month} 2026: nothing went out; promise kept"
        for month in ("April", "March")
    ]
    assert [(each.month, each.address) for each in unmailed(office)] == [
        ("2026-03", BOARD),
        ("2026-04", BOARD),
    ]
    fewer = MailedReports((MailAddress.parse(DIRECTOR),))
    replace(daemon(office), wanted=fewer).send()
    assert unmailed(office) == []


def test_a_daemon_that_died_while_it_mailed_is_taken_over(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(hours=2))

    def dies(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(daemon(office), words=dies).send()  # type: ignore[arg-type]  # (it never answers)
    daemon(office, "two").send()
    assert len(server.messages) == 2
    office.clock.advance(timedelta(minutes=5))
    daemon(office, "two").send()
    assert len(server.messages) == 3


def test_a_partner_who_is_not_known_is_a_matter_that_says_so(
    office: Office, server: MailServer, tmp_path: Path
) -> None:
    office.workspace.close()
    with Office(tmp_path, office.settings.replace("river-keepers", "river-keper")) as other:
        the_day_before(other)
        other.clock.advance(timedelta(hours=2))
        daemon(other).send()
        (matter,) = unmailed(other)
    assert matter.words == 'there is no partner "river-keper"; mend [reports.partners]'
    assert len(server.messages) == 2


def test_a_report_that_a_person_mailed_is_not_mailed_again(
    office: Office, server: MailServer
) -> None:
    found = office.workspace.services.month_reports.of(MARCH)
    to = daemon(office, "a person").send_month(month_words.page(found), found)
    assert to == [DIRECTOR, BOARD]
    office.clock.advance(timedelta(hours=2))
    daemon(office).send()
    assert [each for each, _ in mailed(server)] == [ANA, BOARD, DIRECTOR]


def test_a_month_that_goes_on_is_mailed_again_when_it_has_ended(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(days=20))
    daemon(office).send()
    found = office.workspace.services.month_reports.of()
    daemon(office, "a person").send_month(month_words.page(found), found)
    office.clock.advance(timedelta(days=15))
    daemon(office).send()
    april = [to for to, subject in mailed(server) if "April 2026" in subject]
    assert sorted(april) == [BOARD, BOARD, DIRECTOR, DIRECTOR]


def test_mailing_now_says_who_was_refused_and_who_is_not_named(
    office: Office, server: MailServer
) -> None:
    server.refuses[BOARD] = REFUSED
    found = office.workspace.services.month_reports.of()
    page = month_words.page(found)
    refused = f"^mailed to {DIRECTOR}; not mailed to {BOARD}: .*no such box"
    with pytest.raises(MailError, match=refused):
        daemon(office).send_now(page)
    assert [to for to, _ in mailed(server)] == [DIRECTOR]
    with office.store.write() as unit:
        unit.partners.save(Partner("others", "Others"), office.clock.now())
    others = office.workspace.services.reports.partner("others")
    with pytest.raises(ConfigError, match=r"\[reports.partners\] others: nobody is named"):
        daemon(office).send_partner(page, others)


def test_a_retry_by_a_person_mails_only_to_those_who_have_not_got_it(
    office: Office, server: MailServer
) -> None:
    server.refuses[BOARD] = REFUSED
    page = month_words.page(office.workspace.services.month_reports.of())
    for _ in range(2):
        with pytest.raises(MailError, match=BOARD):
            daemon(office).send_now(page)
    assert [to for to, _ in mailed(server)] == [DIRECTOR]
    server.refuses.clear()
    assert daemon(office).send_now(page) == [BOARD]
    assert [to for to, _ in mailed(server)] == [BOARD, DIRECTOR]
    assert daemon(office).send_now(page) == [DIRECTOR, BOARD]  # all had it: once more to all


def test_an_address_named_within_a_month_is_mailed_from_the_first_of_the_next(
    office: Office, server: MailServer
) -> None:
    office.clock.advance(timedelta(days=20))
    new = "new@river.example.org"
    wanted = MailedReports(partners={"river-keepers": (MailAddress.parse(new),)})
    for _ in range(2):
        replace(daemon(office), wanted=wanted).send()
        office.clock.advance(timedelta(days=1))
    assert not server.messages
    office.clock.advance(timedelta(days=8, hours=2))  # the first of May
    replace(daemon(office), wanted=wanted).send()
    assert [to for to, _ in mailed(server)] == [new]


def test_an_address_that_is_named_anew_counts_from_then(office: Office, server: MailServer) -> None:
    office.clock.advance(timedelta(days=10))
    replace(daemon(office), wanted=MailedReports()).send()
    office.clock.advance(timedelta(days=10))
    daemon(office).send()
    assert not server.messages


def test_the_page_of_a_partner_that_a_person_mailed_is_not_mailed_again_in_that_month(
    office: Office, server: MailServer
) -> None:
    figures = office.workspace.services.reports.partner("river-keepers")
    daemon(office, "a person").send_partner(partner_words.page(figures), figures)
    office.clock.advance(timedelta(hours=2))
    daemon(office).send()
    assert [to for to, _ in mailed(server)] == [ANA, BOARD, DIRECTOR]
    office.clock.advance(timedelta(days=31))
    daemon(office).send()
    assert [to for to, _ in mailed(server)].count(ANA) == 2


def test_the_page_of_a_partner_as_of_the_past_is_not_the_page_of_the_month(
    office: Office, server: MailServer
) -> None:
    past = office.clock.now() - timedelta(days=3)
    figures = office.workspace.services.reports.partner("river-keepers", past)
    daemon(office, "a person").send_partner(partner_words.page(figures), figures)
    office.clock.advance(timedelta(hours=2))
    daemon(office).send()
    assert [to for to, _ in mailed(server)].count(ANA) == 2
