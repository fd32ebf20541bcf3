"""Embeds below the text of a record: images, a link card, a quoted post. Pure functions.

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
"""Server's description of an upload, put into records as it is."""


def images(pictures: Iterable[tuple[EncodedImage, Blob]]) -> Embed:
    """Embed of images with their alt texts.

    The aspect ratio keeps a timeline from jumping while an image loads.
    """
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
    """Embed of a link card; `thumbnail` is an uploaded picture, or None."""
    shown: dict[str, Json] = {
        "uri": card.link,
        "title": card.title,
        "description": card.description,
    }
    if thumbnail is not None:
        shown["thumb"] = thumbnail
    return {"$type": "app.bsky.embed.external", "external": shown}


def quote(subject: Json, media: Embed | None) -> Embed:
    """Embed of a quoted post, with the post's other embed, if any."""
    record: Embed = {"$type": "app.bsky.embed.record", "record": subject}
    if media is None:
        return record
    return {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": media}


def is_image(blob: Blob) -> bool:
    """Whether the server, which inspects an upload, takes the blob for an image."""
    return isinstance(blob, dict) and str(blob.get("mimeType")).startswith("image/")
