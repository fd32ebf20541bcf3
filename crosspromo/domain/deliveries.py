"""Delivery: one post on one account, the unit of the queue, the ratio and every report."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.states import State
from crosspromo.domain.tones import Tone, tone_of
from crosspromo.domain.values import Value
from crosspromo.domain.verdicts import Override


class HoldNote(Value, frozen=True):
    """Reason for a queued delivery's hold; `until` is the time of the next check, if known."""

    reason: HoldReason
    until: datetime | None = None

    @property
    def code(self) -> str:
        """Reason code."""
        return holds.code_of(self.reason)


class PastHold(Value, frozen=True):
    """Time during which a delivery was held for reasons of one code.

    `reason` has the numbers of the beginning. `ended_at` None: the hold lasts.
    """

    code: str
    reason: HoldReason
    since: datetime
    ended_at: datetime | None


class Fault(Value, frozen=True):
    """Reason for a delivery's last failure to go out."""

    reason: FaultReason

    @property
    def code(self) -> str:
        """Reason code."""
        return faults.code_of(self.reason)


class NewDelivery(Value, frozen=True):
    """A delivery as it is written into the queue: a draft, or queued. Times are aware, in UTC.

    `post` is the id of its post, `cost` is in US dollars. `dropped` are the texts left out so that
    the text fits. `duplicate_reason` is why the same text may go out again, None where it may not.
    `composed` is the wording (`Content.wording`) of a template, None where a person wrote the text.
    `title_given`: a person wrote the title.
    `when_allowed`: it has no time of its own (`Delivery`).
    """

    post: int
    account: str
    network: str
    state: State
    credit: Credit
    content: Content
    due_at: datetime
    pinned: bool
    expires_at: datetime | None
    cost: float | None
    dropped: tuple[str, ...] = ()
    duplicate_reason: str | None = None
    composed: str | None = None
    title_given: bool = False
    when_allowed: bool = False


class ContentFields(NamedTuple):
    """Fields of a delivery that depend on its content, for a changed content.

    `cost` is in US dollars, `dropped` are the texts left out so that the text fits, `title_given`:
    a person wrote the title.
    """

    cost: float | None
    dropped: tuple[str, ...]
    title_given: bool


class Delivery(Value, frozen=True):
    """Queue record: one post on one account. Times are aware, in UTC.

    `wake_at` is the time of the daemon's next look at the delivery: when it is due or to be tried
    again (queued), when its lease ends (sending), when it is looked up next (unknown); None if only
    a person or an event moves the delivery. `dropped` are parts left out so that the text fits.
    `composed` is the wording that a template made; None where a person wrote the text, and in rows
    from before database version 0009.
    `title_given`: a person wrote the title. `paid`: somebody paid us for the post.
    `when_allowed`: a self post without a time of its own, which takes the first free slot once the
    gate allows it; its `due_at` is when it was queued, until it has a slot.
    `campaign` is the slug of the one that its post belongs to, `note` what we note on the post for
    ourselves, `step` that of the ladder which it is (or CORRECTION), and `tone` the one that a
    person chose. `planned`: planning gave it its place.
    """

    id: int
    post: int
    account: str
    network: str
    kind: Kind
    state: State
    credit: Credit
    content: Content
    due_at: datetime
    pinned: bool
    attempt: int = 0
    partners: tuple[str, ...] = ()
    event: str | None = None
    wake_at: datetime | None = None
    expires_at: datetime | None = None
    claimed_by: str | None = None
    published_at: datetime | None = None
    remote_id: str | None = None
    url: str | None = None
    hold: HoldNote | None = None
    fault: Fault | None = None
    override: Override | None = None
    needs_person: bool = False
    cost: float | None = None
    dropped: tuple[str, ...] = ()
    author: str = ""
    duplicate_allowed: bool = False
    composed: str | None = None
    title_given: bool = False
    paid: bool = False
    when_allowed: bool = False
    campaign: str | None = None
    note: str = ""
    step: str | None = None
    tone: Tone | None = None
    planned: bool = False

    @property
    def effective_tone(self) -> Tone:
        """Tone that a person chose, else that of the kind."""
        return tone_of(self.kind, self.tone)

    @property
    def waits_to_be_allowed(self) -> bool:
        """Whether the delivery is a draft or queued, and has no time of its own."""
        waits = self.state in {State.DRAFT, State.QUEUED} and not self.attempt
        return self.when_allowed and waits


class Latest(NamedTuple):
    """The latest deliveries of a kind, by id, and the number of `earlier` ones left out."""

    deliveries: Sequence[Delivery]
    earlier: int


class Renewal(Value, frozen=True):
    """Draft or queued delivery as a change of its event leaves it. Times are aware, in UTC.

    `fault` is why the delivery became a draft, or has to be looked at by a person; else None.
    """

    content: Content
    credit: Credit
    due_at: datetime
    expires_at: datetime | None
    cost: float | None
    dropped: tuple[str, ...]
    composed: str | None
    into: State
    fault: Fault | None = None
    pinned: bool = False


def waits_for_approval(delivery: Delivery) -> bool:
    """Whether the delivery is a draft, or queued and held until it is approved."""
    is_held = delivery.hold is not None and delivery.hold.code == "approval"
    return delivery.state is State.DRAFT or is_held
