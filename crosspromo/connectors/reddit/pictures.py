"""Images in the text of a post: uploaded before the send, with their alt text as the caption.

Reddit has no field for alt text. Of the ways to post an image, only an image inside a text has
words of its own that readers see, takes a text with links, and is answered with the post's name at
once: see docs/decisions/0013-images-on-reddit-stand-in-the-text.md. The requests are those of
praw's `PostMedia` and `InlineImage`, which upload to any address that an answer names.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from crosspromo.connectors.base import ImageLimits
from crosspromo.connectors.images import EncodedImage
from crosspromo.connectors.reddit.uploads import ImageStore
from crosspromo.text.markdown import escaped

if TYPE_CHECKING:
    import praw

LIMITS: Final = ImageLimits(
    most=4,  # as on other networks; Reddit documents no limit for images in a text
    max_bytes=20_000_000,  # documented: Reddit's help pages, for images
    types=("image/jpeg", "image/png", "image/gif"),
    moving=("image/gif",),  # believed
)

LONGEST_CAPTION: Final = 180
"""Characters; documented for galleries (praw refuses more), believed for images in a text."""


def upload(reddit: "praw.Reddit", picture: EncodedImage, store: ImageStore) -> str:
    """Name that Reddit gave the uploaded image. UploadError where the upload fails."""
    name = f"image.{picture.media_type.rpartition('/')[2]}"
    lease = reddit.request(
        method="POST",
        path="api/media/asset.json",
        data={"filepath": name, "mimetype": picture.media_type},
    )
    fields = {str(field["name"]): str(field["value"]) for field in lease["args"]["fields"]}
    store.put(str(lease["args"]["action"]), fields, (name, picture.data, picture.media_type))
    return str(lease["asset"]["asset_id"])


def rich_text(reddit: "praw.Reddit", text: str, images: Sequence[tuple[str, str]]) -> str:
    """Text with the images below it, as JSON in Reddit's format for rich text.

    `images` are pairs of an image's name and its alt text.
    """
    paragraphs = [text, *(_inline(name, alt) for name, alt in images)]
    answer: Mapping[str, Any] = reddit.request(
        method="POST",
        path="api/convert_rte_body_format",
        data={"markdown_text": "\n\n".join(paragraphs), "output_mode": "rtjson"},
    )
    return json.dumps(answer["output"])


def _inline(name: str, alt: str) -> str:
    """Reddit's Markdown for an image; alt text too long for a caption follows as a paragraph."""
    words = " ".join(alt.split())
    if len(words) > LONGEST_CAPTION:
        return f"![img]({name})\n\n{escaped(words)}"
    caption = words.replace("\\", r"\\").replace('"', r"\"")
    return f'![img]({name} "{caption}")'
