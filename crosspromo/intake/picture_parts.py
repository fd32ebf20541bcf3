"""Parts of an image file that show the picture: for each format a list of the parts that stay.

Everything else is left out, known or unknown: place, camera, owner, comments, smaller copies of the
picture, and data behind its end. Pixels are copied as they are. Sources: ITU T.81 and T.871 (JPEG),
the PNG specification (third edition), GIF89a, RFC 9649 (WebP).
"""

import re
import struct
from collections.abc import Iterator
from typing import Final


class BrokenPictureError(ValueError):
    """Error: the file does not follow its format so far that its parts can be told apart."""


def shown_parts(data: bytes, media_type: str) -> bytes:
    """The file with the parts that show the picture and its colours, and no others.

    BrokenPictureError where the parts cannot be told apart, and for other media types than those
    of JPEG, PNG, GIF and WebP. An orientation is not among the parts: turn the picture before.
    """
    parts = _FORMATS.get(media_type)
    if parts is None:
        raise BrokenPictureError(media_type)
    try:
        return b"".join(parts(data))
    except (IndexError, struct.error):
        raise BrokenPictureError("it ends too early") from None


_SHORT: Final = struct.Struct(">H")
_LONG: Final = struct.Struct(">I")
_LITTLE: Final = struct.Struct("<I")

# JPEG ---------------------------------------------------------------------------------------------

_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
"""Markers of tables: DHT, DAC, DQT, DNL, DRI."""

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of frames: SOF0 to SOF15."""

_SCAN, _END = 0xDA, 0xD9
_JFIF, _COLOURS, _ADOBE = 0xE0, 0xE2, 0xEE
_JFIF_LENGTH: Final = 14
"""Bytes of JFIF's own fields, of which the last two say that no small copy follows."""

_ADOBE_LENGTH: Final = 12
_AFTER_SCAN: Final = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
"""A marker that ends a scan: neither a stuffed byte nor a restart."""


def _of_jpeg(data: bytes) -> Iterator[bytes]:
    if data[:2] != b"\xff\xd8":
        raise BrokenPictureError("no JPEG")
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise BrokenPictureError("no marker where one must be")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker == _END:
            yield b"\xff\xd9"
            return
        end = at + _SHORT.unpack_from(data, at)[0]
        if end > len(data) or end < at + 2:
            raise BrokenPictureError("a segment has no end")
        body = _shown_segment(marker, data[at + 2 : end])
        if body is not None:
            yield b"\xff" + bytes([marker]) + _SHORT.pack(len(body) + 2) + body
        at = end
        if marker == _SCAN:
            found = _AFTER_SCAN.search(data, at)
            if found is None:
                raise BrokenPictureError("a scan has no end")
            yield data[at : found.start()]
            at = found.start()


def _shown_segment(marker: int, body: bytes) -> bytes | None:
    """Body of a segment that stays; None where the segment goes."""
    if marker in _TABLES or marker in _FRAMES or marker == _SCAN:
        return body
    if marker == _COLOURS and body.startswith(b"ICC_PROFILE\0"):
        return body
    if marker == _ADOBE and body.startswith(b"Adobe"):
        return body[:_ADOBE_LENGTH]
    if marker == _JFIF and body.startswith(b"JFIF\0") and len(body) >= _JFIF_LENGTH:
        return body[: _JFIF_LENGTH - 2] + b"\0\0"
    return None


# PNG ----------------------------------------------------------------------------------------------

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"),
        *(b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI"),
        *(b"acTL", b"fcTL", b"fdAT"),
    }
)
"""Chunks of picture, colours and animation."""


def _of_png(data: bytes) -> Iterator[bytes]:
    if data[:8] != _SIGNATURE:
        raise BrokenPictureError("no PNG")
    yield _SIGNATURE
    at = 8
    while True:
        end = at + 12 + _LONG.unpack_from(data, at)[0]
        if end > len(data):
            raise BrokenPictureError("a chunk has no end")
        kind = data[at + 4 : at + 8]
        if kind in _CHUNKS:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


# GIF ----------------------------------------------------------------------------------------------

_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS: Final = (b"\x0bNETSCAPE2.0\x03\x01", b"\x0bANIMEXTS1.0\x03\x01")
"""Beginnings of the extensions that say how often an animation is repeated."""


def _of_gif(data: bytes) -> Iterator[bytes]:
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        raise BrokenPictureError("no GIF")
    at = 13 + _palette(data[10])
    yield data[:at]
    while at < len(data) and (kind := data[at]) != _TRAILER:
        start = at
        if kind == _EXTENSION:
            at = _after_blocks(data, at + 2)
            if data[start + 1] == _CONTROL:
                yield data[start:at]
            elif data[start + 1] == _APPLICATION and data[start + 2 : at].startswith(_LOOPS):
                yield data[start : start + 18] + b"\0"
        elif kind == _FRAME:
            at = _after_blocks(data, at + 11 + _palette(data[at + 9]))
            yield data[start:at]
        else:
            raise BrokenPictureError("an unknown block")
    yield bytes([_TRAILER])


def _palette(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


# WebP ---------------------------------------------------------------------------------------------

_PICTURE_CHUNKS: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_FILE_CHUNKS: Final = _PICTURE_CHUNKS | {b"VP8X", b"ICCP", b"ANIM", b"ANMF"}
_FRAME_HEADER: Final = 16
_KEPT_FLAGS: Final = 0b0011_0010
"""Of the flags in VP8X: profile, transparency, animation; neither Exif nor XMP."""


def _of_webp(data: bytes) -> Iterator[bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise BrokenPictureError("no WebP")
    chunks = []
    end = min(8 + _LITTLE.unpack_from(data, 4)[0], len(data))
    for kind, body in _riff(data, 12, end):
        if kind not in _FILE_CHUNKS:
            continue
        if kind == b"VP8X":
            body = bytes([body[0] & _KEPT_FLAGS]) + body[1:10]  # noqa: PLW2901 (a new header)
        if kind == b"ANMF":
            frame = _riff(body, _FRAME_HEADER, len(body))
            parts = [_chunk(name, part) for name, part in frame if name in _PICTURE_CHUNKS]
            body = body[:_FRAME_HEADER] + b"".join(parts)  # noqa: PLW2901 (as above)
        chunks.append(_chunk(kind, body))
    whole = b"".join(chunks)
    yield b"RIFF" + _LITTLE.pack(len(whole) + 4) + b"WEBP" + whole


def _riff(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= end:
        size = _LITTLE.unpack_from(data, at + 4)[0]
        if at + 8 + size > end:
            raise BrokenPictureError("a chunk has no end")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + _LITTLE.pack(len(body)) + body + b"\0" * (len(body) % 2)


_FORMATS: Final = {
    "image/jpeg": _of_jpeg,
    "image/png": _of_png,
    "image/gif": _of_gif,
    "image/webp": _of_webp,
}
