"""What a record shows below its text: images, a card for a link, a post that it quotes. Pure.

Sources: lexicons app.bsky.embed.images, .external, .record and .recordWithMedia.
"""

from collections.abc import Iterable
from typing import Final

from crosspromo.connectors.base import Json
from crosspromo.connectors.cards import Card
from crosspromo.connectors.images import EncodedImage

LARGEST_THUMBNAIL: Final = 1_000_000
"""Bytes."""

Embed = dict[str, Json]
Blob = Json
"""What the server calls something that was uploaded."""


def images(pictures: Iterable[tuple[EncodedImage, Blob]]) -> Embed:
    """Images with their alt texts. With the aspect ratio, no timeline jumps while it loads."""
    return {
        "$type": "app.bsky.embed.images",
        "images": [
            {
                "image": blob,
                "alt": picture.alt,
                "aspectRatio": {"width": picture.width, "height": picture.height},
            }
            for picture, blob in pictures
        ],
    }


def external(card: Card, thumbnail: Blob = None) -> Embed:
    """A card for a link."""
    shown: dict[str, Json] = {
        "uri": card.link,
        "title": card.title,
        "description": card.description,
    }
    if thumbnail is not None:
        shown["thumb"] = thumbnail
    return {"$type": "app.bsky.embed.external", "external": shown}


def quote(subject: Json, media: Embed | None) -> Embed:
    """A quoted post, with what else there is to show."""
    record: Embed = {"$type": "app.bsky.embed.record", "record": subject}
    if media is None:
        return record
    return {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": media}


def is_image(blob: Blob) -> bool:
    """Whether the server, which looks into an upload, takes it for an image."""
    return isinstance(blob, dict) and str(blob.get("mimeType")).startswith("image/")
