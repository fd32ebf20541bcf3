"""Mends: acts open to a person, derived from a reason and its subject.

A mend is never stored. An entry point shows the mend in its own way: a command, a button, a field.
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
    """Field that a person fills in to queue, edit or enter a record."""

    ACCOUNTS = "accounts"
    AGREED_ON = "agreed_on"
    ALLOW_DUPLICATE = "allow_duplicate"
    ALT = "alt"
    AT = "at"
    CODE = "code"
    COUNTS = "counts"
    EVIDENCE = "evidence"
    FILE = "file"
    FORCE = "force"
    HANDLE = "handle"
    HOST = "host"
    IMAGE = "image"
    JOINT = "joint"
    LENGTH = "length"
    MAIL = "mail"
    NAME = "name"
    NETWORK = "network"
    PARTNER = "partner"
    PASSPHRASE = "passphrase"  # noqa: S105 (the name of a field)
    PASSWORD = "password"  # noqa: S105 (likewise)
    PERSON = "person"
    POST = "post"
    REASON = "reason"
    SLUG = "slug"
    TEXT = "text"
    THREAD = "thread"
    TITLE = "title"
    UNTIL = "until"
    URL = "url"
    VARIABLE = "variable"


class ChangeField(NamedTuple):
    """Give another value, or a value at all, for this field."""

    field: Field


class Resume(NamedTuple):
    """End the account's pause; None: end the pause over everything."""

    account: str | None


class ResumeInDoubt(NamedTuple):
    """Look for what is on the networks already, then end the pause; None: over everything."""

    account: str | None


class ResumeAnAccount(NamedTuple):
    """End a single account's pause instead."""


class SayWhyPaused(NamedTuple):
    """Give the reason of the account's pause; None: of the pause over everything."""

    account: str | None


class VerifyAccount(NamedTuple):
    """Mend the account's credentials and sign in."""

    account: str


class Approve(NamedTuple):
    """Have the delivery approved: by people, or by `partners` who want to sign off."""

    delivery: int
    partners: tuple[str, ...] = ()


class Move(NamedTuple):
    """Choose a new time for the delivery."""

    delivery: int


class Retry(NamedTuple):
    """Try the delivery again after removing the cause."""

    delivery: int


class Dismiss(NamedTuple):
    """Take note of the delivery's end; its state stays."""

    delivery: int


class ReviseForPartner(NamedTuple):
    """Change the delivery as the partner (slug) asks, or leave it and call the link back."""

    delivery: int
    partner: str


class AskPartner(NamedTuple):
    """Make a link by which the partner signs off."""

    delivery: int
    partner: str


class SayAsked(NamedTuple):
    """Ask the partner (slug) in person to help with the event (slug), then say so."""

    event: str
    partner: str


class CallBackLink(NamedTuple):
    """Take note of the partner's answer: call the sign-off link back."""

    delivery: int
    partner: str


class RenameAccount(NamedTuple):
    """Move the account's rows to an account of crosspromo.toml, or give the account back to it."""

    account: str


class StartDaemon(NamedTuple):
    """Start the daemon."""


class ReadSource(NamedTuple):
    """Read the source anew."""

    source: int


class AcceptGone(NamedTuple):
    """Accept that events are gone from the calendar that is this source."""

    source: int


class MarkPosted(NamedTuple):
    """Post the delivery by hand, and record the post."""

    delivery: int


class Resolve(NamedTuple):
    """Look for the delivery on the network, and record the result."""

    delivery: int


class DeleteByHand(NamedTuple):
    """Delete the post at `place` on the network, and record the deletion."""

    delivery: int
    place: str


class CancelAndQueueAnew(NamedTuple):
    """Cancel the delivery and queue a new one."""

    delivery: int


class RepairText(NamedTuple):
    """Repair the text of the delivery as its notes say."""

    delivery: int


class DescribeImage(NamedTuple):
    """Give image `number` of the delivery, from 1, another alt text."""

    delivery: int
    number: int


class QueueEvent(NamedTuple):
    """Queue new posts about the event."""

    event: str


class QueueLadder(NamedTuple):
    """Queue what is missing of the ladder (its name) of the event."""

    event: str
    ladder: str


class ShareOthers(NamedTuple):
    """Queue partner posts on the account; None: on any account."""

    account: str | None


class AcceptHeadings(NamedTuple):
    """Import the spreadsheet with the columns proposed for its headings."""

    source: str


class MapHeading(NamedTuple):
    """Import the spreadsheet with this column for the heading; `accept`: and take the proposals."""

    source: str
    heading: str
    column: str
    accept: bool = False


class ArchivePartner(NamedTuple):
    """Archive the partner instead of removing it."""

    partner: str


class UnarchivePartner(NamedTuple):
    """Offer the partner again."""

    partner: str


class UndoImport(NamedTuple):
    """Take back what an import of partners changed, by its number."""

    number: int


class ListDeliveries(NamedTuple):
    """List existing deliveries."""


class ListDrafts(NamedTuple):
    """List the drafts."""


class ListPartners(NamedTuple):
    """List existing partners."""


class ListCampaigns(NamedTuple):
    """List existing campaigns."""


class ListEvents(NamedTuple):
    """List existing events."""


class ListSources(NamedTuple):
    """List the sources."""


class ListSuggestions(NamedTuple):
    """List the suggestions."""


class ReviewEvents(NamedTuple):
    """List the events of calendars that wait for a person."""


class MergeEvents(NamedTuple):
    """Make a new event of a calendar one with an event of ours."""

    number: int
    event: str


class ListPeople(NamedTuple):
    """List the people who may sign in."""


class ReportOutside(NamedTuple):
    """Import outside posts made since the opening balance."""


class MakeWorkspace(NamedTuple):
    """Make a workspace in the folder; None: in a folder of choice."""

    folder: str | None


class RecordPermission(NamedTuple):
    """Record that the partner (a slug) agreed to this scope."""

    partner: str
    scope: str


class RecordPhotoConsent(NamedTuple):
    """Record the answer of a person on the image."""

    image: str
    person: str


class ListPermissions(NamedTuple):
    """Look at the permissions of partners."""


class ListPhotoConsents(NamedTuple):
    """Look at the consents of people on images."""


class Revise(NamedTuple):
    """Change the delivery so that it needs less, or cancel it."""

    delivery: int


class TakeDown(NamedTuple):
    """Delete the published delivery from its network, or leave it and take note."""

    delivery: int


class BuildDatabase(NamedTuple):
    """Build the database."""


class UpgradeDatabase(NamedTuple):
    """Upgrade the database to this version."""


class CheckDatabase(NamedTuple):
    """Check the database."""


class RunOnce(NamedTuple):
    """Settle unfinished sends by one run."""


class DumpDatabase(NamedTuple):
    """Dump the named PostgreSQL database into the file with PostgreSQL's own tool."""

    database: str
    file: str


Mend = (
    ChangeField
    | Resume
    | ResumeInDoubt
    | ResumeAnAccount
    | SayWhyPaused
    | VerifyAccount
    | Approve
    | Move
    | Retry
    | Dismiss
    | ReviseForPartner
    | AskPartner
    | SayAsked
    | CallBackLink
    | RenameAccount
    | StartDaemon
    | ReadSource
    | AcceptGone
    | MarkPosted
    | Resolve
    | DeleteByHand
    | CancelAndQueueAnew
    | RepairText
    | DescribeImage
    | QueueEvent
    | QueueLadder
    | ShareOthers
    | AcceptHeadings
    | MapHeading
    | ArchivePartner
    | UnarchivePartner
    | UndoImport
    | ListDeliveries
    | ListDrafts
    | ListPartners
    | ListCampaigns
    | ListEvents
    | ListPeople
    | RecordPermission
    | RecordPhotoConsent
    | ListPermissions
    | ListPhotoConsents
    | Revise
    | TakeDown
    | ListSources
    | ListSuggestions
    | ReviewEvents
    | MergeEvents
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
        ResumeInDoubt: "resume-in-doubt",
        ResumeAnAccount: "resume-account",
        SayWhyPaused: "say-why-paused",
        VerifyAccount: "verify",
        Approve: "approve",
        Move: "move",
        Retry: "retry",
        Dismiss: "dismiss",
        ReviseForPartner: "revise",
        AskPartner: "ask-partner",
        SayAsked: "say-asked",
        CallBackLink: "call-back-link",
        RenameAccount: "rename-account",
        StartDaemon: "start-daemon",
        ReadSource: "read-source",
        AcceptGone: "accept-gone",
        MarkPosted: "mark-posted",
        Resolve: "resolve",
        DeleteByHand: "delete-by-hand",
        CancelAndQueueAnew: "cancel-and-queue-anew",
        RepairText: "repair-text",
        DescribeImage: "describe-image",
        QueueEvent: "queue-event",
        QueueLadder: "queue-ladder",
        ShareOthers: "share-others",
        AcceptHeadings: "accept-headings",
        MapHeading: "map-heading",
        ArchivePartner: "archive-partner",
        UnarchivePartner: "unarchive-partner",
        UndoImport: "undo-import",
        ListDeliveries: "list-deliveries",
        ListDrafts: "list-drafts",
        ListPartners: "list-partners",
        ListCampaigns: "list-campaigns",
        ListEvents: "list-events",
        ListPeople: "list-people",
        RecordPermission: "record-permission",
        RecordPhotoConsent: "record-photo-consent",
        ListPermissions: "list-permissions",
        ListPhotoConsents: "list-photo-consents",
        Revise: "edit",
        TakeDown: "take-down",
        ListSources: "list-sources",
        ListSuggestions: "list-suggestions",
        ReviewEvents: "review-events",
        MergeEvents: "merge-events",
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
    """Mend of a pause: its end, after a look on the networks where the database is in doubt."""
    return ResumeInDoubt(pause.account) if pause.is_ours else Resume(pause.account)


def of_hold(reason: holds.HoldReason, delivery: Delivery) -> Mend | None:
    """Mend that ends a hold sooner; None if only time ends the hold, or the hold should stay."""
    code = holds.code_of(reason)
    match reason:
        case holds.Paused(pause):
            return of_pause(pause)
        case holds.ApprovalMissing(approval):
            return Approve(delivery.id, approval.partners_missing)
        case holds.BelowRatio(whole=whole):
            return ShareOthers(None if whole else delivery.account)
        case holds.PermissionLacking((lack, *_)):
            return RecordPermission(lack.partner, lack.scope.value)
        case holds.PhotoConsentLacking():
            return Revise(delivery.id)
        case holds.AccountAtFault() | Recorded() if code == "account":
            return VerifyAccount(delivery.account)
        case Recorded() if code == "approval":
            return Approve(delivery.id)
        case Recorded() if code in {"ratio", holds.FLOOR}:
            return ShareOthers(None if code == holds.FLOOR else delivery.account)
        case _:
            return None


def of_fault(reason: faults.FaultReason, delivery: Delivery) -> Mend | None:
    """Mend for a delivery that did not go out; None if no act is needed."""
    match reason:
        case faults.ByHand():
            return MarkPosted(delivery.id)
        case faults.EventMoved(event):
            return QueueEvent(event)
        case faults.PermissionWithdrawn() | faults.PhotoConsentWithdrawn():
            return Revise(delivery.id)
        case faults.EventChanged() | Recorded() if delivery.state is State.DRAFT:
            return Approve(delivery.id)
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
    """Mend for the explained delivery; None if no act is needed or possible."""
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
