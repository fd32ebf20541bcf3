"""Fixtures of the tests in a real browser: the browser, and windows of people who are signed in."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from browsers import Office
from servers import chromium, node

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NO_SKIPS = "CROSSPROMO_NO_SKIPS"
"""Variable under which a machine without a browser fails these tests instead of skipping them."""

AXE = Path(__file__).parents[1] / "servers" / "axe"


class Opener(Protocol):
    """Opens a window at a console, of whoever has this session; empty: of nobody yet."""

    def __call__(self, office: Office, session: str = "", **how: object) -> chromium.Window: ...


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One browser for the tests of a module."""
    path = chromium.executable()
    if path is None:
        if os.environ.get(NO_SKIPS):
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture
def window(browser: "Browser") -> Iterator[Opener]:
    """Windows, each with cookies of its own. In the end nothing went wrong in any of them."""
    opened: list[chromium.Window] = []

    def open_window(office: Office, session: str = "", **how: object) -> chromium.Window:
        opened.append(chromium.Window(browser, office.address, session, **how))
        return opened[-1]

    yield open_window
    for each in opened:
        each.context.close()
    assert [trouble for each in opened for trouble in each.troubles] == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    node.npm_ci(AXE)
    return (AXE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
