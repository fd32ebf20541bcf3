"""The mend of a reason: what a person can do about it, worked out from code and subject.

A mend is never stored. An entry point shows it in its own way: a command, a button, a field.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons import Recorded, faults, holds
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Hold

if TYPE_CHECKING:
    from crosspromo.services.explanation import Explanation


class Field(StrEnum):
    """What a person gives when they queue, edit or enter something."""

    ACCOUNTS = "accounts"
    ALLOW_DUPLICATE = "allow_duplicate"
    ALT = "alt"
    AT = "at"
    COUNTS = "counts"
    FILE = "file"
    HANDLE = "handle"
    HOST = "host"
    IMAGE = "image"
    JOINT = "joint"
    LENGTH = "length"
    NAME = "name"
    PERSON = "person"
    REASON = "reason"
    SLUG = "slug"
    TEXT = "text"
    THREAD = "thread"
    TITLE = "title"
    URL = "url"
    VARIABLE = "variable"


class ChangeField(NamedTuple):
    """Give another value, or a value at all, for this field."""

    field: Field


class Resume(NamedTuple):
    """End the pause of the account, or with None the one over everything."""

    account: str | None


class ResumeAnAccount(NamedTuple):
    """End the pause of one account instead."""


class VerifyAccount(NamedTuple):
    """Mend the account's credentials and sign in."""

    account: str


class Approve(NamedTuple):
    """Have the delivery approved: by people, or by the `partners` who want to sign off."""

    delivery: int
    partners: tuple[str, ...] = ()


class Move(NamedTuple):
    """Choose a new time for the delivery."""

    delivery: int


class Retry(NamedTuple):
    """Try the delivery again once the cause is mended."""

    delivery: int


class MarkPosted(NamedTuple):
    """Post the delivery by hand, and say so."""

    delivery: int


class Resolve(NamedTuple):
    """Look on the network whether the delivery is there, and say so."""

    delivery: int


class DeleteByHand(NamedTuple):
    """Delete the post at `place` on the network, and say so."""

    delivery: int
    place: str


class CancelAndQueueAnew(NamedTuple):
    """Take the delivery out of the queue and queue a new one."""

    delivery: int


class QueueEvent(NamedTuple):
    """Queue posts about the event anew."""

    event: str


class ShareOthers(NamedTuple):
    """Queue posts about partners on the account; None: on any account."""

    account: str | None


class ListDeliveries(NamedTuple):
    """Look at the deliveries there are."""


class ListPartners(NamedTuple):
    """Look at the partners there are."""


class ListEvents(NamedTuple):
    """Look at the events there are."""


class ReportOutside(NamedTuple):
    """Count what was posted outside since then by importing it."""


class MakeWorkspace(NamedTuple):
    """Make a workspace in the folder; None: in one of your choice."""

    folder: str | None


class BuildDatabase(NamedTuple):
    """Build the database."""


class UpgradeDatabase(NamedTuple):
    """Bring the database up to this version."""


class CheckDatabase(NamedTuple):
    """Check the database."""


class RunOnce(NamedTuple):
    """Settle what is under way by one run."""


class DumpDatabase(NamedTuple):
    """Write the PostgreSQL database of this name into the file with PostgreSQL's own tool."""

    database: str
    file: str


Mend = (
    ChangeField
    | Resume
    | ResumeAnAccount
    | VerifyAccount
    | Approve
    | Move
    | Retry
    | MarkPosted
    | Resolve
    | DeleteByHand
    | CancelAndQueueAnew
    | QueueEvent
    | ShareOthers
    | ListDeliveries
    | ListPartners
    | ListEvents
    | ReportOutside
    | MakeWorkspace
    | BuildDatabase
    | UpgradeDatabase
    | CheckDatabase
    | RunOnce
    | DumpDatabase
)

ACTS: Mapping[type, str] = MappingProxyType(
    {
        ChangeField: "change",
        Resume: "resume",
        ResumeAnAccount: "resume-account",
        VerifyAccount: "verify",
        Approve: "approve",
        Move: "move",
        Retry: "retry",
        MarkPosted: "mark-posted",
        Resolve: "resolve",
        DeleteByHand: "delete-by-hand",
        CancelAndQueueAnew: "cancel-and-queue-anew",
        QueueEvent: "queue-event",
        ShareOthers: "share-others",
        ListDeliveries: "list-deliveries",
        ListPartners: "list-partners",
        ListEvents: "list-events",
        ReportOutside: "import-outside-posts",
        MakeWorkspace: "init",
        BuildDatabase: "build-database",
        UpgradeDatabase: "upgrade-database",
        CheckDatabase: "check-database",
        RunOnce: "run-once",
        DumpDatabase: "dump-database",
    }
)


def of_pause(pause: Pause) -> Mend:
    """The end of the pause."""
    return Resume(pause.account)


def of_hold(reason: holds.HoldReason, delivery: Delivery) -> Mend | None:
    """What ends the hold of a delivery sooner; None where only time does, or nothing should."""
    code = holds.code_of(reason)
    match reason:
        case holds.Paused(pause):
            return of_pause(pause)
        case holds.ApprovalMissing(approval):
            return Approve(delivery.id, approval.partners_missing)
        case holds.BelowRatio(whole=whole):
            return ShareOthers(None if whole else delivery.account)
        case holds.AccountAtFault() | Recorded() if code == "account":
            return VerifyAccount(delivery.account)
        case Recorded() if code == "approval":
            return Approve(delivery.id)
        case Recorded() if code in {"ratio", holds.FLOOR}:
            return ShareOthers(None if code == holds.FLOOR else delivery.account)
        case _:
            return None


def of_fault(reason: faults.FaultReason, delivery: Delivery) -> Mend | None:
    """What brings a delivery on its way that did not go out; None where nothing has to be done."""
    match reason:
        case faults.ByHand():
            return MarkPosted(delivery.id)
        case faults.EventMoved(event):
            return QueueEvent(event)
        case Recorded("event-moved", _) if delivery.event is not None:
            return QueueEvent(delivery.event)
        case faults.InDoubt() | Recorded() if delivery.state is State.UNKNOWN:
            return Resolve(delivery.id) if delivery.needs_person else None
        case faults.Missed() | Recorded() if delivery.state is State.MISSED:
            return Move(delivery.id)
        case faults.Rejected() | Recorded() if delivery.state is State.FAILED:
            return Retry(delivery.id)
        case _:
            return None


def of_explanation(explanation: "Explanation") -> Mend | None:
    """What brings the explained delivery on its way."""
    delivery, decision = explanation.delivery, explanation.decision
    match decision:
        case _ if delivery.state is State.DRAFT and explanation.approval is not None:
            return Approve(delivery.id, explanation.approval.partners_missing)
        case Hold(reason):
            return of_hold(reason, delivery)
        case _ if decision is None and delivery.fault is not None:
            return of_fault(delivery.fault.reason, delivery)
        case _:
            return None
