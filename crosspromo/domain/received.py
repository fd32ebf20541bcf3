"""What partners do for us, as a person saw it. It never changes the gate: the promise of the ratio
is about what we give.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReceivedKind(StrEnum):
    """Kind of what was received."""

    SHARE = "share"
    MENTION = "mention"
    LIKE = "like"
    REPLY = "reply"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Received:
    """What the partner with this slug did for us at a time, which is aware, in UTC.

    `account` is ours, where the person said so; `url` and `words` may be empty.
    """

    number: int
    partner: str
    at: datetime
    kind: ReceivedKind
    account: str | None
    url: str
    words: str
    recorded_at: datetime
    recorded_by: str
