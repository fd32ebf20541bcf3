"""Text in a picture: a rough count of letters, without reading them.

A line of text is a band of rows in which light and dark change often, between rows in which they
hardly change. Text over a photograph is therefore missed, and so are one or two words; the count
serves for a note that refuses nothing.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import PIL.Image

WIDEST: Final = 1_000
"""Width and height, in pixels, at which a picture is looked at: small print is still legible."""

CONTRAST: Final = 48
"""Least difference between neighbouring pixels, of 255, that counts as a change."""

QUIET: Final = 2
"""Most changes in a row between two lines."""

BUSY: Final = 14
"""Least changes in the busiest row of a line: two or three letters."""

CHANGES_OF_A_LETTER: Final = 6
"""Changes that a letter makes in the busiest row of its line, on average (observed)."""

LOWEST, HIGHEST = 5, 0.25
"""Least height of a line in rows, and most as a part of the picture."""


def letters_in(picture: "PIL.Image.Image") -> int:
    """Number of letters that the picture seems to show; 0 where no line of text is found."""
    changes = _changes(_small(picture))
    tallest = max(LOWEST, int(len(changes) * HIGHEST))
    lines: list[int] = []
    start = None
    for row, count in enumerate([*changes, 0]):
        if count > QUIET:
            start = row if start is None else start
        elif start is not None:
            most = max(changes[start:row])
            if LOWEST <= row - start <= tallest and most >= BUSY and start > 0:
                lines.append(most)
            start = None
    return round(sum(lines) / CHANGES_OF_A_LETTER)


def _small(picture: "PIL.Image.Image") -> "PIL.Image.Image":
    """Grey copy on white, within WIDEST."""
    from PIL import Image  # noqa: PLC0415 (only for posts with images)

    factor = max(1, -(-max(picture.size) // WIDEST))
    mixable = picture if picture.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} else None
    small = (mixable or picture.convert("RGBA")).reduce(factor)
    if small.has_transparency_data:
        small = small.convert("RGBA")
        small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small)
    return small.convert("L")


def _changes(grey: "PIL.Image.Image") -> list[int]:
    """Number of changes in each row."""
    from PIL import ImageChops  # noqa: PLC0415 (as above)

    width, height = grey.size
    if width < 2:
        return [0] * height
    left, right = grey.crop((0, 0, width - 1, height)), grey.crop((1, 0, width, height))
    edges = ImageChops.difference(left, right).point([0] * CONTRAST + [1] * (256 - CONTRAST))
    data = edges.tobytes()
    return [data.count(1, start, start + width - 1) for start in range(0, len(data), width - 1)]
