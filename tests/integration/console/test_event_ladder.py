"""The ladder of an event in the console: its steps are shown first, and queued by a button."""

from datetime import timedelta

import httpx
import pytest
from browsers import Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.states import State
from crosspromo.services.change_event import Hosts
from crosspromo.store.queue.listing import Filter

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def slug(office: Office) -> str:
    """An event of a partner, in 60 days."""
    services = office.workspace.services
    services.partners.add(Partner("river-keepers", "River Keepers"))
    at = office.clock.now() + timedelta(days=60)
    hosts = Hosts.given(("river-keepers",))
    acts = services.change_event("tester")
    return acts.add("River cleanup", at, timedelta(hours=2), hosts, location="Old Park").slug


def press(
    browser: Browser, slug: str, act: str, *accounts: str, ladder: str = "small"
) -> httpx.Response:
    path = f"/events/{slug}/ladder"
    fields = {"act": act, "ladder": ladder, "accounts": list(accounts)}
    return browser.send(path, fields, page=path)


def queued(office: Office) -> list[tuple[str | None, str, State]]:
    with office.store.read() as unit:
        found = unit.deliveries.matching(Filter())
        return [(each.step, each.account, each.state) for each in found]


def test_the_page_of_the_event_leads_to_the_form(author: Browser, slug: str) -> None:
    assert f'href="/events/{slug}/ladder"' in author.get(f"/events/{slug}").text
    text = author.get(f"/events/{slug}/ladder").text
    assert '<option value="standard" selected>standard (9 steps)</option>' in text
    assert 'name="accounts" id="to-1" value="x-main"' in text


def test_the_steps_are_shown_and_nothing_is_queued(
    office: Office, author: Browser, slug: str
) -> None:
    text = press(author, slug, "look", "x-main").text
    assert "<h2>7 posts would be queued</h2>" in text
    assert "You are warmly invited to come along." in text
    assert "pinned to this time" in text
    assert text.count("a draft, for somebody to read and approve") == 2
    assert queued(office) == []


def test_a_button_queues_them_and_the_event_lists_them(
    office: Office, author: Browser, slug: str
) -> None:
    answer = press(author, slug, "queue", "x-main", "bluesky-main")
    assert answer.headers["location"] == f"/events/{slug}"
    steps = queued(office)
    assert {account for _, account, _ in steps} == {"x-main", "bluesky-main"}
    assert len(steps) == 14
    assert {step for step, _, state in steps if state is State.DRAFT} >= {"thanks", "recap"}
    told = author.get(f"/events/{slug}").text
    assert "The ladder small is queued: 14 posts." in told


def test_what_is_there_already_is_said_and_not_queued_again(
    office: Office, author: Browser, slug: str
) -> None:
    press(author, slug, "queue", "x-main")
    text = press(author, slug, "look", "x-main").text
    assert "The accounts have every step that is to come." in text
    assert "7 posts are there already." in text
    assert 'value="queue"' not in text
    press(author, slug, "queue", "x-main")
    assert len(queued(office)) == 7


def test_a_refusal_keeps_what_was_chosen(author: Browser, slug: str) -> None:
    answer = press(author, slug, "queue", ladder="big")
    assert answer.status_code == 422
    assert '<option value="big" selected>' in answer.text


def test_a_past_or_a_cancelled_event_has_no_ladder(
    office: Office, author: Browser, slug: str
) -> None:
    acts = office.workspace.services.change_event("tester")
    past = acts.add("Walk", office.clock.now() - timedelta(days=90), timedelta(hours=1), Hosts())
    assert "are over" in press(author, past.slug, "look", "x-main").text
    acts.cancel(slug)
    assert f"/events/{slug}/ladder" not in author.get(f"/events/{slug}").text


def test_a_reader_queues_nothing(office: Office, reader: Browser, slug: str) -> None:
    assert f"/events/{slug}/ladder" not in reader.get(f"/events/{slug}").text
    assert reader.get(f"/events/{slug}/ladder").status_code == 403
    assert queued(office) == []


def test_a_hostile_title_is_shown_and_never_obeyed(office: Office, author: Browser) -> None:
    at = office.clock.now() + timedelta(days=60)
    acts = office.workspace.services.change_event("tester")
    slug = acts.add(EVIL, at, timedelta(hours=2), Hosts()).slug
    assert "<script>alert" not in press(author, slug, "look", "x-main").text
