"""Days of FIELD in a real browser: a communications officer's and a campaign's, with scripts and
without, and while no network can be reached.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import full_house
import pytest
from browsers import NAMES, PASSWORD, Office
from in_a_browser.conftest import Opener
from servers.chromium import Window

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role

if TYPE_CHECKING:
    from playwright.sync_api import Locator

ACCOUNTS = ("x-main", "bluesky-main", "reddit-main", "facebook-page")

UNREACHABLE = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[database]
url = "sqlite:///store.db"

[accounts.x-main]
network = "x"
server = "http://127.0.0.1:9"
[accounts.x-main.credentials]
consumer_key = "env:A_SECRET"
consumer_secret = "env:A_SECRET"
access_token = "env:A_SECRET"
access_token_secret = "env:A_SECRET"

[accounts.bluesky-main]
network = "bluesky"
server = "http://127.0.0.1:9"
approval = "one"
credentials = { identifier = "us.example", password = "env:A_SECRET" }

[accounts.reddit-main]
network = "reddit"
server = "http://127.0.0.1:9"
subreddit = "rivervalley"
[accounts.reddit-main.credentials]
client_id = "env:A_SECRET"
client_secret = "env:A_SECRET"
username = "env:A_SECRET"
password = "env:A_SECRET"

[accounts.facebook-page]
network = "manual"
imitates = "reddit"
subreddit = "rivervalley"
"""
"""The same accounts on networks whose servers refuse every connection."""

NEWS = "Our annual report is out: what 40 neighbours did for one river."


class Staff:
    """Somebody at a browser: finds things by the words on them, as people do."""

    def __init__(self, window: Window, *, scripts: bool) -> None:
        self.window = window
        self.page = window.page
        self._scripts = scripts

    def sign_in(self, name: str) -> None:
        self.window.open("/")
        self.page.get_by_label("Name or mail address").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        self.sees(re.compile("needs? a person|Begin with somebody else"))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: "str | re.Pattern[str]") -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state("load")  # before that, scripts do not see what is typed

    def sees(self, words: "str | re.Pattern[str]") -> "Locator":
        """These words, somewhere on the page; it waits for them."""
        found = self.page.get_by_text(words).first
        found.wait_for()
        return found

    def card(self, account: str) -> "Locator":
        """The preview of an account."""
        return self.page.get_by_role("article", name=account, exact=True)

    def looks_again(self) -> None:
        """Have previews and forecasts made: they come by themselves where there are scripts."""
        if not self._scripts:
            self.press("Update preview")

    def by_keyboard(self, name: str, key: str = "Tab") -> None:
        """Go by the key to what has this id or begins so; each step shows where it is."""
        self.page.wait_for_load_state("load")  # before that, a key may come before the styles
        for _ in range(80):
            self.page.keyboard.press(key)
            focused = self.page.locator(":focus")
            assert focused.evaluate("it => getComputedStyle(it).outlineWidth") == "3px"
            if focused.get_attribute("id") == name or focused.inner_text().startswith(name):
                return
        pytest.fail(f"the keyboard does not reach {name}")

    # -- the steps of the days ---------------------------------------------------------------

    def writes_for_four_accounts(self, words: str, at: str) -> None:
        self.follow("Write a post")
        self.page.get_by_label("Text", exact=True).fill(words)
        self.page.get_by_label("Time").fill(at)
        self.page.get_by_label("At", exact=True).check()
        for account in ACCOUNTS:
            self.page.get_by_role("checkbox", name=account).check()
        self.looks_again()
        for account, limit in zip(ACCOUNTS, ("280", "300", "40,000", "40,000"), strict=True):
            self.card(account).get_by_text(f"{len(words)} of {limit}").wait_for()

    def sees_one_held(self) -> None:
        self.sees("It would wait.")
        self.sees("x-main keeps 3\u202f:\u202f1, so 3 more partner posts must go before it.")

    def shares_a_partner_instead(self, at: str) -> None:
        """The link beside the account that would hold leads to a spotlight there."""
        self.follow(re.compile("Share a partner first.*x-main"))
        self.page.get_by_label("Which partner").fill("river-keepers")
        self.page.get_by_label("Time").fill(at)
        self.page.get_by_label("At", exact=True).check()
        for account in ACCOUNTS:
            self.page.get_by_role("checkbox", name=account).check()
        self.looks_again()
        self.card("x-main").get_by_text("Tests the water every week").wait_for()
        self.page.get_by_role("button", name=re.compile("^Queue")).click()
        self.sees("Queued on 4 accounts.")

    def moves_it_by_keyboard(self, at: str) -> None:
        if self._scripts:
            self.page.wait_for_load_state()  # keys work once the script is there
            self.page.keyboard.press("m")
        else:
            self.by_keyboard("Move…")
            self.page.keyboard.press("Enter")
        self.page.get_by_label("When").wait_for()
        # Scripts put the focus on the button, where arrows go by days and slots.
        self.by_keyboard("at", "Shift+Tab" if self._scripts else "Tab")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(at)
        self.page.keyboard.press("Enter")
        self.sees(re.compile("^Moved on .* to Fri 3 Apr "))

    def approves(self, name: str) -> None:
        self.window.open("/")
        row = self.page.get_by_role("listitem").filter(has_text=f"“{name}")
        row.get_by_role("link", name="Read…").click()
        self.card("bluesky-main").get_by_role("button", name="Approve").click()
        self.sees("Approved on bluesky-main.")


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, full_house.SETTINGS) as office:
        yield furnished(office)


def furnished(office: Office) -> Office:
    """With people who have passwords, and a partner."""
    for role in (Role.AUTHOR, Role.APPROVER):
        office.person(role)
    why = "Tests the water every week and tells everyone"
    office.workspace.services.partners.add(
        Partner(slug="river-keepers", name="River Keepers", why=why)
    )
    return office


def staff(window: Opener, office: Office, role: Role, *, scripts: bool) -> Staff:
    found = Staff(window(office, java_script_enabled=scripts), scripts=scripts)
    found.sign_in(NAMES[role])
    return found


def sandbox(office: Office, account: str) -> str:
    """What the world sees on an account."""
    page = office.folder / "sandbox" / f"{account}.html"
    return page.read_text(encoding="utf-8") if page.exists() else ""


def test_one_is_held_a_partner_is_shared_instead_moved_approved_and_goes(
    office: Office, window: Opener, *, scripts: bool
) -> None:
    amira = staff(window, office, Role.AUTHOR, scripts=scripts)
    amira.writes_for_four_accounts(NEWS, "thu 9:00")
    amira.sees_one_held()
    amira.shares_a_partner_instead("thu 9:00")
    amira.moves_it_by_keyboard("fri 10:00")
    amira.card("bluesky-main").wait_for()
    assert amira.card("bluesky-main").get_by_role("button", name="Approve").count() == 0

    dan = staff(window, office, Role.APPROVER, scripts=scripts)
    dan.approves("Meet")
    office.publish()
    assert sandbox(office, "x-main") == ""
    office.clock.advance(timedelta(days=2, hours=3))
    office.publish()
    for account in ("x-main", "bluesky-main", "reddit-main"):
        assert "Tests the water every week" in sandbox(office, account)
    amira.page.reload()
    for account in ("x-main", "bluesky-main", "reddit-main"):
        amira.card(account).get_by_text("went out").wait_for()
    amira.window.open("/")
    amira.page.get_by_role("link", name=re.compile("Copy and post…")).click()
    amira.press("It is posted")
    amira.card("facebook-page").get_by_text("went out").wait_for()


@pytest.fixture
def cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office that reaches no network."""
    monkeypatch.setenv("A_SECRET", "open sesame")
    with Office(tmp_path, UNREACHABLE) as office:
        yield furnished(office)


def test_with_every_network_away_pages_and_acts_work_and_say_what_is_late(
    cut_off: Office, window: Opener
) -> None:
    amira = staff(window, cut_off, Role.AUTHOR, scripts=True)
    amira.writes_for_four_accounts(NEWS, "thu 9:00")
    amira.sees_one_held()
    amira.shares_a_partner_instead("thu 9:00")
    amira.moves_it_by_keyboard("fri 10:00")
    staff(window, cut_off, Role.APPROVER, scripts=True).approves("Meet")
    for later in (timedelta(days=2, hours=3), timedelta(minutes=30)):
        cut_off.clock.advance(later)
        cut_off.publish()
    amira.window.open("/")
    amira.sees("Four things need a person")
    for account in ("x-main", "bluesky-main", "reddit-main"):
        amira.sees(re.compile(f"on {account} is 30 min late$"))
    amira.sees(
        re.compile(r"\. The next try is at .*\. Nothing is lost, nothing will go out twice\.$")
    )
    for page in ("/queue", "/accounts", "/accounts/x-main", "/audit", "/posts/1"):
        assert amira.window.open(page) == 200
    amira.moves_it_by_keyboard("fri 17:00")


class TestASecondReader:
    """Day 3: a campaign with sign-off."""

    def test_an_edit_after_the_approval_asks_again_and_says_so(
        self, office: Office, window: Opener, *, scripts: bool
    ) -> None:
        office.queue(NEWS, ["bluesky-main"], at=office.clock.now() + timedelta(days=1))
        staff(window, office, Role.APPROVER, scripts=scripts).approves("Our annual report")
        amira = staff(window, office, Role.AUTHOR, scripts=scripts)
        amira.window.open("/posts/1")
        amira.sees("It was approved by Dan Okafor.")
        amira.follow(re.compile("^Edit…"))
        amira.page.get_by_label("Text", exact=True).fill(f"{NEWS} Come and see.")
        amira.press("Keep this text")
        amira.sees("Changed on bluesky-main.")
        amira.sees("1 approval is void: it has to be approved again.")
        amira.card("bluesky-main").get_by_text("draft").wait_for()

    def test_of_two_who_edit_the_second_sees_both_texts(
        self, office: Office, window: Opener, *, scripts: bool
    ) -> None:
        office.queue(NEWS, ["x-main"], at=office.clock.now() + timedelta(days=1))
        amira = staff(window, office, Role.AUTHOR, scripts=scripts)
        dan = staff(window, office, Role.APPROVER, scripts=scripts)
        for each in (amira, dan):
            each.window.open("/deliveries/1/edit")
        for each, words in ((amira, "Our report, by Amira."), (dan, "Our report, by Dan.")):
            each.page.get_by_label("Text", exact=True).fill(words)
            each.press("Keep this text")
        dan.sees(re.compile("^Amira Author changed this text at "))
        difference = dan.page.get_by_role("alert")
        assert difference.locator("del").inner_text() == "Amira."
        assert difference.locator("ins").inner_text() == "Dan."
        assert dan.page.get_by_label("Text", exact=True).input_value() == "Our report, by Dan."
        if scripts:
            assert dan.page.locator(":focus").get_attribute("role") == "alert"

    def test_who_cancels_by_mistake_takes_it_back(
        self, office: Office, window: Opener, *, scripts: bool
    ) -> None:
        office.queue(NEWS, ["x-main"], at=office.clock.now() + timedelta(days=1))
        amira = staff(window, office, Role.AUTHOR, scripts=scripts)
        amira.window.open("/posts/1")
        amira.card("x-main").get_by_role("button", name="Cancel").click()
        amira.card("x-main").get_by_text("cancelled").wait_for()
        amira.press("Undo")
        amira.sees(re.compile("^It is as it was before on x-main"))
        amira.window.open("/posts/1")
        amira.card("x-main").get_by_text("queued").wait_for()
