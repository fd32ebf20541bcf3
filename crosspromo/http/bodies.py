"""Bodies of answers, unpacked piece by piece and never beyond a limit.

A few megabytes of gzip may unpack to gigabytes. HTTP libraries unpack a whole piece of the body at
once, so both of our transports take the body as it was sent and unpack it here.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

MOST_BYTES: Final = 10_000_000
"""Largest body of an answer, as it is sent and unpacked. Pages have their own smaller limit."""

PIECE: Final = 1 << 16
"""Most bytes that are unpacked at a time."""

ACCEPTED: Final = "gzip, deflate"
"""Encodings that `unpacked` reads, as the value of the header Accept-Encoding."""


class BodyError(Exception):
    """Body that is too large or cannot be unpacked. The message holds no words of the server."""


def unpacked(pieces: Iterable[bytes], encoding: str, most: int = MOST_BYTES) -> Iterator[bytes]:
    """Yield a body unpacked, in pieces of at most PIECE bytes if it was compressed.

    `pieces` is the body as it was sent, `encoding` its header Content-Encoding. BodyError where the
    body is longer than `most`, ends early, or has an encoding that we did not ask for.
    """
    unpack = _unpacker(encoding)
    taken = given = 0
    for piece in pieces:
        taken += len(piece)
        if taken > most:
            raise BodyError(_too_large(most))
        for part in unpack.feed(piece):
            given += len(part)
            if given > most:
                raise BodyError(_too_large(most))
            yield part
    if taken and not unpack.is_complete:
        raise BodyError("its body ends in the middle")


def _too_large(most: int) -> str:
    return f"its body is larger than {most // 1_000_000} MB"


class _Plain:
    """Body that is not compressed."""

    is_complete = True

    def feed(self, piece: bytes) -> Iterable[bytes]:
        return (piece,)


class _Packed:
    """Compressed body; `window` is the format's number for zlib."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._zlib = zlib.decompressobj(window)
        self._begun = False

    @property
    def is_complete(self) -> bool:
        return self._zlib.eof

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while piece or not self.is_complete:
            if self.is_complete:
                if self._window != GZIP:
                    return  # what follows the end belongs to nothing
                self._zlib = zlib.decompressobj(GZIP)  # the next member of a gzip file
            part = self._unpack(piece)
            self._begun = True
            yield part
            piece = self._zlib.unused_data if self.is_complete else self._zlib.unconsumed_tail
            if not piece and len(part) < PIECE:
                return

    def _unpack(self, piece: bytes) -> bytes:
        try:
            return self._zlib.decompress(piece, PIECE)
        except zlib.error:
            if self._begun or self._window != DEFLATE:
                raise BodyError("its body cannot be unpacked") from None
        self._window = RAW_DEFLATE  # some servers leave out the header of zlib
        self._zlib = zlib.decompressobj(self._window)
        self._begun = True
        return self._unpack(piece)


GZIP: Final = 16 + zlib.MAX_WBITS
DEFLATE: Final = zlib.MAX_WBITS
RAW_DEFLATE: Final = -zlib.MAX_WBITS


def _unpacker(encoding: str) -> _Plain | _Packed:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Packed(GZIP)
        case "deflate":
            return _Packed(DEFLATE)
        case _:
            raise BodyError("its body is packed in a way that we did not ask for")
