"""Posts: kind, content, and credit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.values import Value


class Kind(StrEnum):
    """Post kind."""

    SPOTLIGHT = "spotlight"
    EVENT = "event"
    RESHARE = "reshare"
    OWN = "own"
    NOTICE = "notice"


class Credit(StrEnum):
    """Credit of a delivery (docs/explanation/ratio.md)."""

    OTHERS = "others"
    SELF = "self"
    BOTH = "both"
    NONE = "none"

    __hash__ = str.__hash__  # the hash of the value: an enum's own hash runs in Python

    @property
    def counts_self(self) -> bool:
        """Whether a delivery with this credit uses up headroom."""
        return self is Credit.SELF or self is Credit.BOTH

    @property
    def counts_others(self) -> bool:
        """Whether a published delivery with this credit earns headroom."""
        return self is Credit.OTHERS or self is Credit.BOTH

    @property
    def as_padding(self) -> "Credit":
        """Repetition's credit, if the account has shared the same item already in its window.

        A repetition earns nothing, but a joint post still uses up headroom.
        """
        match self:
            case Credit.OTHERS:
                return Credit.NONE
            case Credit.BOTH:
                return Credit.SELF
            case Credit.SELF | Credit.NONE:
                return self


class Hosting(StrEnum):
    """Event hosts: us, a partner, or both."""

    OURS = "ours"
    PARTNER = "partner"
    JOINT = "joint"  # host: we and a partner, without a named lead
    JOINT_WE_LEAD = "joint-we-lead"
    JOINT_PARTNER_LEADS = "joint-partner-leads"


def credit_of(
    kind: Kind, *, about_own_group: bool, hosting: Hosting | None = None, paid: bool = False
) -> Credit:
    """Credit of a new post.

    `about_own_group`: the partner whom the post is about, or whose post is reshared, belongs to our
    own group. `hosting` is needed for events. `paid`: a partner pays for the post, which makes any
    post *self*.
    """
    if paid:
        return Credit.SELF
    match kind:
        case Kind.NOTICE:
            return Credit.NONE
        case Kind.OWN:
            return Credit.SELF
        case Kind.SPOTLIGHT | Kind.RESHARE:
            return Credit.SELF if about_own_group else Credit.OTHERS
        case Kind.EVENT:
            return _credit_of_event(hosting or Hosting.OURS, about_own_group=about_own_group)


def _credit_of_event(hosting: Hosting, *, about_own_group: bool) -> Credit:
    if about_own_group:
        return Credit.SELF
    match hosting:
        case Hosting.OURS | Hosting.JOINT_WE_LEAD:
            return Credit.SELF
        case Hosting.PARTNER | Hosting.JOINT_PARTNER_LEADS:
            return Credit.OTHERS
        case Hosting.JOINT:
            return Credit.BOTH


@dataclass(frozen=True, slots=True)
class Image:
    """Picture with alt text; `path` is relative to the workspace.

    `source` is the hash of what the file shows as a person gave it, None where nobody knows; it is
    no part of what is sent.
    """

    path: str
    alt: str
    source: str | None = field(default=None, compare=False)


class Content(Value, frozen=True):
    """One account's content, exactly as previewed.

    `parts` are the numbered parts of a thread, each a post of its own, the first its root; empty if
    `text` goes out as one post.

    `native`: the network's own means share `reshare_of`, as a repost, or with a text as a quote;
    otherwise the text names the reshared post.

    `plain`: the text is plain words for a network that reads Markdown, and its signs are escaped
    when it is sent; else the text is sent as it is. `addresses` are those that we put in the text:
    they are links, whatever they end in.
    """

    text: str
    title: str | None = None
    link: str | None = None
    images: tuple[Image, ...] = ()
    reshare_of: str | None = None
    parts: tuple[str, ...] = ()
    native: bool = False
    plain: bool = False
    addresses: tuple[str, ...] = ()

    @property
    def known_addresses(self) -> tuple[str, ...]:
        """Addresses known to be links, each once: those put in the text, and those of the post."""
        known = (*self.addresses, self.link, self.reshare_of)
        return tuple(dict.fromkeys(each for each in known if each))

    @property
    def reposts(self) -> str | None:
        """Address of a natively reshared post, which the network itself shows; else None."""
        return self.reshare_of if self.native else None

    @property
    def posts(self) -> tuple[str, ...]:
        """Post texts in network order: thread parts, or the single text."""
        return self.parts or (self.text,)

    @property
    def wording(self) -> str:
        """64 hex digits over what readers read: text, title, thread, and how the text is read."""
        parts: list[object] = [self.text, self.title, self.parts]
        if self.plain:
            parts.append("plain")
        return hashlib.sha256(_as_json(parts).encode()).hexdigest()

    def fingerprint(self, account: str) -> str:
        """64 hex digits over account and content: any change to either changes the fingerprint."""
        parts: list[object] = [
            account,
            self.text,
            self.title,
            self.link,
            [[image.path, image.alt] for image in self.images],
            self.reshare_of,
            self.parts,
        ]
        if self.native:
            parts.append("native")
        if self.plain:
            parts.append("plain")
        if self.addresses:
            parts.append(["addresses", *self.addresses])
        return hashlib.sha256(_as_json(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Making:
    """What a template's text was made of besides partners, event and link, to make it anew.

    The fields are those of a request: what its author chose, and cannot be read from a delivery.
    `title` is the title that a person gave.
    """

    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    title: str | None = None
    paid: bool = False
    thread: bool = False
    markdown: bool = False


_as_json = json.JSONEncoder(ensure_ascii=False).encode
