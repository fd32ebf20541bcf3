"""The writes of one send: what is stored of them, and what the network shows of them. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from crosspromo.connectors.base import (
    Absent,
    Begun,
    Found,
    Json,
    LookUp,
    Prepared,
    Receipt,
    Unclear,
)
from crosspromo.connectors.bluesky.addresses import POST, Record, record_at

Put = dict[str, Json]
"""The body of one putRecord."""

TELLING: Final = ("text", "subject", "createdAt")
"""What makes a record ours: a label or a gate may have been added to it since."""


def puts_of(prepared: Prepared) -> list[Put]:
    """The writes of a send, the root of a thread first."""
    puts = prepared.payload["puts"]
    assert isinstance(puts, list)
    place = {name: prepared.payload[name] for name in ("repo", "collection")}
    return [{**place, **put} for put in puts if isinstance(put, dict)]


def as_reply(put: Put, root: Json, parent: Json) -> Put:
    """The write of a later part: the same each time, since the parts before it are."""
    return {**put, "record": {**record_of(put), "reply": {"root": root, "parent": parent}}}


def record_of(put: Put) -> dict[str, Json]:
    record = put["record"]
    assert isinstance(record, dict)
    return record


def place_of(put: Put) -> Record:
    return Record(str(put["repo"]), str(put["collection"]), str(put["rkey"]))


def receipt(prepared: Prepared, published_at: datetime | None = None) -> Receipt:
    """The receipt of a whole send: its root's. A repost has no page but that of what it shares."""
    root = puts_of(prepared)[0]
    place = place_of(root)
    shown: Record | None = place
    if place.collection != POST:
        subject = record_of(root)["subject"]
        assert isinstance(subject, dict)
        shown = record_at(str(subject["uri"]))
    return Receipt(place.uri, None if shown is None else shown.page, published_at)


def compare(prepared: Prepared, put: Put, found: object) -> LookUp:
    """Whether the record that stands under this key is ours."""
    ours = record_of(put)
    if not isinstance(found, dict):
        return Unclear("the server showed no record")
    if any(found.get(name) != ours.get(name) for name in TELLING):
        return Unclear("another record stands under this key")
    return Found(receipt(prepared, datetime.fromisoformat(str(ours["createdAt"]))))


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
