"""The page of the plan: lines with their reasons, to be accepted, skipped, swapped or worded."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from browsers import SETTINGS, Browser, Office

from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State

HERE = "/plan"
NEVER = "River Keepers: never shared here, so they are introduced"
PAST = "Food Bank: 12 days past their 30"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a partner who was never shared, and one who is overdue."""
    with Office(tmp_path_factory.mktemp("office"), SETTINGS) as office:
        partners = office.workspace.services.partners
        partners.add(Partner("river-keepers", "River Keepers", closeness="close"))
        partners.add(Partner("food-bank", "Food Bank", closeness="close"))
        at = office.clock.now() - timedelta(days=42)
        post = OutsidePost("x-main", at, Credit.OTHERS, partner="food-bank", text="Soup")
        with office.store.write() as unit:
            unit.accounts.register(["x-main", "bluesky-main"])
            unit.outside_posts.record([post], office.clock.now())
        yield office


@pytest.fixture
def author(office: Office) -> Browser:
    return office.signed_in(Role.AUTHOR)


def texts(office: Office) -> list[tuple[str, str, State]]:
    with office.store.read() as unit:
        return [(each.account, each.content.text, each.state) for each in unit.deliveries.some()]


def shown(browser: Browser) -> str:
    return unescape(browser.get(HERE).text)


def key_of(office: Office, account: str) -> str:
    return f"introduction:river-keepers@{account}"


def test_each_line_has_its_reason_and_the_balance_stands_below(author: Browser) -> None:
    page = shown(author)
    assert "3 posts proposed for 4 weeks" in page
    assert page.count(f"<bdi>{NEVER}</bdi>") == 2
    assert page.count(f"<bdi>{PAST}</bdi>") == 1
    assert "1 line needs words." in page
    assert "As it would become" in page


def test_a_line_that_is_accepted_is_queued_and_stands_there_no_more(
    office: Office, author: Browser
) -> None:
    answer = author.send(f"{HERE}/accept", {"key": key_of(office, "x-main")}, page=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert "Queued: x-main" in shown(author)
    ((account, text, state),) = texts(office)
    assert (account, state) == ("x-main", State.QUEUED)
    assert text.startswith("Meet River Keepers")


def test_a_pencilled_line_asks_for_words_and_takes_them(office: Office, author: Browser) -> None:
    found = author.get(f"{HERE}.json").json()["items"]
    (pencilled,) = [each for each in found if each["asks_for_words"]]
    assert pencilled["partners"] == ["food-bank"]
    proposal = office.workspace.services.plans.propose()
    (key,) = [each.key for each in proposal.lines if each.is_pencilled]
    refused = author.send(f"{HERE}/accept", {"key": key, "words": " "}, page=HERE)
    assert refused.status_code == 422
    assert "Nothing new is there to say about the partner; write the words" in refused.text
    fields = {"key": key, "words": "Four hundred meals a day."}
    assert author.send(f"{HERE}/accept", fields, page=HERE).status_code == 303
    assert [text for _, text, _ in texts(office)] == ["Four hundred meals a day."]


def test_a_skipped_line_is_proposed_no_more(office: Office, author: Browser) -> None:
    author.send(f"{HERE}/skip", {"key": key_of(office, "x-main")}, page=HERE)
    page = shown(author)
    assert "Skipped for four weeks: River Keepers, introduction." in page
    assert page.count(f"<bdi>{NEVER}</bdi>") == 1
    assert texts(office) == []


def test_another_item_takes_the_slot_and_the_line_gets_another_one(
    office: Office, author: Browser
) -> None:
    office.workspace.services.partners.add(Partner("tenants", "Tenants", closeness="close"))
    proposal = office.workspace.services.plans.propose()
    line = next(each.line for each in proposal.firm if each.line.account == "x-main")
    other = next(each.candidate.key for each in proposal.others_for(line))
    fields = {"key": line.candidate.key, "other": other}
    author.send(f"{HERE}/swap", fields, page=HERE)
    assert "Queued: x-main" in shown(author)
    with office.store.read() as unit:
        (made,) = unit.deliveries.some()
    assert (made.account, made.due_at) == ("x-main", line.at)
    again = {each.key: each.line.at for each in office.workspace.services.plans.propose().lines}
    assert again[line.candidate.key] > line.at
    assert other not in again


def test_all_lines_without_words_become_drafts(office: Office, author: Browser) -> None:
    author.send(f"{HERE}/accept-all", page=HERE)
    assert "2 drafts made." in shown(author)
    assert [state for *_, state in texts(office)] == [State.DRAFT, State.DRAFT]


@pytest.mark.parametrize("act", ["accept", "skip", "swap"])
def test_what_the_plan_does_not_propose_is_refused(
    office: Office, author: Browser, act: str
) -> None:
    answer = author.send(f"{HERE}/{act}", {"key": "milestone:9@x-main"}, page=HERE)
    assert answer.status_code == 422
    assert "The plan does not propose this any more" in unescape(answer.text)
    assert texts(office) == []


def test_a_reader_sees_the_plan_and_has_no_button(office: Office) -> None:
    page = shown(office.signed_in(Role.READER))
    assert NEVER in page
    assert "/plan/accept" not in page
