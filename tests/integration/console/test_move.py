"""Another time for a post: what would become of it then, steps by day and slot, and the move."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsers import SETTINGS, Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import Spotlight
from crosspromo.testing.clock import FakeClock

NOW = datetime(2026, 10, 29, 16, 42, tzinfo=UTC)  # Thursday, 11:42 in Chicago
FRIDAY = datetime(2026, 10, 30, 14, tzinfo=UTC)  # 09:00 there, before the clocks go back
SLOTS = SETTINGS.replace(
    'imitates = "x"', 'imitates = "x"\nslots = ["Mon-Fri 09:00", "Mon-Fri 13:00"]'
)
BOTH = ("x-main", "bluesky-main")
FORM = "/deliveries/1/move"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, SLOTS, FakeClock(NOW)) as office:
        office.queue("Volunteer evening", BOTH, at=FRIDAY)
        yield office


def due(browser: Browser) -> list[str]:
    return [each["due_at"] for each in browser.get("/posts/1.json").json()["deliveries"]]


def steps(text: str) -> dict[str, str]:
    """Query of each step by its arrow."""
    return dict(re.findall(r'data-step="(\w+)" href="[^"?]*\?([^"]*)"', text))


class TestConsequence:
    def test_a_time_says_what_would_become_of_it_and_changes_nothing(self, author: Browser) -> None:
        before = due(author)
        text = author.get(f"{FORM}?at=mon+9:00").text
        assert "It would wait." in text
        assert "x-main keeps 3\u202f:\u202f1, so 3 more partner posts must go before it." in text
        assert due(author) == before

    def test_what_would_go_at_once_says_where_its_account_should_stand_then(
        self, office: Office, author: Browser
    ) -> None:
        office.workspace.services.partners.add(Partner(slug="keepers", name="River Keepers"))
        share = Spotlight(author="Amira Author", partner="keepers", at=FRIDAY - timedelta(hours=1))
        office.workspace.services.queue_post.queue(share, ["bluesky-main"])
        text = author.get("/deliveries/2/move?at=mon+9:00").text
        assert "<bdi>It would go at once then.</bdi>" in text
        assert (
            "By Mon 2 Nov 09:00 bluesky-main should stand at 1 partner post and 0 self posts; "
            "this makes 1\u202f:\u202f1, and 1 is needed."
        ) in text

    def test_a_form_asks_without_scripts_by_a_button(self, author: Browser) -> None:
        before = due(author)
        answer = author.send(FORM, {"at": "mon 9:00", "act": "preview"}, page=FORM)
        assert answer.status_code == 200
        assert "It would wait." in answer.text
        assert 'value="mon 9:00"' in answer.text
        assert due(author) == before

    def test_a_script_gets_the_consequence_alone(self, author: Browser) -> None:
        answer = author.send(f"{FORM}/consequence", {"at": "mon 9:00"}, page=FORM)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert '<div id="then">' in answer.text
        assert "It would wait." in answer.text

    def test_a_time_that_cannot_be_read_is_said_beside_it(self, author: Browser) -> None:
        answer = author.send(f"{FORM}/consequence", {"at": "<b>x"}, page=FORM)
        assert answer.status_code == 200
        assert 'class="error"' in answer.text
        assert "<b>x" not in answer.text

    def test_a_reading_that_may_not_be_meant_is_remarked(self, author: Browser) -> None:
        answer = author.send(f"{FORM}/consequence", {"at": "monday"}, page=FORM)
        assert "names no time of day and is read as Mon 2026-11-02 11:42" in answer.text

    def test_posts_closer_than_the_gap_are_said_at_once(self, tmp_path: Path) -> None:
        settings = SETTINGS.replace('imitates = "bluesky"', 'imitates = "bluesky"\nmin_gap = "3h"')
        with Office(tmp_path, settings, FakeClock(NOW)) as office:
            office.queue("First", ["bluesky-main"], at=FRIDAY)
            office.queue("Second", ["bluesky-main"], at=FRIDAY + timedelta(days=1))
            author = office.signed_in(Role.AUTHOR)
            text = author.get("/deliveries/2/move?at=2026-10-30+10:00").text
        assert "bluesky-main: delivery 1 is due at Fri 2026-10-30 09:00 and min_gap is" in text


class TestSteps:
    def test_a_day_keeps_the_time_of_day_across_a_clock_change(self, author: Browser) -> None:
        text = author.get(f"{FORM}?day=2026-11-02").text
        assert 'value="2026-11-02 09:00"' in text
        author.send(FORM, {"at": "2026-11-02 09:00"}, page=FORM)
        assert due(author)[0] == "2026-11-02T15:00:00Z"

    def test_steps_lead_a_day_and_a_slot_further(self, author: Browser) -> None:
        found = steps(author.get(f"{FORM}?at=2026-10-30+13:00").text)
        assert found == {
            "left": "at=2026-10-29+13%3A00",
            "right": "at=2026-10-31+13%3A00",
            "up": "at=2026-10-30+09%3A00",
            "down": "at=2026-11-02+09%3A00",
        }

    def test_no_step_leads_into_the_past(self, author: Browser) -> None:
        assert "left" not in steps(author.get(FORM).text)

    def test_an_hour_that_comes_twice_is_named_with_its_offset(self, author: Browser) -> None:
        author.send(FORM, {"at": "2026-10-31 01:30"}, page=FORM)
        found = steps(author.get(FORM).text)
        assert found["right"] == "at=2026-11-01T01%3A30-05%3A00"
        assert "Sun 1 Nov 01:30 CDT" in author.get(f"{FORM}?{found['right']}").text


class TestMoving:
    def test_it_goes_as_soon_as_a_self_post_is_allowed(self, author: Browser) -> None:
        assert 'id="when-allowed"' in author.get(FORM).text
        author.send(FORM, {"when": "allowed", "at": ""}, page=FORM)
        assert (
            "Moved on x-main: it goes as soon as a self post is allowed."
            in author.open("/posts/1").text
        )
        assert author.get("/calendar/2026-W44.json").json()["without_time"] == 1

    def test_several_deliveries_move_together_and_others_stay(
        self, office: Office, author: Browser
    ) -> None:
        text = author.get(f"{FORM}?also=2,x,99999999999").text
        assert "on 2 accounts" in text
        assert 'name="also" value="2"' in text
        author.send(FORM, {"also": "2", "at": "mon 9:00"}, page=FORM)
        assert due(author) == ["2026-11-02T15:00:00Z"] * 2
        author.send(FORM, {"also": "", "at": "tue 9:00"}, page=FORM)
        assert due(author) == ["2026-11-03T15:00:00Z", "2026-11-02T15:00:00Z"]

    def test_it_leads_back_to_the_calendar_and_nowhere_else(self, author: Browser) -> None:
        back = "/calendar/2026-W45?view=list"
        answer = author.send(FORM, {"at": "mon 9:00", "back": back}, page=FORM)
        assert answer.headers["location"] == back
        for elsewhere in ("https://example.org/", "//example.org/calendar/", "/people"):
            answer = author.send(FORM, {"at": "mon 9:00", "back": elsewhere}, page=FORM)
            assert answer.headers["location"] == "/posts/1?account=x-main"

    def test_a_move_can_be_undone(self, author: Browser) -> None:
        before = due(author)
        author.send(FORM, {"at": "mon 9:00"}, page=FORM)
        group = author.get("/").text.partition('name="group" value="')[2].partition('"')[0]
        author.send("/undo", {"group": group})
        assert due(author) == before

    def test_what_was_missed_can_be_moved_and_is_foretold(
        self, office: Office, author: Browser
    ) -> None:
        office.clock.advance(timedelta(days=4))
        office.publish()
        states = [each["state"] for each in author.get("/posts/1.json").json()["deliveries"]]
        assert states == ["missed", "missed"]
        assert "It would" in author.get(f"{FORM}?at=fri+9:00").text
        assert author.send(FORM, {"at": "fri 9:00"}, page=FORM).status_code == 303
        assert due(author)[0] == "2026-11-06T15:00:00Z"

    def test_what_went_out_is_not_moved(self, office: Office, author: Browser) -> None:
        author.send("/posts/1/cancel")
        assert author.get(FORM).status_code == 409
        assert author.send(FORM, {"at": "mon 9:00"}).status_code == 409
