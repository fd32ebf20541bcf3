"""Crossposts on Reddit, and taking a post off again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from conformance.connectors.reddit_world import (
    HELLO,
    World,
    assert_discreet,
    prepared,
    publish,
    titles,
)
from servers.simulators import Subreddit

from crosspromo.connectors.base import (
    Absent,
    Content,
    Deletes,
    Found,
    Image,
    NotRemoved,
    NotSent,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unknown,
)
from crosspromo.connectors.reddit import NETWORK
from crosspromo.connectors.reddit.addresses import POSTS, fullname_at
from crosspromo.testing.clock import START

pytestmark = pytest.mark.usefixtures("nothing_sleeps")


@pytest.fixture
def theirs(world: World) -> Content:
    """What reshares somebody's post."""
    return reshare(world)


def reshare(world: World) -> Content:
    name = world.reddit.publish_elsewhere("river-keepers", "We need hands", "Clean-up")
    address = f"https://www.reddit.com/r/test/comments/{name}/clean_up/"
    return Content("", native=True, reshare_of=address)


def name_of(content: Content) -> str:
    name = fullname_at(content.reshare_of or "")
    assert name is not None
    return name


class TestACrosspost:
    def test_is_one_request_that_shares_the_post_itself(
        self, world: World, theirs: Content
    ) -> None:
        connector = world.connect("rivervalley")
        post = prepared(connector, theirs)
        before = len(world.arrivals)
        outcome = connector.send(post)
        assert [a.path for a in world.arrivals[before:]] == ["/api/submit"]
        (shown,) = world.reddit.posts
        assert isinstance(outcome, Sent)
        assert outcome.receipt.remote_id == shown.fullname
        assert shown.parent is not None
        assert (shown.parent.author, shown.subreddit.name) == ("river-keepers", "rivervalley")

    def test_has_the_title_of_the_original(self, world: World, theirs: Content) -> None:
        publish(world.connect(), theirs)
        assert titles(world) == ["Clean-up"]

    def test_has_a_title_of_ours_where_there_is_one(self, world: World, theirs: Content) -> None:
        publish(world.connect(), replace(theirs, title="Lend a hand"))
        assert titles(world) == ["Lend a hand"]

    @pytest.mark.parametrize(
        "more", [{"text": "Lend a hand"}, {"images": (Image("river.png", "A river"),)}]
    )
    def test_takes_no_words_and_no_images(
        self, world: World, theirs: Content, more: dict[str, object]
    ) -> None:
        obstacle = world.connect().ready(replace(theirs, **more))  # type: ignore[arg-type]  # what a test asks for
        assert isinstance(obstacle, Rejected)
        assert world.arrivals == ()

    @pytest.mark.parametrize("address", ["https://redd.it/zzzz", "https://example.org/a", ""])
    def test_of_nothing_is_refused_before_the_send(self, world: World, address: str) -> None:
        obstacle = world.connect().ready(Content("", native=True, reshare_of=address))
        assert isinstance(obstacle, Rejected)
        assert address in obstacle.reason

    def test_of_a_post_that_is_gone_is_refused(self, world: World) -> None:
        mine = publish(world.connect("rivervalley"))
        assert isinstance(mine, Sent)
        gone = Content("", native=True, reshare_of=mine.receipt.url)
        assert delete(world, mine.receipt) == Removed()
        obstacle = world.connect().ready(gone)
        assert isinstance(obstacle, Rejected)
        assert "cannot be crossposted" in obstacle.reason

    @pytest.mark.parametrize(
        "place", [Subreddit("here", subscribed=False), Subreddit("here", frozenset({"self"}))]
    )
    def test_that_the_community_does_not_take_says_what_to_do(
        self, new_world: Callable[..., World], place: Subreddit
    ) -> None:
        world = new_world(subreddits=(Subreddit("test"), place))
        outcome = publish(world.connect("here"), reshare(world))
        assert isinstance(outcome, Rejected)
        assert "join r/here" in outcome.reason

    def test_whose_original_was_not_asked_for_is_not_sent(
        self, world: World, theirs: Content
    ) -> None:
        connector = world.connect()
        assert connector.ready(HELLO) is None
        assert isinstance(connector.send(connector.prepare(theirs, START)), NotSent)
        assert world.reddit.writes == ()

    @pytest.mark.parametrize("kind", ["hang", "close", "500", "403", "429", "301"])
    def test_whose_original_cannot_be_asked_for_is_tried_again(
        self, world: World, theirs: Content, kind: str
    ) -> None:
        world.reddit.fail_next(kind, path="/api/info")
        obstacle = world.connect_for(kind).ready(theirs)
        assert isinstance(obstacle, NotSent)
        assert_discreet(obstacle)


class TestALookUp:
    @pytest.mark.parametrize("kind", ["hang", "close", "500", "503", "unreadable"])
    def test_finds_a_crosspost_whose_answer_was_lost(
        self, world: World, theirs: Content, kind: str
    ) -> None:
        connector = world.connect_for(kind)
        post = prepared(connector, theirs)
        world.reddit.fail_next(kind, "after")
        assert isinstance(connector.send(post), Unknown)
        assert isinstance(connector.look_up(post, START), Found)
        assert len(world.reddit.writes) == 1

    def test_is_not_misled_by_one_elsewhere_or_of_another(
        self, world: World, theirs: Content
    ) -> None:
        connector = world.connect()
        post = prepared(connector, theirs)
        publish(world.connect("rivervalley"), theirs)
        publish(world.connect(), reshare(world))
        publish(world.connect(), replace(HELLO, title="Clean-up"))
        assert connector.look_up(post, START) == Absent()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.reddit.com/r/redditdev/comments/2gmzqe/praw_https/", "t3_2gmzqe"),
        ("https://old.reddit.com/r/redditdev/comments/2GMZQE", "t3_2gmzqe"),
        ("http://reddit.com/comments/2gmzqe/", "t3_2gmzqe"),
        ("https://www.reddit.com/user/river-keepers/comments/2gmzqe/a?utm_source=x", "t3_2gmzqe"),
        ("https://www.reddit.com/gallery/2gmzqe", "t3_2gmzqe"),
        ("https://redd.it/2gmzqe", "t3_2gmzqe"),
        ("https://www.reddit.com/r/redditdev/comments/2gmzqe/praw_https/cjkq5ej/", None),
        ("https://www.reddit.com/r/redditdev/", None),
        ("https://www.reddit.com/r/redditdev/s/Ab3", None),
        ("https://reddit.com.example.org/r/a/comments/2gmzqe/", None),
        ("https://example.org/https://redd.it/2gmzqe", None),
    ],
)
def test_a_post_is_told_from_its_address(address: str, name: str | None) -> None:
    assert fullname_at(address) == name
    assert NETWORK.capabilities.reposts is POSTS
    assert not NETWORK.capabilities.quotes


def delete(world: World, receipt: Receipt, kind: str = "") -> Removal:
    connector = world.connect_for(kind)
    assert isinstance(connector, Deletes)
    return connector.delete(receipt)


class TestADeletion:
    @pytest.fixture
    def receipt(self, world: World) -> Receipt:
        outcome = publish(world.connect())
        assert isinstance(outcome, Sent)
        return outcome.receipt

    def test_takes_the_post_off(self, world: World, receipt: Receipt) -> None:
        assert NETWORK.capabilities.deletes
        assert delete(world, receipt) == Removed()
        assert titles(world) == []

    def test_of_one_that_is_gone_is_done(self, world: World, receipt: Receipt) -> None:
        delete(world, receipt)
        assert delete(world, receipt) == Removed()

    def test_knows_a_post_by_the_address_that_a_person_wrote_down(
        self, world: World, receipt: Receipt
    ) -> None:
        assert receipt.url is not None
        assert delete(world, Receipt(receipt.url, receipt.url)) == Removed()
        assert titles(world) == []

    def test_of_something_without_a_name_is_not_tried(self, world: World, receipt: Receipt) -> None:
        before = len(world.arrivals)
        removal = delete(world, Receipt("by-hand-7"))
        assert isinstance(removal, NotRemoved)
        assert "by-hand-7" in removal.reason
        assert len(world.arrivals) == before

    @pytest.mark.parametrize("kind", ["hang", "close", "500", "503", "429", "401", "403", "301"])
    def test_that_fails_is_none_and_asks_once(
        self, world: World, receipt: Receipt, kind: str
    ) -> None:
        world.reddit.fail_next(kind, path="/api/del", times=None)
        removal = delete(world, receipt, kind)
        assert isinstance(removal, NotRemoved)
        assert_discreet(removal)
        assert [a.path for a in world.arrivals].count("/api/del") == 1
        assert titles(world) == [HELLO.title]
