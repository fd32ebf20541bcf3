"""X account: posts, threads and reposts, and their look-up in the account's own timeline."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
import requests
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Begun,
    Content,
    Found,
    HeardPage,
    Json,
    LookUp,
    Measured,
    NotRead,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Removal,
    Sent,
    Unclear,
    Unknown,
    write_payload,
)
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.threads import send_parts
from crosspromo.connectors.x import reading as reading_back
from crosspromo.connectors.x.addresses import address, post_id
from crosspromo.connectors.x.errors import obstacle_of, outcome_of, sentence_of
from crosspromo.connectors.x.lookup import Creation, matching_post
from crosspromo.connectors.x.media import Media
from crosspromo.connectors.x.payloads import PostPayload, RepostPayload, payload_of
from crosspromo.connectors.x.removal import remove
from crosspromo.connectors.x.reposts import PREFIX, Reposts, refusal, remote_id
from crosspromo.connectors.x.shared_posts import images_without_alt
from crosspromo.connectors.x.thread import chain_of
from crosspromo.connectors.x.timeline import Timeline, TimelineRead
from crosspromo.domain.clock import Clock

T = TypeVar("T")


class XAccount:
    """Account on X. `client` must use our adapter and return whole responses of requests."""

    def __init__(self, setup: AccountSetup, client: tweepy.Client, clock: Clock) -> None:
        self._name = setup.name
        self._server = setup.server
        self._client = client
        self._network_clock = NetworkClock(clock)
        client.session.hooks["response"].append(self._learn_time)
        self._timeline = Timeline(client, self._network_clock)
        self._reposts = Reposts(client, self._timeline)
        self._media = Media(client, setup.workspace, clock)

    @property
    def clock_offset(self) -> timedelta | None:
        """Time that X's clock is ahead of ours; None before the first answer."""
        return self._network_clock.offset

    @property
    def identity(self) -> str | None:
        """The account's id. It stands at the beginning of the access token, too (X API, *OAuth
        1.0a*).
        """
        place = "" if self._server is None else f" at {self._server}"
        if self._timeline.known is not None:
            return self._timeline.known.id + place
        owner, dash, _ = str(self._client.access_token).partition("-")
        return owner + place if dash and owner.isdecimal() else None

    def _learn_time(self, response: requests.Response, **_: object) -> None:
        self._network_clock.learn(response.headers)

    def ready(self, content: Content) -> NotSent | Rejected | None:
        """Upload the images; before a repost, ask X for the account's id.

        Other posts need neither: OAuth 1.0a signs each request by itself, and mentions need no
        resolving.
        """
        if content.native:
            return refusal(content) or self._learn_identity()
        if not content.images:
            return None
        if not content.text.strip():
            return Rejected("an image without a text could not be told from another on X; add one")
        return self._media.obstacle(content.images)

    def _learn_identity(self) -> NotSent | Rejected | None:
        try:
            self._timeline.me()
        except Exception as error:  # noqa: BLE001 (whatever it is, obstacle_of places it)
            return obstacle_of(error)
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        """Exact send of the content. The token is ours alone: X takes none."""
        payload: PostPayload | RepostPayload
        if content.native:
            payload = RepostPayload(post_id(content.reshare_of or "") or "")  # `ready` refuses ""
        else:
            payload = PostPayload(list(content.posts), self._media.attached(content.images))
        return Prepared(content.fingerprint(self._name), write_payload(payload))

    def send(self, prepared: Prepared) -> Outcome:
        """One POST /2/tweets for each part of a thread, each a reply to the part before."""
        payload = payload_of(prepared)
        if isinstance(payload, RepostPayload):
            return self._reposts.send(payload.reposts)
        outcome = send_parts(
            len(payload.texts), payload.ids, lambda before: self._post(payload, before)
        )
        return Sent(self._receipt(outcome[0])) if isinstance(outcome, list) else outcome

    def _post(
        self, payload: PostPayload, before: Sequence[str]
    ) -> str | NotSent | Rejected | Unknown:
        """Send the next part as a reply to the last id in `before`; its id, or its failure."""
        text = payload.texts[len(before)]
        body: dict[str, Json] = {"text": text}
        if before:
            body["reply"] = {"in_reply_to_tweet_id": before[-1]}
        elif payload.media:
            body["media"] = {"media_ids": [self._media.id_of(each) for each in payload.media]}
        try:
            answer = self._client.request("POST", "/2/tweets", json=body, user_auth=True)
            return msgspec.json.decode(answer.content, type=Creation).data.id
        except Exception as error:  # noqa: BLE001 (whatever it is, outcome_of places it)
            outcome = outcome_of(error, text)
        if isinstance(outcome, Rejected):
            for attached in payload.media:
                self._media.forget(attached)
        return outcome

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        """Look-up of the send in the own timeline since long before the attempt, by X's clock.

        A thread is Found where all its parts are there, and Begun where the last parts surely are
        missing.
        """
        payload = payload_of(prepared)
        reading = self._timeline.since(attempted_at)
        if isinstance(payload, RepostPayload):
            return self._reposts.look_up(payload.reposts, reading)
        return self._look_up(payload.texts, payload.ids, reading, attempted_at)

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        """Look-up in the own timeline by the texts, or by the reposted post."""
        reading = self._timeline.since(since)
        reading = replace(
            reading, posts=tuple(post for post in reading.posts if remote_id(post) not in known)
        )
        if content.native:
            return self._reposts.look_up(post_id(content.reshare_of or "") or "", reading)
        return self._look_up(content.posts, (), reading, since)

    def _look_up(
        self,
        texts: Sequence[str],
        known: Sequence[str],
        reading: TimelineRead,
        attempted_at: datetime,
    ) -> LookUp:
        began = self._network_clock.began(attempted_at)
        recent = [post for post in reading.posts if known or post.created_at >= began]
        chain = chain_of(texts, known, recent, attempted_at)
        if chain.root is not None and len(chain.ids) == len(texts):
            return Found(self._receipt(chain.root.id, chain.root.created_at))
        if reading.gap is not None:
            return Unclear(reading.gap)
        if chain.root is None and (older := matching_post(texts[0], reading.posts, began)):
            return Unclear(f"{address(older.id)} has its text, but was there before the attempt")
        if chain.root is None:
            gone = "the thread had begun, but its first part is not there"
            return Unclear(gone) if known else Absent()
        if chain.misplaced is not None:
            part = f"part {chain.misplaced} of {len(texts)}"
            return Unclear(f"{part} of the thread is there, but does not follow the one before it")
        if len(chain.ids) < len(known):
            part = f"part {len(chain.ids) + 1} of {len(texts)}"
            return Unclear(f"{part} of the thread was there and is not any more")
        return Begun({"ids": list(chain.ids)})

    def images_without_alt(self, address: str) -> int | None:
        """Number of images without alt text of a post that is to be shared. See `SeesShared`."""
        return images_without_alt(self._client, address)

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        """Figures of posts; a thread is known by its first part."""
        return _read(lambda: reading_back.measure(self._client, remote_ids))

    def followers(self) -> int | NotRead | None:
        return _read(lambda: reading_back.followers(self._client))

    def listen(self, cursor: str | None, most: int) -> HeardPage | NotRead:
        """Mentions, replies and quotes that name the account. X tells reposts by number only."""
        return _read(
            lambda: reading_back.listen(
                self._client, lambda: self._timeline.me().id, self._network_clock, cursor, most
            )
        )

    def delete(self, receipt: Receipt) -> Removal:
        """Remove a post, a whole thread or a repost from X."""
        if receipt.remote_id.startswith(PREFIX):
            return self._reposts.undo(receipt.remote_id)
        return remove(self._client, self._timeline, receipt.remote_id)

    def verify(self) -> str:
        """The account's `@username`; AccountError where X refuses it or cannot be asked."""
        try:
            return f"@{self._timeline.me().username}"
        except Exception as error:  # noqa: BLE001 (as above)
            raise AccountError(sentence_of(error)) from None

    def close(self) -> None:
        """Close the connections."""
        self._client.session.close()

    def _receipt(self, post: str, published_at: datetime | None = None) -> Receipt:
        me = self._timeline.known
        return Receipt(post, address(post, None if me is None else me.username), published_at)


def _read(read: Callable[[], T]) -> T | NotRead:
    """Answer to a reading of X, or the reason for its failure."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 (whatever it is, obstacle_of places it)
        obstacle = obstacle_of(error)
        retry_at = obstacle.retry_at if isinstance(obstacle, NotSent) else None
        return NotRead(obstacle.reason, retry_at)
