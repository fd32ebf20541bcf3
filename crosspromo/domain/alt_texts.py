"""Alt texts that describe nothing: names of files."""

import re
from pathlib import PurePath

_EXTENSION = r"\.(?:jpe?g|png|gif|webp|heic|heif|avif|bmp|tiff?|svg)"
_FILE = re.compile(rf"\S+{_EXTENSION}", re.IGNORECASE)
_CAMERA = re.compile(
    r"(?:IMG|DSC[FN]?|PXL|MVIMG|VID|SCAN|image|photo|picture|screenshot|screen shot|bildschirmfoto"
    rf"|whatsapp image)[-_ ]?\d[\d\-_. :at]*(?:{_EXTENSION})?",
    re.IGNORECASE,
)
"""Names that cameras and programs give: `IMG_2034`, `Screenshot 2026-11-27 at 10.00.png`."""


def is_file_name(alt: str, path: str) -> bool:
    """Whether an alt text is the name of a file: that of the image `path`, or one like it."""
    words = " ".join(alt.split())
    name = PurePath(path.replace("\\", "/")).name
    return (
        words.casefold() == name.casefold()
        or _FILE.fullmatch(words) is not None
        or _CAMERA.fullmatch(words) is not None
    )
