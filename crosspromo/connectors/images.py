"""Reading the images of a post, as every connector that takes some has to."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from crosspromo.domain.posts import Image


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """An image as it is uploaded: `media_type` such as image/png, its size in pixels, alt text."""

    data: bytes
    media_type: str
    width: int
    height: int
    alt: str


def read(workspace: Path, image: Image) -> EncodedImage:
    """The image, whose file lies below `workspace`. OSError where it cannot be read.

    It has been made to fit the account when it was queued.
    """
    import PIL.Image  # noqa: PLC0415 (only for posts with images)

    data = (workspace / image.path).read_bytes()
    with PIL.Image.open(BytesIO(data)) as opened:
        width, height = opened.size
        media_type = opened.get_format_mimetype()
    return EncodedImage(data, media_type or "application/octet-stream", width, height, image.alt)
