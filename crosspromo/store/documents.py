"""JSON in the database, written and read by msgspec, which takes a fraction of the time."""

import json
from typing import Any

import msgspec


def written(value: Any) -> str:
    """As JSON. Half a surrogate pair, which UTF-8 has no bytes for, is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)


def read(text: str | bytes) -> Any:
    """What was written so. What msgspec refuses (such an escape) the standard library reads."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)
