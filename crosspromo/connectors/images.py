"""Image files of a post, read for upload. Shared by all connectors that take images."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from crosspromo.domain.posts import Image


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Image as uploaded: file bytes, `media_type` such as image/png, size in pixels, alt text."""

    data: bytes
    media_type: str
    width: int
    height: int
    alt: str


def read(workspace: Path, image: Image) -> EncodedImage:
    """Image of a post, read from its file below `workspace`; OSError where it cannot be read.

    The file was made to fit the account when the post was queued.
    """
    import PIL.Image  # noqa: PLC0415 (only for posts with images)

    data = (workspace / image.path).read_bytes()
    with PIL.Image.open(BytesIO(data)) as opened:
        width, height = opened.size
        media_type = opened.get_format_mimetype()
    return EncodedImage(data, media_type or "application/octet-stream", width, height, image.alt)
