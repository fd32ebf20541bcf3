"""X's posts: what is on the network, and the JSON X makes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from servers.simulators.x_text import Returned, as_returned

LIMIT = 280
_EPOCH_MS = 1288834974657  # documented: "X IDs", the first moment a snowflake can name
_SEQUENCE_BITS = 22


@dataclass(frozen=True, slots=True)
class XPost:
    """One post. `text` is what was sent, in NFC, not what X makes of it."""

    id: str
    author: str
    text: str
    created_at: datetime
    media_keys: tuple[str, ...] = ()
    reply_to: str | None = None
    conversation: str | None = None
    quote_of: str | None = None
    repost_of: str | None = None
    made_with_ai: bool = False
    paid_partnership: bool = False
    note_cut_at: int | None = None

    def document(self) -> dict[str, object]:
        """As `GET /_posts` shows it: what was sent."""
        return {**asdict(self), "created_at": self.created_at.isoformat()}

    def returned(self) -> Returned:
        """The text as X gives it back; of a long post only its beginning and a link to the rest."""
        if self.note_cut_at is None:
            return as_returned(self.id, self.text, self.media_keys)
        begun = self.text[: self.note_cut_at].rstrip()
        rest = f"https://x.com/i/web/status/{self.id}"
        return as_returned(self.id, f"{begun}… {rest}", self.media_keys)

    def as_json(self, fields: Collection[str], author_id: str) -> dict[str, object]:
        """The Post object with the `tweet.fields` asked for (or `post.fields`, their new name)."""
        returned = self.returned()
        shown: dict[str, object] = {
            "id": self.id,
            "text": returned.text,
            "edit_history_tweet_ids": [self.id],
        }
        extras: dict[str, object] = {
            "author_id": author_id,
            "created_at": wire_time(self.created_at),
            "entities": returned.entities,
            "conversation_id": self.conversation or self.id,
            "paid_partnership": self.paid_partnership,
            "attachments": {"media_keys": list(self.media_keys)} if self.media_keys else {},
            "referenced_tweets": self._references(),
        }
        if self.note_cut_at is not None:
            whole = as_returned(self.id, self.text)
            note = {"text": whole.text, "entities": whole.entities}
            extras |= {"note_tweet": note, "note_post": note}
        return shown | {
            name: value
            for name, value in extras.items()
            if name in fields and value not in ({}, [])
        }

    def _references(self) -> list[dict[str, str]]:
        pairs = (
            ("retweeted", self.repost_of),
            ("quoted", self.quote_of),
            ("replied_to", self.reply_to),
        )
        return [{"type": kind, "id": post_id} for kind, post_id in pairs if post_id]


def wire_time(moment: datetime) -> str:
    """Documented: ISO 8601 in UTC; observed: always whole seconds, written with milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def snowflake(moment: datetime, after: str) -> str:
    """An id for a post of this moment, larger than `after` (documented: "X IDs")."""
    own = (int(moment.timestamp() * 1000) - _EPOCH_MS) << _SEQUENCE_BITS
    return str(max(own, int(after) + 1))


def same_text(text: str, posts: Iterable[XPost]) -> bool:
    """Whether X would call this a duplicate.

    Observed: the same text as a post that is still there. Believed: attached media and upper or
    lower case make no difference that matters here.
    """
    return any(post.text == text and post.repost_of is None for post in posts)
