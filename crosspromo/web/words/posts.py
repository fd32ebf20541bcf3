"""Words about posts and deliveries that several pages use."""

from collections.abc import Mapping
from types import MappingProxyType

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.states import State
from crosspromo.phrasing.words import first_words

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.OWN: "Own post",
        Kind.SPOTLIGHT: "Spotlight",
        Kind.EVENT: "Event",
        Kind.RESHARE: "Reshare",
        Kind.NOTICE: "Notice",
    }
)
STATES: Mapping[State, str] = MappingProxyType(
    {
        State.DRAFT: "draft",
        State.QUEUED: "queued",
        State.SENDING: "being sent",
        State.UNKNOWN: "unknown",
        State.PUBLISHED: "went out",
        State.DELETED: "deleted",
        State.FAILED: "failed",
        State.CANCELLED: "cancelled",
        State.MISSED: "missed",
        State.EXPIRED: "expired",
    }
)
HELD = "held"
CREDITS: Mapping[Credit, str] = MappingProxyType(
    {
        Credit.OTHERS: "partner post",
        Credit.SELF: "self post",
        Credit.BOTH: "joint post",
        Credit.NONE: "not counted",
    }
)
MARKS: Mapping[Credit, str] = MappingProxyType(
    {Credit.OTHERS: "partner", Credit.SELF: "self", Credit.BOTH: "both", Credit.NONE: "none"}
)
"""Classes of the marks; their words are CREDITS."""

TAGS: Mapping[str, str] = MappingProxyType(
    {
        "x": "X",
        "bluesky": "Bs",
        "reddit": "Rd",
        "mastodon": "Ma",
        "linkedin": "Li",
        "facebook": "Fb",
        "instagram": "Ig",
        "threads": "Th",
    }
)

PLACELESS = frozenset({"manual", "sandbox"})
"""Networks whose names say nothing of the place at which people read the posts."""

LONGEST_NAME = 60
"""Characters of the words by which a post is called."""


def name_of(delivery: Delivery) -> str:
    """Words by which people know a post: its title, else its first words."""
    return called(delivery.content.title, delivery.content.text)


def called(title: str | None, text: str) -> str:
    """Words by which people know a post with this title and text."""
    return first_words(title or text or "…", LONGEST_NAME)


def state_of(delivery: Delivery) -> str:
    """State in a word; a queued delivery with a hold is held."""
    if delivery.state is State.QUEUED and delivery.hold is not None:
        return HELD
    return STATES[delivery.state]


def sentence(clause: str, name: str = "") -> str:
    """Clause as a sentence, with a capital and a full stop; a name at its begin stays as it is."""
    begin = clause[:1] if name and clause.startswith(name) else clause[:1].upper()
    return f"{begin}{clause[1:]}{'' if clause.endswith('.') else '.'}"


def tag_of(network: str, account: str) -> str:
    """Two letters for an account: of its network, else of its name, and of no known network."""
    name = account if network in PLACELESS else network
    if name in TAGS:
        return TAGS[name]
    pairs = [f"{name[0].upper()}{letter}" for letter in name[1:] if letter.isalnum()]
    return next((each for each in pairs if each not in TAGS.values()), name[:2].capitalize())
