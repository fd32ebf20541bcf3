"""Pages in other weather: states of pages that no address alone leads to."""

import re
from collections.abc import Iterator

from full_house import AUTHOR, FullHouse, State
from servers.chromium import Window

from crosspromo.services.edited_content import Changes


def states(window: Window, house: FullHouse) -> Iterator[str]:
    """Names of the states, one after the other; the window shows each until the next is asked."""
    page = window.page
    queued, draft = house.deliveries[State.QUEUED], house.deliveries[State.DRAFT]
    window.open("/compose")
    page.get_by_label("Text", exact=True).fill("Volunteer evening, Thu 18:30. Soup is on us.")
    for account in ("x-main", "bluesky-main", "facebook-page"):
        page.get_by_role("checkbox", name=account).check()
    page.locator("#fate-4 strong").wait_for()
    yield "while writing"
    page.get_by_label("Time").fill("last tuesday")
    page.get_by_role("button", name=re.compile("^Queue")).click()
    page.locator("form [role=alert]").wait_for()
    yield "refused"
    window.open(f"/deliveries/{queued}/edit")
    acts = house.office.workspace.services.act_on_delivery(AUTHOR)
    acts.edit(queued, Changes(text="Thank you all, from seven until dusk."))
    page.get_by_label("Text", exact=True).fill("Thank you all, and the cooks, until dusk.")
    page.get_by_role("button", name="Keep this text").click()
    page.get_by_role("alert").wait_for()
    yield "two who edit"
    window.open(f"/deliveries/{draft}/move")
    page.get_by_label("When").fill("fri 9:00")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Undo").wait_for()
    yield "undo"
    window.open("/pause")
    page.get_by_label("Why").fill("flood warning, wait")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_text("Everything is paused.").wait_for()
    yield "paused"
    window.open("/resume")
    yield "resume"
    window.open("/nowhere")
    yield "not found"
