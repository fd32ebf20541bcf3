"""What we want to say, and what it counts as."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of post."""

    SPOTLIGHT = "spotlight"
    EVENT = "event"
    RESHARE = "reshare"
    OWN = "own"
    NOTICE = "notice"


class Credit(StrEnum):
    """What a delivery counts as (SEMANTICS, *Credit*)."""

    OTHERS = "others"
    SELF = "self"
    BOTH = "both"
    NONE = "none"

    __hash__ = str.__hash__  # as its value: an enum's own is worked out in Python

    @property
    def counts_self(self) -> bool:
        """Whether it uses up headroom."""
        return self is Credit.SELF or self is Credit.BOTH

    @property
    def counts_others(self) -> bool:
        """Whether, once published, it earns headroom."""
        return self is Credit.OTHERS or self is Credit.BOTH

    @property
    def as_padding(self) -> "Credit":
        """What it counts as when the account has shared the same item already in its window.

        Only what it would have earned is gone: a joint post still uses up headroom.
        """
        match self:
            case Credit.OTHERS:
                return Credit.NONE
            case Credit.BOTH:
                return Credit.SELF
            case Credit.SELF | Credit.NONE:
                return self


class Hosting(StrEnum):
    """Who holds an event."""

    OURS = "ours"
    PARTNER = "partner"
    JOINT = "joint"  # we and a partner, no lead named
    JOINT_WE_LEAD = "joint-we-lead"
    JOINT_PARTNER_LEADS = "joint-partner-leads"


def credit_of(
    kind: Kind, *, about_own_group: bool, hosting: Hosting | None = None, paid: bool = False
) -> Credit:
    """The credit of a post.

    `about_own_group` says whether the partner it is about, or whose post is reshared, belongs to
    our own group. `hosting` is needed for events. Someone paying us to share makes anything *self*.
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
    """A picture with its alt text; `path` is relative to the workspace."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Content:
    """What one account is to say: exactly what was previewed.

    `parts` are the numbered parts of a thread, each a post of its own, the first its root; empty
    where `text` goes out as one post.

    `native`: `reshare_of` is shared by the network's own means, as a repost, or where there is a
    text as a quote of it; otherwise the text names it.
    """

    text: str
    title: str | None = None
    link: str | None = None
    images: tuple[Image, ...] = ()
    reshare_of: str | None = None
    parts: tuple[str, ...] = ()
    native: bool = False

    @property
    def reposts(self) -> str | None:
        """The address of the post that the network itself will show, or None."""
        return self.reshare_of if self.native else None

    @property
    def posts(self) -> tuple[str, ...]:
        """The texts that will stand on the network, in their order."""
        return self.parts or (self.text,)

    def fingerprint(self, account: str) -> str:
        """64 hex digits that change when anything that will be sent, or the account, changes."""
        parts = [
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
        return hashlib.sha256(_as_json(parts).encode()).hexdigest()


_as_json = json.JSONEncoder(ensure_ascii=False).encode
