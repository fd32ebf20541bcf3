"""What goes through a round of the dispatcher: deliveries made ready, sends, answers, and what came
of it all.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from crosspromo.domain.attempts import Attempt
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected
from crosspromo.publishing.networks import Connector


class Disposition(StrEnum):
    """How far one delivery was taken."""

    PUBLISHED = "published"
    HELD = "held"
    POSTPONED = "postponed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MISSED = "missed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Sending:
    """A send that is allowed: the attempt, and the delivery as the attempt has claimed it.

    `resumes_thread`: it sends the rest of a thread, of which the first parts are on the network.
    """

    attempt: Attempt
    delivery: Delivery
    resumes_thread: bool = False


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of one send."""

    sending: Sending
    outcome: Outcome

    @property
    def account(self) -> str:
        """The account on which it was sent."""
        return self.sending.attempt.account


@dataclass(frozen=True, slots=True)
class Preparation:
    """A delivery for which its connector is ready, or what stands in the way."""

    delivery: Delivery
    connector: Connector | NotSent | Rejected


@dataclass
class BatchResult:
    """What one `advance` did: the sends it allows, and what somebody has to make ready first.

    `moved` are the accounts of which a delivery was taken out of the way: another may be due there.
    """

    steps: Counter[Disposition] = field(default_factory=Counter)
    to_send: list[Sending] = field(default_factory=list)
    to_ready: list[Delivery] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    freed: set[str] = field(default_factory=set)  # whose headroom, or the organisation's, changed

    def count(self, step: Disposition, account: str) -> None:
        """Note how far a delivery of this account was taken."""
        self.steps[step] += 1
        self.moved.add(account)

    def add(self, more: "BatchResult") -> None:
        """Take in what another one did."""
        self.steps += more.steps
        self.to_send += more.to_send
        self.to_ready += more.to_ready
        self.moved |= more.moved
        self.freed |= more.freed

    @property
    def anything(self) -> bool:
        """Whether it did anything at all."""
        return bool(self.moved or self.to_send or self.to_ready)
