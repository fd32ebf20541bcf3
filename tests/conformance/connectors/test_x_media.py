"""Images on X: uploaded before the send, through the API v2 alone, and once while X keeps them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import PIL.Image
import pytest
from conformance.connectors.x_world import IMPATIENT, PATIENT, World, world_in
from servers.simulators.x_errors import plain

from crosspromo.connectors.base import (
    Content,
    Found,
    Image,
    NotSent,
    Prepared,
    Rejected,
    Sent,
    Unknown,
)
from crosspromo.connectors.x import NETWORK
from crosspromo.testing.simulator.messages import json_answer

DAY = timedelta(days=1)
STEPS = {
    "initialize": "/2/media/upload/initialize",
    "append": "/2/media/upload/*/append",
    "finalize": "/2/media/upload/*/finalize",
    "metadata": "/2/media/metadata",
}
FAULTS = ["hang", "close", "500", "503", "429", "301", "401", "402", "403"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        yield world


def with_images(*images: Image) -> Content:
    return Content("Look & see: https://example.org", images=images)


@pytest.fixture
def river(world: World) -> Content:
    return with_images(world.picture("river.png", "A river at dawn"))


def uploads(world: World) -> int:
    return sum(path.endswith("/initialize") for path in world.paths)


def test_they_are_uploaded_with_alt_text_before_anything_is_posted(
    world: World, river: Content
) -> None:
    assert world.connect().ready(river) is None
    (upload,) = world.x.media.uploads.values()
    assert upload.content == (world.folder / "river.png").read_bytes()
    assert (upload.media_type, upload.category) == ("image/png", "tweet_image")
    assert upload.alt_text == "A river at dawn"
    assert world.x.posts == ()


def test_trap_14_nothing_goes_to_the_old_endpoints(world: World, river: Content) -> None:
    account = world.connect()
    account.send(world.prepared(account, river))
    assert [path.startswith("/2/") for path in world.paths] == [True] * 5
    assert {write.headers["content-type"] for write in world.x.writes if write.body} == {
        "application/json"
    }


def test_the_post_carries_them_in_their_order(world: World) -> None:
    images = [world.picture(f"{n}.{kind}", f"{n}") for n, kind in enumerate(["png", "jpg", "webp"])]
    account = world.connect()
    assert isinstance(account.send(world.prepared(account, with_images(*images))), Sent)
    (post,) = world.x.posts
    shown = {upload.media_key: upload for upload in world.x.media.uploads.values()}
    assert [shown[key].alt_text for key in post.media_keys] == ["0", "1", "2"]
    kinds = [shown[key].media_type for key in post.media_keys]
    assert kinds == ["image/png", "image/jpeg", "image/webp"]


def test_without_alt_text_none_is_written(world: World) -> None:
    assert world.connect().ready(with_images(world.picture("a.png"))) is None
    assert "/2/media/metadata" not in world.paths


def test_a_large_one_travels_in_pieces_and_arrives_whole(world: World) -> None:
    noise = random.Random(1).randbytes(900 * 900 * 3)
    PIL.Image.frombytes("RGB", (900, 900), noise).save(world.folder / "large.png")
    assert world.connect().ready(with_images(Image("large.png", ""))) is None
    (upload,) = world.x.media.uploads.values()
    assert len(upload.segments) == 3
    assert upload.content == (world.folder / "large.png").read_bytes()


def test_trap_16_a_post_with_images_is_found_although_x_appends_a_link(
    world: World, river: Content
) -> None:
    account = world.connect()
    prepared = world.prepared(account, river)
    world.x.fail_next("close", "after")
    assert isinstance(account.send(prepared), Unknown)
    found = world.connect().look_up(prepared, world.now())
    assert isinstance(found, Found)
    assert found.receipt.remote_id == world.x.posts[0].id


def test_a_thread_has_them_at_its_root(world: World, river: Content) -> None:
    thread = Content("One. Two.", images=river.images, parts=("One. 1/2", "Two. 2/2"))
    account = world.connect()
    prepared = world.prepared(account, thread)
    assert isinstance(account.send(prepared), Sent)
    assert [len(post.media_keys) for post in world.x.posts] == [1, 0]
    assert isinstance(account.look_up(prepared, world.now()), Found)


# Once


def test_what_was_uploaded_is_not_uploaded_again(world: World, river: Content) -> None:
    account = world.connect()
    first = world.prepared(account, river)
    requests = len(world.paths)
    assert world.prepared(account, river) == first
    assert len(world.paths) == requests


@pytest.mark.parametrize(
    ("name", "alt", "again"),
    [("copy.png", "A river at dawn", 0), ("copy.png", "Mud", 1), ("other.jpg", "Mud", 1)],
)
def test_it_is_the_content_that_counts_with_its_alt_text(
    world: World, river: Content, name: str, alt: str, again: int
) -> None:
    account = world.connect()
    account.ready(river)
    account.ready(with_images(world.picture(name, alt)))
    assert uploads(world) == 1 + again


def test_a_file_that_changed_is_uploaded_anew(world: World, river: Content) -> None:
    account = world.connect()
    before = world.prepared(account, river)
    world.picture("river.png", size=(5, 5))
    assert world.prepared(account, river).payload["media"] != before.payload["media"]
    assert uploads(world) == 2


@pytest.mark.parametrize(
    ("later", "again"),
    [
        (DAY - timedelta(minutes=6), False),
        (DAY - timedelta(minutes=4), True),
        (2 * DAY, True),
    ],
)
def test_one_that_expires_is_made_anew_in_time(
    world: World, river: Content, later: timedelta, again: bool
) -> None:
    account = world.connect()
    prepared = world.prepared(account, river)
    world.clock.advance(later)
    assert account.ready(river) is None
    assert uploads(world) == 1 + again
    # An uncertain send is repeated as it was; the image in it lives on by its content.
    assert isinstance(account.send(prepared), Sent)


def test_one_that_x_will_not_attach_is_uploaded_anew_when_a_person_tries_again(
    world: World, river: Content
) -> None:
    account = world.connect()
    prepared = world.prepared(account, river)
    world.x.media.uploads.clear()  # X has lost it before its time
    outcome = account.send(prepared)
    assert isinstance(outcome, Rejected)
    assert "media IDs are invalid" in outcome.reason
    assert isinstance(account.send(world.prepared(account, river)), Sent)
    assert uploads(world) == 2


def test_what_is_recorded_is_enough_for_another_worker(world: World, river: Content) -> None:
    prepared = world.prepared(world.connect(), river)
    recorded = Prepared(prepared.token, json.loads(json.dumps(prepared.payload)))
    assert isinstance(world.connect().send(recorded), Sent)
    assert uploads(world) == 1


# Failures


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_on_the_way_is_an_obstacle_and_never_a_doubt(
    world: World, river: Content, step: str, fault: str
) -> None:
    account = world.connect(IMPATIENT if fault == "hang" else PATIENT)
    world.x.fail_next(fault, path=STEPS[step], seconds=600)
    obstacle = account.ready(river)
    assert isinstance(obstacle, NotSent)
    assert obstacle.reason.startswith("the image river.png cannot be attached: ")
    assert obstacle.account_fault is (fault in {"401", "402", "403"})
    assert (obstacle.retry_at is not None) is (fault == "429")
    account.send(world.prepared(account, river))
    (post,) = world.x.posts
    assert len(post.media_keys) == 1


@pytest.mark.parametrize("fault", ["close", "500", "unreadable"])
@pytest.mark.parametrize("step", STEPS)
def test_an_answer_that_is_lost_on_the_way_is_one_as_well(
    world: World, river: Content, step: str, fault: str
) -> None:
    account = world.connect()
    world.x.fail_next(fault, "after", path=STEPS[step])
    obstacle = account.ready(river)
    # Nothing is read of these two answers but that they are good.
    assert (
        obstacle is None
        if fault == "unreadable" and step in {"append", "metadata"}
        else (isinstance(obstacle, NotSent))
    )
    account.send(world.prepared(account, river))
    assert len(world.x.posts) == 1


def test_a_retry_goes_on_where_it_failed(world: World) -> None:
    first, second = world.picture("1.png", "one"), world.picture("2.jpg", "two")
    account = world.connect()
    world.x.fail_next("503", path=STEPS["metadata"], skip=1)
    assert isinstance(account.ready(with_images(first, second)), NotSent)
    before = len(world.paths)
    assert account.ready(with_images(first, second)) is None
    assert world.paths[before:] == ["/2/media/metadata"]


def test_what_x_finds_too_large_is_rejected(world: World) -> None:
    picture = world.picture("large.png")
    with (world.folder / "large.png").open("ab") as file:
        file.truncate(6_000_000)
    obstacle = world.connect().ready(with_images(picture))
    assert isinstance(obstacle, Rejected)
    assert "large.png" in obstacle.reason
    assert "too large" in obstacle.reason


@pytest.mark.parametrize("step", STEPS)
def test_a_413_is_a_refusal_as_well(world: World, river: Content, step: str) -> None:
    world.answer_all("POST", STEPS[step], plain(413))
    obstacle = world.connect().ready(river)
    assert isinstance(obstacle, Rejected)
    assert "too large" in obstacle.reason


@pytest.mark.parametrize("document", [{}, {"data": {}}, [], "done"])
@pytest.mark.parametrize("step", ["initialize", "finalize"])
def test_an_answer_without_an_upload_in_it_is_an_obstacle(
    world: World, river: Content, step: str, document: object
) -> None:
    world.answer_all("POST", STEPS[step], json_answer(200, document))
    assert isinstance(world.connect().ready(river), NotSent)


def test_what_x_could_not_process_is_rejected_and_forgotten(world: World) -> None:
    content = with_images(world.picture("wave.gif"))
    world.x.media.polls_before_a_gif = 1
    failed = {"data": {"id": "1001000000", "processing_info": {"state": "failed"}}}
    world.answer_all("GET", "/2/media/upload", json_answer(200, failed))
    account = world.connect()
    assert account.ready(content) == Rejected(
        "the image wave.gif cannot be attached: X could not process it"
    )
    world.x.answers.clear()
    world.x.media.polls_before_a_gif = 0
    assert account.ready(content) is None
    assert uploads(world) == 2


def test_a_file_that_is_gone_is_named(world: World, river: Content) -> None:
    (world.folder / "river.png").unlink()
    assert world.connect().ready(river) == Rejected(
        "river.png cannot be read (No such file or directory); put it back and try again"
    )


def test_a_file_that_is_no_image_is_named(world: World, river: Content) -> None:
    (world.folder / "river.png").write_text("a river")
    assert world.connect().ready(river) == Rejected(
        "river.png cannot be read (it is not an image); put it back and try again"
    )


def test_an_alt_text_that_is_too_long_is_refused_before_the_upload(world: World) -> None:
    account = world.connect()
    assert account.ready(with_images(world.picture("1.png", "a" * 1000))) is None
    before = len(world.paths)
    obstacle = account.ready(with_images(world.picture("1.png", "a" * 1001)))
    assert isinstance(obstacle, Rejected)
    assert "1001 characters" in obstacle.reason
    assert len(world.paths) == before


def test_an_image_alone_is_refused_since_no_look_up_could_tell_it(
    world: World, river: Content
) -> None:
    obstacle = world.connect().ready(Content(" ", images=river.images))
    assert isinstance(obstacle, Rejected)
    assert "without a text" in obstacle.reason
    assert world.x.writes == ()


# GIFs


def test_a_gif_stands_alone(world: World) -> None:
    gif, png = world.picture("wave.gif"), world.picture("river.png")
    account = world.connect()
    for images in [(gif, png), (png, gif), (gif, gif)]:
        obstacle = account.ready(with_images(*images))
        assert isinstance(obstacle, Rejected)
        assert "GIF" in obstacle.reason
    assert world.x.writes == ()
    assert isinstance(account.send(world.prepared(account, with_images(gif))), Sent)
    (upload,) = world.x.media.uploads.values()
    assert (upload.media_type, upload.category) == ("image/gif", "tweet_gif")


def test_a_gif_that_is_being_processed_is_asked_for_at_the_next_try(world: World) -> None:
    """Waiting happens outside the connector."""
    content = with_images(world.picture("wave.gif", "A wave"))
    world.x.media.polls_before_a_gif = 2
    account = world.connect()
    obstacles = [account.ready(content) for _ in range(3)]
    still = NotSent("the image wave.gif cannot be attached: X is processing it still")
    assert obstacles == [still, still, None]
    assert uploads(world) == 1
    assert isinstance(account.send(account.prepare(content, world.now())), Sent)


# What is said of them


def test_the_limits_are_those_that_x_documents() -> None:
    limits = NETWORK.capabilities.images
    assert (limits.most, limits.max_bytes, limits.max_gif_bytes) == (4, 5_000_000, 15_000_000)
    assert limits.types == ("image/jpeg", "image/png", "image/gif", "image/webp")
