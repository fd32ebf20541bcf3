"""`make screenshots`: every page of the console at two widths, light and dark, and reports printed.

python -m in_a_browser.screenshots build/screenshots
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

import full_house
from browsers import Office
from full_house import FullHouse
from in_a_browser import weather
from servers import chromium

from crosspromo.domain.people import Role
from crosspromo.report_faces.html import html_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS: Final = (1200, 390)
PAPER: Final = 740
"""Points of CSS that a sheet of paper is wide within its margins."""

CHICAGO: Final = ZoneInfo("America/Chicago")
SCHEMES: "Final[tuple[Literal['light', 'dark'], ...]]" = ("light", "dark")


class Camera:
    """Pictures of what a window shows, in a folder."""

    def __init__(self, browser: "Browser", folder: Path) -> None:
        self._browser = browser
        self._folder = folder

    def window(self, office: Office, session: str = "") -> chromium.Window:
        return chromium.Window(self._browser, office.address, session)

    def take(self, window: chromium.Window, name: str) -> None:
        """The page as it stands, in all widths and colours; a report printed, too."""
        self._take(window.page, name, prints="report" in name)

    def _take(self, page: "Page", name: str, *, prints: bool) -> None:
        page.wait_for_load_state("load")  # a press opens a page without waiting for its stylesheet
        stem = re.sub(r"[^a-z0-9]+", "-", re.sub(r":int|\{|\}", "", name)).strip("-") or "today"
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                file = self._folder / f"{stem}-{width}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
        if prints:
            page.set_viewport_size({"width": PAPER, "height": 900})
            page.emulate_media(media="print", color_scheme="light")
            page.screenshot(path=self._folder / f"{stem}-printed.png", full_page=True)
            page.emulate_media(media="screen")

    def report_files(self, house: FullHouse) -> None:
        """Reports as pages of their own, as they are mailed and written."""
        context = self._browser.new_context()
        window = context.new_page()
        for name, made in full_house.reports(house.office).items():
            window.set_content(html_of(made, CHICAGO, organisation="River Valley Alliance"))
            self._take(window, f"file of report {name}", prints=True)
        context.close()

    def pages(self, house: FullHouse) -> None:
        """Every page of the route table."""
        window = self.window(house.office, house.session)
        for place in full_house.places():
            window.open(house.path(place))
            self.take(window, str(place))
        window.context.close()

    def first_day(self, office: Office) -> None:
        """The pages on which people enter, and Today with nothing on it."""
        stranger = self.window(office)
        stranger.open("/sign-in")
        self.take(stranger, "sign in")
        stranger.open(office.invite(Role.AUTHOR))
        self.take(stranger, "invited")
        stranger.context.close()
        window = self.window(office, office.session(Role.ADMIN))
        window.open("/")
        self.take(window, "first day")
        window.context.close()

    def states(self, house: FullHouse) -> None:
        """Pages in other weather."""
        window = self.window(house.office, house.session)
        for name in weather.states(window, house):
            self.take(window, f"state {name}")
        window.context.close()


def main(folder: Path) -> int:
    path = chromium.executable()
    if path is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as full, TemporaryDirectory() as empty, chromium.running(path) as run:
        camera = Camera(run, folder)
        with Office(Path(empty)) as office:
            camera.first_day(office)
        with Office(Path(full), full_house.SETTINGS) as office:
            house = full_house.filled(office)
            camera.pages(house)
            camera.report_files(house)
            camera.states(house)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
