"""Payloads of Bluesky: the records of one send, and the keys they are put under."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from crosspromo.connectors.base import Json, Prepared, read_payload
from crosspromo.connectors.bluesky.addresses import Record

Put = dict[str, Json]
"""The body of one putRecord request."""

Reference = dict[str, Json]
"""A record as others refer to it: its uri and its cid (lexicon com.atproto.repo.strongRef)."""


class KeyedRecord(Struct, frozen=True):
    """A record and its key; the record has the shape of its lexicon."""

    rkey: str
    record: dict[str, Any]


class WritesPayload(Struct, frozen=True):
    """The records of one send in one collection of a repository (a DID), a thread's root first."""

    repo: str
    collection: str
    puts: Annotated[list[KeyedRecord], Meta(min_length=1)]

    def place_of(self, put: KeyedRecord) -> Record:
        """The place in the repository at which the record is put."""
        return Record(self.repo, self.collection, put.rkey)

    def body_of(self, put: KeyedRecord) -> Put:
        """The body of the putRecord request for one of the records."""
        return {**self.place_of(put)._asdict(), "record": put.record}

    def as_reply(self, put: KeyedRecord, root: Reference, parent: Reference) -> Put:
        """The body for a later part of a thread: the same at each try, as the earlier parts are."""
        record = {**put.record, "reply": {"root": root, "parent": parent}}
        return {**self.body_of(put), "record": record}


def payload_of(prepared: Prepared) -> WritesPayload:
    """The payload of a prepared send; PayloadError where it cannot be read."""
    return read_payload(prepared.payload, WritesPayload)
