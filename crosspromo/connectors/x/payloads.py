"""Payloads of X: posts and threads, or reposts."""

from typing import Annotated

from msgspec import Meta, Struct

from crosspromo.connectors.base import Prepared, read_payload


class AttachedMedia(Struct, frozen=True):
    """Uploaded image: `content` is the hash of its file, `id` the media id of its upload."""

    content: str
    id: str


class PostPayload(Struct, frozen=True, omit_defaults=True):
    """Post or thread: one text for each part, and the images of the first part.

    `ids` are the ids of the first parts, as far as a look-up found them on X.
    """

    texts: Annotated[list[str], Meta(min_length=1)]
    media: list[AttachedMedia] = []
    ids: list[str] = []


class RepostPayload(Struct, frozen=True):
    """Repost: `reposts` is the id of the original post."""

    reposts: str


def payload_of(prepared: Prepared) -> PostPayload | RepostPayload:
    """Payload of a prepared send; PayloadError where it cannot be read."""
    if "reposts" in prepared.payload:
        return read_payload(prepared.payload, RepostPayload)
    return read_payload(prepared.payload, PostPayload)
