"""A real browser: the Chromium of this machine, driven by Playwright.

Playwright's own browsers are downloads, and are not used. A window notes what its pages ask of
another host: the console promises that no other host is involved.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

VARIABLE = "CROSSPROMO_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = f"there is no browser: apt-get install chromium, or name one in {VARIABLE}"
PATIENCE = 20_000
"""Milliseconds that a page may take for what a story waits for, on a busy machine."""


def executable() -> str | None:
    """Path of the browser: $CROSSPROMO_CHROMIUM, else one on the PATH; None: there is none."""
    named = os.environ.get(VARIABLE)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running(path: str) -> Iterator[Browser]:
    """The browser, without a screen. Playwright has the asyncio of this thread during the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """A window of a person's own, and what went wrong in it: faults of scripts, other hosts."""

    def __init__(self, browser: Browser, address: str, session: str = "", **how: Any) -> None:
        self.troubles: list[str] = []
        self._host = urlsplit(address).netloc
        self.context: BrowserContext = browser.new_context(base_url=address, **how)
        self.context.set_default_timeout(PATIENCE)
        if session:
            self.context.add_cookies([{"name": "crosspromo", "value": session, "url": address}])
        self.context.route("**/*", self._let_through)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))

    def open(self, path: str) -> int:
        """Go to an address of the console; the status of its answer."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        return answer.status

    def _let_through(self, route: Route) -> None:
        if urlsplit(route.request.url).netloc == self._host:
            route.continue_()
            return
        self.troubles.append(f"another host: {route.request.url}")
        route.abort()

    def _heard(self, kind: str, text: str) -> None:
        # A browser notes each answer of 4xx; the pages of refusals are meant.
        if kind in {"error", "warning"} and "the server responded with a status of 4" not in text:
            self.troubles.append(f"{kind}: {text}")
