"""Search in an account's repository for a post by its content: whoever sent it, it is there."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
from atproto import models
from msgspec import Struct, field

from crosspromo.connectors.base import Absent, Content, Found, LookUp, Receipt, Unclear
from crosspromo.connectors.bluesky.addresses import POST, REPOST, Record, post_at, record_at
from crosspromo.connectors.bluesky.people import People
from crosspromo.connectors.bluesky.session import BlueskySession
from crosspromo.text import rules
from crosspromo.text.fitting import shorten_links

PAGE: Final = 100  # the most that com.atproto.repo.listRecords gives at a time
MOST_PAGES: Final = 20


class Subject(Struct, frozen=True):
    """Reference to a reposted post."""

    uri: str = ""


class Value(Struct, frozen=True):
    """Fields of a post or repost by which it is known; other clients may leave any of them out."""

    created_at: str = field(default="", name="createdAt")
    text: str = ""
    subject: Subject = Subject()

    @property
    def made_at(self) -> datetime | None:
        """Time of the record by its own account; None where it names no time."""
        try:
            made = datetime.fromisoformat(self.created_at)
        except ValueError:
            return None
        return made if made.tzinfo is not None else made.replace(tzinfo=UTC)


class Listed(Struct, frozen=True):
    """Record of a page, with its address."""

    uri: str
    value: Value


class Page(Struct, frozen=True):
    """Page of com.atproto.repo.listRecords."""

    records: tuple[Listed, ...]
    cursor: str | None = None


class TooManyError(Exception):
    """A repository has more records than we read."""


def find(
    session: BlueskySession,
    people: People,
    content: Content,
    since: datetime,
    known: Collection[str],
) -> LookUp:
    """Look-up of the content in the account's own records, newest first.

    A thread is Found by its first part. Records at the addresses `known` are passed over.
    Raises `errors.FAILURES`.
    """
    repost: Record | None = None
    if content.native and not content.text:
        who, key = post_at(content.reshare_of or "") or ("", "")
        author = people.did_of(who)
        if author is None:
            return Unclear(f"nobody on Bluesky is called {who} now, whose post this shares")
        repost = Record(author, POST, key)
    text = shorten_links(content.posts[0], rules.BLUESKY).text
    try:
        for listed in _records(session, POST if repost is None else REPOST, since):
            if listed.uri in known:
                continue
            value = listed.value
            if value.text == text if repost is None else value.subject.uri == repost.uri:
                place = repost or record_at(listed.uri)
                url = None if place is None else place.page
                return Found(Receipt(listed.uri, url, value.made_at))
    except TooManyError:
        return Unclear(f"there are more than {MOST_PAGES * PAGE} records to look through")
    return Absent()


def _records(session: BlueskySession, collection: str, since: datetime) -> Iterator[Listed]:
    """Records since that time; TooManyError where there are too many.

    Keys are times, so the newest stand first.
    """
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        wanted = models.ComAtprotoRepoListRecords.Params(
            repo=str(session.did), collection=collection, limit=PAGE, cursor=cursor
        )
        page = _page(session.ask("com.atproto.repo.listRecords", wanted))
        yield from page.records
        oldest = page.records[-1].value.made_at if page.records else None
        cursor = page.cursor
        if cursor is None or not page.records or (oldest is not None and oldest < since):
            return
    raise TooManyError


def _page(answer: object) -> Page:
    """Page of an answer; ValueError where it is none."""
    try:
        return msgspec.convert(answer, Page)
    except msgspec.ValidationError as error:
        raise ValueError(f"the list of records cannot be read: {error}") from None
