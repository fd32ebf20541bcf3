"""In-memory network under a test's control, for tests of the publishing core."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import (
    Absent,
    Found,
    LookUp,
    NotRemoved,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
)
from crosspromo.domain.posts import Content

Accident = Callable[[Callable[[], Receipt]], Outcome]
"""What befalls one send: it may call the given function to have the post accepted, and it says what
the connector answers, or raises as a crash would.
"""


@dataclass
class MemoryNetwork:
    """Posts on the network, as pairs of token and text, in the order of posting."""

    posts: list[tuple[str, str]] = field(default_factory=list)

    def accept(self, prepared: Prepared) -> Receipt:
        """Put the post on the network, unless a post with its token and text is there."""
        text = str(prepared.payload["text"])
        if (prepared.token, text) not in self.posts:
            self.posts.append((prepared.token, text))
        return Receipt(prepared.token, f"https://network.example/{prepared.token}")

    @property
    def texts(self) -> list[str]:
        """Texts of all posts on the network."""
        return [text for _, text in self.posts]


@dataclass
class MemoryConnector:
    """Account on a MemoryNetwork. Each accident happens to one of the next sends, in order."""

    network: MemoryNetwork = field(default_factory=MemoryNetwork)
    accidents: list[Accident] = field(default_factory=list)
    obstacles: list[NotSent | Rejected] = field(default_factory=list)
    answers: list[LookUp] = field(default_factory=list)
    removals: list[NotRemoved] = field(default_factory=list)
    sends: int = 0
    sent: list[Prepared] = field(default_factory=list)
    looked_up_since: list[datetime] = field(default_factory=list)
    _tokens: "count[int]" = field(default_factory=lambda: count(1))

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return self.obstacles.pop(0) if self.obstacles else None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return Prepared(f"token-{next(self._tokens)}", {"text": content.text})

    def send(self, prepared: Prepared) -> Outcome:
        self.sends += 1
        self.sent.append(prepared)
        if self.accidents:
            return self.accidents.pop(0)(lambda: self.network.accept(prepared))
        return Sent(self.network.accept(prepared))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        self.looked_up_since.append(attempted_at)
        if self.answers:
            return self.answers.pop(0)
        for token, _ in self.network.posts:
            if token == prepared.token:
                return Found(Receipt(token))
        return Absent()

    def delete(self, receipt: Receipt) -> Removal:
        if self.removals:
            return self.removals.pop(0)
        kept = [post for post in self.network.posts if post[0] != receipt.remote_id]
        self.network.posts[:] = kept
        return Removed()

    def verify(self) -> str:
        return "memory"

    def close(self) -> None:
        """Nothing: no connection is open."""
