"""What posts on a real PDS show below their text: images, link cards, shared posts."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from bluesky_accounts import HELLO, NOW, Connect, MemorySessions, connecting, prepared, publish
from servers.bluesky import Account, BlueskyServer
from servers.misbehaving import HANG, Answer, MisbehavingServer

from crosspromo.connectors.base import (
    Absent,
    ConfigError,
    Content,
    Found,
    Image,
    NotSent,
    Rejected,
    Removed,
    SeesShared,
    Sent,
)
from crosspromo.connectors.bluesky import NETWORK
from crosspromo.domain.clock import SystemClock

REPOST = "app.bsky.feed.repost"
UPLOAD = "com.atproto.repo.uploadBlob"


@pytest.fixture
def connect(
    bluesky_server: BlueskyServer, bluesky_account: Account, tmp_path: Path
) -> Iterator[Connect]:
    with connecting(bluesky_server, bluesky_account, tmp_path) as connect:
        yield connect


@dataclass
class MovableClock:
    time: datetime = field(default_factory=lambda: SystemClock().now())

    def now(self) -> datetime:
        return self.time


def picture(width: int, height: int, format_: str = "PNG") -> bytes:
    drawn = BytesIO()
    PIL.Image.new("RGB", (width, height), (width % 256, 90, 90)).save(drawn, format_)
    return drawn.getvalue()


def embed_of(server: BlueskyServer, account: Account) -> dict[str, Any]:
    """What the newest post of the account shows."""
    embed: dict[str, Any] = server.records(account.did)[0]["value"]["embed"]
    return embed


class TestImages:
    @pytest.fixture
    def images(self, tmp_path: Path) -> tuple[Image, ...]:
        kinds = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}
        (tmp_path / "media").mkdir()
        for number, (ending, format_) in enumerate(kinds.items(), 1):
            path = tmp_path / "media" / f"a.{ending}"
            path.write_bytes(picture(10 * number, 30, format_))
        return tuple(Image(f"media/a.{ending}", f"A hall, as {ending}") for ending in kinds)

    def test_stand_below_the_post_with_alt_text_and_aspect_ratio(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        images: tuple[Image, ...],
    ) -> None:
        assert len(images) == NETWORK.capabilities.images.most
        assert isinstance(publish(connect(), Content("Look", images=images)), Sent)

        embed = embed_of(bluesky_server, bluesky_account)
        assert embed["$type"] == "app.bsky.embed.images"
        assert [
            (each["alt"], each["aspectRatio"], each["image"]["mimeType"])
            for each in embed["images"]
        ] == [
            ("A hall, as png", {"width": 10, "height": 30}, "image/png"),
            ("A hall, as jpg", {"width": 20, "height": 30}, "image/jpeg"),
            ("A hall, as webp", {"width": 30, "height": 30}, "image/webp"),
            ("A hall, as gif", {"width": 40, "height": 30}, "image/gif"),
        ]
        assert {each["image"]["mimeType"] for each in embed["images"]} == set(
            NETWORK.capabilities.images.types
        )

    def test_of_a_thread_stand_below_its_root(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        images: tuple[Image, ...],
    ) -> None:
        thread = Content("One. Two.", images=images, parts=("One. 1/2", "Two. 2/2"))
        assert isinstance(publish(connect(), thread), Sent)
        second, root = bluesky_server.records(bluesky_account.did)
        assert "embed" in root["value"]
        assert "embed" not in second["value"]

    def test_are_uploaded_once_for_a_post_that_must_wait_and_again_when_the_server_forgets(
        self, connect: Connect, bluesky_server: BlueskyServer, images: tuple[Image, ...]
    ) -> None:
        content = Content("Look", images=images[:2])
        clock = MovableClock()
        journal: list[str] = []
        with closing(MisbehavingServer(journal, upstream=bluesky_server.url)) as server:
            connector = connect(server=server.url, clock=clock)
            assert connector.ready(content) is None
            assert connector.ready(content) is None
            assert journal.count(UPLOAD) == 2
            clock.time += timedelta(minutes=6)
            assert connector.ready(content) is None
            assert journal.count(UPLOAD) == 4

    def test_that_the_server_has_lost_are_uploaded_again_for_the_next_try(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        images: tuple[Image, ...],
    ) -> None:
        content = Content("Look", images=images[:1])
        elsewhere = bluesky_server.create_account(f"o{bluesky_account.handle[1:]}")
        connector = connect()
        post = prepared(connector, content)
        # Uploads belong to an account: for this one the upload of the other is not there.
        other = connect(identifier=elsewhere.handle, password=elsewhere.password)
        assert other.ready(HELLO) is None
        theirs = type(post)(post.token, {**post.payload, "repo": elsewhere.did})

        lost = other.send(theirs)
        assert isinstance(lost, NotSent)
        assert not lost.account_fault
        assert "BlobNotFound" in lost.reason
        assert bluesky_server.records(elsewhere.did) == []
        assert other.ready(content) is None
        assert isinstance(other.send(theirs), Sent)

    def test_a_post_with_images_is_found_again(
        self, connect: Connect, images: tuple[Image, ...]
    ) -> None:
        connector = connect()
        post = prepared(connector, Content("Look", images=images))
        assert connector.look_up(post, NOW) == Absent()
        assert connector.send(post) == connector.send(post)
        assert isinstance(connect().look_up(post, NOW), Found)

    @pytest.mark.parametrize("data", [None, b"", b"no picture"])
    def test_that_cannot_be_read_make_the_post_fail_with_their_name(
        self, connect: Connect, tmp_path: Path, data: bytes | None
    ) -> None:
        if data is not None:
            (tmp_path / "b.png").write_bytes(data)
        obstacle = connect().ready(Content("Look", images=(Image("b.png", "A hall"),)))
        assert isinstance(obstacle, Rejected)
        assert obstacle.code == "images"
        if data is None:
            assert "b.png" in obstacle.reason

    def test_are_refused_in_the_servers_words_where_they_are_too_large(
        self, connect: Connect, tmp_path: Path
    ) -> None:
        limit = NETWORK.capabilities.images.max_bytes
        noise = picture(10, 10) + b"\0" * limit
        (tmp_path / "c.png").write_bytes(noise)
        outcome = publish(connect(), Content("Look", images=(Image("c.png", "A hall"),)))
        assert isinstance(outcome, Rejected)
        assert str(limit) in outcome.reason

    @pytest.mark.parametrize("status", [400, 413])
    def test_that_the_server_does_not_take_are_no_fault_of_the_account(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        images: tuple[Image, ...],
        status: int,
    ) -> None:
        refused = Answer(
            status, b'{"error": "InvalidRequest"}', {"content-type": "application/json"}
        )
        with closing(MisbehavingServer([], upstream=bluesky_server.url)) as server:
            server.answers[UPLOAD] = refused
            obstacle = connect(server=server.url).ready(Content("Look", images=images))
        assert isinstance(obstacle, Rejected)

    @pytest.mark.parametrize("answer", [HANG, Answer(500), Answer(502), Answer(200, b"{}")])
    def test_whose_upload_fails_make_the_post_wait(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        images: tuple[Image, ...],
        answer: Answer,
    ) -> None:
        sessions = MemorySessions()
        assert connect(sessions).ready(HELLO) is None
        with closing(MisbehavingServer([], upstream=bluesky_server.url)) as server:
            server.answers[UPLOAD] = answer
            connector = connect(server=server.url, timeout=timedelta(seconds=0.5))
            obstacle = connector.ready(Content("Look", images=images))
        assert isinstance(obstacle, NotSent)
        assert not obstacle.account_fault


PAGE = """<!doctype html><html><head><title>Not this</title>
<meta property="og:title" content="Clean-up &amp; picnic">
<meta property="og:description" content="Saturday,
  at the river">
<meta property="og:image" content="/river.png"></head><body><p>Come.</p></body></html>"""


class TestLinkCards:
    @pytest.fixture
    def site(self) -> Iterator[MisbehavingServer]:
        with closing(MisbehavingServer([])) as site:
            site.answers["/event"] = Answer(200, PAGE.encode(), {"content-type": "text/html"})
            site.answers["/river.png"] = Answer(200, picture(40, 20), {"content-type": "image/png"})
            yield site

    def card(
        self, server: BlueskyServer, account: Account, uri: str | None = None
    ) -> dict[str, Any] | None:
        record = server.records(account.did)[0]["value"]
        if "embed" not in record:
            return None
        assert record["embed"]["$type"] == "app.bsky.embed.external"
        external: dict[str, Any] = record["embed"]["external"]
        return external

    def test_shows_title_description_and_picture_of_the_first_link(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        site: MisbehavingServer,
    ) -> None:
        link = f"{site.url}/event"
        content = Content(f"Come! {link} and https://example.invalid/")
        assert isinstance(publish(connect(cards="private"), content), Sent)
        card = self.card(bluesky_server, bluesky_account)
        assert card is not None
        assert card["thumb"]["mimeType"] == "image/png"
        del card["thumb"]
        assert card == {
            "uri": link,
            "title": "Clean-up & picnic",
            "description": "Saturday, at the river",
        }

    def test_is_of_the_posts_own_link_where_that_stands_in_the_text(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        site: MisbehavingServer,
    ) -> None:
        own = f"{site.url}/event"
        content = Content(f"Come! https://example.invalid/ {own}", link=own)
        assert isinstance(publish(connect(cards="private"), content), Sent)
        card = self.card(bluesky_server, bluesky_account)
        assert card is not None
        assert card["uri"] == content.link

    def test_is_asked_for_once(self, connect: Connect, site: MisbehavingServer) -> None:
        connector = connect(cards="private")
        content = Content("Come!", link=f"{site.url}/event")
        assert connector.ready(content) is None
        assert connector.ready(content) is None
        assert site.journal == ["/event", "/river.png"]

    def test_a_page_that_cannot_be_had_is_asked_for_once_too(
        self, connect: Connect, site: MisbehavingServer
    ) -> None:
        site.answers["/event"] = Answer(404)
        connector = connect(cards="private")
        content = Content("Come!", link=f"{site.url}/event")
        assert connector.ready(content) is None
        assert connector.ready(content) is None
        assert site.journal == ["/event"]

    @pytest.mark.parametrize("cards", ["on", "off"])
    def test_is_not_made_of_a_private_page_unless_that_is_allowed(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        site: MisbehavingServer,
        cards: str,
    ) -> None:
        content = Content(f"Come! {site.url}/event")
        assert isinstance(publish(connect(cards=cards), content), Sent)
        assert self.card(bluesky_server, bluesky_account) is None
        assert site.journal == []

    @pytest.mark.parametrize(
        "page",
        [
            pytest.param(Answer(404), id="404"),
            pytest.param(Answer(500), id="500"),
            pytest.param(Answer(200, b"%PDF", {"content-type": "application/pdf"}), id="a file"),
            pytest.param(Answer(200, b"<p>", {"content-type": "text/html"}), id="no title"),
            pytest.param(Answer(302, headers={"location": "/event"}), id="round in circles"),
            pytest.param(Answer(302, headers={"location": "ftp://x/"}), id="elsewhere"),
        ],
    )
    def test_that_cannot_be_had_is_no_obstacle(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        site: MisbehavingServer,
        page: Answer,
    ) -> None:
        site.answers["/event"] = page
        content = Content(f"Come! {site.url}/event")
        assert isinstance(publish(connect(cards="private"), content), Sent)
        assert self.card(bluesky_server, bluesky_account) is None

    @pytest.mark.parametrize(
        "image",
        [
            pytest.param(Answer(404), id="404"),
            pytest.param(Answer(200, b"<p>", {"content-type": "text/html"}), id="a page"),
            pytest.param(
                Answer(200, b"\x89PNG" + b"\0" * 1_000_000, {"content-type": "image/png"}),
                id="too large",
            ),
            pytest.param(Answer(200, b"", {"content-type": "image/png"}), id="empty"),
            pytest.param(Answer(200, b"%PDF-1.7\n" * 9, {"content-type": "image/png"}), id="a lie"),
        ],
    )
    def test_does_without_a_picture_that_is_none(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        site: MisbehavingServer,
        image: Answer,
    ) -> None:
        site.answers["/river.png"] = image
        connector = connect(cards="private")
        content = Content(f"Come! {site.url}/event")
        assert isinstance(publish(connector, content), Sent)
        card = self.card(bluesky_server, bluesky_account)
        assert card is not None
        assert "thumb" not in card
        assert connector.ready(content) is None
        assert site.journal.count("/river.png") == 1

    def test_gives_way_to_images(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        site: MisbehavingServer,
        tmp_path: Path,
    ) -> None:
        (tmp_path / "a.png").write_bytes(picture(10, 10))
        content = Content(f"Come! {site.url}/event", images=(Image("a.png", "A hall"),))
        assert isinstance(publish(connect(cards="private"), content), Sent)
        assert embed_of(bluesky_server, bluesky_account)["$type"] == "app.bsky.embed.images"
        assert site.journal == []

    def test_wanted_in_no_way_we_know_is_told_with_the_ways_there_are(
        self, connect: Connect
    ) -> None:
        with pytest.raises(ConfigError, match='bluesky-main: cards = "maybe": write one of "on"'):
            connect(cards="maybe")


class TestSharing:
    @pytest.fixture
    def partner(self, bluesky_server: BlueskyServer, bluesky_account: Account) -> Account:
        return bluesky_server.create_account(f"p{bluesky_account.handle[1:]}")

    @pytest.fixture
    def theirs(self, connect: Connect, partner: Account) -> str:
        """The at:// address of a post of theirs."""
        sent = publish(connect(identifier=partner.handle, password=partner.password))
        assert isinstance(sent, Sent)
        return sent.receipt.remote_id

    @pytest.fixture(params=["page", "page of a DID", "page with a query", "at", "at of a DID"])
    def address(self, request: pytest.FixtureRequest, partner: Account, theirs: str) -> str:
        """The same post, in each way it may be named."""
        rkey = theirs.rpartition("/")[2]
        page = f"https://bsky.app/profile/{partner.handle}/post/{rkey}"
        return {
            "page": page,
            "page of a DID": page.replace(partner.handle, partner.did),
            "page with a query": f"{page}?ref_src=embed",
            "at": theirs.replace(partner.did, partner.handle),
            "at of a DID": theirs,
        }[request.param]

    def test_a_repost_is_a_record_of_its_own_and_once(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        partner: Account,
        address: str,
    ) -> None:
        assert NETWORK.capabilities.reposts is not None
        assert NETWORK.capabilities.reposts.fullmatch(address)
        content = Content("", reshare_of=address, native=True)
        connector = connect()
        repost = prepared(connector, content)
        assert connector.look_up(repost, NOW) == Absent()
        sent = connector.send(repost)

        (post,) = bluesky_server.records(partner.did)
        theirs = post["uri"]
        (record,) = bluesky_server.records(bluesky_account.did, REPOST)
        assert record["value"] == {
            "$type": REPOST,
            "subject": {"uri": theirs, "cid": post["cid"]},
            "createdAt": "2026-10-01T12:00:00.250Z",
        }
        assert isinstance(sent, Sent)
        assert sent.receipt.remote_id == record["uri"]
        rkey = theirs.rpartition("/")[2]
        assert sent.receipt.url == f"https://bsky.app/profile/{partner.did}/post/{rkey}"

        after_a_restart = connect()
        assert after_a_restart.ready(HELLO) is None
        assert after_a_restart.send(repost) == sent
        assert isinstance(after_a_restart.look_up(repost, NOW), Found)
        assert len(bluesky_server.records(bluesky_account.did, REPOST)) == 1
        assert bluesky_server.records(bluesky_account.did) == []

        assert after_a_restart.delete(sent.receipt) == Removed()
        assert bluesky_server.records(bluesky_account.did, REPOST) == []
        assert len(bluesky_server.records(partner.did)) == 1

    def test_images_of_theirs_without_alt_text_are_counted(
        self, connect: Connect, partner: Account, tmp_path: Path
    ) -> None:
        (tmp_path / "river.png").write_bytes(picture(40, 30))
        images = tuple(Image("river.png", alt) for alt in ("", "A river", " "))
        theirs = connect(identifier=partner.handle, password=partner.password)
        plain, pictured = (
            publish(theirs),
            publish(theirs, Content("See", images=images)),
        )
        assert isinstance(plain, Sent)
        assert isinstance(pictured, Sent)
        ours = connect()
        assert isinstance(ours, SeesShared)
        assert ours.images_without_alt(plain.receipt.remote_id) == 0
        assert ours.images_without_alt(str(pictured.receipt.url)) == 2
        assert ours.images_without_alt("https://bsky.app/profile/nobody.test/post/3k") is None
        assert ours.images_without_alt("https://us.example") is None

    def test_a_quote_is_a_post_that_shows_theirs(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        partner: Account,
        address: str,
    ) -> None:
        content = Content("So true", reshare_of=address, native=True)
        assert isinstance(publish(connect(), content), Sent)
        (post,) = bluesky_server.records(partner.did)
        assert embed_of(bluesky_server, bluesky_account) == {
            "$type": "app.bsky.embed.record",
            "record": {"uri": post["uri"], "cid": post["cid"]},
        }

    def test_a_quote_may_have_images(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        theirs: str,
        tmp_path: Path,
    ) -> None:
        (tmp_path / "a.png").write_bytes(picture(10, 10))
        images = (Image("a.png", "A hall"),)
        content = Content("So true", reshare_of=theirs, native=True, images=images)
        assert isinstance(publish(connect(), content), Sent)
        embed = embed_of(bluesky_server, bluesky_account)
        assert embed["$type"] == "app.bsky.embed.recordWithMedia"
        assert embed["record"]["record"]["uri"] == theirs
        assert embed["media"]["$type"] == "app.bsky.embed.images"

    def test_that_is_not_native_names_the_post_in_its_text_only(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account, theirs: str
    ) -> None:
        assert isinstance(publish(connect(), Content("So true", reshare_of=theirs)), Sent)
        (record,) = bluesky_server.records(bluesky_account.did)
        assert "embed" not in record["value"]

    @pytest.mark.parametrize("text", ["", "So true"])
    def test_a_post_that_is_gone_is_not_shared_even_if_it_was_there_before(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        partner: Account,
        theirs: str,
        text: str,
    ) -> None:
        content = Content(text, reshare_of=theirs, native=True)
        connector = connect()
        assert connector.ready(content) is None
        bluesky_server.delete_record(partner.did, theirs.rpartition("/")[2])
        obstacle = connector.ready(content)
        assert isinstance(obstacle, Rejected)
        assert obstacle.reason == f"the post to share is gone: {theirs}"

    @pytest.mark.parametrize("who", ["nobody.test", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"])
    def test_of_somebody_whom_the_server_does_not_know_waits(
        self, connect: Connect, who: str
    ) -> None:
        address = f"https://bsky.app/profile/{who}/post/3l4abcdefgh2k"
        obstacle = connect().ready(Content("", reshare_of=address, native=True))
        assert isinstance(obstacle, NotSent)
        assert not obstacle.account_fault
        assert who in obstacle.reason

    @pytest.mark.parametrize("address", [None, "", "https://example.org/post/3l4abcdefgh2k"])
    def test_of_what_is_no_post_on_bluesky_is_rejected(
        self, connect: Connect, address: str | None
    ) -> None:
        obstacle = connect().ready(Content("", reshare_of=address, native=True))
        assert isinstance(obstacle, Rejected)

    def test_is_not_prepared_by_a_connector_that_is_not_ready(
        self, connect: Connect, theirs: str
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        with pytest.raises(RuntimeError):
            connector.prepare(Content("", reshare_of=theirs, native=True), NOW)
