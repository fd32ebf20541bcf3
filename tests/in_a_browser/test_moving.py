"""Moves from the calendar in a real browser: by keys, by drag, and without scripts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import SETTINGS, Office
from in_a_browser.conftest import Opener

from crosspromo.domain.people import Role
from crosspromo.testing.clock import FakeClock

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOW = datetime(2026, 10, 29, 16, 42, tzinfo=UTC)  # Thursday, 11:42 in Chicago
FRIDAY = datetime(2026, 10, 30, 14, tzinfo=UTC)  # 09:00 there, two days before the clocks go back
SATURDAY = datetime(2026, 10, 31, 14, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 1, 15, tzinfo=UTC)
ENTRY = "[data-day='2026-10-30'] li a"
WEEK = "/calendar/2026-W44"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, SETTINGS, FakeClock(NOW)) as office:
        office.queue("Volunteer evening", ("x-main", "bluesky-main"), at=FRIDAY)
        office.queue("Another post", ["bluesky-main"], at=SATURDAY)
        yield office


@pytest.fixture
def page(office: Office, window: Opener) -> "Page":
    seen = window(office, office.session(Role.AUTHOR), timezone_id="Europe/Berlin")
    seen.open(WEEK)
    return seen.page


def due(office: Office) -> list[datetime]:
    post = office.workspace.services.posts.get(1)
    return [each.delivery.due_at for each in post.views]


def test_a_post_is_moved_a_day_by_keys_and_keeps_its_time_of_day(
    office: Office, page: "Page"
) -> None:
    page.locator(ENTRY).focus()
    page.keyboard.press("m")
    page.locator("dialog[open] .move").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator("dialog #at[value='2026-10-31 09:00']").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator("dialog #at[value='2026-11-01 09:00']").wait_for()
    assert "(16:00 where you are)" in page.locator("dialog #then").inner_text()
    assert due(office) == [FRIDAY, FRIDAY]
    page.keyboard.press("Enter")
    page.locator("main > .told").first.wait_for()
    assert page.url.endswith(WEEK)
    assert due(office) == [SUNDAY, SUNDAY]


def test_escape_leaves_it_as_it_is(office: Office, page: "Page") -> None:
    page.locator(ENTRY).focus()
    page.keyboard.press("m")
    page.locator("dialog[open] .move").wait_for()
    page.keyboard.press("l")  # a key of the page below does nothing now
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    assert page.url.endswith(WEEK)
    assert due(office) == [FRIDAY, FRIDAY]


def test_what_becomes_of_it_is_said_while_a_time_is_typed(office: Office, page: "Page") -> None:
    page.locator(ENTRY).focus()
    page.keyboard.press("m")
    page.locator("dialog #at").fill("mon 9:00")
    page.locator("dialog #then", has_text="It would wait.").wait_for()
    assert "Mon 2 Nov 09:00" in page.locator("dialog #then").inner_text()
    assert due(office) == [FRIDAY, FRIDAY]


def test_a_post_that_is_dragged_to_another_day_asks_before_it_moves(
    office: Office, page: "Page"
) -> None:
    page.locator(ENTRY).drag_to(page.locator("[data-day='2026-11-01']"))
    page.locator("dialog #at[value='2026-11-01 09:00']").wait_for()
    assert due(office) == [FRIDAY, FRIDAY]
    page.locator("dialog button.first").click()
    page.locator("main > .told").first.wait_for()
    assert due(office) == [SUNDAY, SUNDAY]


def test_arrows_go_between_entries_and_letters_between_views(page: "Page") -> None:
    page.locator(ENTRY).focus()
    page.keyboard.press("ArrowRight")
    day = "document.activeElement.closest('[data-day]').dataset.day"
    assert page.evaluate(day) == "2026-10-31"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(day) == "2026-10-30"
    for key, ends in (("M", "/2026-10"), ("l", "?view=list"), ("]", "/2026-11?view=list")):
        page.keyboard.press(key)
        page.wait_for_url(f"**{ends}")


def test_without_scripts_the_same_form_is_a_page(office: Office, window: Opener) -> None:
    seen = window(office, office.session(Role.AUTHOR), java_script_enabled=False)
    seen.open(f"{WEEK}?view=list")
    page = seen.page
    page.locator("[data-day='2026-10-30'] a[data-over]").click()
    page.locator("[data-step=right]").click()
    assert page.locator("#at").input_value() == "2026-10-31 09:00"
    page.locator("#at").fill("2026-11-01 09:00")
    page.locator("button[value=preview]").click()
    assert "It would wait." in page.locator("#then").inner_text()
    assert due(office) == [FRIDAY, FRIDAY]
    page.locator("button[value=move]").click()
    assert due(office) == [SUNDAY, SUNDAY]
