"""Mentions: what others on a network said to us or about our posts.

They are strangers' words: they are cut, kept for a while, and never change the gate.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.received import ReceivedKind
from crosspromo.domain.values import Value

LONGEST_ID, LONGEST_AUTHOR, LONGEST_URL, LONGEST_TEXT = 500, 300, 2_000, 2_000
"""Characters that are kept of a mention."""

KEPT_FOR = timedelta(days=90)
"""Time for which mentions are kept where the settings do not say."""


CHECKED_AFTER = (timedelta(days=1), timedelta(days=7), timedelta(days=28))
"""Ages at which a mention is looked at again: what its author deleted is deleted here."""


class MentionKind(StrEnum):
    """Kind of a mention of our account or post: a mention, a reply, a quote or a reshare."""

    MENTION = "mention"
    REPLY = "reply"
    QUOTE = "quote"
    RESHARE = "reshare"


RECEIVED: Mapping[MentionKind, ReceivedKind] = MappingProxyType(
    {
        MentionKind.MENTION: ReceivedKind.MENTION,
        MentionKind.REPLY: ReceivedKind.REPLY,
        MentionKind.QUOTE: ReceivedKind.QUOTE,
        MentionKind.RESHARE: ReceivedKind.SHARE,
    }
)
"""Kind of what was received by a mention, where it is a partner's."""


class Heard(Value, frozen=True):
    """Mention as its network tells it. `author` is a handle without `@`; `at` is in UTC.

    `url` and `text` may be empty.
    """

    remote_id: str
    kind: MentionKind
    author: str
    at: datetime
    url: str = ""
    text: str = ""


class Mention(Value, frozen=True):
    """Mention of an account of ours, as it is kept. Times are in UTC.

    `partner` is the slug of the partner whose handle the author has; None: nobody that we know.
    """

    number: int
    account: str
    heard: Heard
    partner: str | None
    seen_at: datetime


def kept(heard: Heard, now: datetime) -> Heard | None:
    """What is kept of a mention: cut to lengths, and not from the future.

    None where its id or its author cannot be kept.
    """
    if not heard.remote_id or len(heard.remote_id) > LONGEST_ID or not heard.author:
        return None
    url = heard.url if len(heard.url) <= LONGEST_URL and heard.url.startswith("https://") else ""
    return Heard(
        remote_id=heard.remote_id,
        kind=heard.kind,
        author=heard.author[:LONGEST_AUTHOR],
        at=min(heard.at, now),
        url=url,
        text=heard.text.replace("\0", "")[:LONGEST_TEXT],
    )


def next_check(heard: Heard, now: datetime) -> datetime | None:
    """Time at which one looks whether a mention is still there; None: no more.

    A reshare has no words, and networks do not tell of it by itself.
    """
    if heard.kind is MentionKind.RESHARE:
        return None
    times = (heard.at + age for age in CHECKED_AFTER)
    return next((each for each in times if each > now), None)
