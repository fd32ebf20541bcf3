"""Bodies of requests: forms of a bounded size, sent within a bounded time."""

import asyncio
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

PATIENCE: Final = 30.0
"""Seconds that a client has for a body."""

MOST_FIELDS: Final = 500
MOST_FILES: Final = 10


async def read_form(request: Request, most: int) -> FormData:
    """Form of the request; HTTPException: 413 where it is too large, 408 too slow, 400 unreadable.

    Files of more than a megabyte lie in a temporary file, and no more than `most` bytes are read.
    """
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > most:
        raise HTTPException(413)
    bounded = Request(request.scope, receive)
    try:
        return await asyncio.wait_for(
            bounded.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most), PATIENCE
        )
    except TimeoutError:
        raise HTTPException(408) from None
