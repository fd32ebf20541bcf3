"""Reasons why something given cannot be used, although it can be read. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.reasons.acts import Act


class ReasonMissing(NamedTuple):
    """The act needs a reason, and what was given is blank."""

    act: Act


class PastMoment(NamedTuple):
    """A post cannot be due at a moment that has passed."""

    moment: datetime


class FutureMoment(NamedTuple):
    """An opening balance cannot count from a moment that lies ahead."""

    moment: datetime


class NothingCounted(NamedTuple):
    """An opening balance of no posts at all, or of fewer than none."""


class TooManyCounted(NamedTuple):
    """An opening balance of more than `most` posts about others, or about us."""

    most: int


class BalanceExists(NamedTuple):
    """The account has an opening balance already, and it stays as it is."""

    account: str
    others: int
    self_: int
    at: datetime
    reason: str


class BalanceOverlaps(NamedTuple):
    """`posts` outside posts, the first at `first`, would be counted twice by the balance."""

    account: str
    posts: int
    first: datetime


class PartnerExists(NamedTuple):
    """A partner with this slug exists already."""

    partner: str


class BadSlug(NamedTuple):
    """The text cannot be a slug."""

    text: str


class NameMissing(NamedTuple):
    """A partner or an event (`what`) needs a name that is not blank."""

    what: str


class PersonUnnamed(NamedTuple):
    """An author, or somebody who acts, needs a name that is not blank."""


class BadVariable(NamedTuple):
    """The text cannot be the name of a variable in a template."""

    name: str


class NothingToChange(NamedTuple):
    """An edit names neither another text nor another title."""


class EndsBeforeStart(NamedTuple):
    """An event has to end after it starts."""


class BadHandle(NamedTuple):
    """The text cannot be a handle on this network; `words` say why."""

    network: str
    handle: str
    words: str


class BadAddress(NamedTuple):
    """The text is not a web address."""

    text: str


class NoAccountsYet(NamedTuple):
    """crosspromo.toml has no accounts."""


class NoAccountNamed(NamedTuple):
    """A post needs one account at least."""


class NoFreeSlot(NamedTuple):
    """Every slot of the next year is taken."""


class JointWithoutHost(NamedTuple):
    """A joint event needs the partner with whom we hold it."""


class LeadWithoutJoint(NamedTuple):
    """Only a joint event has a lead."""


class OwnWork(NamedTuple):
    """Nobody approves what they wrote."""

    delivery: int
    author: str


class SignOffNotAsked(NamedTuple):
    """The delivery is not about a partner of this slug who asked to sign off."""

    delivery: int
    partner: str


class ApprovedAlready(NamedTuple):
    """This person has approved the delivery."""

    delivery: int
    name: str


class WorkspaceExists(NamedTuple):
    """There is a workspace already: this is its crosspromo.toml."""

    file: str


class FileExists(NamedTuple):
    """The file exists, and nothing is overwritten."""

    file: str


class NotOnSQLite(NamedTuple):
    """Only a SQLite database is backed up here; this one (by name) should have gone to `file`."""

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
    | BadSlug
    | NameMissing
    | PersonUnnamed
    | BadVariable
    | NothingToChange
    | EndsBeforeStart
    | BadHandle
    | BadAddress
    | NoAccountsYet
    | NoAccountNamed
    | NoFreeSlot
    | JointWithoutHost
    | LeadWithoutJoint
    | OwnWork
    | SignOffNotAsked
    | ApprovedAlready
    | WorkspaceExists
    | FileExists
    | NotOnSQLite
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
        BadSlug: "bad-slug",
        NameMissing: "name-missing",
        PersonUnnamed: "person-unnamed",
        BadVariable: "bad-variable",
        NothingToChange: "nothing-to-change",
        EndsBeforeStart: "ends-before-start",
        BadHandle: "bad-handle",
        BadAddress: "bad-address",
        NoAccountsYet: "no-accounts-yet",
        NoAccountNamed: "no-account-named",
        NoFreeSlot: "no-free-slot",
        JointWithoutHost: "joint-without-host",
        LeadWithoutJoint: "lead-without-joint",
        OwnWork: "own-work",
        SignOffNotAsked: "sign-off-not-asked",
        ApprovedAlready: "approved-already",
        WorkspaceExists: "workspace-exists",
        FileExists: "file-exists",
        NotOnSQLite: "not-on-sqlite",
    }
)
