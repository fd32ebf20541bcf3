"""The calendar: weeks, months and days as planned and as they would go, and moves from there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsers import SETTINGS, Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import Spotlight
from crosspromo.testing.clock import FakeClock

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 24, 16, 42, tzinfo=UTC)  # Tuesday, 10:42 in Chicago
SLOTS = SETTINGS.replace(
    'imitates = "x"', 'imitates = "x"\nslots = ["Mon-Fri 09:00", "Mon-Fri 13:00"]'
)
BOTH = ("x-main", "bluesky-main")
BLACKOUT = '\n[blackouts]\n"2026-11-26" = "Thanksgiving"\n'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, SLOTS, FakeClock(NOW)) as office:
        yield office


def at(day: int, hour: int, month: int = 11) -> datetime:
    """A time of the clocks in Chicago, in winter."""
    return datetime(2026, month, day, hour, tzinfo=CHICAGO).astimezone(UTC)


def spotlight(office: Office, at: datetime, to: str = "bluesky-main") -> None:
    """Queue a partner post, which nothing holds."""
    office.workspace.services.partners.add(Partner(slug="keepers", name="River Keepers"))
    post = Spotlight(author="Amira Author", partner="keepers", at=at)
    office.workspace.services.queue_post.queue(post, [to])


def entries(browser: Browser, path: str) -> dict[str, list[tuple[str, str]]]:
    """Names and states by day."""
    document = browser.get(path).json()
    return {
        day["date"]: [(each["name"], each["state"]) for each in day["entries"]]
        for day in document["days"]
        if day["entries"]
    }


def cell(text: str, day: str) -> str:
    """The day in the grid or in the list."""
    return text.partition(f'data-day="{day}"')[2].partition('data-day="')[0]


class TestAddresses:
    def test_the_calendar_leads_to_this_week(self, reader: Browser) -> None:
        answer = reader.get("/calendar?as=forecast&account=x-main&nonsense=1")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/calendar/2026-W48?as=forecast&account=x-main"

    @pytest.mark.parametrize(
        ("span", "heading"),
        [
            ("2026-W48", "23 to 29 November"),
            ("2026-W49", "30 November to 6 December"),
            ("2026-W53", "28 December 2026 to 3 January 2027"),
            ("2026-11", "November 2026"),
            ("2026-11-24", "Tuesday 24 November 2026"),
        ],
    )
    def test_a_span_has_its_heading(self, reader: Browser, span: str, heading: str) -> None:
        assert f"<h1>{heading}</h1>" in reader.get(f"/calendar/{span}").text

    @pytest.mark.parametrize("span", ["2026-W54", "2026-02-30", "x", "2026-13", "<b>"])
    def test_there_is_no_page_for_any_other_text(self, reader: Browser, span: str) -> None:
        answer = reader.get(f"/calendar/{span}")
        assert answer.status_code == 404
        assert "<b>" not in answer.text

    def test_choices_stay_while_somebody_turns_pages(self, reader: Browser) -> None:
        text = reader.get("/calendar/2026-W48?view=list&as=forecast&account=x-main").text
        query = "?view=list&amp;as=forecast&amp;account=x-main"
        assert f'href="/calendar/2026-W47{query}" data-key="["' in text
        assert f'href="/calendar/2026-W49{query}" data-key="]"' in text
        assert 'href="/calendar/2026-W48.json?view=list' in text

    def test_an_account_that_is_not_there_is_not_found(self, reader: Browser) -> None:
        assert reader.get("/calendar/2026-W48?account=nobody").status_code == 404


class TestAsPlanned:
    def test_a_post_stands_once_for_all_accounts_at_its_time(
        self, office: Office, reader: Browser
    ) -> None:
        office.queue("Volunteer evening", BOTH, at=at(25, 9))
        day = cell(reader.get("/calendar/2026-W48").text, "2026-11-25")
        assert day.count("Volunteer evening") == 1
        assert day.count('<abbr class="tag"') == 2
        assert ">09:00</time>" in day
        assert "queued" in day

    def test_accounts_that_differ_stand_apart(self, office: Office, author: Browser) -> None:
        office.queue("Volunteer evening", BOTH, at=at(25, 9))
        author.send("/deliveries/2/move", {"at": "2026-11-25 13:00"}, page="/deliveries/2/move")
        found = author.get("/calendar/2026-11-25.json").json()["days"][0]["entries"]
        assert [[one["account"] for one in each["deliveries"]] for each in found] == [
            ["x-main"],
            ["bluesky-main"],
        ]

    def test_days_are_those_of_the_organisation(self, office: Office, reader: Browser) -> None:
        office.queue("Late", at=at(25, 23))
        assert list(entries(reader, "/calendar/2026-W48.json")) == ["2026-11-25"]

    def test_what_went_out_stands_where_it_went_out_and_what_was_missed_where_it_was_due(
        self, office: Office, reader: Browser
    ) -> None:
        spotlight(office, NOW + timedelta(minutes=1))
        office.clock.advance(timedelta(minutes=2))
        office.publish()
        office.queue("Missed", ["bluesky-main"], at=office.clock.now() + timedelta(hours=1))
        office.clock.advance(timedelta(days=2))
        office.publish()
        states = [state for _, state in entries(reader, "/calendar/2026-W48.json")["2026-11-24"]]
        assert states == ["sent", "missed"]
        assert "went out" in reader.get("/calendar/2026-W48").text

    def test_a_pause_holds_what_is_queued(self, office: Office, admin: Browser) -> None:
        office.queue("Waiting", at=at(25, 9))
        admin.send("/pause", {"account": "x-main", "reason": "flood"}, page="/pause")
        assert entries(admin, "/calendar/2026-W48.json")["2026-11-25"] == [("Waiting", "held")]

    def test_an_account_is_shown_alone(self, office: Office, reader: Browser) -> None:
        office.queue("On X", ["x-main"], at=at(25, 9))
        office.queue("On Bluesky", ["bluesky-main"], at=at(25, 9))
        found = entries(reader, "/calendar/2026-W48.json?account=bluesky-main")
        assert found == {"2026-11-25": [("On Bluesky", "queued")]}

    def test_four_stand_in_a_month_and_the_rest_is_a_link_to_the_day(
        self, office: Office, reader: Browser
    ) -> None:
        for number in range(9):
            office.queue(f"Post number {number}", ["bluesky-main"], at=at(25, number + 1))
        day = cell(reader.get("/calendar/2026-11").text, "2026-11-25")
        assert day.count("<li") == 4
        assert '<a href="/calendar/2026-11-25">5 more</a>' in day
        assert reader.get("/calendar/2026-11-25").text.count("Post number") >= 9

    def test_what_has_no_time_is_counted_and_not_placed(
        self, office: Office, reader: Browser
    ) -> None:
        office.queue("When allowed", when_allowed=True)
        text = reader.get("/calendar/2026-W48").text
        assert "1 delivery has no time: it goes as soon as a self post is allowed." in text
        assert "When allowed" not in text

    def test_a_day_of_25_hours_and_a_day_of_silence_say_so(self, tmp_path: Path) -> None:
        with Office(tmp_path, SLOTS + BLACKOUT, FakeClock(NOW)) as office:
            text = office.signed_in(Role.READER).get("/calendar/2026-11").text
        assert "Clocks go back" in cell(text, "2026-11-01")
        assert "Thanksgiving, silence" in cell(text, "2026-11-26")
        assert "today" in cell(text, "2026-11-24")

    def test_a_post_is_added_on_no_day_that_is_over(self, author: Browser) -> None:
        text = author.get("/calendar/2026-W48").text
        assert 'class="add"' not in cell(text, "2026-11-23")
        assert 'class="add"' in cell(text, "2026-11-24")

    def test_names_are_harmless(self, office: Office, reader: Browser) -> None:
        office.queue("<script>alert(1)</script> \u202eevil", ["bluesky-main"], at=at(25, 9))
        for path in ("/calendar/2026-W48", "/calendar/2026-11", "/calendar/2026-W48?view=list"):
            text = reader.get(path).text
            assert "<script>alert" not in text
            assert "<bdi>&lt;script&gt;alert" in text


class TestAsItWouldGo:
    def test_before_the_first_play_it_says_so_and_offers_one(
        self, office: Office, reader: Browser
    ) -> None:
        text = reader.get("/calendar/2026-W48?as=forecast").text
        assert "Nothing is foretold yet" in text
        fields = {"span": "2026-W48", "account": "x-main"}
        page = "/calendar/2026-W48?as=forecast"
        answer = reader.send("/calendar/forecast", fields, page=page)
        assert answer.headers["location"] == "/calendar/2026-W48?as=forecast&account=x-main"
        text = reader.get("/calendar/2026-W48?as=forecast").text
        assert "The forecast is as of now." in text
        assert "Everything goes as planned." in text
        assert 'action="/calendar/forecast"' not in text

    def test_a_post_that_waits_is_a_ghost_and_says_what_would_let_it_go(
        self, office: Office, author: Browser
    ) -> None:
        office.queue("Volunteer evening", at=at(25, 9))
        text = author.get("/calendar/2026-W48?as=forecast").text
        day = cell(text, "2026-11-25")
        assert 'class="ghost"' in day
        assert "would wait" in day
        assert "3 partner posts short." in day
        assert "1 of 1" in text
        assert 'href="/compose?kind=spotlight&amp;to=x-main"' in text
        assert 'href="/deliveries/1/move" data-over' in text

    def test_a_post_that_would_move_arrives_on_another_day(self, tmp_path: Path) -> None:
        with Office(tmp_path, SLOTS + BLACKOUT, FakeClock(NOW)) as office:
            spotlight(office, at(26, 9), "x-main")
            reader = office.signed_in(Role.READER)
            found = entries(reader, "/calendar/2026-W48.json?as=forecast")
            text = reader.get("/calendar/2026-W48?as=forecast").text
        states = {day: [state for _, state in there] for day, there in found.items()}
        assert states == {"2026-11-26": ["would-move"], "2026-11-27": ["arrives"]}
        assert "from Thu" in cell(text, "2026-11-27")
        assert "x-main</bdi>: goes Fri 27 Nov 09:00, not Thu 26 Nov 09:00." in text
        assert "/move" not in text  # a reader moves nothing

    def test_what_arrives_from_another_week_is_told_beside_the_grid(self, tmp_path: Path) -> None:
        friday = BLACKOUT.replace("11-26", "11-27")
        with Office(tmp_path, SLOTS + friday, FakeClock(NOW)) as office:
            spotlight(office, at(27, 9), "x-main")
            reader = office.signed_in(Role.READER)
            text = reader.get("/calendar/2026-W49?as=forecast").text
        assert "from Fri" in text
        assert "1 of 1" in text
        assert "goes Mon 30 Nov 09:00, not Fri 27 Nov 09:00." in text
        assert "Everything goes as planned." not in text

    def test_a_forecast_that_is_out_of_date_is_marked_and_can_be_worked_out_anew(
        self, office: Office, author: Browser
    ) -> None:
        office.queue("Volunteer evening", ["bluesky-main"], at=at(25, 9))
        author.send("/deliveries/1/move", {"at": "2026-11-25 13:00"})
        page = "/calendar/2026-W48?as=forecast"
        assert "Not certain: queue, ledger or settings have changed" in author.get(page).text
        author.send("/calendar/forecast", {"span": "2026-W48"}, page=page)
        assert "Not certain: queue, ledger" not in author.get(page).text

    def test_the_same_as_planned_and_as_forecast_for_what_is_over(
        self, office: Office, reader: Browser
    ) -> None:
        spotlight(office, NOW + timedelta(minutes=1))
        office.clock.advance(timedelta(minutes=2))
        office.publish()
        found = entries(reader, "/calendar/2026-W48.json")
        assert found == entries(reader, "/calendar/2026-W48.json?as=forecast")
