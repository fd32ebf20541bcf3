"""Taking posts off X: all of a thread, nothing else, and nothing is called gone that may stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.connectors.x_world import IMPATIENT, PATIENT, World, delete, world_in
from servers.simulators.x_errors import not_found, plain

from crosspromo.connectors.base import (
    Content,
    NotRemoved,
    Prepared,
    Receipt,
    Removed,
    Sent,
)
from crosspromo.connectors.x import timeline
from crosspromo.testing.simulator.messages import Answer

THREAD = Content("One. Two. Three.", parts=("One. 1/3", "Two. 2/3", "Three. 3/3"))
TIMELINE = "/2/users/*/tweets"
FAULTS = ["hang", "close", "500", "503", "429", "301", "401", "402", "403"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        yield world


def sent(world: World, content: Content) -> Receipt:
    account = world.connect()
    outcome = account.send(world.prepared(account, content))
    assert isinstance(outcome, Sent)
    return outcome.receipt


def reply(world: World, text: str, to: str) -> None:
    """As when somebody writes it in the app, signed in as the account."""
    account = world.connect()
    account.send(Prepared("by hand", {"texts": ["", text], "ids": [to]}))


def test_a_post_is_taken_off_and_no_other(world: World) -> None:
    receipt = sent(world, Content("one"))
    sent(world, Content("two"))
    assert delete(world.connect(), receipt) == Removed()
    assert world.texts == ["two"]


def test_one_that_is_gone_already_is_removed(world: World) -> None:
    receipt = sent(world, Content("one"))
    for _ in range(2):
        assert delete(world.connect(), receipt) == Removed()


@pytest.mark.parametrize("fault", FAULTS)
def test_one_that_may_stand_is_not_removed_and_is_asked_for_once(world: World, fault: str) -> None:
    receipt = sent(world, Content("one"))
    world.x.fail_next(fault)
    before = len(world.x.writes)
    removal = delete(world.connect(IMPATIENT if fault == "hang" else PATIENT), receipt)
    assert isinstance(removal, NotRemoved)
    assert removal.reason
    assert world.texts == ["one"]
    assert len(world.x.writes) == before + 1


@pytest.mark.parametrize("fault", ["close", "500", "unreadable"])
def test_an_answer_that_is_lost_is_made_up_for_by_asking_again(world: World, fault: str) -> None:
    receipt = sent(world, Content("one"))
    world.x.fail_next(fault, "after")
    assert isinstance(delete(world.connect(), receipt), NotRemoved)
    assert delete(world.connect(), receipt) == Removed()


@pytest.mark.parametrize(
    ("answer", "is_gone"),
    [(not_found("post", "1"), True), (plain(404), False), (Answer(404), False)],
)
def test_only_xs_own_word_for_it_means_gone(world: World, answer: Answer, is_gone: bool) -> None:
    """A bare 404 may come from anything between X and us."""
    receipt = sent(world, Content("one"))
    world.answer_all("DELETE", "/2/tweets/*", answer)
    assert isinstance(delete(world.connect(), receipt), Removed) is is_gone


def test_a_post_of_somebody_else_stands(world: World) -> None:
    theirs = world.x.publish_elsewhere("riverkeeper", "Clean-up")
    removal = delete(world.connect(), Receipt(theirs))
    assert isinstance(removal, NotRemoved)
    assert "not authorized" in removal.reason


# Threads


def test_a_thread_goes_with_all_its_parts_its_root_last(world: World) -> None:
    sent(world, Content("before"))
    receipt = sent(world, THREAD)
    ids = [post.id for post in world.x.posts]
    sent(world, Content("after 2/3"))
    assert delete(world.connect(), receipt) == Removed()
    assert world.texts == ["before", "after 2/3"]
    gone = [write.path for write in world.x.writes if write.method == "DELETE"]
    assert gone == [f"/2/tweets/{part}" for part in reversed(ids[1:])]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("reached", [0, 1, 2])
def test_a_thread_that_is_not_all_gone_says_what_stands_and_is_taken_up_again(
    world: World, fault: str, reached: int
) -> None:
    receipt = sent(world, THREAD)
    world.x.fail_next(fault, skip=reached)
    removal = delete(world.connect(IMPATIENT if fault == "hang" else PATIENT), receipt)
    assert isinstance(removal, NotRemoved)
    standing = len(THREAD.parts) - reached
    assert removal.reason.startswith(f"parts 1 to {standing} of 3 of the thread stand: ")
    assert world.texts == list(THREAD.parts[:standing])
    assert delete(world.connect(), receipt) == Removed()
    assert world.texts == []


def test_a_thread_that_was_posted_later_is_left_alone(world: World) -> None:
    single = sent(world, Content("one"))
    sent(world, THREAD)
    assert delete(world.connect(), single) == Removed()
    assert world.texts == list(THREAD.parts)


def test_what_a_person_added_below_stands(world: World) -> None:
    single, thread = sent(world, Content("one")), sent(world, THREAD)
    last = world.x.posts[-1].id
    for to in (single.remote_id, thread.remote_id, last):
        reply(world, f"Update to {to}", to=to)
    updates = world.texts[-3:]
    assert len(updates) == 3
    assert delete(world.connect(), single) == delete(world.connect(), thread) == Removed()
    assert world.texts == updates


def test_the_rest_of_a_thread_goes_although_its_root_is_gone(world: World) -> None:
    receipt = sent(world, THREAD)
    root = receipt.remote_id
    world.connect()._client.delete_tweet(root, user_auth=True)  # type: ignore[attr-defined]  # as a person would
    assert world.texts == list(THREAD.parts[1:])
    assert delete(world.connect(), receipt) == Removed()
    assert world.texts == []


@pytest.mark.parametrize("fault", FAULTS)
def test_where_it_cannot_be_told_whether_it_is_a_thread_nothing_is_deleted(
    world: World, fault: str
) -> None:
    """Without its root the other parts of a thread would not be found again."""
    receipt = sent(world, THREAD)
    world.x.fail_next(fault, path=TIMELINE)
    removal = delete(world.connect(IMPATIENT if fault == "hang" else PATIENT), receipt)
    assert isinstance(removal, NotRemoved)
    assert removal.reason.startswith("nothing was deleted")
    assert len(world.x.posts) == 3


def test_so_it_is_where_too_much_was_posted_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "PAGE", 5)
    monkeypatch.setattr(timeline, "MOST_PAGES", 1)
    receipt = sent(world, Content("one"))
    for number in range(6):
        sent(world, Content(f"later {number}"))
    assert isinstance(delete(world.connect(), receipt), NotRemoved)
    assert len(world.x.posts) == 7
