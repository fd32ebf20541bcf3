"""Partners who want to sign off, and the links by which they do, for tests of the console."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from browsers import Browser, Office
from signing_off import save_asking

from crosspromo.domain.partners import Partner
from crosspromo.domain.requests import Spotlight
from crosspromo.services.act_on_posts import Targets
from crosspromo.services.edited_content import Changes

KEEPERS = "river-keepers"
TEXT = "River Keepers look after twelve miles of bank. Join them on Saturday."
VERSION = re.compile(r'name="version" value="([0-9a-f]{64})"')


def asked_post(
    office: Office,
    text: str = TEXT,
    to: Sequence[str] = ("x-main", "bluesky-main"),
    *,
    name: str = "River Keepers",
    at: datetime | None = None,
    **request: Any,
) -> int:
    """Queue a post about a partner who wants to sign off, due in three days; its id."""
    with office.store.write() as unit:
        save_asking(unit, Partner(KEEPERS, name))
    wanted = Spotlight(
        author="Amira Author",
        partner=KEEPERS,
        at=at or office.clock.now() + timedelta(days=3),
        **request,
    )
    services = office.workspace.services
    post = services.queue_post.queue(wanted, to)[0].view.delivery.post
    services.act_on_posts("Amira Author").edit(Targets(posts=(post,)), Changes(text=text))
    return post


def link_to(office: Office, post: int = 1, partner: str = KEEPERS) -> str:
    """Make a link; its path."""
    links = office.workspace.services.sign_off_links("Maria Alvarez")
    return f"/a/{links.make(post, partner).token}"


def answer(
    browser: Browser, path: str, given: str, words: str = "", version: str | None = None
) -> httpx.Response:
    """Answer on the page of a link, as a browser does that has just shown it."""
    if version is None:
        found = VERSION.search(browser.get(path).text)
        version = found[1] if found else ""
    fields = {"answer": given, "words": words, "version": version}
    return browser.client.post(path, data=fields)


def states(office: Office, post: int = 1) -> list[str]:
    """States of the post's deliveries."""
    with office.store.read() as unit:
        return [each.state.value for each in unit.deliveries.of_post(post)]
