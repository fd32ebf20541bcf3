"""Reposts on X: once, whatever becomes of an answer, and undone by their receipt."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.connectors.x_world import IMPATIENT, PATIENT, World, delete, world_in
from hypothesis import given
from hypothesis import strategies as st
from servers.simulators.x_errors import not_found, plain

from crosspromo.connectors.base import (
    Absent,
    Content,
    Found,
    NotRemoved,
    NotSent,
    Rejected,
    Removed,
    SeesShared,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.x import NETWORK
from crosspromo.connectors.x.addresses import address, post_id
from crosspromo.testing.simulator.messages import Answer, json_answer

TIMELINE = "/2/users/*/tweets"
REPOSTS = "/2/users/*/retweets*"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        yield world


@pytest.fixture
def theirs(world: World) -> str:
    return world.x.publish_elsewhere("riverkeeper", "Clean-up on Saturday")


def repost_of(source: str) -> Content:
    return Content("", reshare_of=f"https://x.com/riverkeeper/status/{source}", native=True)


def test_it_is_the_post_itself_and_no_text_of_ours(world: World, theirs: str) -> None:
    account = world.connect()
    outcome = account.send(world.prepared(account, repost_of(theirs)))
    (post,) = world.x.posts
    assert post.repost_of == theirs
    assert world.paths == [f"/2/users/{world.x.user_id}/retweets"]
    assert isinstance(outcome, Sent)
    assert outcome.receipt.url == f"https://x.com/i/status/{theirs}"


@pytest.mark.parametrize("fault", ["hang", "close", "500", "503", "unreadable"])
def test_an_answer_lost_after_acceptance_is_unknown_and_then_found(
    world: World, theirs: str, fault: str
) -> None:
    account = world.connect(IMPATIENT if fault == "hang" else PATIENT)
    prepared = world.prepared(account, repost_of(theirs))
    started = world.now()
    world.x.fail_next(fault, "after")
    assert isinstance(account.send(prepared), Unknown)
    assert len(world.x.writes) == 1
    found = world.connect().look_up(prepared, started)
    assert isinstance(found, Found)
    assert found.receipt.published_at == world.x.posts[0].created_at.replace(microsecond=0)
    assert delete(world.connect(), found.receipt) == Removed()
    assert world.x.posts == ()


@pytest.mark.parametrize("fault", ["hang", "close", "500", "503", "301"])
def test_what_proves_nothing_is_unknown_and_then_absent(
    world: World, theirs: str, fault: str
) -> None:
    account = world.connect(IMPATIENT if fault == "hang" else PATIENT)
    prepared = world.prepared(account, repost_of(theirs))
    world.x.fail_next(fault)
    assert isinstance(account.send(prepared), Unknown)
    assert len(world.x.writes) == 1
    assert account.look_up(prepared, world.now()) == Absent()


@pytest.mark.parametrize("fault", ["429", "401", "402", "403"])
def test_what_x_refuses_is_not_sent(world: World, theirs: str, fault: str) -> None:
    account = world.connect()
    prepared = world.prepared(account, repost_of(theirs))
    world.x.fail_next(fault)
    outcome = account.send(prepared)
    assert isinstance(outcome, NotSent)
    assert outcome.account_fault is (fault != "429")
    assert (outcome.retry_at is not None) is (fault == "429")


def test_a_second_one_changes_nothing(world: World, theirs: str) -> None:
    account = world.connect()
    prepared = world.prepared(account, repost_of(theirs))
    assert account.send(prepared) == account.send(prepared)
    assert len(world.x.posts) == 1


def test_the_token_is_the_fingerprint(world: World, theirs: str) -> None:
    content = repost_of(theirs)
    prepared = world.prepared(world.connect(), content)
    assert prepared.token == content.fingerprint("x-main")
    assert prepared.payload == {"reposts": theirs}


def test_a_post_that_is_gone_is_rejected(world: World) -> None:
    account = world.connect()
    outcome = account.send(world.prepared(account, repost_of("42")))
    assert isinstance(outcome, Rejected)
    assert "https://x.com/i/status/42" in outcome.reason


def test_other_reposts_and_posts_are_not_it(world: World, theirs: str) -> None:
    account = world.connect()
    other = world.x.publish_elsewhere("riverkeeper", "A picnic")
    account.send(world.prepared(account, repost_of(other)))
    account.send(world.prepared(account, Content("Clean-up on Saturday")))
    assert account.look_up(world.prepared(account, repost_of(theirs)), world.now()) == Absent()


def test_a_repost_is_not_taken_for_a_post_of_the_same_text(world: World, theirs: str) -> None:
    account = world.connect()
    account.send(world.prepared(account, repost_of(theirs)))
    (post,) = world.x.posts
    ours = world.prepared(account, Content(post.text))
    assert account.look_up(ours, world.now()) == Absent()


@pytest.mark.parametrize("fault", ["close", "500", "429", "401"])
def test_trap_17_a_failed_read_is_unclear(world: World, theirs: str, fault: str) -> None:
    account = world.connect()
    prepared = world.prepared(account, repost_of(theirs))
    account.send(prepared)
    world.x.fail_next(fault, path=TIMELINE)
    assert isinstance(account.look_up(prepared, world.now()), Unclear)


@pytest.mark.parametrize("fault", ["close", "500", "429", "401"])
def test_not_knowing_who_we_are_is_an_obstacle(world: World, theirs: str, fault: str) -> None:
    account = world.connect()
    prepared = world.prepared(account, repost_of(theirs))
    stranger = world.connect()
    world.x.fail_next(fault, path="/2/users/me", times=2)
    assert isinstance(stranger.ready(repost_of(theirs)), NotSent)
    assert isinstance(stranger.send(prepared), NotSent)
    assert world.x.writes == ()


def test_trap_15_a_quote_is_refused_before_it_is_tried(world: World, theirs: str) -> None:
    quote = Content("Go there!", reshare_of=f"https://x.com/a/status/{theirs}", native=True)
    obstacle = world.connect().ready(quote)
    assert isinstance(obstacle, Rejected)
    assert "quote" in obstacle.reason
    assert not NETWORK.capabilities.quotes
    assert world.x.journal.arrivals == ()


def test_what_is_not_on_x_is_refused(world: World) -> None:
    elsewhere = Content("", reshare_of="https://example.org/status/1", native=True)
    assert world.connect().ready(elsewhere) == Rejected(
        "https://example.org/status/1 is not the address of a post on X"
    )


def test_a_reshare_that_is_not_native_is_a_post(world: World, theirs: str) -> None:
    account = world.connect()
    by_name = Content("Via @riverkeeper", reshare_of=f"https://x.com/riverkeeper/status/{theirs}")
    account.send(world.prepared(account, by_name))
    assert world.texts == ["Via @riverkeeper"]


# Undoing


def test_its_receipt_undoes_it(world: World, theirs: str) -> None:
    account = world.connect()
    outcome = account.send(world.prepared(account, repost_of(theirs)))
    assert isinstance(outcome, Sent)
    for _ in range(2):  # gone already is gone
        assert delete(account, outcome.receipt) == Removed()
    assert world.x.posts == ()
    assert world.paths[-1] == f"/2/users/{world.x.user_id}/retweets/{theirs}"


@pytest.mark.parametrize("fault", ["hang", "close", "500", "429", "301", "401", "403"])
def test_one_that_may_stand_is_not_removed(world: World, theirs: str, fault: str) -> None:
    account = world.connect(IMPATIENT if fault == "hang" else PATIENT)
    outcome = account.send(world.prepared(account, repost_of(theirs)))
    assert isinstance(outcome, Sent)
    world.x.fail_next(fault, path=REPOSTS)
    before = len(world.x.writes)
    assert isinstance(delete(account, outcome.receipt), NotRemoved)
    assert len(world.x.writes) == before + 1


@pytest.mark.parametrize(
    ("answer", "is_gone"), [(not_found("post", "1"), True), (plain(404), False)]
)
def test_one_of_a_post_that_is_gone_is_gone_with_it(
    world: World, theirs: str, answer: Answer, is_gone: bool
) -> None:
    account = world.connect()
    outcome = account.send(world.prepared(account, repost_of(theirs)))
    assert isinstance(outcome, Sent)
    world.answer_all("DELETE", REPOSTS, answer)
    assert isinstance(delete(account, outcome.receipt), Removed) is is_gone


@pytest.mark.parametrize(
    "document", [{"data": {"retweeted": False}}, {"data": {}}, {"errors": []}, [], "yes"]
)
def test_an_answer_that_does_not_say_so_is_unknown(
    world: World, theirs: str, document: object
) -> None:
    account = world.connect()
    prepared = world.prepared(account, repost_of(theirs))
    world.answer_all("POST", REPOSTS, json_answer(200, document))
    assert isinstance(account.send(prepared), Unknown)


def test_trap_10_what_x_says_was_done_already_is_a_reason_to_look(
    world: World, theirs: str
) -> None:
    account = world.connect()
    prepared = world.prepared(account, repost_of(theirs))
    refused = plain(403, "You have already retweeted this Tweet.")
    world.answer_all("POST", REPOSTS, refused)
    assert isinstance(account.send(prepared), Unknown)


# Addresses

NAMES = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=15)
IDS = st.integers(1, 10**19 - 1).map(str)


@given(
    st.sampled_from(["https://", "http://", "HTTPS://"]),
    st.sampled_from(["x.com", "www.x.com", "mobile.twitter.com", "twitter.com", "X.com"]),
    st.one_of(NAMES, st.just("i/web"), st.just("i")),
    IDS,
    st.sampled_from(["", "/", "?s=20", "?s=20&t=a-b_c", "/photo/1", "#top"]),
)
def test_every_address_of_a_post_is_one(
    scheme: str, host: str, name: str, source: str, rest: str
) -> None:
    written = f"{scheme}{host}/{name}/status/{source}{rest}"
    assert NETWORK.capabilities.reposts is not None
    assert NETWORK.capabilities.reposts.fullmatch(written)
    assert post_id(written) == source


@given(NAMES, IDS)
def test_an_address_leads_back_to_its_post(name: str, source: str) -> None:
    assert post_id(address(source, name)) == post_id(address(source)) == source


@pytest.mark.parametrize(
    "other",
    [
        "https://x.com/riverkeeper",
        "https://x.com/riverkeeper/status/",
        "https://x.com/riverkeeper/status/12a",
        "https://x.com/riverkeeper/likes/12",
        "https://notx.com/riverkeeper/status/12",
        "https://x.com.example.org/riverkeeper/status/12",
        "https://example.org/x.com/riverkeeper/status/12",
        "https://example.org/?https://x.com/riverkeeper/status/12",
        "https://x.com/riverkeeper/status/12 and more",
        "https://x.com/riverkeeper/status/12\n",
        "https://x.com/riverkeeper/status/١٢",
        "x.com/riverkeeper/status/12",
        "",
    ],
)
def test_no_other_address_is_one(other: str) -> None:
    assert post_id(other) is None


def shown(*media: dict[str, str]) -> Answer:
    """X's answer to a look-up of one post with these media."""
    return json_answer(
        200, {"data": {"id": "1", "text": "Clean-up"}, "includes": {"media": list(media)}}
    )


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (json_answer(200, {"data": {"id": "1", "text": "Clean-up"}}), 0),
        (shown({"type": "photo", "alt_text": "A river"}), 0),
        (shown({"type": "photo"}, {"type": "photo", "alt_text": " "}), 2),
        (shown({"type": "animated_gif"}, {"type": "video"}), 1),
        (json_answer(200, {"errors": [{"title": "Not Found Error"}]}), None),
        (json_answer(200, "yes"), None),
        (plain(401), None),
        (plain(503), None),
    ],
)
def test_images_of_theirs_without_alt_text_are_counted_or_nothing_is_said(
    world: World, theirs: str, answer: Answer, count: int | None
) -> None:
    world.answer_all("GET", f"/2/tweets/{theirs}", answer)
    account = world.connect()
    assert isinstance(account, SeesShared)
    assert account.images_without_alt(f"https://x.com/riverkeeper/status/{theirs}") == count
    assert account.images_without_alt("https://us.example") is None
