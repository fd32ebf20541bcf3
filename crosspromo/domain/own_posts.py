"""Telling our own deliveries among posts that are reported from outside: none counts twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.outside import OutsidePost

NEARBY = timedelta(days=1)
"""By how much the time in a report may differ from ours: clocks, zones, and posting by hand."""


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A delivery that is on its network, or may be. `published_at` is None while in doubt."""

    delivery: int
    text: str
    sent_at: datetime
    published_at: datetime | None = None
    url: str | None = None
    remote_id: str | None = None


class OwnPosts:
    """Our own deliveries on one account."""

    def __init__(self, posts: Iterable[OwnPost]) -> None:
        self._in_doubt: list[OwnPost] = []
        self._names: set[str] = set()
        self._spans: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        for post in posts:
            if post.published_at is None:
                self._in_doubt.append(post)
                continue
            self._names.update(name for name in (post.remote_id, post.url) if name)
            span = (post.sent_at - NEARBY, post.published_at + NEARBY)
            self._spans[_words(post.text)].append(span)

    def include(self, post: OutsidePost) -> bool:
        """Whether the post is one of ours: by its remote id or address, or the same words at about
        the same time.
        """
        if post.remote_id in self._names or post.url in self._names:
            return True
        spans = self._spans.get(_words(post.text or ""), ())
        return any(first <= post.published_at <= last for first, last in spans)

    def perhaps(self, post: OutsidePost) -> OwnPost | None:
        """The delivery in doubt that the post may be: any that was sent before."""
        found = (own for own in self._in_doubt if own.sent_at - NEARBY <= post.published_at)
        return next(found, None)


def _words(text: str) -> str:
    return " ".join(text.split())
