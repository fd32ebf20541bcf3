"""A partner's sign-off by link, on a phone, in a real browser: with scripts and without."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import full_house
import pytest
from browsers import Office
from in_a_browser.conftest import Opener
from in_a_browser.test_every_page import accessible, overflow
from partners_asked import TEXT, asked_post, states

from crosspromo.domain.people import Role

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DUE_IN = timedelta(days=3)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, full_house.SETTINGS) as office:
        asked_post(office, to=("x-main", "reddit-main"))
        yield office


def link_made_by_staff(office: Office, window: Opener, *, scripts: bool) -> str:
    """The link, as it is copied from the page of the post; its path."""
    seen = window(office, office.session(Role.AUTHOR), java_script_enabled=scripts)
    seen.open("/posts/1")
    seen.page.get_by_role("button", name="Make a link for River Keepers").click()
    address = seen.page.get_by_role("status").get_by_role("textbox").input_value()
    return address[address.index("/a/") :]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_partner_says_yes_on_a_phone_and_the_post_goes(
    office: Office, window: Opener, *, scripts: bool
) -> None:
    link = link_made_by_staff(office, window, scripts=scripts)
    partner = window(office, java_script_enabled=scripts, **PHONE)
    partner.open(link)
    partner.page.get_by_text(TEXT).first.wait_for()
    partner.page.get_by_role("button", name="Yes, post this").click()
    partner.page.get_by_role("heading", name="You said yes").wait_for()
    office.clock.advance(DUE_IN)
    office.publish()
    assert states(office) == ["published", "published"]
    assert TEXT in (office.folder / "sandbox" / "x-main.html").read_text(encoding="utf-8")


def test_a_wish_for_a_change_keeps_the_post_here_and_stands_before_staff(
    office: Office, window: Opener
) -> None:
    partner = window(office, **PHONE)
    partner.open(link_made_by_staff(office, window, scripts=True))
    partner.page.get_by_label("Anything to say?").fill("Eleven miles, please.")
    partner.page.get_by_role("button", name="Please change something").click()
    partner.page.get_by_role("heading", name="You asked for a change").wait_for()
    staff = window(office, office.session(Role.APPROVER))
    staff.open("/")
    staff.page.get_by_text("Eleven miles, please.").first.wait_for()
    office.clock.advance(DUE_IN)
    office.publish()
    assert "published" not in states(office)


def test_the_page_fits_a_phone_and_axe_finds_nothing(
    office: Office, window: Opener, axe: str
) -> None:
    partner = window(office, **PHONE)
    partner.open(link_made_by_staff(office, window, scripts=True))
    assert overflow(partner.page) == []
    accessible(partner.page, axe)
