"""Suggestions: posts that a person makes of them, each of one suggestion once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from stories import rules

from crosspromo.domain.errors import NotFoundError, Refused
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Window
from crosspromo.domain.sources import Occasion, SourceKind, Suggestion, SuggestionState
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.queue_post import PostQueue
from crosspromo.services.suggestions import SuggestionService, Use
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

CLOCK = FakeClock()
NOW = CLOCK.now()
USE = Use(author="ana")
ITEM = Suggestion(
    number=0,
    source=1,
    occasion=Occasion.SHARE,
    partner="river-keepers",
    title="We planted 300 willows",
    link="https://river.example/willows",
    summary="",
    published_at=NOW,
    found_at=NOW,
)


@pytest.fixture
def suggestions(store: Store, tmp_path: Path) -> SuggestionService:
    """A service whose store has a partner and a source without items."""
    with store.write() as unit:
        unit.partners.save(
            Partner("river-keepers", "River Keepers", why="They clean our river."), NOW
        )
        unit.sources.add(SourceKind.FEED, "https://river.example/feed", None, "ana", NOW)
    accounts: Mapping[str, AccountRules] = {"main": rules("main")}
    queue_post = PostQueue(
        store=store,
        clock=CLOCK,
        rules=accounts,
        organisation=OrganisationRules(floor=None, window=Window(days=28), zone=ZoneInfo("UTC")),
        own_group=frozenset(),
        renderer=Templates((SHIPPED / "templates",), "us"),
        pictures=lambda *, keep: ImageFolder(tmp_path, keep=keep),
    )
    return SuggestionService(store, CLOCK, lambda: queue_post, lambda: accounts)


def add(store: Store, item: Suggestion = ITEM) -> int:
    """Keep an item; returns its number."""
    with store.write() as unit:
        unit.suggestions.add_all([(item.title, item.link, item)])
        return unit.suggestions.open(1)[0].number if item.state is SuggestionState.OPEN else 1


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def decided(store: Store, number: int) -> Suggestion:
    with store.read() as unit:
        found = unit.suggestions.find(number)
    assert found is not None
    return found


def test_share_says_who_published_it_and_leads_there(
    suggestions: SuggestionService, store: Store
) -> None:
    number = add(store)
    (queued,) = suggestions.share(number, USE, ["main"])
    delivery = queued.view.delivery
    assert delivery.content.text.startswith("From River Keepers: We planted 300 willows")
    assert "https://river.example/willows" in delivery.content.text
    assert (delivery.credit, delivery.partners) == (Credit.OTHERS, ("river-keepers",))
    kept = decided(store, number)
    assert (kept.state, kept.post, kept.decided_by) == (
        SuggestionState.USED,
        delivery.post,
        "ana",
    )
    assert suggestions.list() == []


def test_spotlight_has_the_words_of_the_item(suggestions: SuggestionService, store: Store) -> None:
    (queued,) = suggestions.spotlight(add(store), USE, ["main"])
    text = queued.view.delivery.content.text
    assert text.startswith("From River Keepers: We planted 300 willows")
    assert "They clean our river." not in text


def test_what_others_wrote_about_a_partner_is_said_to_be_news(
    suggestions: SuggestionService, store: Store
) -> None:
    number = add(store, replace(ITEM, occasion=Occasion.CONGRATULATE, title="Prize for willows"))
    (queued,) = suggestions.share(number, USE, ["main"])
    assert queued.view.delivery.content.text.startswith("River Keepers in the news: Prize for")


def test_a_dry_run_leaves_it_open(suggestions: SuggestionService, store: Store) -> None:
    number = add(store)
    suggestions.share(number, USE, ["main"], dry_run=True)
    assert decided(store, number).state is SuggestionState.OPEN
    with store.read() as unit:
        assert unit.deliveries.of_posts([1]) == {1: []}


def test_what_cannot_be_queued_stays_open(suggestions: SuggestionService, store: Store) -> None:
    long = replace(ITEM, title="word " * 59 + "end", link=f"https://river.example/{'x' * 300}")
    number = add(store, long)
    assert code_of(lambda: suggestions.share(number, USE, ["main"])) == "text-too-long"
    assert decided(store, number).state is SuggestionState.OPEN


def test_is_used_once(suggestions: SuggestionService, store: Store) -> None:
    number = add(store)
    suggestions.share(number, USE, ["main"])
    for act in (
        lambda: suggestions.share(number, USE, ["main"]),
        lambda: suggestions.spotlight(number, USE, ["main"]),
        lambda: suggestions.dismiss(number, "ben"),
    ):
        assert code_of(act) == "suggestion-decided"


def test_dismissing_keeps_who_and_why(suggestions: SuggestionService, store: Store) -> None:
    number = add(store)
    suggestions.dismiss(number, "ben", "old news")
    kept = decided(store, number)
    assert (kept.state, kept.decided_by, kept.reason) == (
        SuggestionState.DISMISSED,
        "ben",
        "old news",
    )
    assert code_of(lambda: suggestions.share(number, USE, ["main"])) == "suggestion-decided"


def test_about_nobody_asks_whom_it_is_about(suggestions: SuggestionService, store: Store) -> None:
    number = add(store, replace(ITEM, partner=None))
    assert code_of(lambda: suggestions.share(number, USE, ["main"])) == "suggestion-of-nobody"
    named = replace(USE, partner="river-keepers")
    (queued,) = suggestions.share(number, named, ["main"])
    assert queued.view.delivery.partners == ("river-keepers",)


def test_without_an_address_is_no_share_but_a_spotlight(
    suggestions: SuggestionService, store: Store
) -> None:
    number = add(store, replace(ITEM, link=""))
    assert code_of(lambda: suggestions.share(number, USE, ["main"])) == "nothing-to-share"
    (queued,) = suggestions.spotlight(number, USE, ["main"])
    assert "willows" in queued.view.delivery.content.text


def test_of_one_partner_are_listed_alone(suggestions: SuggestionService, store: Store) -> None:
    add(store, replace(ITEM, partner=None))
    mine = add(store, replace(ITEM, title="Another"))
    assert [each.number for each in suggestions.list("river-keepers")] == [mine]
    with pytest.raises(NotFoundError):
        suggestions.list("nobody")


def test_what_was_old_when_it_was_found_is_none(
    suggestions: SuggestionService, store: Store
) -> None:
    add(store, replace(ITEM, state=SuggestionState.PAST))
    assert suggestions.list() == []
    assert code_of(lambda: suggestions.dismiss(1, "ana")) == "no-such-suggestion"
