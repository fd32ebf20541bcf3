"""Protocols and data of networks: the publishing core asks, connectors answer.

Authors of connectors import these names from `crosspromo.connectors.base`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import LookUp, NotSent, Outcome, Receipt, Rejected, Removal
from crosspromo.domain.posts import Content
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.text.rules import TextRules


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Image limits per post: number (`most`), size in bytes (`max_bytes`) and media types.

    `max_gif_bytes` is the size limit for animated GIFs where it differs, else None. Of `types`,
    those in `moving` move if they are animated; the others stand still. An image of a type in
    `alone` must be the only one of its post. `longest_alt` is the limit of an alt text, in the unit
    of `measure_alt`; None: no limit is known.
    """

    most: int = 0
    max_bytes: int = 5_000_000
    types: tuple[str, ...] = ("image/jpeg", "image/png")
    max_gif_bytes: int | None = None
    moving: tuple[str, ...] = ("image/gif",)
    alone: tuple[str, ...] = ()
    longest_alt: int | None = None
    measure_alt: Callable[[str], int] = len


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Abilities and limits of a network, as data: the publishing core never asks for its name.

    `repeatable`: the same prepared send, made twice, leaves one post (an own record key, an
    idempotency key). It is the promise that `connector list` shows; the publishing core is as
    careful with every network.
    `by_hand`: a person does the posting, so nothing can be looked up.
    `makes_cards`: the network itself shows a card for the first link of a post.
    `ready_at_once`: its connector's `ready` asks no network, so that nobody has to wait for it.
    `local`: neither does its `send`, for it is on this machine.
    `deletes`: its connector is one of `Deletes`.
    `reposts`: which addresses are posts of this network that it can repost; None where it cannot.
    `quotes`: it can quote them, too.
    `unique_across_accounts`: its rules forbid nearly the same text on two accounts.
    `measured_at_once`: its connector is one of `Measures`, and takes so many posts; 0: it is not.
    `listens`: its connector is one of `Listens`.
    `cost_per_post`, `cost_per_link_post`, `cost_per_read`: in US dollars.
    """

    text: TextRules
    repeatable: bool = False
    by_hand: bool = False
    ready_at_once: bool = False
    local: bool = False
    threads: bool = False
    makes_cards: bool = False
    images: ImageLimits = ImageLimits()
    reposts: re.Pattern[str] | None = None
    quotes: bool = False
    deletes: bool = False
    unique_across_accounts: bool = False
    cost_per_post: float = 0.0
    cost_per_link_post: float = 0.0
    measured_at_once: int = 0
    listens: bool = False
    cost_per_read: float = 0.0


@runtime_checkable
class Deletes(Protocol):
    """A connector that can delete posts; its capabilities have `deletes`."""

    def delete(self, receipt: Receipt) -> Removal:
        """Delete the post. A post that is gone already counts as Removed."""
        ...


@runtime_checkable
class Finds(Protocol):
    """A connector that finds posts by their content, by whatever send they came to be there."""

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        """Look-up of a post with this content among those of the account since that time.

        Found is a post with the same text, or a repost of the same post. Posts whose remote id is
        among `known` are passed over: they are sends of other deliveries. Absent needs a complete
        answer of the network. Signs in by itself where needed.
        """
        ...


@runtime_checkable
class SeesShared(Protocol):
    """A connector that sees what a post that is to be shared shows."""

    def images_without_alt(self, address: str) -> int | None:
        """Number of images without alt text of the post at this address on the network.

        None where the network does not tell, for whatever reason. Signs in by itself where needed.
        """
        ...


@runtime_checkable
class Clocked(Protocol):
    """A connector that learns its network's clock from the network's answers."""

    @property
    def clock_offset(self) -> timedelta | None:
        """Time that the network's clock is ahead of ours; None before the first answer."""
        ...


@runtime_checkable
class Identified(Protocol):
    """A connector that knows which account of its network it signs in to."""

    @property
    def identity(self) -> str | None:
        """The account's id on its network, the same for each login to it; None before it is known.

        Of an id and a name it is the one that never changes. Where an account posts in one
        community, the community is a part of it. No network is asked.
        """
        ...


class Connector(Protocol):
    """Client of one account on one network, with no other connections.

    Methods answer with a closed set of outcomes, and raise nothing for what a network does.
    """

    def ready(self, content: Content) -> NotSent | Rejected | None:
        """Prepare for a send: sign in, refresh, upload, resolve the mentions of `content`.

        Nothing is posted. None means ready; a second call is quick.
        """
        ...

    def prepare(self, content: Content, now: datetime) -> Prepared:
        """Exact payload of the send, made without network calls inside the intent's transaction."""
        ...

    def send(self, prepared: Prepared) -> Outcome:
        """Send the payload: at most one request per part can create a post; no retries."""
        ...

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        """Look up the send on the network. Absent needs a complete answer of the network.

        Signs in by itself where needed; `ready` is for sends.
        """
        ...

    def verify(self) -> str:
        """Account's name on its network; AccountError where the network refuses the account."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class SessionStore(Protocol):
    """Storage of an account's session between runs. Saved sessions are encrypted."""

    def load(self) -> str | None:
        """Session saved last, or None."""
        ...

    def save(self, session: str) -> None:
        """Save the session; durable on return, so save a session before its use."""
        ...


@dataclass(frozen=True, slots=True)
class AccountSetup:
    """Settings, secrets and storage from which the connector of an account is built.

    `credentials` are the secrets themselves, resolved; `options` the account's other keys from
    crosspromo.toml (such as `subreddit`). `server` is another API address, or None for the
    network's own. `timeout` bounds one network call. `workspace` is the workspace's folder, `zone`
    that of the organisation.
    """

    name: str
    credentials: Mapping[str, str]
    options: Mapping[str, str]
    server: str | None
    timeout: timedelta
    workspace: Path
    sessions: SessionStore
    imitates: str | None = None
    zone: ZoneInfo = UTC_ZONE


@dataclass(frozen=True, slots=True)
class Network:
    """A network: object of an entry point of the group `crosspromo.connectors`.

    `credentials` are the alternative sets of keys that an account needs; `public_credentials` those
    of them that may stand in the clear (a user name). `options` are the account's other keys.
    `connect` may import heavy libraries: it is called only when an account of this network is used.
    It raises ConfigError where the setup cannot work. `imitates`: it stands in for another network
    (`imitates` in crosspromo.toml), whose text rules and templates then apply.
    """

    name: str
    capabilities: Capabilities
    connect: Callable[[AccountSetup], Connector]
    credentials: tuple[tuple[str, ...], ...] = ((),)
    public_credentials: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    imitates: bool = False
