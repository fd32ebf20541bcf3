"""Values that pass between the dispatcher and the cycle: preparations, sends and their results."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from crosspromo.domain.attempts import Attempt
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.values import Value
from crosspromo.publishing.log_lines import LogLine
from crosspromo.publishing.networks import Connector


class Disposition(StrEnum):
    """State or hold in which one step of the dispatcher left a delivery."""

    PUBLISHED = "published"
    HELD = "held"
    POSTPONED = "postponed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MISSED = "missed"
    EXPIRED = "expired"


class Disposed(NamedTuple):
    """Outcome of one step on an account: its delivery was published, held, postponed or ended.

    `frees`: headroom of the account or of the organisation may have changed. `line` is for the log.
    `outcome` is what the network, or the connector, had to say; `reason` is the gate's, for a hold
    or a refusal.
    """

    account: str
    disposition: Disposition
    frees: bool
    line: LogLine
    outcome: Outcome | None = None
    reason: HoldReason | FaultReason | None = None


class Sending(Value, frozen=True):
    """A send that the gate allowed: the attempt, and the delivery as this attempt claimed it.

    `resumes_thread`: the attempt sends the rest of a thread whose first parts are on the network.
    """

    attempt: Attempt
    delivery: Delivery
    resumes_thread: bool = False


@dataclass(frozen=True, slots=True)
class ToPrepare:
    """A due delivery whose connector must be prepared, outside any transaction, before the gate."""

    delivery: Delivery


Step = Disposed | Sending | ToPrepare
"""One step of a transaction of the dispatcher."""


class SendResult(Value, frozen=True):
    """Send with its outcome."""

    sending: Sending
    outcome: Outcome


class Preparation(Value, frozen=True):
    """Delivery with its prepared connector, or with the obstacle in its way."""

    delivery: Delivery
    connector: Connector | NotSent | Rejected


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Result of one transaction: the sends that it allows, and the preparations that it asks for.

    `moved` names accounts whose next delivery may be due now; `freed` names accounts whose
    headroom, or the organisation's, changed.
    """

    dispositions: Mapping[Disposition, int]
    to_send: Sequence[Sending]
    to_prepare: Sequence[Delivery]
    moved: Collection[str]
    freed: Collection[str]
