"""Recognition of our own deliveries among reported outside posts: no post counts twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.outside import OutsidePost

NEARBY = timedelta(days=1)
"""Largest difference between reported and recorded time: clocks, zones, and posting by hand."""


@dataclass(frozen=True, slots=True)
class PostedDelivery:
    """Published or possibly published delivery of ours. `published_at` None: in doubt."""

    delivery: int
    text: str
    sent_at: datetime
    published_at: datetime | None = None
    url: str | None = None
    remote_id: str | None = None


class PostedDeliveries:
    """One account's own deliveries, searchable by outside posts."""

    def __init__(self, posts: Iterable[PostedDelivery]) -> None:
        self._in_doubt: list[PostedDelivery] = []
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
        """Whether the outside post is a published delivery of ours.

        A match needs the same remote id, the same address, or the same words at about the same time
        (NEARBY).
        """
        if post.remote_id in self._names or post.url in self._names:
            return True
        spans = self._spans.get(_words(post.text or ""), ())
        return any(first <= post.published_at <= last for first, last in spans)

    def perhaps(self, post: OutsidePost) -> PostedDelivery | None:
        """First possible match among deliveries in doubt: sent before the post, or at most NEARBY
        later.
        """
        found = (own for own in self._in_doubt if own.sent_at - NEARBY <= post.published_at)
        return next(found, None)


def _words(text: str) -> str:
    return " ".join(text.split())
