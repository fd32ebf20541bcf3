"""Mails that ask for help with an event, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspromo.domain.event_asks import Ask
from crosspromo.domain.events import Event
from crosspromo.domain.posts import Hosting
from crosspromo.phrasing.event_asks import MOST_DATES, of_ask
from crosspromo.services.event_asks import AskMail

BEGINS = datetime(2030, 4, 22, 14, 0, tzinfo=UTC)
CLEANUP = Event(
    slug="cleanup",
    title="River\nCleanup",
    starts_at=BEGINS,
    ends_at=BEGINS + timedelta(hours=2),
    zone="America/Chicago",
    uid="cleanup@example",
    location="Boat Ramp",
    url="https://river.example.org/cleanup",
    hosting=Hosting.PARTNER,
    partners=("river",),
)


def test_a_mail_to_a_host() -> None:
    mail = AskMail(Ask.PARTNERS, CLEANUP, "River Keepers", None, [BEGINS - timedelta(days=7)])
    digest = of_ask(mail, "River Valley Alliance")
    assert digest.subject == "River Valley Alliance: please share River Cleanup"
    assert digest.text == (
        "Hello River Keepers,\n\n"
        "We will post about your event. Please share it with the people who follow you.\n\n"
        "River Cleanup\nMon 2030-04-22 09:00 (America/Chicago)\nBoat Ramp\n"
        "https://river.example.org/cleanup\n\n"
        "Our posts about it, which you can share:\nMon 2030-04-15 09:00\n\n"
        "Thank you.\nRiver Valley Alliance\n"
    )


@pytest.mark.parametrize(
    ("ask", "hosting", "words"),
    [
        (Ask.PARTNERS, Hosting.JOINT, "We will post about the event that you hold with us."),
        (Ask.SPEAKERS, Hosting.PARTNER, "Hello Kim Rivera,\n\nYou speak at this event"),
        (Ask.NOT_SHARED, Hosting.PARTNER, "we have not seen a post of yours about it yet"),
    ],
)
def test_what_is_asked_and_why(ask: Ask, hosting: Hosting, words: str) -> None:
    event = Event(
        slug="walk",
        title="Walk",
        starts_at=BEGINS,
        ends_at=BEGINS,
        zone="UTC",
        uid="w",
        hosting=hosting,
        partners=("river",),
        all_day=True,
    )
    person = "Kim Rivera" if ask is Ask.SPEAKERS else None
    times = [BEGINS - timedelta(days=each) for each in range(40)]
    said = of_ask(AskMail(ask, event, "River Keepers", person, times), "us").text
    assert words in said
    assert "\nMon 2030-04-22\n" in said
    assert len([line for line in said.splitlines() if line.startswith(("Mon", "Tue"))]) <= 14
    assert said.count(" 14:00") == MOST_DATES
