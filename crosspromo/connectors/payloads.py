"""Payloads of prepared sends, encoded from structs and decoded into the same structs.

A payload is stored in the database before its send, and may be read by another process after a
crash. A repeated send must be the very same, so each struct writes the JSON that it was read from.
"""

from collections.abc import Mapping
from typing import TypeVar, cast

import msgspec

from crosspromo.domain.attempts import Json

S = TypeVar("S", bound=msgspec.Struct)


class PayloadError(Exception):
    """Stored payload without the shape that its connector writes.

    It proves nothing about the post: the publishing core turns it into Unknown or Unclear. The
    message names the place and the expected type, and quotes no content.
    """


def read_payload(payload: Mapping[str, Json], shape: type[S]) -> S:
    """Payload decoded as `shape`; PayloadError where it has another shape.

    Unknown keys are ignored.
    """
    try:
        return msgspec.convert(dict(payload), type=shape)
    except msgspec.ValidationError as error:
        raise PayloadError(f"the stored payload cannot be read: {error}") from error


def write_payload(payload: msgspec.Struct) -> dict[str, Json]:
    """Payload encoded as JSON values, with the keys in the order of the struct's fields."""
    return cast("dict[str, Json]", msgspec.to_builtins(payload))
