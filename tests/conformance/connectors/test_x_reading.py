"""Figures and mentions on X: what is asked, what is told, and what cannot be told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conformance.connectors.x_world import World, world_in

from crosspromo.connectors.backwards import place_of
from crosspromo.connectors.base import (
    Content,
    Figures,
    HeardPage,
    Measured,
    MentionKind,
    NotRead,
    Sent,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        yield world


def posted(world: World, text: str = "Hello") -> str:
    connector = world.connect()
    content = Content(text)
    assert connector.ready(content) is None
    outcome = connector.send(connector.prepare(content, world.clock.now()))
    assert isinstance(outcome, Sent)
    return outcome.receipt.remote_id


def reader(world: World) -> Any:
    return world.connect()


def test_figures_are_the_public_ones_with_views(world: World) -> None:
    one, two = posted(world, "One"), posted(world, "Two")
    world.x.counted[one] = {
        "like_count": 4,
        "retweet_count": 3,
        "reply_count": 2,
        "quote_count": 1,
        "impression_count": 900,
    }
    assert reader(world).measure([one, two]) == Measured(
        {one: Figures(4, 3, 2, 1, 900), two: Figures(0, 0, 0, 0, 0)}
    )


def test_a_post_that_x_does_not_find_is_gone(world: World) -> None:
    one = posted(world)
    assert reader(world).measure([one, "42"]) == Measured(
        {one: Figures(0, 0, 0, 0, 0)}, frozenset({"42"})
    )


def test_what_is_no_id_of_a_post_is_not_asked_for(world: World) -> None:
    before = len(world.x.reads)
    assert reader(world).measure(["repost:42", "x"]) == Measured({})
    assert len(world.x.reads) == before


def test_followers_are_counted(world: World) -> None:
    assert reader(world).followers() == 12


def test_mentions_are_read_page_by_page_and_on_from_there(world: World) -> None:
    one = posted(world)
    told = [world.x.speak("riverkeeper", f"@crosspromo {n}") for n in range(6)]
    told.append(world.x.speak("riverkeeper", "So true", reply_to=one))
    told.append(world.x.speak("somebody", "Look", quote_of=one))
    connector = reader(world)
    first = connector.listen(None, 6)
    assert isinstance(first, HeardPage)
    assert (first.more, first.reads) == (True, 6)
    late = world.x.speak("somebody", "@crosspromo meanwhile")
    second = connector.listen(first.cursor, 5)
    heard = [*first.mentions, *second.mentions]
    assert [each.remote_id for each in heard] == [each.id for each in reversed(told)]
    assert [each.kind for each in heard[:3]] == [
        MentionKind.QUOTE,
        MentionKind.REPLY,
        MentionKind.MENTION,
    ]
    assert (heard[1].author, heard[1].text) == ("riverkeeper", "So true")
    assert heard[1].url == f"https://x.com/riverkeeper/status/{told[-2].id}"
    assert not second.more
    third = connector.listen(second.cursor, 5)
    assert [each.remote_id for each in third.mentions] == [late.id]
    assert not connector.listen(third.cursor, 5).mentions


def test_a_page_that_x_does_not_know_any_more_is_begun_anew(world: World) -> None:
    told = [world.x.speak("riverkeeper", f"@crosspromo {n}") for n in range(7)]
    first = reader(world).listen(None, 6)
    place = place_of(first.cursor.partition(" ")[2])
    cursor = first.cursor.replace(place.page, "nothing-that-x-gave")
    assert cursor != first.cursor
    again = reader(world).listen(cursor, 5)
    rest = reader(world).listen(again.cursor, 5)
    heard = {each.remote_id for each in (*again.mentions, *rest.mentions)}
    assert heard == {each.id for each in told}


def test_who_we_are_is_asked_and_charged_once(world: World) -> None:
    first = reader(world).listen(None, 6)
    second = reader(world).listen(first.cursor, 5)
    assert (first.reads, second.reads) == (1, 0)
    assert [each.path for each in world.x.reads].count("/2/users/me") == 1


def test_nothing_is_asked_where_less_than_a_page_is_paid_for(world: World) -> None:
    world.x.speak("riverkeeper", "@crosspromo 1")
    before = len(world.x.reads)
    page = reader(world).listen(None, 5)
    assert (page.mentions, page.more, page.reads) == ([], False, 0)
    assert len(world.x.reads) == before
    assert reader(world).listen(page.cursor, 6).mentions


def test_mentions_of_long_ago_are_not_read_at_the_first_time(world: World) -> None:
    world.x.speak("riverkeeper", "@crosspromo long ago")
    world.clock.advance(timedelta(days=30))
    new = world.x.speak("riverkeeper", "@crosspromo now")
    page = reader(world).listen(None, 6)
    assert [each.remote_id for each in page.mentions] == [new.id]


@pytest.mark.parametrize("fault", ["401", "402", "403", "429", "500"])
def test_a_refusal_is_not_read_and_a_limit_says_until_when(world: World, fault: str) -> None:
    one = posted(world)
    reads: list[Callable[[], Any]] = [
        lambda: reader(world).measure([one]),
        lambda: reader(world).followers(),
        lambda: reader(world).listen(None, 6),
    ]
    for read in reads:
        world.x.fail_next(fault, path="*")
        failed = read()
        assert isinstance(failed, NotRead)
        assert (failed.retry_at is not None) == (fault == "429")
