"""Queueing: a requested post becomes one delivery for each account.

`propose` makes the delivery of one account and finds every reason against it; `enqueue` writes the
post and all of its deliveries, or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import Approvers, asked_for
from crosspromo.domain.corrections import CORRECTION
from crosspromo.domain.deliveries import NewDelivery
from crosspromo.domain.duplicates import EarlierDelivery, nearly_the_same
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.gate import legally_barred
from crosspromo.domain.ladders import comes_after
from crosspromo.domain.ladders import expires_at as expiry_of_step
from crosspromo.domain.mourning import Silence
from crosspromo.domain.posts import Content, Credit, credit_of
from crosspromo.domain.reasons.queueing import (
    AfterEventStart,
    AllowedAnyway,
    BarredByLaw,
    EventHasBegun,
    EventIsCancelled,
    SameOnTwoAccounts,
)
from crosspromo.domain.requests import PostRequest
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.states import State
from crosspromo.domain.timing import next_free_slot
from crosspromo.publishing.compose import Material, Renderer, compose
from crosspromo.publishing.needs import (
    NOTHING_NEEDED,
    Needs,
    check_needs,
    needs_of,
    tagged,
    write_needs,
)
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.ports import AuditingUnit, QueueingUnit
from crosspromo.publishing.repetition import check_repetition
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.silences import silences_of


class Timing(NamedTuple):
    """Time (UTC) that was found for a delivery; `pinned`: it goes then, or is missed."""

    due_at: datetime
    pinned: bool


@dataclass(frozen=True, slots=True)
class ProposedDelivery:
    """Unwritten delivery of one account. Times are aware, in UTC; `cost` is in US dollars.

    `dropped` are texts left out so that the text fits, `taken` characters that have no place in a
    post.
    """

    account: AccountRules
    content: Content
    credit: Credit
    due_at: datetime
    pinned: bool
    expires_at: datetime | None
    cost: float | None
    dropped: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    when_allowed: bool = False
    needs: Needs = NOTHING_NEEDED


def enqueue(
    unit: QueueingUnit, material: Material, proposals: Sequence[ProposedDelivery], now: datetime
) -> list[int]:
    """Write the post and its deliveries; returns the ids of the deliveries.

    QueueingError, and nothing is written, where a text is a duplicate and the request gives no
    reason for it; on accounts that share a duplicate rule no reason helps. NotFoundError for an
    unknown campaign. A post about an event belongs to the event's, unless another is asked for.
    """
    request = material.request
    event = material.event
    _check_copies(unit, request, proposals, now)
    unit.accounts.register(proposal.account.name for proposal in proposals)
    post = unit.posts.add(
        kind=material.kind,
        partners=[partner.slug for partner in material.partners],
        event=None if event is None else event.slug,
        template=material.template,
        reason=material.reason,
        author=request.author,
        now=now,
        making=material.making,
        paid=material.paid,
        campaign=request.campaign or (None if event is None else event.campaign),
        step=material.step,
        tone=request.tone,
    )
    if material.reason is not None:
        unit.audit.add(now, request.author, "notice", f"post {post}", material.reason)
    ids = [
        unit.deliveries.add(
            NewDelivery(
                post=post,
                account=proposal.account.name,
                network=proposal.account.network,
                state=State.DRAFT if _asks(unit, material, proposal.account) else State.QUEUED,
                credit=proposal.credit,
                content=proposal.content,
                due_at=proposal.due_at,
                pinned=proposal.pinned,
                expires_at=proposal.expires_at,
                cost=proposal.cost,
                dropped=proposal.dropped,
                duplicate_reason=request.allow_duplicate,
                composed=None if material.making is None else proposal.content.wording,
                title_given=bool(request.title) and proposal.content.title is not None,
                when_allowed=proposal.when_allowed,
            )
        )
        for proposal in proposals
    ]
    for delivery, proposal in zip(ids, proposals, strict=True):
        if proposal.needs != NOTHING_NEEDED:
            write_needs(unit, delivery, proposal.needs)
    return ids


def _check_copies(
    unit: QueueingUnit, request: PostRequest, proposals: Sequence[ProposedDelivery], now: datetime
) -> None:
    for index, proposal in enumerate(proposals):
        _check_among(proposal, proposals[:index])
        reason = request.allow_duplicate
        earlier = check_repetition(
            unit.history,
            proposal.account,
            proposal.content,
            proposal.due_at,
            allowed=reason is not None,
        )
        if earlier is not None:
            note_allowed(unit, request.author, earlier, reason, now)


def note_allowed(
    unit: AuditingUnit, who: str, earlier: EarlierDelivery, reason: str | None, now: datetime
) -> None:
    """Write into the audit log that a person allowed to repeat an earlier delivery."""
    subject = f"the text of delivery {earlier.delivery} on {earlier.account}"
    unit.audit.add(now, who, "allow duplicate", subject, reason)


def _check_among(proposal: ProposedDelivery, others: Sequence[ProposedDelivery]) -> None:
    """QueueingError for nearly the same text, in one request, on accounts that share a duplicate
    rule.

    No reason in the request lifts the rule of a network.
    """
    peers = proposal.account.accounts_sharing_duplicate_rule
    for other in others:
        same = nearly_the_same(proposal.content.text, other.content.text)
        if same and other.account.name in peers:
            raise QueueingError(SameOnTwoAccounts(proposal.account.name, other.account.name))


def _asks(unit: QueueingUnit, material: Material, account: AccountRules) -> bool:
    """Whether colleagues, or somebody at a partner of the post, must approve the delivery.

    A request may ask for it itself. A step of a ladder that comes after the event is always a
    draft: nobody knows yet how it was.
    """
    if material.request.as_draft:
        return True
    if material.step is not None and comes_after(material.step):
        return True
    asking = unit.approvals.sign_offs(partner.slug for partner in material.partners)
    author = material.request.author
    return bool(asking) or asked_for(account.policy.approval, author) is not Approvers.NONE


def propose(
    unit: QueueingUnit,
    material: Material,
    account: AccountRules,
    *,
    renderer: Renderer,
    own_group: frozenset[str],
    zone: ZoneInfo,
    now: datetime,
    status: str | None = None,
    blackouts: Sequence[Silence] = (),
    timing: Timing | None = None,
) -> ProposedDelivery:
    """Delivery of the account for the requested post.

    `own_group` are slugs of partners that count as us; `status` is our own legal status. Without a
    requested time, and without a `timing`, the delivery takes the next free slot in `zone`; a
    correction waits for none.
    QueueingError where the post
    cannot be queued on the account; InputError where no slot of the next year is free.
    """
    barred = legally_barred(status, {partner.name: partner.status for partner in material.partners})
    if barred:
        raise QueueingError(BarredByLaw(barred))
    expires_at = _expiry(material, now)
    material = tagged(unit, material, account, zone, now)
    content, dropped, taken, _ = compose(material, account, renderer)
    needs = needs_of(
        unit,
        content,
        material.kind,
        material.partners,
        account=account,
        declared=material.request.declared,
    )
    check_needs(unit, needs, account, zone, now)
    credit = credit_for(material, own_group)
    when_allowed = material.request.when_allowed
    if when_allowed and not credit.counts_self:
        raise QueueingError(AllowedAnyway(account.name))
    at_once = when_allowed or material.step == CORRECTION
    pinned = not at_once and material.request.at is not None
    due_at = now if at_once else material.request.at
    if timing is not None:
        due_at, pinned = timing
    if due_at is None:
        due_at = next_free(
            unit, material, account, credit=credit, zone=zone, now=now, blackouts=blackouts
        )
    if expires_at is not None and due_at >= expires_at:
        raise QueueingError(AfterEventStart(account.name, due_at, expires_at))
    return ProposedDelivery(
        account=account,
        content=content,
        credit=credit,
        due_at=due_at,
        pinned=pinned,
        expires_at=expires_at,
        cost=cost_of(content, account.capabilities),
        dropped=dropped,
        when_allowed=when_allowed,
        taken=taken,
        needs=needs,
    )


def next_free(
    unit: QueueingUnit,
    material: Material,
    account: AccountRules,
    *,
    credit: Credit,
    zone: ZoneInfo,
    now: datetime,
    blackouts: Sequence[Silence],
) -> datetime:
    """Next free slot for the post; `now` on an account without slots."""
    if not account.policy.slots:
        return now
    times = unit.deliveries.timetable(account.name)
    about = [partner.slug for partner in material.partners]
    silences = silences_of(
        unit,
        about,
        credit=credit,
        tone=material.tone,
        blackouts=blackouts,
        zone=zone,
        now=now,
    )
    spacing = Spacing(account.policy, zone, silences, times)
    return next_free_slot(account.policy.slots, zone, now, spacing)


def _expiry(material: Material, now: datetime) -> datetime | None:
    event = material.event
    if event is None:
        return None
    if event.cancelled:
        raise QueueingError(EventIsCancelled(event.slug))
    expires_at = expiry_of_step(material.step, event)
    if expires_at <= now:
        raise QueueingError(EventHasBegun(event.slug))
    return expires_at


def credit_for(material: Material, own_group: frozenset[str]) -> Credit:
    """Credit of a post; `own_group` are slugs of partners that count as us."""
    return credit_of(
        material.kind,
        about_own_group=_about_own_group(material, own_group),
        hosting=None if material.event is None else material.event.hosting,
        paid=material.paid,
    )


def _about_own_group(material: Material, own_group: frozenset[str]) -> bool:
    """Whether all partners of the post are in the own group; true without partners, too."""
    return {partner.slug for partner in material.partners} <= own_group


def cost_of(content: Content, capabilities: Capabilities) -> float | None:
    """Cost of the content in US dollars; None on a network that costs nothing."""
    if not capabilities.cost_per_post:
        return None
    return sum(
        capabilities.cost_per_link_post
        if any(entity.type == "link" for entity in capabilities.text.entities(post))
        else capabilities.cost_per_post
        for post in content.posts
    )
