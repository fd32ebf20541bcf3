"""What partners do for us, as a person or a network saw it. It never changes the gate: the promise
of the ratio is about what we give.
"""

from datetime import datetime
from enum import StrEnum

from crosspromo.domain.values import Value


class ReceivedKind(StrEnum):
    """Kind of what was received."""

    SHARE = "share"
    MENTION = "mention"
    LIKE = "like"
    REPLY = "reply"
    QUOTE = "quote"
    LINK = "link"


class Received(Value, frozen=True):
    """What the partner with this slug did for us at a time, which is aware, in UTC.

    `account` is ours, where it is known; `url` and `words` may be empty. `observed` tells apart
    what a network or a feed told us, so that it counts once; None: a person entered it by hand.
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
    observed: str | None = None
