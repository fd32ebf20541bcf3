"""The plan in a real browser, with scripts and without: accept, skip, put another one in its place,
and add words; and a phone shows all of it.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browsers import SETTINGS, Office
from in_a_browser.conftest import Opener
from in_a_browser.test_every_page import accessible, overflow

from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Credit

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WORDS = "Four hundred meals a day, and a door that is never locked."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with three partners who were never shared, and one who is overdue."""
    with Office(tmp_path, SETTINGS) as office:
        partners = office.workspace.services.partners
        for name in ("River Keepers", "Tenants Union", "Spokes Coalition", "Food Bank"):
            slug = name.lower().replace(" ", "-")
            partners.add(Partner(slug, name, closeness="close", list="extended"))
        at = office.clock.now() - timedelta(days=42)
        post = OutsidePost("x-main", at, Credit.OTHERS, partner="food-bank", text="Soup")
        with office.store.write() as unit:
            unit.accounts.register(["x-main", "bluesky-main"])
            unit.outside_posts.record([post], office.clock.now())
        yield office


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_month_is_accepted_line_by_line(office: Office, window: Opener, *, scripts: bool) -> None:
    seen = window(office, office.session(Role.AUTHOR), java_script_enabled=scripts)
    seen.open("/calendar")
    seen.page.get_by_role("link", name="Propose a plan").click()
    page = seen.page
    page.get_by_role("heading", name="7 posts proposed for 4 weeks").wait_for()

    page.get_by_role("button", name=re.compile("^Skip.*River Keepers")).first.click()
    page.get_by_text("Skipped for four weeks: River Keepers, introduction.").wait_for()

    page.get_by_role("button", name=re.compile("^Accept.*Tenants Union")).first.click()
    page.get_by_text("Queued: ").first.wait_for()

    pencilled = page.get_by_role("article").filter(has_text="Food Bank: 12 days past their 30")
    pencilled.get_by_label("Words to add").fill(WORDS)
    pencilled.get_by_role("button", name=re.compile("^Accept")).click()
    page.get_by_text("Queued: ").first.wait_for()

    line = page.get_by_role("article").filter(has=page.locator("summary")).first
    line.locator("summary").click()
    line.get_by_role("button", name=re.compile("^Put in this place")).click()
    page.get_by_text("Queued: ").first.wait_for()

    with office.store.read() as unit:
        texts = [each.content.text for each in unit.deliveries.some()]
    assert len(texts) == 3
    assert WORDS in texts


def test_a_phone_shows_all_of_it_and_axe_finds_nothing(
    office: Office, window: Opener, axe: str
) -> None:
    seen = window(office, office.session(Role.AUTHOR), **PHONE)
    seen.open("/plan")
    assert overflow(seen.page) == []
    accessible(seen.page, axe)
