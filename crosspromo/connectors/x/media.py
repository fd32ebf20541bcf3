"""Images on X: uploaded before the send, through the API v2 alone (observed).

Documented in the X API v2 reference, *Media*: an upload is initialized, appended to and finalized,
and may be attached for `expires_after_secs`. Animated images may need time for processing. Alt text
is metadata of the upload.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.base import Image, NotSent, Rejected
from crosspromo.connectors.images import EncodedImage, read
from crosspromo.connectors.x.errors import obstacle_of
from crosspromo.connectors.x.image_limits import GIF, LONGEST_ALT
from crosspromo.connectors.x.payloads import AttachedMedia
from crosspromo.domain.clock import Clock

SEGMENT: Final = 1 << 20
"""Bytes of one append: about four seconds on a slow line, and few requests."""

TOO_CLOSE: Final = timedelta(minutes=5)
"""Least lifetime of an upload before a send; one that expires sooner is made again."""

LONGEST_LIFETIME: Final = 86_400
"""Seconds for which X keeps an upload (documented); more is a mistake."""


class Processing(msgspec.Struct, frozen=True):
    state: str = "succeeded"


class Upload(msgspec.Struct, frozen=True):
    id: str
    expires_after_secs: int = LONGEST_LIFETIME
    processing_info: Processing = Processing()


class Uploaded(msgspec.Struct, frozen=True):
    data: Upload


@dataclass(frozen=True, slots=True)
class UsableUpload:
    """Upload that may be attached until `expires_at`, once it is `processed` and `described`."""

    id: str
    expires_at: datetime
    processed: bool
    described: bool = False


class Media:
    """Uploads of one account, cached by the hash of the file until they expire."""

    def __init__(self, client: tweepy.Client, workspace: Path, clock: Clock) -> None:
        self._client = client
        self._workspace = workspace
        self._clock = clock
        self._usable: dict[str, UsableUpload] = {}
        self._contents: dict[Image, str] = {}

    def obstacle(self, images: Sequence[Image]) -> NotSent | Rejected | None:
        """Upload missing images; the obstacle to attaching these images, or None."""
        pictures: list[EncodedImage] = []
        for image in images:
            try:
                pictures.append(read(self._workspace, image))
            except OSError as error:
                why = error.strerror or "it is not an image"
                return Rejected(f"{image.path} cannot be read ({why}); put it back and try again")
        if len(pictures) > 1 and any(picture.media_type == GIF for picture in pictures):
            return Rejected("X shows a GIF alone; leave the other images out, or the GIF")
        self._forget_the_expired()
        for image, picture in zip(images, pictures, strict=True):
            if len(image.alt) > LONGEST_ALT:
                return Rejected(
                    f"the alt text of {image.path} has {len(image.alt)} characters, and X takes "
                    f"{LONGEST_ALT}; shorten it"
                )
            content = hashlib.sha256(picture.data + b"\0" + image.alt.encode()).hexdigest()
            self._contents[image] = content
            try:
                obstacle = self._make_ready(content, picture)
            except Exception as error:  # noqa: BLE001 (whatever it is, obstacle_of places it)
                obstacle = obstacle_of(error)
            if obstacle is not None:
                reason = f"the image {image.path} cannot be attached: {obstacle.reason}"
                return replace(obstacle, reason=reason)
        return None

    def attached(self, images: Sequence[Image]) -> list[AttachedMedia]:
        """Payload entries of images for which `obstacle` returned None."""
        contents = [self._contents[image] for image in images]
        return [AttachedMedia(content, self._usable[content].id) for content in contents]

    def id_of(self, attached: AttachedMedia) -> str:
        """Media id to send: the id of the live upload of the same content, else the stored id."""
        living = self._usable.get(attached.content)
        return attached.id if living is None else living.id

    def forget(self, attached: AttachedMedia) -> None:
        """Drop an upload that X did not take: the next send uploads the image again."""
        self._usable.pop(attached.content, None)

    def _forget_the_expired(self) -> None:
        now = self._clock.now()
        self._usable = {
            content: upload for content, upload in self._usable.items() if upload.expires_at > now
        }
        self._contents = {
            image: content for image, content in self._contents.items() if content in self._usable
        }

    def _make_ready(self, content: str, picture: EncodedImage) -> NotSent | Rejected | None:
        """Perform the missing steps of one upload; finished steps are kept even after a failure."""
        living = self._usable.get(content)
        if living is None or living.expires_at < self._clock.now() + TOO_CLOSE:
            living = self._usable[content] = self._upload(picture)
        if not living.processed:
            query = {"media_id": living.id, "command": "STATUS"}
            state = self._ask("GET", "/2/media/upload", query).processing_info.state
            if state == "failed":
                del self._usable[content]
                return Rejected("X could not process it")
            if state != "succeeded":
                return NotSent("X is processing it still")
            living = self._usable[content] = replace(living, processed=True)
        if picture.alt and not living.described:
            alt = {"alt_text": {"text": picture.alt}}
            body = {"id": living.id, "metadata": alt}
            self._client.request("POST", "/2/media/metadata", json=body, user_auth=True)
            self._usable[content] = replace(living, described=True)
        return None

    def _upload(self, picture: EncodedImage) -> UsableUpload:
        started = self._clock.now()
        upload = self._ask(
            "POST",
            "/2/media/upload/initialize",
            json={
                "media_type": picture.media_type,
                "media_category": "tweet_gif" if picture.media_type == GIF else "tweet_image",
                "total_bytes": len(picture.data),
            },
        )
        path = f"/2/media/upload/{upload.id}"
        for index, start in enumerate(range(0, len(picture.data), SEGMENT)):
            piece = b64encode(picture.data[start : start + SEGMENT]).decode("ascii")
            body = {"segment_index": index, "media": piece}
            self._client.request("POST", f"{path}/append", json=body, user_auth=True)
        done = self._ask("POST", f"{path}/finalize")
        lifetime = min(max(done.expires_after_secs, 0), LONGEST_LIFETIME)
        expires_at = started + timedelta(seconds=lifetime)
        return UsableUpload(
            done.id, expires_at, processed=done.processing_info.state == "succeeded"
        )

    def _ask(
        self, method: str, path: str, query: Mapping[str, str] | None = None, json: Any = None
    ) -> Upload:
        answer = self._client.request(method, path, query, json=json, user_auth=True)
        return msgspec.json.decode(answer.content, type=Uploaded).data
