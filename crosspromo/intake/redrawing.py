"""Drawing a picture anew so that a network takes it: upright, smaller, with no camera's notes."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from crosspromo.publishing.networks import ImageLimits

if TYPE_CHECKING:
    import PIL.Image

LONGEST_SIDE = 4096
"""Pixels to begin with; no network shows more."""

SHORTEST_SIDE = 200
"""Pixels of the longer side below which nobody would see what it shows."""

STEP = 0.8
QUALITIES = (90, 75)
"""Of JPEG and WebP: before a picture loses pixels it may lose this much of its fineness."""

WRITTEN = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """A picture in a file of its own; width and height in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def redrawn(picture: "PIL.Image.Image", limits: ImageLimits) -> EncodedImage | None:
    """The picture within the limits, as large as it can be; None where it cannot be.

    One that can be seen through stays so where the network takes PNG; else it stands on white.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 (only for posts with images)

    upright = ImageOps.exif_transpose(picture)
    clear = upright.has_transparency_data
    media_type = _type_for(limits, clear=clear)
    if media_type is None:
        return None
    colours = upright.info.get("icc_profile") if upright.mode in {"RGB", "RGBA"} else None
    canvas = upright.convert("RGBA" if clear else "RGB")
    if clear and media_type == "image/jpeg":
        white = Image.new("RGBA", canvas.size, "white")
        canvas = Image.alpha_composite(white, canvas).convert("RGB")
    canvas.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    longest = side = max(canvas.size)
    while True:
        drawn = canvas.copy()
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES if media_type != "image/png" else (None,):
            data = _saved(drawn, media_type, quality, colours)
            if len(data) <= limits.max_bytes:
                return EncodedImage(data, media_type, drawn.width, drawn.height)
        if side * STEP < min(SHORTEST_SIDE, longest):
            return None
        side = int(side * STEP)


def _type_for(limits: ImageLimits, *, clear: bool) -> str | None:
    """PNG keeps what is clear, JPEG makes the smallest file of the rest."""
    wanted = ("image/png", "image/webp", "image/jpeg") if clear else tuple(WRITTEN)
    return next((media_type for media_type in wanted if media_type in limits.types), None)


def _saved(
    drawn: "PIL.Image.Image", media_type: str, quality: int | None, colours: bytes | None
) -> bytes:
    file = BytesIO()
    options = {} if quality is None else {"quality": quality}
    drawn.save(
        file, format=WRITTEN[media_type], optimize=True, exif=b"", icc_profile=colours, **options
    )
    return file.getvalue()
