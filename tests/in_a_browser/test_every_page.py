"""Every page of the route table in a real browser: nothing is cut off, loaded from elsewhere or
refused by the policy, and axe finds nothing, light and dark.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import full_house
import pytest
from browsers import Office
from full_house import FullHouse, Place
from in_a_browser import weather
from in_a_browser.conftest import Opener

from crosspromo.domain.people import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLACES = full_house.places()
WIDTHS = (1200, 390, 320)
"""Pixels: a desk, a phone, and a desk at 400 % (WCAG 1.4.10)."""

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EMPTY_TOO = [each for each in PLACES if each.state is None and "{" not in each.route.path]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullHouse]:
    with Office(tmp_path_factory.mktemp("house"), full_house.SETTINGS) as office:
        yield full_house.filled(office)


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    """An office in which nothing is queued and nobody known, and the session of its admin."""
    with Office(tmp_path_factory.mktemp("empty")) as office:
        yield office, office.session(Role.ADMIN)


def overflow(page: "Page") -> list[str]:
    """Elements that reach beyond the right edge of the window, where the page can be scrolled.

    The page is looked at when its stylesheet has come: a press opens a page without waiting for it.
    """
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("body *")]
                .filter(each => each.getBoundingClientRect().right > innerWidth + 0.5)
                .map(each => each.outerHTML.slice(0, 120))"""
    )
    return found


def found_by_axe(page: "Page", axe: str, rules: list[str] | None = None) -> list[str]:
    """Faults that axe finds on the page, once it is loaded: in words, each with its element."""
    page.wait_for_load_state("load")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    only = STANDARDS if rules is None else {"type": "rule", "values": rules}
    how = {"runOnly": only, "resultTypes": ["violations"]}
    result: Any = page.evaluate("how => axe.run(how)", how)
    return [
        f"{fault['id']}: {fault['help']}: {node['html']} {node['failureSummary']}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


def accessible(page: "Page", axe: str) -> None:
    """Nothing is found in the light; in the dark nothing but colours can differ."""
    assert found_by_axe(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert found_by_axe(page, axe, ["color-contrast", "link-in-text-block"]) == []


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_fits_any_width_and_axe_finds_nothing(
    house: FullHouse, window: Opener, axe: str, place: Place
) -> None:
    seen = window(house.office, house.session)
    assert seen.open(house.path(place)) in {200, 404, 409, 410}
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 900})
        assert overflow(seen.page) == [], width
        if width == WIDTHS[0]:
            accessible(seen.page, axe)


@pytest.mark.parametrize("place", EMPTY_TOO, ids=str)
def test_a_page_with_nothing_on_it_is_sound(
    first_day: tuple[Office, str], window: Opener, axe: str, place: Place
) -> None:
    seen = window(*first_day, viewport={"width": 320, "height": 900})
    seen.open(place.route.path)
    assert overflow(seen.page) == []
    accessible(seen.page, axe)


def test_pages_in_other_weather_are_sound(tmp_path: Path, window: Opener, axe: str) -> None:
    with Office(tmp_path, full_house.SETTINGS) as office:
        house = full_house.filled(office)
        seen = window(office, house.session)
        for name in weather.states(seen, house):
            for width in WIDTHS:
                seen.page.set_viewport_size({"width": width, "height": 900})
                assert overflow(seen.page) == [], (name, width)
            seen.page.emulate_media(color_scheme="light")
            accessible(seen.page, axe)
        seen.context.close()


@pytest.mark.parametrize("path", ["/sign-in", "invitation"])
def test_pages_for_entering_are_sound(
    first_day: tuple[Office, str], window: Opener, axe: str, path: str
) -> None:
    office, _ = first_day
    seen = window(office, viewport={"width": 320, "height": 900})
    seen.open(office.invite(Role.AUTHOR) if path == "invitation" else path)
    assert overflow(seen.page) == []
    accessible(seen.page, axe)


@pytest.mark.parametrize("width", [1200, 390])
def test_the_focus_is_seen_wherever_it_goes(house: FullHouse, window: Opener, width: int) -> None:
    """Also under the bar at the bottom of a phone (WCAG 2.4.11)."""
    seen = window(house.office, house.session, viewport={"width": width, "height": 700})
    seen.open("/")
    steps = seen.page.locator("a, button, input:not([type=hidden])").count()
    assert steps > 10
    for _ in range(steps):
        seen.page.keyboard.press("Tab")
        found = seen.page.evaluate(
            """async () => {
                await new Promise(requestAnimationFrame);
                const it = document.activeElement;
                const { x, y, width, height } = it.getClientRects()[0];
                const middle = Math.min(x + width / 2, innerWidth - 1);
                const top = document.elementFromPoint(middle, y + height / 2);
                return [getComputedStyle(it).outlineWidth, it.contains(top), it.outerHTML];
            }"""
        )
        assert found[:2] == ["3px", True], found[2]
