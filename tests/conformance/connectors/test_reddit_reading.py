"""Figures and mentions on Reddit: what is told, and that the inbox itself is left alone."""

from datetime import timedelta
from typing import Any

import pytest
from conformance.connectors.reddit_world import World, publish

from crosspromo.connectors.base import (
    Content,
    Deletes,
    Figures,
    Heard,
    HeardPage,
    Measured,
    MentionKind,
    NotRead,
    Receipt,
    Sent,
)


def posted(world: World, title: str = "Come & see") -> Receipt:
    outcome = publish(world.connect(), Content("Hello", title=title))
    assert isinstance(outcome, Sent)
    return outcome.receipt


def reader(world: World) -> Any:
    return world.connect()


def heard(world: World, cursor: str | None, most: int = 2) -> tuple[list[Heard], str]:
    connector = reader(world)
    found: list[Heard] = []
    while True:
        page = connector.listen(cursor, most)
        assert isinstance(page, HeardPage)
        found += page.mentions
        cursor = page.cursor
        if not page.more:
            return found, cursor


def test_figures_are_votes_crossposts_and_comments(world: World) -> None:
    one, two = posted(world, "One").remote_id, posted(world, "Two").remote_id
    world.reddit.counted[one] = {"ups": 9, "num_crossposts": 2, "num_comments": 4}
    assert reader(world).measure([one, two, "x"]) == Measured(
        {
            one: Figures(likes=9, reposts=2, replies=4, quotes=None, views=None),
            two: Figures(likes=1, reposts=0, replies=0, quotes=None, views=None),
        }
    )


def test_a_post_that_is_marked_as_deleted_is_gone(world: World) -> None:
    one = posted(world)
    connector = world.connect()
    assert isinstance(connector, Deletes)
    connector.delete(one)
    assert reader(world).measure([one.remote_id]) == Measured({}, frozenset({one.remote_id}))


def test_followers_are_not_told(world: World) -> None:
    assert reader(world).followers() is None


def test_mentions_and_replies_are_read_and_on_from_there(world: World) -> None:
    post = posted(world).remote_id.removeprefix("t3_")
    mentions, replies = [], []
    for number in range(5):
        world.clock.advance(timedelta(minutes=1))
        mentions.append(world.reddit.speak("keeper", f"u/us {number}").fullname)
        replies.append(world.reddit.speak("keeper", f"Yes {number}", on=post).fullname)
    found, cursor = heard(world, None)
    assert {each.remote_id for each in found if each.kind is MentionKind.MENTION} == {*mentions}
    assert {each.remote_id for each in found if each.kind is MentionKind.REPLY} == {*replies}
    assert (found[0].author, found[0].text) == ("keeper", "u/us 4")
    assert found[0].url.startswith("https://www.reddit.com/r/test/comments/")
    world.clock.advance(timedelta(minutes=1))
    late = world.reddit.speak("keeper", "Late", on=post).fullname
    found, _ = heard(world, cursor)
    assert {each.remote_id for each in found} == {late, mentions[-1], replies[-1]}


def test_only_lists_of_comments_are_read(world: World) -> None:
    heard(world, None)
    asked = {each.path for each in world.arrivals if each.path.startswith("/message")}
    assert asked == {"/message/mentions", "/message/selfreply"}


def test_mentions_of_long_ago_are_not_read_at_the_first_time(world: World) -> None:
    world.reddit.speak("keeper", "long ago")
    world.clock.advance(timedelta(days=30))
    world.reddit.speak("keeper", "now")
    found, _ = heard(world, None)
    assert [each.text for each in found] == ["now"]


@pytest.mark.parametrize("fault", ["403", "429", "500"])
def test_a_refusal_is_not_read(world: World, nothing_sleeps: None, fault: str) -> None:
    one = posted(world).remote_id
    connector = reader(world)
    connector.verify()
    world.reddit.fail_next(fault, path="*")
    assert isinstance(connector.measure([one]), NotRead)
    world.reddit.fail_next(fault, path="*")
    assert isinstance(connector.listen(None, 5), NotRead)
