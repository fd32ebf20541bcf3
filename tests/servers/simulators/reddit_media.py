"""Reddit's images: the lease, the upload, and text with images in it.

Shapes are those that praw reads and writes (observed: its *PostMedia* and *InlineMedia*).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from servers.simulators.reddit_refusals import plain

from crosspromo.testing.simulator.messages import Answer, Request, json_answer

BUCKET = "/uploaded-media"
LEASE_SECRET = "signed-for-one-upload"
MAX_BYTES = 20_000_000  # documented: Reddit's help pages
_TYPES = ("image/jpeg", "image/png", "image/gif")
_IMAGE = re.compile(r'!\[img\]\((?P<id>\w+)(?: "(?P<caption>(?:[^"\\]|\\.)*)")?\)')


@dataclass(frozen=True, slots=True)
class RedditImage:
    """An image in the text of a post, with the caption below it."""

    id: str
    caption: str

    @property
    def address(self) -> str:
        """Observed: what stands in the text in its place."""
        return f"https://preview.redd.it/{self.id}.png"


class ImageShelf:
    """What one account has uploaded. Not thread-safe: the simulator holds its lock around it."""

    def __init__(self) -> None:
        self._leased = 0
        self.uploaded: dict[str, bytes] = {}

    def answer(self, request: Request, path: str, host: str) -> Answer | None:
        """The answer to a request about images; None where it is about something else."""
        match request.method, path:
            case "POST", "/api/media/asset":
                return self.lease(request.form(), host)
            case "POST", "/api/convert_rte_body_format":
                return converted(request.form())
            case _:
                return None

    def lease(self, form: Mapping[str, str], host: str) -> Answer:
        """POST /api/media/asset.json"""
        if form.get("mimetype") not in _TYPES or not form.get("filepath"):
            return plain(400)
        self._leased += 1
        name = f"asset{self._leased}"
        fields = {
            "acl": "private",
            "key": f"rte_images/{name}",
            "x-amz-security-token": LEASE_SECRET,
        }
        return json_answer(
            200,
            {
                "args": {
                    "action": f"//{host}{BUCKET}",
                    "fields": [{"name": key, "value": fields[key]} for key in fields],
                },
                "asset": {"asset_id": name, "processing_state": "incomplete", "payload": {}},
            },
        )

    def take(self, request: Request) -> Answer:
        """POST to the bucket: as the leased fields say, and with no credentials but them."""
        parts = request.parts()
        key = parts.get("key", b"").decode()
        signed = parts.get("x-amz-security-token") == LEASE_SECRET.encode()
        if "authorization" in request.headers or not key or not signed:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        if len(parts.get("file", b"")) > MAX_BYTES:
            return Answer(400, b"<Error><Code>EntityTooLarge</Code></Error>")
        self.uploaded[key.rpartition("/")[2]] = parts["file"]
        return Answer(201, b"<PostResponse/>", accepted=True)

    def knows(self, images: tuple[RedditImage, ...]) -> bool:
        """Whether all of these have been uploaded."""
        return all(image.id in self.uploaded for image in images)


def converted(form: Mapping[str, str]) -> Answer:
    """POST /api/convert_rte_body_format, from Markdown: paragraphs and images, and nothing else."""
    paragraphs = form.get("markdown_text", "").split("\n\n")
    document = [_block(paragraph.strip()) for paragraph in paragraphs if paragraph.strip()]
    return json_answer(200, {"output": {"document": document}})


def _block(paragraph: str) -> dict[str, object]:
    image = _IMAGE.fullmatch(paragraph)
    if image is None:
        return {"e": "par", "c": [{"e": "text", "t": paragraph}]}
    return {"e": "img", "id": image["id"], "c": re.sub(r"\\(.)", r"\1", image["caption"] or "")}


def read_rich_text(rich_text: str) -> tuple[str, tuple[RedditImage, ...]]:
    """The text and the images of a `richtext_json`. ValueError or KeyError where it is none."""
    document = json.loads(rich_text)["document"]
    images = tuple(RedditImage(each["id"], each["c"]) for each in document if each["e"] == "img")
    paragraphs = [
        "".join(part["t"] for part in each["c"]) for each in document if each["e"] == "par"
    ]
    return "\n\n".join(paragraphs), images
