"""Redrawing of a picture for a network: upright, smaller, without camera metadata."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from crosspromo.intake.picture_parts import shown_parts
from crosspromo.publishing.networks import ImageLimits

if TYPE_CHECKING:
    import PIL.Image

LONGEST_SIDE = 4096
"""Longest side of the first try, in pixels; no network shows more."""

SHORTEST_SIDE = 200
"""Smallest longer side, in pixels: below it nobody would recognise the picture."""

STEP = 0.8
QUALITIES = (90, 75)
"""Qualities of JPEG and WebP, in order of trial; quality is reduced before size."""

WRITTEN = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Encoded picture; width and height in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def redrawn(picture: "PIL.Image.Image", limits: ImageLimits) -> EncodedImage | None:
    """Largest version of the picture within the limits; None where none fits.

    The picture itself is turned and made smaller, so that no second large one is in memory.

    Transparency stays where the network takes PNG or WebP; else the picture stands on white.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 (only for posts with images)

    if picture.mode not in {"1", "P"}:  # whose colours cannot be mixed
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(picture, in_place=True)
    clear = picture.has_transparency_data
    media_type = _type_for(limits, clear=clear)
    if media_type is None:
        return None
    colours = picture.info.get("icc_profile") if picture.mode in {"RGB", "RGBA"} else None
    mode = "RGBA" if clear else "RGB"
    canvas = picture if picture.mode == mode else picture.convert(mode)
    if clear and media_type == "image/jpeg":
        white = Image.new("RGBA", canvas.size, "white")
        canvas = Image.alpha_composite(white, canvas).convert("RGB")
    canvas.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    longest = side = max(canvas.size)
    while True:
        drawn = canvas.copy()
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        drawn.info.clear()  # an encoder writes what it finds there
        for quality in QUALITIES if media_type != "image/png" else (None,):
            data = _saved(drawn, media_type, quality, colours)
            if len(data) <= limits.max_bytes:
                return EncodedImage(data, media_type, drawn.width, drawn.height)
        if side * STEP < min(SHORTEST_SIDE, longest):
            return None
        side = int(side * STEP)


def _type_for(limits: ImageLimits, *, clear: bool) -> str | None:
    """Media type of the redrawn picture; None where the network takes no usable type.

    PNG first for transparency; else JPEG first, which makes the smallest file.
    """
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
    return shown_parts(file.getvalue(), media_type)
