"""X's v2 media upload: initialize, append, finalize, metadata (documented in the OpenAPI file)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from servers.simulators import x_errors

from crosspromo.testing.simulator.messages import Answer, Request, json_answer

_SESSION_SECONDS = 86_400  # documented: an upload can be used for 24 hours
_MAX_BYTES = {  # documented: "Media upload", best practices
    "tweet_image": 5 * 1024**2,
    "tweet_gif": 15 * 1024**2,
    "tweet_video": 512 * 1024**2,
}
_KEY_PREFIX = {"tweet_image": "3", "tweet_gif": "16", "tweet_video": "7"}
ALT_TEXT_LIMIT = 1000


@dataclass(slots=True)
class Upload:
    """One file on its way: usable in a post once it is `finished`."""

    id: str
    media_type: str
    category: str
    total_bytes: int
    expires_at: datetime
    segments: dict[int, bytes] = field(default_factory=dict)
    finished: bool = False
    polls_to_go: int = 0
    alt_text: str | None = None

    @property
    def media_key(self) -> str:
        return f"{_KEY_PREFIX.get(self.category, '3')}_{self.id}"

    @property
    def content(self) -> bytes:
        """The segments put together in their order."""
        return b"".join(self.segments[index] for index in sorted(self.segments))


class MediaLibrary:
    """The uploads of one account. Not thread-safe: the simulator holds its lock around it.

    `polls_before_a_gif`: how often its status says that a GIF is in progress.
    """

    def __init__(self, first_id: int, now: Callable[[], datetime]) -> None:
        self._next_id = first_id
        self._now = now
        self.uploads: dict[str, Upload] = {}
        self.polls_before_a_gif: int = 0

    def keys_of(self, media_ids: list[str]) -> tuple[str, ...] | None:
        """The media keys of finished uploads, or None when one of the ids cannot be used."""
        now = self._now()
        found = [self.uploads.get(media_id) for media_id in media_ids]
        keys = tuple(
            upload.media_key
            for upload in found
            if upload and upload.finished and not upload.polls_to_go and now < upload.expires_at
        )
        return keys if len(keys) == len(media_ids) else None

    def answer(self, name: str, request: Request, ids: list[str]) -> Answer:
        """The answer to a media request; `name` is its method and its path with `:id` in it."""
        match name:
            case "POST /2/media/upload/initialize":
                return self.initialize(request)
            case "POST /2/media/upload/:id/append":
                return self.append(ids[0], request)
            case "POST /2/media/upload/:id/finalize":
                return self.finalize(ids[0])
            case "POST /2/media/upload":
                return self.upload_whole(request)
            case "GET /2/media/upload":
                return self.status(request.query.get("media_id", ""))
            case "POST /2/media/metadata":
                return self.describe(request)
            case _:
                return x_errors.plain(404)

    def initialize(self, request: Request) -> Answer:
        """POST /2/media/upload/initialize"""
        body = request.json()
        if not isinstance(body, dict):
            return x_errors.invalid("The request body is not a JSON object.")
        category = str(body.get("media_category", "tweet_image"))
        size = body.get("total_bytes", 0)
        if not isinstance(size, int) or size > _MAX_BYTES.get(category, 0):
            return x_errors.invalid(f"$.total_bytes: {size} is too large for {category}")
        upload = self._begin(str(body.get("media_type", "")), category, size)
        return json_answer(200, {"data": self._described(upload)})

    def append(self, upload_id: str, request: Request) -> Answer:
        """POST /2/media/upload/:id/append, with a multipart or a JSON body"""
        upload = self.uploads.get(upload_id)
        if upload is None:
            return x_errors.not_found("media", upload_id)
        parts = _parts(request)
        if not parts.get("segment_index", b"").isdigit() or "media" not in parts:
            return x_errors.invalid("$.media and $.segment_index are required")
        upload.segments[int(parts["segment_index"])] = parts["media"]
        return json_answer(200, {"data": {"expires_at": int(upload.expires_at.timestamp())}})

    def finalize(self, upload_id: str) -> Answer:
        """POST /2/media/upload/:id/finalize; what moves is ready at once unless told otherwise"""
        upload = self.uploads.get(upload_id)
        if upload is None:
            return x_errors.not_found("media", upload_id)
        if len(upload.content) != upload.total_bytes:
            return x_errors.invalid(
                f"{len(upload.content)} bytes arrived of the {upload.total_bytes} announced"
            )
        upload.finished = True
        if upload.category == "tweet_gif":
            upload.polls_to_go = self.polls_before_a_gif
        return json_answer(200, {"data": self._described(upload)})

    def upload_whole(self, request: Request) -> Answer:
        """POST /2/media/upload: an image in one go"""
        parts = _parts(request)
        if "media" not in parts or "media_category" not in parts:
            return x_errors.invalid("$.media and $.media_category are required")
        category = parts["media_category"].decode()
        if len(parts["media"]) > _MAX_BYTES.get(category, 0):
            return x_errors.invalid(f"$.media: too large for {category}")
        upload = self._begin("", category, len(parts["media"]))
        upload.segments[0] = parts["media"]
        upload.finished = True
        return json_answer(200, {"data": self._described(upload)})

    def status(self, upload_id: str) -> Answer:
        """GET /2/media/upload?command=STATUS"""
        upload = self.uploads.get(upload_id)
        if upload is None:
            return x_errors.not_found("media", upload_id)
        described = self._described(upload)
        upload.polls_to_go = max(0, upload.polls_to_go - 1)
        return json_answer(200, {"data": described})

    def describe(self, request: Request) -> Answer:
        """POST /2/media/metadata: the alternative text"""
        body = request.json()
        document = body if isinstance(body, dict) else {}
        upload = self.uploads.get(str(document.get("id")))
        if upload is None:
            return x_errors.not_found("media", str(document.get("id")))
        metadata = document.get("metadata")
        alt = metadata.get("alt_text") if isinstance(metadata, dict) else None
        text = alt.get("text") if isinstance(alt, dict) else None
        if not isinstance(text, str) or len(text) > ALT_TEXT_LIMIT:
            return x_errors.invalid(
                f"$.metadata.alt_text.text: at most {ALT_TEXT_LIMIT} characters"
            )
        upload.alt_text = text
        described = {"id": upload.id, "associated_metadata": {"alt_text": {"text": text}}}
        return json_answer(200, {"data": described})

    def _begin(self, media_type: str, category: str, size: int) -> Upload:
        expires_at = self._now() + timedelta(seconds=_SESSION_SECONDS)
        upload = Upload(str(self._next_id), media_type, category, size, expires_at)
        self._next_id += 1
        self.uploads[upload.id] = upload
        return upload

    def _described(self, upload: Upload) -> dict[str, object]:
        described: dict[str, object] = {
            "id": upload.id,
            "media_key": upload.media_key,
            "expires_after_secs": int((upload.expires_at - self._now()).total_seconds()),
        }
        if upload.finished:
            described["size"] = len(upload.content)
            if upload.polls_to_go:
                described["processing_info"] = {"state": "in_progress", "check_after_secs": 1}
            elif upload.category in {"tweet_gif", "tweet_video"}:
                described["processing_info"] = {"state": "succeeded", "progress_percent": 100}
        return described


def _parts(request: Request) -> dict[str, bytes]:
    """The named parts of a multipart body, or the members of a JSON one (media in base64)."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return request.parts()
    body = request.json()
    if not isinstance(body, dict):
        return {}
    parts = {name: str(value).encode() for name, value in body.items()}
    try:
        parts["media"] = base64.b64decode(parts.get("media", b""), validate=True)
    except binascii.Error:
        parts.pop("media", None)
    return parts
