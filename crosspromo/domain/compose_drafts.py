"""Drafts of the console: what a person has typed for a post that is not queued yet.

A draft keeps what was typed, also where it is no post yet: a time that cannot be read, a partner
who is not chosen. `request_of` makes the post of it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import InputError, UsageError
from crosspromo.domain.posts import Image, Kind
from crosspromo.domain.reasons.inputs import (
    BadVariable,
    NoEventChosen,
    NoPartnerChosen,
    WordsAndTemplate,
)
from crosspromo.domain.requests import (
    EventPost,
    FromTemplate,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
    Words,
)
from crosspromo.domain.tones import Tone
from crosspromo.domain.typed_times import parse_when

TOKEN = re.compile(r"[A-Za-z0-9_-]{12}")
"""Form of a draft's token: 72 random bits."""

KEPT_PICTURE = re.compile(r"media/[0-9a-f]{64}\.(?:jpg|png|gif|webp)")
"""Path of a kept picture, by the hash of its bytes."""

TIME_NOT_CHOSEN = 'You typed a time. Choose "At" for it, or empty the field'

MOST_PICTURES = 10
LONGEST_FIELD = 100_000
"""Most characters of one field; no network takes a longer text."""


class DraftError(UsageError):
    """What was typed or sent cannot be kept; `field` is the field of `Composed` to be changed."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


class When(StrEnum):
    """When a post is to go: each account's next free slot, a typed time, or once it is allowed."""

    SLOT = "slot"
    AT = "at"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Picture:
    """Picture of a draft: kept in the workspace at `path`, sent by a person as the file `name`."""

    path: str
    name: str
    alt: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether the path is one under which pictures are kept, and no other file."""
        return KEPT_PICTURE.fullmatch(self.path) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Typed values of the form that writes a post. Empty: nothing was typed.

    `variables` are lines NAME=VALUE for the template. A field that the chosen kind does not have is
    kept, and left out of the post.
    """

    kind: Kind = Kind.OWN
    partner: str = ""
    event: str = ""
    url: str = ""
    text: str = ""
    template: str = ""
    variables: str = ""
    title: str = ""
    link: str = ""
    reason: str = ""
    allow_duplicate: str = ""
    thread: bool = False
    paid: bool = False
    markdown: bool = False
    accounts: tuple[str, ...] = ()
    when: When = When.SLOT
    at: str = ""
    pictures: tuple[Picture, ...] = ()
    campaign: str = ""
    tone: str = ""

    @property
    def mark(self) -> str:
        """Hash of everything that was typed: 64 hex digits."""
        return hashlib.sha256(repr(self).encode("utf-8", "replace")).hexdigest()

    @property
    def is_begun(self) -> bool:
        """Whether there is enough to try it: words, or what they are made of."""
        match self.kind:
            case Kind.SPOTLIGHT:
                return bool(self.partner)
            case Kind.EVENT:
                return bool(self.event)
            case Kind.RESHARE:
                return bool(self.partner and self.url)
            case Kind.OWN:
                return bool(self.text.strip() or self.template)
            case Kind.NOTICE:
                return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Draft:
    """Draft of a person.

    `post` is the post that it became, or None; `mark` is that of what was queued, empty for a draft
    and where it is not known.
    """

    token: str
    person: int
    composed: Composed
    saved_at: datetime
    post: int | None = None
    mark: str = ""


def request_of(composed: Composed, author: str, now: datetime, zone: ZoneInfo) -> PostRequest:
    """Post that the draft asks for.

    UsageError for a time that cannot be read; InputError for what is missing, or is unusable.
    DraftError for a time that was typed and not chosen: nobody knows what is meant.
    """
    if composed.at.strip() and composed.when is not When.AT:
        raise DraftError(TIME_NOT_CHOSEN, "at")
    given: dict[str, Any] = {
        "author": author,
        "at": parse_when(composed.at, now, zone) if composed.when is When.AT else None,
        "when_allowed": composed.when is When.ALLOWED,
        "title": composed.title.strip() or None,
        "allow_duplicate": composed.allow_duplicate.strip() or None,
        "campaign": composed.campaign or None,
        "tone": Tone(composed.tone) if composed.tone else None,
    }
    link = composed.link.strip() or None
    made: dict[str, Any] = {
        "link": link,
        "thread": composed.thread,
        "variables": _variables(composed.variables),
        "images": tuple(Image(each.path, each.alt) for each in composed.pictures),
    }
    template = composed.template or None
    match composed.kind:
        case Kind.SPOTLIGHT:
            partner = _chosen_partner(composed)
            return Spotlight(
                partner=partner, template=template, paid=composed.paid, **made, **given
            )
        case Kind.EVENT:
            if not composed.event:
                raise InputError(NoEventChosen())
            event = composed.event
            return EventPost(event=event, template=template, paid=composed.paid, **made, **given)
        case Kind.RESHARE:
            return Reshare(
                partner=_chosen_partner(composed),
                url=composed.url.strip(),
                quote=composed.text if composed.text.strip() else None,
                paid=composed.paid,
                markdown=composed.markdown,
                **given,
            )
        case Kind.OWN:
            if template is not None and composed.text.strip():
                raise InputError(WordsAndTemplate())
            says = Words(composed.text) if template is None else FromTemplate(template)
            return OwnPost(says=says, markdown=composed.markdown, **made, **given)
        case Kind.NOTICE:
            return Notice(
                text=composed.text,
                reason=composed.reason,
                link=link,
                thread=composed.thread,
                markdown=composed.markdown,
                **given,
            )
        case _:
            assert_never(composed.kind)


def meant(typed: str, names: Mapping[str, str]) -> str:
    """Slug of what a person typed: a slug, a whole name, or a part that only one of them has.

    `names` are names by slug. Anything else comes back as it was typed.
    """
    words = " ".join(typed.split()).casefold()
    if not words or typed in names:
        return typed
    whole = [slug for slug, name in names.items() if name.casefold() == words]
    part = [slug for slug, name in names.items() if words in name.casefold() or words in slug]
    found = whole or part
    return found[0] if len(found) == 1 else typed


def _chosen_partner(composed: Composed) -> str:
    if not composed.partner:
        raise InputError(NoPartnerChosen())
    return composed.partner


def _variables(lines: str) -> Mapping[str, str]:
    found = {}
    for line in filter(str.strip, lines.split("\n")):
        name, separator, value = line.partition("=")
        if not separator:
            raise InputError(BadVariable(line.strip()))
        found[name.strip()] = value.strip()
    return MappingProxyType(found)
