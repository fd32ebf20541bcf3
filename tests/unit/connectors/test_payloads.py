"""What connectors store of a send is read back as it was written, to the byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from crosspromo.connectors.base import (
    AccountSetup,
    Connector,
    Content,
    Image,
    Json,
    Network,
    PayloadError,
    Prepared,
    Unknown,
    read_payload,
    write_payload,
)
from crosspromo.connectors.bluesky import payloads as bluesky
from crosspromo.connectors.manual import NETWORK as MANUAL
from crosspromo.connectors.manual import HandPayload
from crosspromo.connectors.reddit import NETWORK as REDDIT
from crosspromo.connectors.reddit import payloads as reddit
from crosspromo.connectors.sandbox import NETWORK as SANDBOX
from crosspromo.connectors.sandbox_page import PagePayload
from crosspromo.connectors.x import NETWORK as X
from crosspromo.connectors.x import payloads as x
from crosspromo.domain.attempts import Attempt
from crosspromo.publishing.dispatch import send
from crosspromo.testing.conformance.subject import MemorySessions

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
RECORD = (
    '{"$type": "app.bsky.feed.post", "text": "caf\\u00e9 https://a.example", '
    '"createdAt": "2026-04-01T12:00:00.000Z", "facets": [{"index": {"byteStart": 6, "byteEnd": 22}'
    ', "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example"}]}], '
    '"embed": {"$type": "app.bsky.embed.images", "images": [{"image": {"$type": "blob", "ref": '
    '{"$link": "bafkrei"}, "mimeType": "image/png", "size": 812}, "alt": "", "aspectRatio": '
    '{"width": 32, "height": 24}}]}}'
)
REPOST = (
    '{"$type": "app.bsky.feed.repost", "subject": {"uri": '
    '"at://did:plc:a/app.bsky.feed.post/3l4abcdefgh2k", "cid": "bafyrei"}, '
    '"createdAt": "2026-04-01T12:00:00.000Z"}'
)
IMAGES_OF_REDDIT = (
    '{"subreddit": "test", "title": "Come", "text": "see", "images": ["a1"], "rich_text": "{}"}'
)

Read = Callable[[Prepared], msgspec.Struct]


def hand(prepared: Prepared) -> msgspec.Struct:
    return read_payload(prepared.payload, HandPayload)


def page(prepared: Prepared) -> msgspec.Struct:
    return read_payload(prepared.payload, PagePayload)


@pytest.mark.parametrize(
    ("read", "stored"),
    [
        (x.payload_of, '{"texts": ["caf\\u00e9"]}'),
        (x.payload_of, '{"texts": ["one 1/2", "two 2/2"], "ids": ["17"]}'),
        (x.payload_of, '{"texts": ["one"], "media": [{"content": "9f", "id": "71"}]}'),
        (x.payload_of, '{"texts": ["", "b"], "media": [{"content": "", "id": "7"}], "ids": ["1"]}'),
        (x.payload_of, '{"reposts": "1790000000000000000"}'),
        (bluesky.payload_of, (f'{{"repo": "did:plc:a", "collection": "c", "puts": [{{"rkey": "3k",'
         f' "record": {RECORD}}}, {{"rkey": "3l", "record": {RECORD}}}]}}')),
        (bluesky.payload_of, (f'{{"repo": "did:plc:a", "collection": "app.bsky.feed.repost", '
         f'"puts": [{{"rkey": "3k", "record": {REPOST}}}]}}')),
        (reddit.payload_of, '{"subreddit": "test", "title": "Come", "text": "see"}'),
        (reddit.payload_of, IMAGES_OF_REDDIT),
        (reddit.payload_of, IMAGES_OF_REDDIT.replace('["a1"]', "[]").replace('"{}"', '""')),
        (reddit.payload_of, '{"subreddit": "test", "title": "", "crosspost_of": ""}'),
        (reddit.payload_of, '{"subreddit": "test", "title": "Come", "crosspost_of": "t3_6vx01b"}'),
        (hand, '{"form": null, "act": "post"}'),
        (hand, '{"form": "https://x.com/intent/post?text=a", "act": "quote"}'),
        (page, '{"texts": ["a", "b"], "images": [], "title": null, "reposts": null, "at": "2026"}'),
        (page, ('{"texts": [""], "images": [["a.png", "An \\u201calt\\u201d"]], "title": "Come", '
         '"reposts": "https://bsky.app", "at": "2026-04-01T12:00:00+00:00"}')),
    ],
)  # fmt: skip
def test_what_is_stored_is_written_again_as_it_was(read: Read, stored: str) -> None:
    payload = read(Prepared("token", json.loads(stored)))
    assert json.dumps(write_payload(payload)) == stored


def connected(network: Network, folder: Path) -> Connector:
    return network.connect(
        AccountSetup(
            name="main",
            credentials=dict.fromkeys(next(iter(network.credentials), ()), "secret"),
            options={"subreddit": "test"},
            server=None,
            timeout=timedelta(seconds=1),
            workspace=folder,
            sessions=MemorySessions(),
            imitates="bluesky",
        )
    )


POST = Content("one", title=" Come ")
THREAD = Content("one two", parts=("one 1/2", "two 2/2"))
PICTURED = Content("one", title="Come", images=(Image("a.png", "A café"),))
TWEET = Content("", reshare_of="https://x.com/i/status/17", native=True)
THREE = Content("", reshare_of="https://redd.it/6vx01b", native=True)


@pytest.mark.parametrize(
    ("network", "content", "stored"),
    [
        (X, POST, '{"texts": ["one"]}'),
        (X, THREAD, '{"texts": ["one 1/2", "two 2/2"]}'),
        (X, TWEET, '{"reposts": "17"}'),
        (REDDIT, POST, '{"subreddit": "test", "title": "Come", "text": "one"}'),
        (REDDIT, THREE, '{"subreddit": "test", "title": "", "crosspost_of": ""}'),
        (REDDIT, PICTURED, ('{"subreddit": "test", "title": "Come", "text": "one", "images": [], '
         '"rich_text": ""}')),
        (MANUAL, POST, '{"form": "https://bsky.app/intent/compose?text=one", "act": "post"}'),
        (MANUAL, TWEET, '{"form": "https://x.com/i/status/17", "act": "repost"}'),
        (SANDBOX, POST, ('{"texts": ["one"], "images": [], "title": " Come ", "reposts": null, '
         '"at": "2026-04-01T12:00:00+00:00", '
         '"content": "a4feb4f9c327a8551699b1a6be80f7eebbd1c8bfc7ffbd07a7ef6786140fc0b9"}')),
        (SANDBOX, PICTURED, ('{"texts": ["one"], "images": [["a.png", "A caf\\u00e9"]], '
         '"title": "Come", "reposts": null, "at": "2026-04-01T12:00:00+00:00", '
         '"content": "afb1f7bc0bb865a28e83508717fb79ba37009053ffa41e0ac2957551846f9ad4"}')),
    ],
)  # fmt: skip
def test_what_is_prepared_is_written_as_ever(
    network: Network, content: Content, stored: str, tmp_path: Path
) -> None:
    connector = connected(network, tmp_path)
    try:
        assert json.dumps(dict(connector.prepare(content, NOW).payload)) == stored
    finally:
        connector.close()


@pytest.mark.parametrize("payload", [{"form": None}, {}])
def test_a_post_for_a_person_of_an_older_version_is_one_to_post(payload: dict[str, Json]) -> None:
    assert hand(Prepared("token", payload)) == HandPayload(None, "post")


def test_an_article_of_an_older_version_has_no_pictures() -> None:
    older = Prepared("token", {"texts": ["a"], "title": None, "at": "2026"})
    assert page(older) == PagePayload(texts=["a"], title=None, at="2026")


UNREADABLE: list[tuple[Read, dict[str, Json]]] = [
    (x.payload_of, {}),
    (x.payload_of, {"texts": []}),
    (x.payload_of, {"texts": "a"}),
    (x.payload_of, {"texts": ["a"], "ids": [1]}),
    (x.payload_of, {"texts": ["a"], "media": ["7"]}),
    (x.payload_of, {"reposts": None}),
    (bluesky.payload_of, {"repo": "did:plc:a", "collection": "c"}),
    (bluesky.payload_of, {"repo": "did:plc:a", "collection": "c", "puts": []}),
    (bluesky.payload_of, {"repo": "did:plc:a", "collection": "c", "puts": [{"rkey": "3k"}]}),
    (reddit.payload_of, {"subreddit": "test", "title": "Come"}),
    (reddit.payload_of, {"subreddit": "test", "title": "Come", "crosspost_of": None}),
    (hand, {"form": 1}),
    (page, {"texts": "a", "title": None, "at": "2026"}),
    (page, {"texts": ["a"], "images": [["a.png"]], "title": None, "at": "2026"}),
]


@pytest.mark.parametrize(("read", "payload"), UNREADABLE)
def test_what_cannot_be_read_is_an_error_of_ours(read: Read, payload: dict[str, Json]) -> None:
    with pytest.raises(PayloadError):
        read(Prepared("token", payload))


@pytest.mark.parametrize(
    ("network", "payload"), [(X, {"texts": "a"}), (MANUAL, {"form": 1}), (SANDBOX, {"texts": "a"})]
)
def test_a_send_that_cannot_be_read_is_in_doubt(
    network: Network, payload: dict[str, Json], tmp_path: Path
) -> None:
    attempt = Attempt(1, 1, "main", "worker", Prepared("token", payload), NOW)
    connector = connected(network, tmp_path)
    try:
        assert isinstance(send(lambda _name: connector, attempt), Unknown)
    finally:
        connector.close()
