"""Recognition of our own posts on X, by texts that are brought to one normal form.

X gives a text back changed: X normalises to NFC, escapes `&`, `<` and `>`, puts every link behind
t.co, appends links to attached media, and shows only the beginning of a long post
(observed). The whole text of a long post is in its `note_tweet`.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final
from unicodedata import normalize
from urllib.parse import unquote

from msgspec import Meta, Struct

from crosspromo.text.markup import unescaped

LONGEST_LINKS: Final = 100_000
"""Most characters that the links of a text may stand for; such a text is none of ours."""

_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_MEDIA_PAGES: Final = ("pic.x.com/", "pic.twitter.com/")


class Link(Struct, frozen=True):
    """t.co link in a text, with the address that it stands for."""

    url: str
    expanded_url: str = ""
    display_url: str = ""
    media_key: str | None = None

    @property
    def written(self) -> str:
        """Author's own text in place of the link; empty where X appended the link for a picture."""
        appended = self.media_key is not None or self.display_url.startswith(_MEDIA_PAGES)
        return "" if appended else self.expanded_url or self.url


class Entities(Struct, frozen=True):
    urls: tuple[Link, ...] = ()


class Wording(Struct, frozen=True):
    """Text as X returns it, with its links."""

    text: str
    entities: Entities = Entities()

    def expanded(self) -> str:
        """Text with every t.co link replaced by the author's own text."""
        text = unescaped(self.text)  # first: what the links stand for is not escaped
        written = {link.url: link.written for link in self.entities.urls if link.url}
        if not written or sum(map(len, written.values())) > LONGEST_LINKS:
            return text
        links = re.compile("|".join(map(re.escape, written)))
        return links.sub(lambda found: written[found[0]], text, count=len(self.entities.urls))


class Reference(Struct, frozen=True):
    """Reference to another post: `type` is retweeted, quoted or replied_to."""

    type: str
    id: str


class Post(Wording, frozen=True, kw_only=True):
    """Post of the timeline. X's times are whole seconds."""

    id: str
    created_at: Annotated[datetime, Meta(tz=True)]
    note_tweet: Wording | None = None
    referenced_tweets: tuple[Reference, ...] = ()

    @property
    def answers(self) -> str | None:
        """Id of the post that this post replies to."""
        return self._reference("replied_to")

    @property
    def reposts(self) -> str | None:
        """Id of the post that this post merely repeats."""
        return self._reference("retweeted")

    def _reference(self, kind: str) -> str | None:
        return next((other.id for other in self.referenced_tweets if other.type == kind), None)

    def has_text(self, text: str) -> bool:
        """Whether the post has this text, apart from X's own changes. A repost has no text."""
        return self.reposts is None and normalized(
            (self.note_tweet or self).expanded()
        ) == normalized(text)


class TimelinePosition(Struct, frozen=True):
    next_token: str | None = None


class TimelinePage(Struct, frozen=True):
    """Page of a timeline; X omits `data` where there are no posts, but never `meta`."""

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


def normalized(text: str) -> str:
    """Normal form of a text: equal for two texts that X would show alike.

    A bare domain comes back with http://, and some letters of an address may come back in percent
    encoding. Schemes, encoding, case and the kind of white space tell no two posts apart.
    """
    words = _SCHEME.sub("", unquote(text)).split()
    return normalize("NFC", " ".join(words)).casefold()


def matching_post(text: str, posts: Iterable[Post], attempted_at: datetime) -> Post | None:
    """Earliest post with this text since the attempt, else the earliest of all.

    None where no post has the text.
    """
    begun = attempted_at.replace(microsecond=0)
    matches = [post for post in posts if post.has_text(text)]
    return min(matches, key=lambda post: (post.created_at < begun, post.created_at), default=None)
