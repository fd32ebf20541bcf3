"""Bodies of a few megabytes that unpack to two gigabytes."""

import zlib
from functools import cache
from typing import Final

UNPACKED: Final = 2 << 30
_BLOCK: Final = 16 << 20


@cache
def bomb(encoding: str) -> bytes:
    """Body for this Content-Encoding: `gzip`, `deflate` (zlib), or `raw` (deflate bare)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packer.compress(b"")
    block = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    blocks = block * (UNPACKED // _BLOCK) + b"\x03\x00"
    match encoding:
        case "gzip":
            return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + blocks + bytes(8)
        case "deflate":
            return b"\x78\xda" + blocks + bytes(4)
        case _:
            return blocks
