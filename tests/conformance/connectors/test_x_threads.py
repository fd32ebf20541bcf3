"""A thread on X: posted in order, found whole, and sent on where it broke off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conformance.connectors.x_world import IMPATIENT, PATIENT, World, delete, world_in

from crosspromo.connectors.base import (
    Absent,
    Begun,
    Content,
    Found,
    LookUp,
    Outcome,
    Prepared,
    Receipt,
    Sent,
    Unclear,
    Unknown,
)

THREAD = Content(text="One. Two. Three.", parts=("One. 1/3", "Two. 2/3", "Three. 3/3"))
WAYS_TO_BREAK_OFF = [
    ("hang", "before"),
    ("close", "before"),
    ("500", "before"),
    ("503", "before"),
    ("429", "before"),
    ("301", "before"),
    ("401", "before"),
    ("402", "before"),
    ("403", "before"),
    ("hang", "after"),
    ("close", "after"),
    ("500", "after"),
    ("unreadable", "after"),
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        yield world


def send(world: World, prepared: Prepared, *, impatient: bool = False) -> Outcome:
    return world.connect(IMPATIENT if impatient else PATIENT).send(prepared)


def look_up(world: World, prepared: Prepared) -> LookUp:
    return world.connect().look_up(prepared, world.now())


def sent_on(prepared: Prepared, begun: LookUp) -> Prepared:
    """What the publishing core makes of it."""
    assert isinstance(begun, Begun)
    return replace(prepared, payload={**prepared.payload, **begun.progress})


@pytest.fixture
def thread(world: World) -> Prepared:
    return world.prepared(world.connect(), THREAD)


def test_it_is_its_parts_each_a_reply_to_the_one_before(world: World, thread: Prepared) -> None:
    outcome = send(world, thread)
    assert world.texts == list(THREAD.parts)
    ids = [post.id for post in world.x.posts]
    assert [json.loads(write.body).get("reply") for write in world.x.writes] == [
        None,
        {"in_reply_to_tweet_id": ids[0]},
        {"in_reply_to_tweet_id": ids[1]},
    ]
    assert isinstance(outcome, Sent)
    assert outcome.receipt.remote_id == ids[0]


def test_all_of_it_is_found_by_its_root(world: World, thread: Prepared) -> None:
    world.x.fail_next("close", "after", skip=2)
    assert isinstance(send(world, thread), Unknown)
    found = look_up(world, thread)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == world.x.posts[0].id


@pytest.mark.parametrize("reached", [1, 2])
@pytest.mark.parametrize(("fault", "when"), WAYS_TO_BREAK_OFF)
def test_however_it_breaks_off_it_is_sent_on_and_no_part_is_there_twice(
    world: World, thread: Prepared, fault: str, when: str, reached: int
) -> None:
    world.x.fail_next(fault, when, skip=reached)
    outcome = send(world, thread, impatient=fault == "hang")
    assert isinstance(outcome, Unknown)
    assert outcome.detail.startswith(f"part {reached + 1} of 3 of the thread did not go out: ")
    there = reached + (when == "after")
    assert len(world.x.posts) == there
    answer = look_up(world, thread)
    if there < len(THREAD.parts):
        thread = sent_on(thread, answer)
        assert isinstance(send(world, thread), Sent)
        answer = look_up(world, thread)
    assert isinstance(answer, Found)
    assert answer.receipt.remote_id == world.x.posts[0].id
    assert world.texts == list(THREAD.parts)
    ids = [post.id for post in world.x.posts]
    assert [post.reply_to for post in world.x.posts] == [None, *ids[:-1]]


def test_it_may_break_off_again(world: World, thread: Prepared) -> None:
    world.x.fail_next("503", skip=1)
    send(world, thread)
    thread = sent_on(thread, look_up(world, thread))
    world.x.fail_next("503", skip=1)
    outcome = send(world, thread)
    assert isinstance(outcome, Unknown)
    assert outcome.detail.startswith("part 3 of 3")
    thread = sent_on(thread, look_up(world, thread))
    assert isinstance(send(world, thread), Sent)
    assert world.texts == list(THREAD.parts)


def test_one_that_is_all_there_sends_nothing_more(world: World, thread: Prepared) -> None:
    send(world, thread)
    ids = [post.id for post in world.x.posts]
    whole = replace(thread, payload={**thread.payload, "ids": list(ids)})
    outcome = send(world, whole)
    assert isinstance(outcome, Sent)
    assert outcome.receipt.remote_id == ids[0]
    assert len(world.x.writes) == len(ids)


def test_a_rate_limit_in_the_middle_says_until_when(world: World, thread: Prepared) -> None:
    world.x.fail_next("429", skip=1, seconds=600)
    outcome = send(world, thread)
    assert isinstance(outcome, Unknown)
    assert outcome.retry_at == (world.now() + timedelta(seconds=600)).replace(microsecond=0)


def test_a_timeline_that_fails_does_not_say_that_the_rest_is_missing(
    world: World, thread: Prepared
) -> None:
    world.x.fail_next("503", skip=1)
    send(world, thread)
    world.x.fail_next("503", path="/2/users/*/tweets")
    assert isinstance(look_up(world, thread), Unclear)


def test_before_its_root_it_is_absent(world: World, thread: Prepared) -> None:
    world.x.fail_next("503")
    outcome = send(world, thread)
    assert outcome == Unknown("X answered 503: Service Unavailable")
    assert look_up(world, thread) == Absent()


@pytest.mark.parametrize("part", [2, 3])
def test_a_part_that_follows_nothing_leaves_it_unclear(
    world: World, thread: Prepared, part: int
) -> None:
    """Sent on, it would be there twice, or its end would hang on nothing."""
    world.x.fail_next("503", skip=1)
    send(world, thread)
    account = world.connect()
    account.send(Prepared("stray", {"texts": [THREAD.parts[part - 1]]}))
    assert look_up(world, thread) == Unclear(
        f"part {part} of 3 of the thread is there, but does not follow the one before it"
    )


def test_one_whose_root_was_taken_off_meanwhile_is_never_absent(
    world: World, thread: Prepared
) -> None:
    """Absent would send its other parts as replies to nothing."""
    world.x.fail_next("503", skip=1)
    send(world, thread)
    thread = sent_on(thread, look_up(world, thread))
    (root,) = world.x.posts
    delete(world.connect(), Receipt(root.id))
    assert isinstance(look_up(world, thread), Unclear)


def test_a_part_that_was_taken_off_meanwhile_is_not_brought_back(
    world: World, thread: Prepared
) -> None:
    world.x.fail_next("503", skip=2)
    send(world, thread)
    thread = sent_on(thread, look_up(world, thread))
    delete(world.connect(), Receipt(world.x.posts[1].id))
    assert look_up(world, thread) == Unclear(
        "part 2 of 3 of the thread was there and is not any more"
    )
