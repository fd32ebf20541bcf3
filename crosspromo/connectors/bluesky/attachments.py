"""Attachments of posts: found, read and uploaded before the send, so `prepare` needs no network."""

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from crosspromo.connectors import images
from crosspromo.connectors.base import Content, NotSent, Rejected
from crosspromo.connectors.bluesky import embeds
from crosspromo.connectors.bluesky.embeds import Blob, Embed
from crosspromo.connectors.bluesky.errors import FAILURES, outcome_of
from crosspromo.connectors.bluesky.session import BlueskySession
from crosspromo.connectors.bluesky.shared_posts import SharedPost, SharedPosts
from crosspromo.connectors.cards import Card, Cards
from crosspromo.connectors.images import EncodedImage
from crosspromo.domain.clock import Clock
from crosspromo.publishing.appearance import card_link
from crosspromo.text import rules

log = logging.getLogger(__name__)

KEPT_UNUSED: Final = timedelta(minutes=5)
"""A server drops an upload without a record after some minutes (lexicon uploadBlob)."""

MOST_WAITING: Final = 1_000
"""Posts whose attachments are kept. Those of an older post are gathered again."""


class Attachments:
    """Images, link cards and shared posts of one account. Without `cards` there are no cards."""

    def __init__(
        self,
        session: BlueskySession,
        shared_posts: SharedPosts,
        workspace: Path,
        cards: Cards | None,
        clock: Clock,
    ) -> None:
        self._session = session
        self._shared_posts = shared_posts
        self._workspace = workspace
        self._cards = cards
        self._clock = clock
        self._uploads: dict[str, tuple[Blob, datetime]] = {}  # by content hash, or by address
        self._gathered: dict[Content, tuple[SharedPost | None, Embed | None]] = {}

    def gather(self, content: Content) -> NotSent | Rejected | None:
        """Obtain all attachments of a post; None on success. Raises `errors.FAILURES`.

        A shared post is requested each time: it may have been deleted meanwhile.
        """
        shared: SharedPost | None = None
        if content.native:
            found = self._shared_posts.find(content.reposts or "")
            if not isinstance(found, SharedPost):
                return found
            shared = found
        pictures = self._read(content)
        if isinstance(pictures, Rejected):
            return pictures
        media = self._images(pictures) if pictures else self._card(content)
        self._gathered.pop(content, None)
        self._gathered[content] = shared, media
        if len(self._gathered) > MOST_WAITING:
            del self._gathered[next(iter(self._gathered))]
        return None

    def gathered(self, content: Content) -> tuple[SharedPost | None, Embed | None]:
        """Shared post and embed of this content; None for a missing one.

        RuntimeError where the content needs attachments and `gather` was not called.
        """
        if content not in self._gathered and (content.images or content.native):
            raise RuntimeError("prepare comes after ready")
        return self._gathered.get(content, (None, None))

    def forget_uploads(self) -> None:
        """Drop all uploads, since the server has lost some: the next send uploads them again."""
        self._uploads.clear()

    def close(self) -> None:
        if self._cards is not None:
            self._cards.close()

    def _read(self, content: Content) -> list[EncodedImage] | Rejected:
        try:
            return [images.read(self._workspace, image) for image in content.images]
        except OSError as error:
            return Rejected(f"an image cannot be read: {error}", "images")

    def _images(self, pictures: list[EncodedImage]) -> Embed:
        blobs = [
            self._upload(hashlib.sha256(each.data).hexdigest(), each.data, each.media_type)
            for each in pictures
        ]
        return embeds.images(zip(pictures, blobs, strict=True))

    def _card(self, content: Content) -> Embed | None:
        """Card for a post's first link, where cards are wanted; a quote gets no card."""
        link = card_link(content, rules.BLUESKY)
        if self._cards is None or link is None:
            return None
        card = self._cards.of(link)
        return None if card is None else embeds.external(card, self._thumbnail(self._cards, card))

    def _thumbnail(self, cards: Cards, card: Card) -> Blob:
        """Uploaded picture of a card; None where it cannot be had: a card may lack its picture."""
        if card.image is None:
            return None
        blob = self._kept(card.image)
        if blob is None and (picture := cards.thumbnail(card, embeds.LARGEST_THUMBNAIL)):
            try:
                blob = self._upload(card.image, picture.data, picture.media_type)
            except FAILURES as error:
                refused = outcome_of(error, self._clock.now())
                if not isinstance(refused, Rejected):
                    raise
                log.info("a card without its picture: %s", refused.reason)
        return blob if embeds.is_image(blob) else None

    def _upload(self, key: str, data: bytes, media_type: str) -> Blob:
        """Blob of the data under this key; uploaded unless a fresh upload exists."""
        blob = self._kept(key)
        if blob is None:
            blob = self._session.upload(data, media_type)
            self._uploads[key] = blob, self._clock.now()
        return blob

    def _kept(self, key: str) -> Blob:
        """Blob of a recent upload under this key; None where the server may have dropped it."""
        oldest = self._clock.now() - KEPT_UNUSED
        self._uploads = {key: kept for key, kept in self._uploads.items() if kept[1] > oldest}
        return self._uploads.get(key, (None,))[0]
