"""Removal of a post together with all parts of its thread."""

from datetime import timedelta
from typing import Final

from atproto import models

from crosspromo.connectors.base import Json
from crosspromo.connectors.bluesky.addresses import POST, Record, record_at
from crosspromo.connectors.bluesky.records import made_at
from crosspromo.connectors.bluesky.session import BlueskySession

KEYS_OF_A_THREAD: Final = timedelta(seconds=1)
"""Longest time between the keys of a thread's parts, all made before the root is sent.

A reply written by a person has a later key.
"""

PAGE: Final = 100
"""Most records in one answer of listRecords; no thread has more parts."""


def remove(session: BlueskySession, root: Record) -> None:
    """Delete a thread from its last part to its root. Raises `errors.FAILURES`.

    Where the removal breaks off, the rest is a thread still, and its root leads to the other parts.
    A part that is gone already is no error.
    """
    for record in [*reversed(_later_parts(session, root)), root]:
        session.delete(record._asdict())


def _later_parts(session: BlueskySession, root: Record) -> list[Record]:
    """Parts after the root, in order, even where the root is gone."""
    if root.collection != POST:
        return []
    # Records in the order of their keys, beginning after the root's key.
    wanted = models.ComAtprotoRepoListRecords.Params(
        repo=root.repo, collection=POST, cursor=root.rkey, reverse=True, limit=PAGE
    )
    records = session.ask("com.atproto.repo.listRecords", wanted).get("records")
    if not isinstance(records, list):
        raise ValueError("the server lists no records")  # noqa: TRY004 (as other bad JSON)
    parts = [record_at(str(_at(each, "uri"))) for each in records if _root_of(each) == root.uri]
    last = made_at(root.rkey) + KEYS_OF_A_THREAD
    return [part for part in parts if part is not None and made_at(part.rkey) <= last]


def _root_of(listed: Json) -> Json:
    """Address of the root to which a listed record replies; None without a root."""
    return _at(listed, "value", "reply", "root", "uri")


def _at(document: Json, *path: str) -> Json:
    """Value at a path in a JSON document; None where the path leads nowhere."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document
