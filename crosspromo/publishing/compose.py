"""What one account would say: a wanted post in that account's shape, held to its network's limits.

A reshare is the network's own repost or quote where it has them, else a text that names the post.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Image, Kind
from crosspromo.publishing.rules import AccountRules
from crosspromo.text.fitting import DoesNotFit, Segment, fit
from crosspromo.text.threads import split

DISCLOSURE = "Paid partnership"


@dataclass(frozen=True, slots=True)
class PostRequest:
    """What somebody wants to say.

    `at` is the moment they named, in UTC, or None for each account's next free slot. `text` is
    given for posts about ourselves; otherwise, or with `template`, a template makes it. `thread`: a
    text too long for one post may become several. `images` are those that `illustrate` has fitted.
    `allow_duplicate` is the reason why an account may say again what it said lately.
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
    allow_duplicate: str | None = None
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


def compose(
    request: PostRequest, account: AccountRules, renderer: Renderer
) -> tuple[Content, tuple[str, ...]]:
    """The content for the account, and what was dropped so that it fits."""
    reshared = _to_repost(request, account)
    native = reshared is not None
    if native:  # the network shows the post itself; ours are only the words above it, if any
        rendered = Rendered((Segment(request.text or ""),), None)
    else:
        rendered = renderer.render(request, account.speaks)
    segments = disclosed(rendered.segments) if request.paid else rendered.segments
    text, parts, dropped = _fitted(segments, account, request)
    title = _title(request.title or rendered.title, account, required=not native)
    if not native and not text.strip() and title is None:
        raise QueueingError(f"{account.name}: there is nothing to say: the text is empty")
    content = Content(
        text=text,
        title=title,
        link=request.link,
        images=request.images,
        reshare_of=reshared or request.reshare_of,
        parts=parts,
        native=native,
    )
    return content, dropped


def _to_repost(request: PostRequest, account: AccountRules) -> str | None:
    """The address of the post, where the account's network can reshare it by its own means, words
    and all; without the part that only says by which button somebody came by it (`?s=20`).
    """
    capabilities = account.capabilities
    if request.kind is not Kind.RESHARE or not request.reshare_of or not capabilities.reposts:
        return None
    has_words = bool((request.text or "").strip()) or request.paid  # who was paid has to say so
    if has_words and not capabilities.quotes:
        return None
    whole = request.reshare_of
    addresses = (re.split("[?#]", whole, maxsplit=1)[0], whole)
    return next((each for each in addresses if capabilities.reposts.fullmatch(each)), None)


def disclosed(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same text, which says that somebody paid: if need be in a sentence that stays."""
    kept = "".join(segment.text for segment in segments if segment.drop is None)
    if DISCLOSURE.casefold() in kept.casefold():
        return tuple(segments)
    return (*segments, Segment(f"\n\n{DISCLOSURE}."))


def _fitted(
    segments: Sequence[Segment], account: AccountRules, request: PostRequest
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text, the parts of a thread if it has to become one, and what was left out.

    A thread leaves nothing out: there is room for all of it.
    """
    rules = account.capabilities.text
    threads = account.capabilities.threads and request.kind is not Kind.RESHARE
    try:
        if threads and request.thread:
            whole = "".join(segment.text for segment in segments)
            parts = split(whole, rules)
            if len(parts) > 1:
                return whole.strip(), tuple(parts), ()
        fitted = fit(segments, rules)
    except DoesNotFit as error:
        hint = "; or make it a --thread" if threads and not request.thread else ""
        raise QueueingError(f"{account.name}: {error}{hint}") from None
    return fitted.text, (), fitted.dropped


def _title(title: str | None, account: AccountRules, *, required: bool) -> str | None:
    rules = account.capabilities.text
    limit = rules.title_limit
    if limit is None:
        return None
    title = " ".join((title or "").split())
    if not title:
        if required and rules.title_required:
            raise QueueingError(f"{account.name} needs a title; add --title")
        return None
    over = rules.measure_title(title) - limit
    if over > 0:
        raise QueueingError(
            f"{account.name}: the title is too long by {over} ({limit + over} of {limit}); "
            "shorten it with --title"
        )
    return title
