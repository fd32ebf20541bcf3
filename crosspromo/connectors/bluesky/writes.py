"""The writes of one send: what is stored of them, and what the network shows of them. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from crosspromo.connectors.base import Absent, Begun, Found, LookUp, Receipt, Unclear
from crosspromo.connectors.bluesky.addresses import POST, Record, record_at
from crosspromo.connectors.bluesky.payloads import KeyedRecord, WritesPayload

TELLING: Final = ("text", "subject", "createdAt")
"""What makes a record ours: a label or a gate may have been added to it since."""


def receipt(payload: WritesPayload, published_at: datetime | None = None) -> Receipt:
    """The receipt of a whole send: its root's. A repost has no page but that of what it shares."""
    root = payload.puts[0]
    place = payload.place_of(root)
    shown: Record | None = place
    if place.collection != POST:
        shown = record_at(str(root.record["subject"]["uri"]))
    return Receipt(place.uri, None if shown is None else shown.page, published_at)


def compare(payload: WritesPayload, put: KeyedRecord, found: object) -> LookUp:
    """Whether the record that stands under this key is ours."""
    if not isinstance(found, dict):
        return Unclear("the server showed no record")
    if any(found.get(name) != put.record.get(name) for name in TELLING):
        return Unclear("another record stands under this key")
    return Found(receipt(payload, datetime.fromisoformat(str(put.record["createdAt"]))))


def in_all(parts: Sequence[LookUp]) -> LookUp:
    """What the parts of a thread, looked up one by one, say of it. The root is the first.

    Only a beginning without a hole can be gone on with: parts go out in their order, so where a
    later one is there, somebody took the missing one away.
    """
    for part in parts:
        if isinstance(part, Unclear | Begun):
            return part
    there = [isinstance(part, Found) for part in parts]
    if all(there):
        return parts[0]
    missing = there.index(False) + 1
    if any(there[missing:]):
        return Unclear(f"part {missing} of {len(parts)} of the thread is not there, later ones are")
    return Absent() if missing == 1 else Begun({})
