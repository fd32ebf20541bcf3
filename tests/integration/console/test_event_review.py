"""The page of events to review: what is new in a calendar, and what is gone from it."""

from collections.abc import Iterator, Mapping

import pytest
from browsers import SETTINGS, Browser, Office
from servers.feeds import FeedServer, Served

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role

HERE = "/events/review"
EVENTS = {"1": ("20300422", "Cleanup <b>now</b>"), "2": ("20300501", "Bird walk")}


def calendar(events: Mapping[str, tuple[str, str]]) -> Served:
    lines = ["BEGIN:VCALENDAR"]
    for uid, (day, title) in events.items():
        lines += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{day}T140000Z", f"SUMMARY:{title}"]
        lines += ["END:VEVENT"]
    return Served("\r\n".join([*lines, "END:VCALENDAR", ""]).encode(), "text/calendar")


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory, server: FeedServer) -> Iterator[Office]:
    """An office that has read the calendars of two partners, which have an event in common."""
    settings = f"{SETTINGS}\n[sources]\nallow_private = true\n"
    with Office(tmp_path_factory.mktemp("office"), settings) as office:
        services = office.workspace.services
        for number, partner in enumerate(("River Keepers", "Wood Keepers")):
            slug = services.partners.add(Partner(partner.lower().replace(" ", "-"), partner)).slug
            events = EVENTS if not number else {"x": ("20300501", "The bird walk")}
            server.documents[f"/{slug}"] = calendar(events)
            services.sources.add(f"{server.url}/{slug}", slug, "ana")
        services.sources.read()
        yield office


@pytest.fixture
def author(office: Office) -> Browser:
    return office.signed_in(Role.AUTHOR)


def test_what_is_new_is_accepted_with_one_button(office: Office, author: Browser) -> None:
    shown = author.get(HERE).text
    assert "3 events to review" in shown
    assert "from the calendar of River Keepers" in shown
    assert "<b>now</b>" not in shown
    answer = author.send(f"{HERE}/1/accept", page=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    after = author.get(HERE).text
    assert "Accepted: Cleanup" in after
    assert "2 events to review" in after
    (event,) = office.workspace.services.events.list()
    assert event.partners == ("river-keepers",)


def test_what_is_like_one_of_ours_is_left_and_merged(office: Office, author: Browser) -> None:
    author.send(f"{HERE}/all/accept", page=HERE)
    shown = author.get(HERE).text
    assert "1 event to review" in shown
    assert "Perhaps “Bird walk”, which is ours already: it has much the same title." in shown
    author.send(f"{HERE}/3/merge", {"event": "bird-walk-2030-05-01"}, page=HERE)
    assert "“Bird walk” is one event now, held by river-keepers, wood-keepers." in (
        author.get(HERE).text
    )


def test_what_is_refused_is_gone_and_stays_so(author: Browser) -> None:
    author.send(f"{HERE}/2/refuse", page=HERE)
    assert "Refused: Bird walk" in author.get(HERE).text
    again = author.send(f"{HERE}/2/accept", page=HERE)
    assert again.status_code == 422
    assert "has decided about event 2 of the review already" in again.text


def test_what_is_gone_from_its_calendar_is_kept_or_cancelled(
    office: Office, author: Browser, server: FeedServer
) -> None:
    author.send(f"{HERE}/all/accept", page=HERE)
    server.documents["/river-keepers"] = calendar({})
    office.workspace.services.sources.read()
    assert "Gone from calendars" in author.get(HERE).text
    author.send(f"{HERE}/1/keep", page=HERE)
    author.send(f"{HERE}/2/cancel", page=HERE)
    assert "Cancelled: Bird walk" in author.get(HERE).text
    states = {each.title: each.cancelled for each in office.workspace.services.events.list()}
    assert list(states.values()) == [False, True]


def test_a_reader_sees_them_and_has_no_button(office: Office) -> None:
    shown = office.signed_in(Role.READER).get(HERE).text
    assert "3 events to review" in shown
    assert "/accept" not in shown


def test_the_list_of_events_says_how_many_wait(author: Browser) -> None:
    assert 'href="/events/review">Review 3</a>' in author.get("/events").text


def test_the_page_is_a_document_too(author: Browser) -> None:
    found = author.get(f"{HERE}.json").json()
    assert [each["partner"] for each in found["new"]] == [
        "river-keepers",
        "river-keepers",
        "wood-keepers",
    ]
