"""Outcomes of sends and look-ups: closed unions, matched exhaustively by every caller.

A connector never raises for a network's behaviour. A result that the connector cannot classify is
`Unknown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.attempts import Json
from crosspromo.domain.values import Value


class Receipt(Value, frozen=True):
    """Network's own id for a post; `published_at` is its time by the network (aware), if known."""

    remote_id: str
    url: str | None = None
    published_at: datetime | None = None


class Sent(Value, frozen=True):
    """Confirmed post."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class NotSent:
    """Send that surely posted nothing. The next try is at `retry_at`; None: our own backoff.

    `retry_at` is the network's own word for the whole account: until then no other delivery of the
    account is tried.

    `account_fault`: the network refuses the account itself (credentials, suspension, out of
    credit), so no other delivery of the account should be tried until a person has looked.
    """

    reason: str
    retry_at: datetime | None = None
    account_fault: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Send that surely posted nothing, with content that the network will never take.

    `reason` is the network's words and ours.
    """

    reason: str
    code: str = "rejected"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Send with unknown result: the post may be on the network. `detail` describes the observation.

    `needs_person`: no look-up can decide (a post made by hand), so a person is asked at once.
    `retry_at`: the network named a time before which it takes no more posts of the account, as in
    the middle of a thread.
    """

    detail: str
    needs_person: bool = False
    retry_at: datetime | None = None


Outcome = Sent | NotSent | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """Look-up that found the post on the network."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Absent:
    """Look-up that succeeded, reached back past the attempt, and did not find the post."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Look-up result for a half-sent thread: first parts on the network, the rest surely not.

    `progress` is the data that `send` needs to continue: merged into the payload, it makes a send
    of exactly the missing parts.
    """

    progress: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Look-up that failed, or whose result decides nothing."""

    detail: str


LookUp = Found | Absent | Begun | Unclear


@dataclass(frozen=True, slots=True)
class Removed:
    """Post absent from the network: deleted now, or gone already."""


@dataclass(frozen=True, slots=True)
class NotRemoved:
    """Deletion without effect, or with unclear effect; `reason` is the network's words and ours."""

    reason: str


Removal = Removed | NotRemoved
