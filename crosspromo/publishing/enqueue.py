"""How a post that somebody wants becomes deliveries in the queue.

Everything that can be wrong is found out before anything is written: `draft` says what each account
would get, `enqueue` writes all of it or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Credit, Image, Kind, credit_of
from crosspromo.domain.states import State
from crosspromo.domain.timing import next_free_slot, wall_clock
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.storage import Unit
from crosspromo.text.fitting import DoesNotFit, Segment, fit
from crosspromo.text.threads import split


@dataclass(frozen=True, slots=True)
class PostRequest:
    """What somebody wants to say.

    `at` is the moment they named, in UTC, or None for each account's next free slot. `text` is
    given for posts about ourselves; otherwise, or with `template`, a template makes it. `thread`: a
    text too long for one post may become several.
    """

    kind: Kind
    author: str
    partners: tuple[Partner, ...] = ()
    event: Event | None = None
    text: str | None = None
    title: str | None = None
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    link: str | None = None
    images: tuple[Image, ...] = ()
    reshare_of: str | None = None
    reason: str | None = None
    paid: bool = False
    thread: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template's result: parts of the text, some of which may go, and a title if it made one."""

    segments: tuple[Segment, ...]
    title: str | None


class Renderer(Protocol):
    """Makes a text for a network."""

    def render(self, request: PostRequest, network: str) -> Rendered: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What one account would get. Times are aware, in UTC; `cost` is in US dollars."""

    account: AccountRules
    content: Content
    credit: Credit
    due_at: datetime
    pinned: bool
    expires_at: datetime | None
    cost: float | None
    dropped: tuple[str, ...] = ()


def enqueue(unit: Unit, request: PostRequest, drafts: Sequence[Draft], now: datetime) -> list[int]:
    """Write the post and its deliveries; the ids of the deliveries come back."""
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
            state=State.QUEUED,
            credit=draft.credit,
            content=draft.content,
            due_at=draft.due_at,
            pinned=draft.pinned,
            expires_at=draft.expires_at,
            cost=draft.cost,
            dropped=draft.dropped,
        )
        for draft in drafts
    ]


def draft(
    unit: Unit,
    request: PostRequest,
    account: AccountRules,
    *,
    renderer: Renderer,
    own_group: frozenset[str],
    zone: ZoneInfo,
    now: datetime,
) -> Draft:
    """What the account would get; QueueingError where it cannot be queued as asked."""
    expires_at = _expiry(request, now)
    content, dropped = compose(request, account, renderer)
    due_at = request.at
    if due_at is None:
        taken = unit.deliveries.taken_slots(account.name, now)
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
    )


def compose(
    request: PostRequest, account: AccountRules, renderer: Renderer
) -> tuple[Content, tuple[str, ...]]:
    """The content for the account, and what was dropped so that it fits."""
    rendered = renderer.render(request, account.speaks)
    text, parts, dropped = _fitted(rendered.segments, account, thread=request.thread)
    title = _title(request.title or rendered.title, account)
    if not text.strip() and title is None:
        raise QueueingError(f"{account.name}: there is nothing to say: the text is empty")
    _check_images(request.images, account)
    content = Content(
        text=text,
        title=title,
        link=request.link,
        images=request.images,
        reshare_of=request.reshare_of,
        parts=parts,
    )
    return content, dropped


def _fitted(
    segments: Sequence[Segment], account: AccountRules, *, thread: bool
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text, the parts of a thread if it has to become one, and what was left out.

    A thread leaves nothing out: there is room for all of it.
    """
    rules = account.capabilities.text
    try:
        if thread and account.capabilities.threads:
            whole = "".join(segment.text for segment in segments)
            parts = split(whole, rules)
            if len(parts) > 1:
                return whole.strip(), tuple(parts), ()
        fitted = fit(segments, rules)
    except DoesNotFit as error:
        hint = "" if thread or not account.capabilities.threads else "; or make it a --thread"
        raise QueueingError(f"{account.name}: {error}{hint}") from None
    return fitted.text, (), fitted.dropped


def _title(title: str | None, account: AccountRules) -> str | None:
    rules = account.capabilities.text
    limit = rules.title_limit
    if limit is None:
        return None
    title = " ".join((title or "").split())
    if not title:
        if rules.title_required:
            raise QueueingError(f"{account.name} needs a title; add --title")
        return None
    over = rules.measure_title(title) - limit
    if over > 0:
        raise QueueingError(
            f"{account.name}: the title is too long by {over} ({limit + over} of {limit}); "
            "shorten it with --title"
        )
    return title


def _check_images(images: Sequence[Image], account: AccountRules) -> None:
    most = account.capabilities.max_images
    if len(images) > most:
        allowed = "no images" if most == 0 else "1 image" if most == 1 else f"{most} images"
        raise QueueingError(f"{account.name} takes {allowed}, not {len(images)}")
    for image in images:
        if not image.alt.strip():
            raise QueueingError(f"{image.path} has no alt text; add --alt after its --image")


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
