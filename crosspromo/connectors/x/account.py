"""One account of X: its one POST, and its own timeline to look a lost answer up in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    Content,
    Found,
    Json,
    LookUp,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Sent,
    Unclear,
)
from crosspromo.connectors.threads import incomplete_thread
from crosspromo.connectors.x.errors import IncompleteError, outcome_of, sentence_of
from crosspromo.connectors.x.lookup import Created, Creation, Me, Page, Post, User, ours

CLOCKS_DIFFER_BY: Final = timedelta(seconds=60)
PAGE: Final = 100  # the most that one page of a timeline may hold
MOST_PAGES: Final = 10  # more posts than that in the look-up's window are not an organisation's


class XAccount:
    """One account. `client` must be laid on our wire and answer with whole responses."""

    def __init__(self, name: str, client: tweepy.Client) -> None:
        self._name = name
        self._client = client
        self._known: User | None = None

    def ready(self, content: Content) -> NotSent | Rejected | None:
        """Always: OAuth 1.0a signs each request by itself, and mentions need no resolving."""
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        """The body of the request. The token is ours alone: X takes none."""
        return Prepared(content.fingerprint(self._name), {"texts": list(content.posts)})

    def send(self, prepared: Prepared) -> Outcome:
        """One POST /2/tweets; for a thread one for each part, as a reply to the part before."""
        texts = _texts(prepared)
        ids: list[str] = []
        for text in texts:
            body: dict[str, Json] = {"text": text}
            if ids:
                body["reply"] = {"in_reply_to_tweet_id": ids[-1]}
            outcome = self._post(body)
            if not isinstance(outcome, Created):
                return incomplete_thread(len(ids) + 1, len(texts), outcome) if ids else outcome
            ids.append(outcome.id)
        return Sent(self._receipt(ids[0]))

    def _post(self, body: dict[str, Json]) -> Created | Outcome:
        try:
            answer = self._client.request("POST", "/2/tweets", json=body, user_auth=True)
            return msgspec.json.decode(answer.content, type=Creation).data
        except Exception as error:  # noqa: BLE001 (whatever it is, outcome_of places it)
            return outcome_of(error, str(body["text"]))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        """Whether the text is in the own timeline since a minute before the attempt.

        Of a thread all parts have to be there.
        """
        posts: list[Post] = []
        gap: str | None = None
        try:
            for page in self._pages(since=attempted_at - CLOCKS_DIFFER_BY):
                posts += page.data
        except Exception as error:  # noqa: BLE001 (nothing that fails may look like an absence)
            gap = sentence_of(error)
        texts = _texts(prepared)
        root = ours(texts[0], posts, attempted_at)
        if root is None:
            return Absent() if gap is None else Unclear(gap)
        for number, text in enumerate(texts[1:], 2):
            if ours(text, posts, attempted_at) is None:
                return Unclear(f"part {number} of {len(texts)} of the thread is not there")
        return Found(self._receipt(root.id, root.created_at))

    def verify(self) -> str:
        """`@username`; AccountError where X refuses the account or cannot be asked."""
        try:
            return f"@{self._me().username}"
        except Exception as error:  # noqa: BLE001 (as above)
            raise AccountError(sentence_of(error)) from None

    def close(self) -> None:
        """Let go of connections."""
        self._client.session.close()

    def _me(self) -> User:
        if self._known is None:
            answer = self._client.get_me(user_auth=True)
            self._known = msgspec.json.decode(answer.content, type=Me).data
        return self._known

    def _pages(self, since: datetime) -> Iterator[Page]:
        """The timeline from its newest post back to `since`; IncompleteError where it has gaps."""
        token: str | None = None
        for _ in range(MOST_PAGES):
            answer = self._client.get_users_tweets(
                self._me().id,
                start_time=since,
                max_results=PAGE,
                pagination_token=token,
                tweet_fields=["created_at", "entities", "note_tweet"],
                user_auth=True,
            )
            page = msgspec.json.decode(answer.content, type=Page)
            yield page
            if page.errors:
                raise IncompleteError("X shows only a part of the timeline")
            token = page.meta.next_token
            if token is None:
                return
        raise IncompleteError(f"there are more than {MOST_PAGES * PAGE} posts since the attempt")

    def _receipt(self, post_id: str, published_at: datetime | None = None) -> Receipt:
        """X leads from any name to the post; `i` is what it writes itself where there is none."""
        name = "i" if self._known is None else self._known.username
        return Receipt(post_id, f"https://x.com/{name}/status/{post_id}", published_at)


def _texts(prepared: Prepared) -> list[str]:
    """What is to stand on X: one text, or the parts of a thread."""
    texts = prepared.payload["texts"]
    assert isinstance(texts, list)
    return [str(text) for text in texts]
