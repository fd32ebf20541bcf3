"""Reasons why readable input is unusable. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.reasons.acts import Act


class ReasonMissing(NamedTuple):
    """Blank reason for an act that needs one."""

    act: Act


class PastMoment(NamedTuple):
    """Due time in the past."""

    moment: datetime


class FutureMoment(NamedTuple):
    """Opening balance at a time in the future."""

    moment: datetime


class NothingCounted(NamedTuple):
    """Opening balance with no posts, or with a negative number."""


class TooManyCounted(NamedTuple):
    """Opening balance above `most` posts about others, or about us."""

    most: int


class BalanceExists(NamedTuple):
    """Second opening balance for an account; the first, given here, stays unchanged."""

    account: str
    others: int
    self_: int
    at: datetime
    reason: str


class BalanceOverlaps(NamedTuple):
    """Opening balance that would count `posts` outside posts twice, the first at `first`."""

    account: str
    posts: int
    first: datetime


class PartnerExists(NamedTuple):
    """Partner slug in use already."""

    partner: str


class CampaignExists(NamedTuple):
    """Slug of a campaign in use already."""

    campaign: str


class CampaignEndsFirst(NamedTuple):
    """Campaign whose last day is before its first."""


class PartnerArchived(NamedTuple):
    """Archived partner, who is not offered for new posts."""

    partner: str


class EventOfArchived(NamedTuple):
    """Event that only archived partners hold; `partner` is the first of them."""

    event: str
    partner: str


class LadderIsOver(NamedTuple):
    """Event of which no step of the ladder is to come any more."""

    event: str
    ladder: str


class PartnerInUse(NamedTuple):
    """Partner whom posts, events, ledger rows, notes or crosspromo.toml name, and who stays.

    `kept_up` counts people, permissions, introductions and sources.
    """

    partner: str
    posts: int
    events: int
    ledger_rows: int
    noted: int
    kept_up: int
    in_settings: bool


class HeadingsProposed(NamedTuple):
    """Spreadsheet with headings that are not ours.

    `proposals` are headings with the columns proposed for them; cells under `noted` would be notes.
    """

    source: str
    proposals: tuple[tuple[str, str], ...]
    noted: tuple[str, ...]


class NoNameHeading(NamedTuple):
    """Spreadsheet of which no heading is known to give a partner's name; `likeliest` might.

    `proposals` are other headings with the columns proposed for them.
    """

    source: str
    headings: tuple[str, ...]
    likeliest: str
    proposals: tuple[tuple[str, str], ...] = ()


class NoSuchHeading(NamedTuple):
    """Mapping of a heading without a column in the spreadsheet."""

    heading: str
    headings: tuple[str, ...]


class NoSuchColumn(NamedTuple):
    """Mapping of a heading to an unknown column."""

    column: str
    columns: tuple[str, ...]


class ImportUndone(NamedTuple):
    """Import that was undone already."""

    number: int
    at: datetime


class OlderImportStands(NamedTuple):
    """Last import, which was undone already; import `older` before it still stands."""

    number: int
    at: datetime
    older: int
    imported_at: datetime
    who: str
    source: str


class BadSlug(NamedTuple):
    """Text unusable as a slug."""

    text: str


class NameMissing(NamedTuple):
    """Blank name of a partner or an event (`what`)."""

    what: str


class NameMakesNoSlug(NamedTuple):
    """Partner's name without a letter or digit of a slug, and no slug beside it."""

    name: str


class PersonUnnamed(NamedTuple):
    """Blank name of an author or an acting person."""


class BadVariable(NamedTuple):
    """Text unusable as a template variable's name."""

    name: str


class NobodyToAsk(NamedTuple):
    """Partner (slug) who is not to be asked for anything now about the event (slug)."""

    event: str
    partner: str


class NothingToChange(NamedTuple):
    """Edit without anything new."""


class AltTextsMismatch(NamedTuple):
    """Another number of alt texts (`alts`) than of the delivery's images (`images`)."""

    delivery: int
    images: int
    alts: int


class NothingNamed(NamedTuple):
    """Act without a delivery and without a post."""


class EndsBeforeStart(NamedTuple):
    """Event end not later than event start."""


class BadHandle(NamedTuple):
    """Text unusable as a handle on this network; `words` give the cause."""

    network: str
    handle: str
    words: str


class BadAddress(NamedTuple):
    """Text that is no web address."""

    text: str


class RenameTaken(NamedTuple):
    """New name of an account that has deliveries or ledger rows of its own already."""

    account: str


class RenameAbroad(NamedTuple):
    """New name of an account that stands for another network than the old one's deliveries."""

    account: str
    network: str
    before: str


class NoAccountsYet(NamedTuple):
    """No accounts in crosspromo.toml."""


class NoAccountNamed(NamedTuple):
    """Post without an account."""


class NoPartnerChosen(NamedTuple):
    """Spotlight without a partner."""


class NoEventChosen(NamedTuple):
    """Event post without an event."""


class WordsAndTemplate(NamedTuple):
    """Own post with words of a person, and with a template that would make others."""


class NoFreeSlot(NamedTuple):
    """No free slot within the next year: each is taken, or a rule speaks against it."""


class JointWithoutHost(NamedTuple):
    """Joint event without a partner as host."""


class LeadWithoutJoint(NamedTuple):
    """Lead given for an event that is not joint."""


class OwnWork(NamedTuple):
    """Author's approval of the own delivery, which does not count."""

    delivery: int
    author: str


class OwnEdit(NamedTuple):
    """Approval of a text by the person who changed it last, which does not count."""

    delivery: int
    editor: str


class SignOffNotAsked(NamedTuple):
    """Sign-off by a partner without a request for sign-off, or without a part in the delivery."""

    delivery: int
    partner: str


class ApprovedAlready(NamedTuple):
    """Second approval by the same person."""

    delivery: int
    name: str


class WorkspaceExists(NamedTuple):
    """Existing workspace; `file` is its crosspromo.toml."""

    file: str


class FileExists(NamedTuple):
    """Existing file, which is never overwritten."""

    file: str


class NotProposed(NamedTuple):
    """Item that the plan does not propose any more."""


class NotInThatSlot(NamedTuple):
    """Item that would not go in the slot of another line of the plan."""


class WordsWanted(NamedTuple):
    """Pencilled line of a plan, which a person has still to write."""


class NotOnSQLite(NamedTuple):
    """Backup of a database (by name) to `file`: only SQLite databases are backed up here."""

    database: str
    file: str


InputRefusal = (
    ReasonMissing
    | PastMoment
    | FutureMoment
    | NothingCounted
    | TooManyCounted
    | BalanceExists
    | BalanceOverlaps
    | PartnerExists
    | CampaignExists
    | CampaignEndsFirst
    | PartnerArchived
    | EventOfArchived
    | LadderIsOver
    | PartnerInUse
    | HeadingsProposed
    | NoNameHeading
    | NoSuchHeading
    | NoSuchColumn
    | ImportUndone
    | OlderImportStands
    | BadSlug
    | NameMissing
    | NameMakesNoSlug
    | PersonUnnamed
    | BadVariable
    | NobodyToAsk
    | NothingToChange
    | AltTextsMismatch
    | NothingNamed
    | EndsBeforeStart
    | BadHandle
    | BadAddress
    | RenameTaken
    | RenameAbroad
    | NoAccountsYet
    | NoAccountNamed
    | NoPartnerChosen
    | NoEventChosen
    | WordsAndTemplate
    | NoFreeSlot
    | JointWithoutHost
    | LeadWithoutJoint
    | OwnWork
    | OwnEdit
    | SignOffNotAsked
    | ApprovedAlready
    | WorkspaceExists
    | FileExists
    | NotOnSQLite
    | NotProposed
    | NotInThatSlot
    | WordsWanted
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        ReasonMissing: "reason-missing",
        PastMoment: "past-moment",
        FutureMoment: "future-moment",
        NothingCounted: "nothing-counted",
        TooManyCounted: "too-many-counted",
        BalanceExists: "balance-exists",
        BalanceOverlaps: "balance-overlaps",
        PartnerExists: "partner-exists",
        CampaignExists: "campaign-exists",
        CampaignEndsFirst: "campaign-ends-first",
        PartnerArchived: "partner-archived",
        EventOfArchived: "event-of-archived",
        LadderIsOver: "ladder-is-over",
        PartnerInUse: "partner-in-use",
        HeadingsProposed: "headings-proposed",
        NoNameHeading: "no-name-heading",
        NoSuchHeading: "no-such-heading",
        NoSuchColumn: "no-such-column",
        ImportUndone: "import-undone",
        OlderImportStands: "older-import-stands",
        BadSlug: "bad-slug",
        NameMissing: "name-missing",
        NameMakesNoSlug: "name-makes-no-slug",
        PersonUnnamed: "person-unnamed",
        BadVariable: "bad-variable",
        NobodyToAsk: "nobody-to-ask",
        NothingToChange: "nothing-to-change",
        AltTextsMismatch: "alt-texts-mismatch",
        NothingNamed: "nothing-named",
        EndsBeforeStart: "ends-before-start",
        BadHandle: "bad-handle",
        BadAddress: "bad-address",
        RenameTaken: "rename-taken",
        RenameAbroad: "rename-abroad",
        NoAccountsYet: "no-accounts-yet",
        NoAccountNamed: "no-account-named",
        NoPartnerChosen: "no-partner-chosen",
        NoEventChosen: "no-event-chosen",
        WordsAndTemplate: "words-and-template",
        NoFreeSlot: "no-free-slot",
        JointWithoutHost: "joint-without-host",
        LeadWithoutJoint: "lead-without-joint",
        OwnWork: "own-work",
        OwnEdit: "own-edit",
        SignOffNotAsked: "sign-off-not-asked",
        ApprovedAlready: "approved-already",
        WorkspaceExists: "workspace-exists",
        FileExists: "file-exists",
        NotOnSQLite: "not-on-sqlite",
        NotProposed: "not-proposed",
        NotInThatSlot: "not-in-that-slot",
        WordsWanted: "words-wanted",
    }
)
