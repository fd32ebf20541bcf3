"""The account's own timeline on X, read for lost answers and for parts of threads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.x.errors import IncompleteError, sentence_of
from crosspromo.connectors.x.lookup import Me, Post, TimelinePage, User

PAGE: Final = 100  # the most that one page of a timeline may hold
MOST_PAGES: Final = 10  # more posts than that in the look-up's window are not an organisation's
FIELDS: Final = ("created_at", "entities", "note_tweet", "referenced_tweets")


@dataclass(frozen=True, slots=True)
class TimelineRead:
    """Posts read from the timeline. `gap`: the reason why others may be missing, or None."""

    posts: tuple[Post, ...]
    gap: str | None


class Timeline:
    """Timeline of the account that signs the requests of `client`.

    `clock` is X's, and learns from every answer to `client`.
    """

    def __init__(self, client: tweepy.Client, clock: NetworkClock) -> None:
        self._client = client
        self._clock = clock
        self.known: User | None = None

    def me(self) -> User:
        """The account's own user, requested once. Raises the errors of tweepy and requests."""
        if self.known is None:
            answer = self._client.get_me(user_auth=True)
            self.known = msgspec.json.decode(answer.content, type=Me).data
        return self.known

    def since(self, attempted_at: datetime) -> TimelineRead:
        """Posts since long before the attempt. Others may be missing where the clocks disagree."""
        try:
            self.me()  # its answer tells the time
        except Exception as error:  # noqa: BLE001 (as in _read)
            return TimelineRead((), sentence_of(error))
        reading = self._read(start_time=self._clock.reads_since(attempted_at))
        newest = max((post.created_at for post in reading.posts), default=None)
        return replace(reading, gap=reading.gap or self._clock.doubt(newest))

    def after(self, post_id: str) -> TimelineRead:
        """Posts after the post with this id."""
        return self._read(since_id=post_id)

    def _read(self, **window: Any) -> TimelineRead:
        posts: list[Post] = []
        try:
            for page in self._pages(window):
                posts += page.data
        except Exception as error:  # noqa: BLE001 (nothing that fails may look like an absence)
            return TimelineRead(tuple(posts), sentence_of(error))
        return TimelineRead(tuple(posts), None)

    def _pages(self, window: dict[str, Any]) -> Iterator[TimelinePage]:
        """Pages from the newest post backwards; IncompleteError where the timeline has gaps."""
        token: str | None = None
        for _ in range(MOST_PAGES):
            answer = self._client.get_users_tweets(
                self.me().id,
                **window,
                max_results=PAGE,
                pagination_token=token,
                tweet_fields=list(FIELDS),
                user_auth=True,
            )
            page = msgspec.json.decode(answer.content, type=TimelinePage)
            yield page
            if page.errors:
                raise IncompleteError("X shows only a part of the timeline")
            token = page.meta.next_token
            if token is None:
                return
        raise IncompleteError(f"there are more than {MOST_PAGES * PAGE} posts to look through")
