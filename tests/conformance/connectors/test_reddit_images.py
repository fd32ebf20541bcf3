"""Images on Reddit: uploaded before the send, with alt text for readers, told by their names."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import PIL.Image
import pytest
from conformance.connectors.reddit_world import (
    HISTORY,
    TOKEN,
    World,
    assert_discreet,
    prepared,
    publish,
    titles,
)
from servers.simulators.reddit_media import BUCKET

from crosspromo.connectors.base import (
    Absent,
    Content,
    Found,
    Image,
    NotSent,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.reddit import NETWORK
from crosspromo.connectors.reddit.account import MOST_KEPT
from crosspromo.connectors.reddit.errors import UploadError
from crosspromo.connectors.reddit.session import session_with_deadlines
from crosspromo.connectors.reddit.uploads import ImageStore
from crosspromo.testing.clock import START
from crosspromo.testing.simulator.messages import json_answer

LEASE = "/api/media/asset.json"
CONVERT = "/api/convert_rte_body_format"
ALT = 'Volunteers with a "Clean River" banner \\ by the bridge'
PICTURED = Content(
    "See https://example.org/a", title="Come & see", images=(Image("river.png", ALT),)
)

pytestmark = pytest.mark.usefixtures("nothing_sleeps")


@pytest.fixture(autouse=True)
def river(tmp_path: Path) -> bytes:
    """The image in the workspace."""
    PIL.Image.new("RGB", (3, 2), "teal").save(tmp_path / "river.png")
    return (tmp_path / "river.png").read_bytes()


class TestAPostWithAnImage:
    def test_shows_the_image_with_its_alt_text(self, world: World, river: bytes) -> None:
        outcome = publish(world.connect(), PICTURED)
        (shown,) = world.reddit.posts
        (image,) = shown.images
        assert isinstance(outcome, Sent)
        assert outcome.receipt.remote_id == shown.fullname
        assert (shown.text, image.caption) == (PICTURED.text, ALT)
        assert world.reddit.images.uploaded == {image.id: river}

    def test_is_uploaded_before_the_send_which_is_one_request(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector, PICTURED)
        assert [a.path for a in world.arrivals] == [TOKEN, LEASE, BUCKET, CONVERT]
        assert world.reddit.writes == ()
        connector.send(post)
        assert [a.path for a in world.arrivals[4:]] == ["/api/submit"]

    def test_is_uploaded_once_however_often_we_get_ready(self, world: World) -> None:
        connector = world.connect()
        prepared(connector, PICTURED)
        prepared(connector, PICTURED)
        assert len(world.reddit.images.uploaded) == 1

    def test_is_not_mixed_up_with_another_that_is_readied_meanwhile(self, world: World) -> None:
        connector = world.connect()
        another = replace(PICTURED, title="Another")
        assert connector.ready(PICTURED) is None
        assert connector.ready(another) is None
        assert isinstance(connector.send(connector.prepare(PICTURED, START)), Sent)
        assert isinstance(connector.send(connector.prepare(another, START)), Sent)
        names = [image.id for post in world.reddit.posts for image in post.images]
        assert len(set(names)) == 2

    def test_that_is_never_sent_is_forgotten_some_time(self, world: World) -> None:
        connector = world.connect()
        for number in range(MOST_KEPT + 1):
            assert connector.ready(replace(PICTURED, title=f"{number}")) is None
        forgotten = connector.prepare(replace(PICTURED, title="0"), START)
        assert isinstance(connector.send(forgotten), NotSent)
        kept = connector.prepare(replace(PICTURED, title="1"), START)
        assert isinstance(connector.send(kept), Sent)

    def test_may_have_several(self, world: World, tmp_path: Path) -> None:
        PIL.Image.new("RGB", (2, 2)).save(tmp_path / "two.gif")
        two = replace(PICTURED, images=(*PICTURED.images, Image("two.gif", "Two")))
        assert isinstance(publish(world.connect(), two), Sent)
        assert [image.caption for image in world.reddit.posts[0].images] == [ALT, "Two"]

    def test_keeps_an_alt_text_that_is_too_long_for_a_caption(self, world: World) -> None:
        words = "A very long description. " * 20
        publish(world.connect(), replace(PICTURED, images=(Image("river.png", words),)))
        (shown,) = world.reddit.posts
        assert shown.images[0].caption == ""
        assert shown.text == f"{PICTURED.text}\n\n{words.strip()}"

    def test_that_was_never_readied_is_not_sent_without_its_image(self, world: World) -> None:
        connector = world.connect()
        assert connector.ready(replace(PICTURED, images=())) is None
        outcome = connector.send(connector.prepare(PICTURED, START))
        assert isinstance(outcome, NotSent)
        assert world.reddit.writes == ()

    def test_whose_file_is_gone_needs_a_person(self, world: World, tmp_path: Path) -> None:
        (tmp_path / "river.png").unlink()
        obstacle = world.connect().ready(PICTURED)
        assert isinstance(obstacle, Rejected)
        assert "river.png" in obstacle.reason

    def test_whose_name_comes_later_is_unknown(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector, PICTURED)
        later = {"websocket_url": "wss://reddit.example/1", "user_submitted_page": "/"}
        world.reddit.canned = json_answer(200, {"json": {"errors": [], "data": later}})
        outcome = connector.send(post)
        assert isinstance(outcome, Unknown)
        assert "its name comes later" in outcome.detail
        assert isinstance(connector.look_up(post, START), Found)

    def test_is_said_to_be_possible(self) -> None:
        limits = NETWORK.capabilities.images
        assert limits.most == 4
        assert limits.max_bytes == 20_000_000
        assert set(limits.types) == {"image/jpeg", "image/png", "image/gif"}


class TestAnUploadThatFails:
    @pytest.mark.parametrize("path", [LEASE, BUCKET, CONVERT])
    @pytest.mark.parametrize("kind", ["hang", "close", "500", "503", "429", "403", "301"])
    def test_posts_nothing_and_is_tried_again(self, world: World, kind: str, path: str) -> None:
        connector = world.connect_for(kind)
        world.reddit.fail_next(kind, path=path, seconds=60)
        obstacle = connector.ready(PICTURED)
        assert isinstance(obstacle, NotSent)
        assert_discreet(obstacle)
        assert [a.path for a in world.arrivals].count(path) == 1
        assert (world.reddit.landed, titles(world)) == (0, [])
        world.clock.advance(timedelta(seconds=60))
        assert isinstance(publish(connector, PICTURED), Sent)

    @pytest.mark.parametrize("path", [LEASE, BUCKET, CONVERT])
    def test_because_its_answer_drips_is_given_up_in_time(self, world: World, path: str) -> None:
        connector = world.connect_for("hang")
        world.reddit.fail_next("drip", "after", path=path, seconds=0.05)
        assert isinstance(connector.ready(PICTURED), NotSent)
        assert world.reddit.faults.pending == ()

    def test_because_the_lease_is_unreadable_is_tried_again(self, world: World) -> None:
        connector = world.connect()
        world.reddit.fail_next("unreadable", "after", path=LEASE)
        assert isinstance(connector.ready(PICTURED), NotSent)

    def test_because_reddit_refuses_the_post_begins_anew(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector, PICTURED)
        world.reddit.images.uploaded.clear()
        assert isinstance(connector.send(post), Rejected)
        assert isinstance(publish(connector, PICTURED), Sent)


class TestTheAddressToUploadTo:
    """It comes in an answer: somebody who speaks for Reddit may try to lead us elsewhere."""

    @pytest.mark.parametrize(
        "action",
        [
            "http://example.org/",
            "http://127.0.0.1:9/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "//",
            "/uploads",
            "",
        ],
    )
    def test_is_refused_unless_it_is_https(self, action: str) -> None:
        store = ImageStore(session_with_deadlines, timedelta(seconds=1), on_loopback=False)
        with pytest.raises(UploadError, match="not https"):
            store.put(action, {}, ("image.png", b"", "image/png"))

    def test_may_be_this_machine_only_where_reddit_is(self) -> None:
        store = ImageStore(session_with_deadlines, timedelta(seconds=1), on_loopback=True)
        with pytest.raises(UploadError, match="not https"):
            store.put("http://example.org/", {}, ("image.png", b"", "image/png"))

    def test_gets_none_of_our_credentials(self, world: World) -> None:
        publish(world.connect(), PICTURED)
        (upload,) = (arrival for arrival in world.arrivals if arrival.path == BUCKET)
        assert {"authorization", "cookie"}.isdisjoint(upload.headers)
        assert_discreet(upload)

    def test_is_not_asked_again_where_it_redirects(self, world: World) -> None:
        world.reddit.fail_next("301", path=BUCKET)
        assert isinstance(world.connect().ready(PICTURED), NotSent)
        assert world.reddit.landed == 0


class TestALookUp:
    @pytest.mark.parametrize("kind", ["hang", "close", "500", "unreadable"])
    def test_finds_a_post_whose_answer_was_lost(self, world: World, kind: str) -> None:
        connector = world.connect_for(kind)
        post = prepared(connector, PICTURED)
        world.reddit.fail_next(kind, "after")
        assert isinstance(connector.send(post), Unknown)
        assert isinstance(connector.look_up(post, START), Found)

    def test_finds_none_where_none_is(self, world: World) -> None:
        connector = world.connect()
        assert connector.look_up(prepared(connector, PICTURED), START) == Absent()

    def test_does_not_guess_where_only_the_title_is_the_same(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector, PICTURED)
        publish(connector, replace(PICTURED, images=()))
        assert isinstance(connector.look_up(post, START), Unclear)

    def test_asks_reddit_for_no_post_by_itself(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector, PICTURED)
        publish(connector, replace(PICTURED, images=()))
        before = len(world.arrivals)
        connector.look_up(post, START)
        assert [a.path for a in world.arrivals[before:]] == ["/api/v1/me", HISTORY]
