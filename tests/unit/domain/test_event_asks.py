"""What is to be asked before an event: on which days, of whom, and until when."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.event_asks import Ask, EventAsk, asked_from, contact_of, due_asks
from crosspromo.domain.events import Event
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.domain.timing import UTC_ZONE

TOKYO = ZoneInfo("Asia/Tokyo")
BEGINS = datetime(2030, 4, 22, 7, 0, tzinfo=TOKYO)
CLEANUP = Event(
    slug="cleanup",
    title="River Cleanup",
    starts_at=BEGINS.astimezone(UTC_ZONE),
    ends_at=BEGINS.astimezone(UTC_ZONE) + timedelta(hours=2),
    zone="Asia/Tokyo",
    uid="cleanup@example",
    partners=("river",),
)
NOW = BEGINS.astimezone(UTC_ZONE)


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2030, month, day, hour, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(3, 23, 8), []),
        (at(3, 23, 9), [Ask.PARTNERS]),
        (at(4, 15, 8), [Ask.PARTNERS]),
        (at(4, 15, 9), [Ask.PARTNERS, Ask.SPEAKERS]),
        (at(4, 19, 8), [Ask.PARTNERS, Ask.SPEAKERS]),
        (at(4, 19, 9), [Ask.SPEAKERS, Ask.NOT_SHARED]),
        (at(4, 22, 6), [Ask.SPEAKERS, Ask.NOT_SHARED]),
        (at(4, 22, 7), []),
    ],
)
def test_each_ask_begins_at_nine_of_its_day_where_the_event_is(
    now: datetime, due: list[Ask]
) -> None:
    assert list(due_asks(CLEANUP, now)) == due
    assert all(asked_from(CLEANUP, each) <= now for each in due)


def test_a_cancelled_event_asks_nobody() -> None:
    assert not list(due_asks(replace(CLEANUP, cancelled=True), at(4, 20, 9)))


def kim(number: int, role: PartnerRole, mail: str | None = "a@b.example") -> PartnerPerson:
    return PartnerPerson(number, "river", f"Kim {number}", (role,), NOW, "ana", mail)


def test_the_key_contact_is_asked_else_who_stands_in_and_nobody_else() -> None:
    key, other = kim(1, PartnerRole.KEY_CONTACT), kim(2, PartnerRole.DESIGNATE)
    assert contact_of([other, key]) == key
    assert contact_of([other, replace(key, mail=None)]) == other
    assert contact_of([other, replace(key, ended_at=NOW)]) == other
    assert contact_of([kim(3, PartnerRole.SIGN_OFF)]) is None


def test_a_claim_is_taken_over_after_a_while_and_what_was_told_is_never_claimed_again() -> None:
    ask = EventAsk("cleanup", Ask.PARTNERS, "river")
    claimed = ask.claimed("one", NOW)
    assert ask.may_be_claimed(NOW)
    assert not claimed.may_be_claimed(NOW + timedelta(minutes=4))
    assert claimed.may_be_claimed(NOW + timedelta(minutes=5))
    told = claimed.told(NOW)
    assert not told.may_be_claimed(NOW + timedelta(days=9))
    failed = claimed.failed(NotAskedWhy.REFUSED, "no such box", NOW)
    assert failed.error == "refused:no such box"
    assert failed.may_be_claimed(NOW + timedelta(minutes=5))
