"""The page of a post says in words what counts, and what a person has to do."""

from datetime import timedelta
from pathlib import Path

from browsers import SETTINGS, Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import Spotlight

BY_HAND = f"""{SETTINGS}
[accounts.hand]
network = "manual"
imitates = "reddit"
subreddit = "river"
"""


def spotlight(office: Office, account: str) -> None:
    office.workspace.services.partners.add(Partner(slug="river-keepers", name="River Keepers"))
    asked = Spotlight(author="Amira Author", partner="river-keepers")
    office.workspace.services.queue_post.queue(asked, [account])
    office.publish()


def test_posts_that_count_have_their_names(office: Office, reader: Browser) -> None:
    spotlight(office, "x-main")
    office.clock.advance(timedelta(hours=1))
    held = office.queue("Our annual report")
    page = reader.open(f"/deliveries/{held}").text
    _, _, counted = page.partition("1 post that counts on x-main")
    assert '<a href="/deliveries/1"><bdi>Meet River Keepers' in counted
    assert "credit others" not in counted


def test_a_post_for_a_person_shows_no_address_of_a_form(tmp_path: Path) -> None:
    with Office(tmp_path, BY_HAND) as office:
        spotlight(office, "hand")
        page = office.signed_in(Role.READER).get("/posts/1").text
    assert "It waits for a person to post it." in page
    assert "/submit?title=" not in page
