"""Payloads of Bluesky: the records of one send with their keys."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from crosspromo.connectors.base import Json, Prepared, read_payload
from crosspromo.connectors.bluesky.addresses import Record

Put = dict[str, Json]
"""Body of one putRecord request."""

Reference = dict[str, Json]
"""Reference to a record: its uri and its cid (lexicon com.atproto.repo.strongRef)."""


class KeyedRecord(Struct, frozen=True):
    """Record with its key; the record has the shape of its lexicon."""

    rkey: str
    record: dict[str, Any]


class WritesPayload(Struct, frozen=True):
    """Records of one send, a thread's root first, in one collection of a repository (a DID)."""

    repo: str
    collection: str
    puts: Annotated[list[KeyedRecord], Meta(min_length=1)]

    def place_of(self, put: KeyedRecord) -> Record:
        """Repository, collection and key under which the record is put."""
        return Record(self.repo, self.collection, put.rkey)

    def body_of(self, put: KeyedRecord) -> Put:
        """Body of the putRecord request for this record."""
        return {**self.place_of(put)._asdict(), "record": put.record}

    def as_reply(self, put: KeyedRecord, root: Reference, parent: Reference) -> Put:
        """Body for a later part of a thread: the same at each try, as the earlier parts are."""
        record = {**put.record, "reply": {"root": root, "parent": parent}}
        return {**self.body_of(put), "record": record}


def payload_of(prepared: Prepared) -> WritesPayload:
    """Payload of a prepared send; PayloadError where it cannot be read."""
    return read_payload(prepared.payload, WritesPayload)
