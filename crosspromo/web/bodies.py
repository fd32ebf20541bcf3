"""Bodies of requests: forms of a bounded size, which no client may send slower than SLOWEST."""

import asyncio
from time import monotonic
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

PATIENCE: Final = 30.0
"""Seconds that a client has for any body, however small."""

SLOWEST: Final = 32_000
"""Bytes a second beyond those: 256 kbit/s, at which ten megabytes take five minutes."""

MOST_FIELDS: Final = 500
MOST_FILES: Final = 10


async def read_form(request: Request, most: int) -> FormData:
    """Form of the request; HTTPException: 413 where it is too large, 408 too slow, 400 unreadable.

    Files of more than a megabyte lie in a temporary file, and no more than `most` bytes are read.
    """
    taken, began = 0, monotonic()

    async def receive() -> Message:
        nonlocal taken
        left = began + seconds_for(taken) - monotonic()
        try:
            message = await asyncio.wait_for(request.receive(), max(left, 0))
        except TimeoutError:
            raise HTTPException(408) from None
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > most:
        raise HTTPException(413)
    bounded = Request(request.scope, receive)
    return await bounded.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most)


def seconds_for(taken: int) -> float:
    """Seconds since the begin of a body in which the next part has to come, after so many bytes."""
    return PATIENCE + taken / SLOWEST
