"""Receipts and look-ups of prepared records. Pure functions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from crosspromo.connectors.base import Absent, Begun, Found, LookUp, Receipt, Unclear
from crosspromo.connectors.bluesky.addresses import POST, Record, record_at
from crosspromo.connectors.bluesky.payloads import KeyedRecord, WritesPayload

COMPARED: Final = ("text", "subject", "createdAt")
"""Fields that identify our record: a label or a gate may have been added to it since."""


def receipt(payload: WritesPayload, published_at: datetime | None = None) -> Receipt:
    """Receipt of a whole send: that of its root. A repost is shown on the page of the original."""
    root = payload.puts[0]
    place = payload.place_of(root)
    shown: Record | None = place
    if place.collection != POST:
        shown = record_at(str(root.record["subject"]["uri"]))
    return Receipt(place.uri, None if shown is None else shown.page, published_at)


def compare(payload: WritesPayload, put: KeyedRecord, found: object) -> LookUp:
    """Look-up of one record: Found where the record under its key is ours."""
    if not isinstance(found, dict):
        return Unclear("the server showed no record")
    if any(found.get(name) != put.record.get(name) for name in COMPARED):
        return Unclear("another record stands under this key")
    return Found(receipt(payload, datetime.fromisoformat(str(put.record["createdAt"]))))


def thread_look_up(parts: Sequence[LookUp]) -> LookUp:
    """Look-up of a whole thread from the look-ups of its parts, the root first.

    Only a beginning without a hole can be continued: parts are sent in order, so where a later part
    is there, somebody removed the missing one.
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
