"""Images of posts, kept in the workspace under the hash of their bytes.

The kept image is the image that will be sent: it fits the limits of its account, shows the picture
and tells nothing else (0033), and later edits of the original file do not reach it. Images are
hostile input: no image that would fill the memory is decoded.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from warnings import catch_warnings, simplefilter

from crosspromo.domain.compose_drafts import KEPT_PICTURE
from crosspromo.domain.posts import Image
from crosspromo.intake.picture_parts import BrokenPictureError, shown_parts
from crosspromo.intake.pictured_text import letters_in
from crosspromo.intake.redrawing import redrawn
from crosspromo.publishing.compose import FittedImage, UnusableImageError
from crosspromo.publishing.networks import ImageLimits

if TYPE_CHECKING:
    import PIL.Image

FOLDER = "media"

LARGEST_FILE = 64_000_000
"""Largest image file that is read, in bytes."""

MOST_PIXELS = 64_000_000
"""Most pixels of a JPEG: more than any camera that people post from takes."""

MOST_PIXELS_AT_ONCE = 25_000_000
"""Most pixels in memory, at four bytes each.

A larger JPEG is decoded at half of its width and height, which is more than any network shows.
"""

READ = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
"""Image formats that are read, with their media types; Pillow's other readers stay disabled."""

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}

MEDIA_TYPES = {suffix: media_type for media_type, suffix in SUFFIXES.items()}

ANY_ACCOUNT = ImageLimits(most=1, max_bytes=LARGEST_FILE, types=tuple(SUFFIXES))
"""Limits of a picture that is kept before its accounts are known."""

TAKEN = "width and height of the file"
"""Key of a picture's notes, since a large picture is decoded smaller than its file."""

ORIENTATION = 0x0112
"""EXIF tag in which a camera notes how it was held."""

TURNED = range(2, 9)
"""Orientations of a picture that does not stand upright in its file."""


@dataclass(frozen=True)
class ImageFolder:
    """Images in the workspace folder; with `keep` False nothing is written (dry run)."""

    workspace: Path
    keep: bool = True

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        """Fit the image to the limits and keep it; UnusableImageError where that fails."""
        return self._fitted(_bytes_of(self.workspace / image.path, image.path), image, limits)

    def taken_in(self, data: bytes, name: str) -> Image:
        """Keep a picture that somebody sends, as `fitted` does, without the limits of an account.

        `name` is that of the file, for messages; nothing is written under it.
        """
        if not data:
            raise UnusableImageError(f"{name} is empty; save the picture again")
        return self._fitted(data, Image(name, ""), ANY_ACCOUNT).image

    def read(self, name: str) -> tuple[bytes, str] | None:
        """Bytes and media type of a kept image by its file name; None for any other name."""
        if KEPT_PICTURE.fullmatch(f"{FOLDER}/{name}") is None:
            return None
        try:
            data = (self.workspace / FOLDER / name).read_bytes()
        except OSError:
            return None
        return data, MEDIA_TYPES[name.rpartition(".")[2]]

    def _fitted(self, data: bytes, image: Image, limits: ImageLimits) -> FittedImage:
        name = Path(image.path).name
        with _opened(data, image.path) as picture:
            media_type = READ.get(str(picture.format), "")  # "" for a JPEG of several views
            image = replace(image, source=image.source or _hash_of(data, media_type))
            turned = picture.getexif().get(ORIENTATION) in TURNED
            if getattr(picture, "is_animated", False) and media_type:
                moving = _bare_animation(data, media_type, image.path, turned=turned)
                _check_moving(picture, len(moving), media_type, limits, image.path)
                told = _stands_still(name, media_type, limits), _left_out(name, data, moving)
                kept = self._kept(moving, media_type, image)
                return FittedImage(kept, _joined(*told), media_type=media_type)
            letters = letters_in(picture)
            bare = None if turned else _bare(data, media_type)
            taken = media_type in limits.types
            if bare is not None and taken and len(bare) <= limits.max_bytes:
                kept = self._kept(bare, media_type, image)
                return FittedImage(kept, _left_out(name, data, bare), letters, media_type)
            drawn = redrawn(picture, limits)
            if drawn is None:
                raise UnusableImageError(
                    f"{image.path} cannot be made as small as {_size(limits.max_bytes)}; "
                    "give another picture"
                )
            width, height = picture.info[TAKEN]
            before = f"{width} by {height}, {_size(len(data))}"
        kept = self._kept(drawn.data, drawn.media_type, image)
        after = f"{drawn.width} by {drawn.height}, {_size(len(drawn.data))}"
        reason = " (turned upright)" if turned else ""
        kind = SUFFIXES[drawn.media_type]
        notice = f"{name} was redrawn as {kind}{reason}: {before} → {after}"
        return FittedImage(kept, notice, letters, drawn.media_type)

    def source(self, path: str) -> str:
        """Hash of what the file of an image shows, as `Image.source` has it.

        UnusableImageError where it is no image that can be read.
        """
        data = _bytes_of(self.workspace / path, path)
        with _opened(data, path) as picture:
            return _hash_of(data, READ.get(str(picture.format), ""))

    def letters(self, image: Image) -> int:
        """Letters that a kept image seems to show, roughly; 0 where it cannot be read or moves."""
        try:
            data = _bytes_of(self.workspace / image.path, image.path)
            with _opened(data, image.path) as picture:
                moves = getattr(picture, "is_animated", False)
                return 0 if moves else letters_in(picture)
        except UnusableImageError:
            return 0

    def fault(self, image: Image) -> str | None:
        """Fault of a kept image, or None where the image is readable and unchanged."""
        path = self.workspace / image.path
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError as error:
            return f"{image.path} cannot be read: {error.strerror}"
        if path.parent == self.workspace / FOLDER and path.stem != sha256(data).hexdigest():
            return f"{image.path} is not what was queued: the file has been changed"
        return None

    def _kept(self, data: bytes, media_type: str, image: Image) -> Image:
        name = f"{sha256(data).hexdigest()}.{SUFFIXES[media_type]}"
        if self.keep:
            _write(self.workspace / FOLDER / name, data)
        return replace(image, path=f"{FOLDER}/{name}")


def _bytes_of(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UnusableImageError(f"{shown} cannot be read: {error.strerror}") from None
    if not data:
        raise UnusableImageError(f"{shown} is empty; save the picture again")
    if len(data) > LARGEST_FILE:
        raise UnusableImageError(
            f"{shown} is larger than {_size(LARGEST_FILE)}; give a smaller one"
        )
    return data


@contextmanager
def _opened(data: bytes, shown: str) -> Iterator["PIL.Image.Image"]:
    """Picture decoded to its end, so that a truncated file fails now."""
    import PIL.Image  # noqa: PLC0415 (only for posts with images)

    with catch_warnings():
        simplefilter("ignore")  # odd metadata, which is not passed on; bombs are found below
        try:
            with PIL.Image.open(BytesIO(data), formats=tuple(READ)) as picture:
                _check_pixels(picture, shown)
                picture.info[TAKEN] = picture.size
                if picture.width * picture.height > MOST_PIXELS_AT_ONCE:
                    picture.draft(None, (picture.width // 2, picture.height // 2))
                picture.load()
                yield picture
        except UnusableImageError:
            raise
        except PIL.Image.DecompressionBombError:
            raise UnusableImageError(_too_many_pixels(shown)) from None
        except PIL.UnidentifiedImageError:
            raise UnusableImageError(
                f"{shown} is no picture that can be read; save it as JPEG, PNG, GIF or WebP"
            ) from None
        except Exception as error:  # noqa: BLE001 (a broken file can fail a decoder in any way)
            raise UnusableImageError(
                f"{shown} is damaged ({type(error).__name__}); save the picture again"
            ) from None


def _check_pixels(picture: "PIL.Image.Image", shown: str) -> None:
    most = MOST_PIXELS if picture.format in {"JPEG", "MPO"} else MOST_PIXELS_AT_ONCE
    if picture.width * picture.height > most:
        raise UnusableImageError(_too_many_pixels(shown, most))


def _too_many_pixels(shown: str, most: int = MOST_PIXELS_AT_ONCE) -> str:
    return f"{shown} has more than {most // 1_000_000} million pixels; scale it down first"


def _check_moving(
    picture: "PIL.Image.Image", size: int, media_type: str, limits: ImageLimits, shown: str
) -> None:
    """Refuse an animation outside the limits: redrawn smaller, it would stand still."""
    mend = "give a still picture, or queue it for other accounts"
    if media_type not in limits.types:
        raise UnusableImageError(f"{shown} moves, and {picture.format} is not taken there; {mend}")
    most = limits.max_bytes
    if media_type == "image/gif" and limits.max_gif_bytes is not None:
        most = limits.max_gif_bytes
    if size > most:
        raise UnusableImageError(
            f"{shown} moves, and is larger than {_size(most)} ({_size(size)}); make it smaller "
            f"yourself, or {mend}"
        )


def _stands_still(name: str, media_type: str, limits: ImageLimits) -> str | None:
    if media_type in limits.moving:
        return None
    return f"{name} moves, but stands still there: people see its first picture and no other"


def _left_out(name: str, data: bytes, bare: bytes) -> str | None:
    """Notice of the bytes that show nothing of the picture and therefore stay here."""
    count = len(data) - len(bare)
    if count <= 0:
        return None
    return f"{name} goes without {count} bytes beside the picture (place, camera, owner, the like)"


def _joined(*notices: str | None) -> str | None:
    return "; ".join(notice for notice in notices if notice) or None


def _bare(data: bytes, media_type: str) -> bytes | None:
    """Parts that show the picture; None where it has to be drawn anew to have them alone."""
    try:
        return shown_parts(data, media_type)
    except BrokenPictureError:
        return None


def _hash_of(data: bytes, media_type: str) -> str:
    """SHA-256 of the parts that show the picture: what stands beside it changes nothing."""
    return sha256(_bare(data, media_type) or data).hexdigest()


def _bare_animation(data: bytes, media_type: str, shown: str, *, turned: bool) -> bytes:
    """Parts that show the animation; it is never drawn anew, so a fault of it is refused."""
    if turned:
        raise UnusableImageError(
            f"{shown} moves and lies on its side; turn it upright yourself and save it again"
        )
    bare = _bare(data, media_type)
    if bare is None:
        raise UnusableImageError(f"{shown} is damaged; save the picture again")
    return bare


def _write(path: Path, data: bytes) -> None:
    """Write the file atomically; an existing file with the same bytes stays."""
    try:
        if path.exists() and path.read_bytes() == data:
            return
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(f".{uuid4().hex}")
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UnusableImageError(f"{path} cannot be written: {error.strerror}") from None


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.1f} kB"
