"""How a post that somebody wants becomes deliveries in the queue.

Everything that can be wrong is found out before anything is written: `draft` says what each account
would get, `enqueue` writes all of it or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain import legal
from crosspromo.domain.approval import Approvers, asked_for, wants_to_sign_off
from crosspromo.domain.duplicates import REACH, elsewhere, here, nearly_the_same
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Content, Credit, Kind, credit_of
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE, next_free_slot, wall_clock
from crosspromo.publishing.compose import PostRequest, Renderer, compose
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.storage import Unit


@dataclass(frozen=True, slots=True)
class Draft:
    """What one account would get. Times are aware, in UTC; `cost` is in US dollars. People read
    times in `zone`.
    """

    account: AccountRules
    content: Content
    credit: Credit
    due_at: datetime
    pinned: bool
    expires_at: datetime | None
    cost: float | None
    dropped: tuple[str, ...] = ()
    zone: ZoneInfo = UTC_ZONE


def enqueue(unit: Unit, request: PostRequest, drafts: Sequence[Draft], now: datetime) -> list[int]:
    """Write the post and its deliveries; the ids of the deliveries come back.

    QueueingError where a text was said already.
    """
    _check_copies(unit, request, drafts, now)
    unit.accounts.register(draft.account.name for draft in drafts)
    post = unit.posts.add(
        kind=request.kind,
        partners=[partner.slug for partner in request.partners],
        event=None if request.event is None else request.event.slug,
        template=request.template,
        reason=request.reason,
        author=request.author,
        now=now,
    )
    if request.kind is Kind.NOTICE:
        unit.audit.add(now, request.author, "notice", f"post {post}", request.reason)
    return [
        unit.deliveries.add(
            post=post,
            account=draft.account.name,
            network=draft.account.network,
            state=State.DRAFT if _asks(request, draft.account) else State.QUEUED,
            credit=draft.credit,
            content=draft.content,
            due_at=draft.due_at,
            pinned=draft.pinned,
            expires_at=draft.expires_at,
            cost=draft.cost,
            dropped=draft.dropped,
            duplicate_reason=request.allow_duplicate,
        )
        for draft in drafts
    ]


def _check_copies(unit: Unit, request: PostRequest, drafts: Sequence[Draft], now: datetime) -> None:
    for index, draft in enumerate(drafts):
        _check_elsewhere(unit, draft, drafts[:index])
        name, content = draft.account.name, draft.content
        earlier = unit.history.said(
            name, content, draft.due_at - REACH
        ) or unit.history.about_to_be_said(name, content, draft.due_at)
        if earlier is None:
            continue
        if request.allow_duplicate is None:
            said = here(earlier, draft.zone)
            raise QueueingError(
                f"{said}. Say it in other words, or give a reason with --allow-duplicate"
            )
        subject = f"the text of delivery {earlier.delivery} on {name}"
        unit.audit.add(now, request.author, "allow duplicate", subject, request.allow_duplicate)


def _check_elsewhere(unit: Unit, draft: Draft, others: Sequence[Draft]) -> None:
    """Where the network allows no such text on two accounts no reason does, either."""
    peers = draft.account.one_voice_with
    for other in others:
        same = nearly_the_same(draft.content.text, other.content.text)
        if same and other.account.name in peers:
            raise QueueingError(
                f"{draft.account.name} would say the same as {other.account.name}, or nearly; "
                "X forbids that on two accounts. Queue it for one of them only"
            )
    earlier = unit.history.nearly_said(
        peers, draft.content, draft.due_at - REACH
    ) or unit.history.about_to_be_nearly_said(peers, draft.content, draft.due_at)
    if earlier is not None:
        raise QueueingError(elsewhere(earlier, draft.account.name, draft.zone))


def _asks(request: PostRequest, account: AccountRules) -> bool:
    """Whether anybody has to approve it first: people, or a partner it is about."""
    asking = any(wants_to_sign_off(partner) for partner in request.partners)
    return asking or asked_for(account.policy.approval, request.author) is not Approvers.NONE


def draft(
    unit: Unit,
    request: PostRequest,
    account: AccountRules,
    *,
    renderer: Renderer,
    own_group: frozenset[str],
    zone: ZoneInfo,
    now: datetime,
    status: str | None = None,
) -> Draft:
    """What the account would get; QueueingError where it cannot be queued as asked.

    `status` is our own legal status.
    """
    blocked = legal.block(status, {partner.name: partner.status for partner in request.partners})
    if blocked is not None:
        raise QueueingError(blocked)
    expires_at = _expiry(request, now)
    content, dropped = compose(request, account, renderer)
    due_at = request.at
    if due_at is None:
        taken = unit.deliveries.taken_slots(account.name)
        due_at = next_free_slot(account.policy.slots, zone, now, taken)
    if expires_at is not None and due_at >= expires_at:
        raise QueueingError(
            f"{account.name}: this would go out at {wall_clock(due_at, zone)}, after the event "
            f"has begun ({wall_clock(expires_at, zone)}); name an earlier time with --at"
        )
    return Draft(
        account=account,
        content=content,
        credit=credit_of(
            request.kind,
            about_own_group=_about_own_group(request, own_group),
            hosting=None if request.event is None else request.event.hosting,
            paid=request.paid,
        ),
        due_at=due_at,
        pinned=request.at is not None,
        expires_at=expires_at,
        cost=_cost(content, account.capabilities),
        dropped=dropped,
        zone=zone,
    )


def _expiry(request: PostRequest, now: datetime) -> datetime | None:
    event = request.event
    if event is None:
        return None
    if event.cancelled:
        raise QueueingError(f"{event.slug} is cancelled")
    if event.starts_at <= now:
        raise QueueingError(f"{event.slug} has already begun")
    return event.starts_at


def _about_own_group(request: PostRequest, own_group: frozenset[str]) -> bool:
    """Whether all whom it is about are us. Where nobody is named, the doubt counts against us."""
    return {partner.slug for partner in request.partners} <= own_group


def _cost(content: Content, capabilities: Capabilities) -> float | None:
    if not capabilities.cost_per_post:
        return None
    return sum(
        capabilities.cost_per_link_post
        if any(entity.type == "link" for entity in capabilities.text.entities(post))
        else capabilities.cost_per_post
        for post in content.posts
    )
