"""Which of the posts on X is ours: X gives a text back changed, so both are brought to one form.

X normalises to NFC, escapes `&`, `<` and `>`, puts every link behind t.co, appends links to
attached media, and shows of a long post the beginning (NETWORKS, trap 16; shapes: X API, *Post
object*). The long post whole is in its `note_tweet`.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Annotated, Final
from unicodedata import normalize
from urllib.parse import unquote

from msgspec import Meta, Struct

_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_MEDIA_PAGES: Final = ("pic.x.com/", "pic.twitter.com/")


class Link(Struct, frozen=True):
    """A t.co link in a text and what it stands for."""

    url: str
    expanded_url: str = ""
    display_url: str = ""
    media_key: str | None = None

    @property
    def written(self) -> str:
        """What the author wrote in its place: nothing where X appended it for a picture."""
        appended = self.media_key is not None or self.display_url.startswith(_MEDIA_PAGES)
        return "" if appended else self.expanded_url or self.url


class Entities(Struct, frozen=True):
    urls: tuple[Link, ...] = ()


class Wording(Struct, frozen=True):
    """A text as X returns it, with the links in it."""

    text: str
    entities: Entities = Entities()

    def expanded(self) -> str:
        """The text with what was written in the place of every t.co link."""
        text = unescape(self.text)  # first: what the links stand for is not escaped
        for link in self.entities.urls:
            text = text.replace(link.url, link.written)
        return text


class Reference(Struct, frozen=True):
    """Another post that one has to do with: `type` is retweeted, quoted or replied_to."""

    type: str
    id: str


class Post(Wording, frozen=True, kw_only=True):
    """One post of the timeline. X's times are whole seconds."""

    id: str
    created_at: Annotated[datetime, Meta(tz=True)]
    note_tweet: Wording | None = None
    referenced_tweets: tuple[Reference, ...] = ()

    @property
    def answers(self) -> str | None:
        """The id of the post it replies to."""
        return self._reference("replied_to")

    @property
    def reposts(self) -> str | None:
        """The id of the post that it only shares."""
        return self._reference("retweeted")

    def _reference(self, kind: str) -> str | None:
        return next((other.id for other in self.referenced_tweets if other.type == kind), None)

    def says(self, text: str) -> bool:
        """Whether it is this text, give or take what X changes in one. A repost says nothing."""
        return self.reposts is None and essence((self.note_tweet or self).expanded()) == essence(
            text
        )


class TimelinePosition(Struct, frozen=True):
    next_token: str | None = None


class TimelinePage(Struct, frozen=True):
    """One page of a timeline; `data` is left out where there are no posts, `meta` never is."""

    meta: TimelinePosition
    data: tuple[Post, ...] = ()
    errors: tuple[object, ...] = ()


class User(Struct, frozen=True):
    id: str
    username: str


class Me(Struct, frozen=True):
    data: User


class Created(Struct, frozen=True):
    id: str


class Creation(Struct, frozen=True):
    data: Created


class Reposted(Struct, frozen=True):
    retweeted: bool


class Reposting(Struct, frozen=True):
    data: Reposted


class Deleted(Struct, frozen=True):
    deleted: bool


class Deletion(Struct, frozen=True):
    data: Deleted


def essence(text: str) -> str:
    """What two texts share when X would show them alike.

    A bare domain comes back with http://, other letters of an address may come back in percent
    encoding; schemes, encoding, case and the kind of white space tell no two posts apart.
    """
    words = _SCHEME.sub("", unquote(text)).split()
    return normalize("NFC", " ".join(words)).casefold()


def ours(text: str, posts: Iterable[Post], attempted_at: datetime) -> Post | None:
    """The post that says this: the earliest since the attempt, else the earliest."""
    begun = attempted_at.replace(microsecond=0)
    matches = [post for post in posts if post.says(text)]
    return min(matches, key=lambda post: (post.created_at < begun, post.created_at), default=None)
