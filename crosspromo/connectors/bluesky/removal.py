"""Taking a post off again, with all parts of its thread."""

from datetime import timedelta
from typing import Final

from atproto import models

from crosspromo.connectors.base import Json
from crosspromo.connectors.bluesky.addresses import POST, Record, record_at
from crosspromo.connectors.bluesky.records import made_at
from crosspromo.connectors.bluesky.session import BlueskySession

KEYS_OF_A_THREAD: Final = timedelta(seconds=1)
"""The keys of all its parts are made at one moment, before the root is sent. What a person replies
by hand has a later one.
"""

PAGE: Final = 100
"""The most that listRecords gives; more parts than that no thread has."""


def remove(session: BlueskySession, root: Record) -> None:
    """Take it off, from its end: what is left where this breaks off is a thread still, with the
    root that leads to the rest of it. What is gone already is no error. Raises `errors.FAILURES`.
    """
    for record in [*reversed(_later_parts(session, root)), root]:
        session.delete(record._asdict())


def _later_parts(session: BlueskySession, root: Record) -> list[Record]:
    """The parts after the root, in their order, even where the root is gone."""
    if root.collection != POST:
        return []
    # In the order of their keys, beginning after the root's.
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
    """The address of the root that a record replies to."""
    return _at(listed, "value", "reply", "root", "uri")


def _at(document: Json, *path: str) -> Json:
    """What stands there in a document of any shape; None where nothing does."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document
