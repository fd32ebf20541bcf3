"""The page of suggestions: what partners published becomes a post, or is dismissed."""

from collections.abc import Iterator

import pytest
from browsers import SETTINGS, Browser, Office
from servers.feeds import FeedServer, Served, rss

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role

HERE = "/suggestions"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that has read the feed of a partner, with two items, and one of nobody's."""
    settings = f"{SETTINGS}\n[sources]\nallow_private = true\n"
    with FeedServer() as server, Office(tmp_path_factory.mktemp("office"), settings) as office:
        ours = {
            "https://river.example/1": "Willows &lt;b>now&lt;/b>",
            "https://river.example/2": "B",
        }
        for path, items in (("/feed", ours), ("/others", {"https://news.example/3": "Rain"})):
            timeless = rss("News", items).replace(b"pubDate", b"x")
            server.documents[path] = Served(timeless)
        services = office.workspace.services
        services.partners.add(Partner("river-keepers", "River Keepers"))
        services.sources.add(f"{server.url}/feed", "river-keepers", "ana")
        services.sources.add(f"{server.url}/others", None, "ana")
        services.sources.add(f"{server.url}/gone", None, "ana")
        services.sources.read()
        yield office


@pytest.fixture
def author(office: Office) -> Browser:
    return office.signed_in(Role.AUTHOR)


def test_a_partners_item_is_shared_with_one_button(office: Office, author: Browser) -> None:
    shown = author.get(HERE).text
    assert "3 things to share" in shown
    assert "<b>now</b>" not in shown
    answer = author.send(f"{HERE}/1/share", {"to": "bluesky-main"}, page=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    after = author.get(HERE).text
    assert "Queued: bluesky-main" in after
    assert "2 things to share" in after
    with office.store.read() as unit:
        (delivery,) = unit.deliveries.of_posts([1])[1]
    assert delivery.author == "Amira Author"


def test_an_item_of_nobody_asks_whom_it_is_about(office: Office, author: Browser) -> None:
    refused = author.send(f"{HERE}/3/spotlight", {"to": "all"}, page=HERE)
    assert refused.status_code == 422
    assert "is about no partner that is known" in refused.text
    fields = {"to": "all", "partner": "river-keepers"}
    assert author.send(f"{HERE}/3/spotlight", fields, page=HERE).status_code == 303


def test_a_dismissed_one_is_gone_and_stays_gone(author: Browser) -> None:
    author.send(f"{HERE}/2/dismiss", page=HERE)
    assert "Dismissed: " in author.get(HERE).text
    again = author.send(f"{HERE}/2/dismiss", page=HERE)
    assert again.status_code == 422
    assert "has decided about suggestion 2 already" in again.text


def test_a_reader_sees_them_and_has_no_button(office: Office) -> None:
    shown = office.signed_in(Role.READER).get(HERE).text
    assert "3 things to share" in shown
    assert "/share" not in shown


def test_the_page_is_a_document_too(author: Browser) -> None:
    found = author.get(f"{HERE}.json").json()["suggestions"]
    assert [each["partner"] for each in found] == [None, "river-keepers", "river-keepers"]
