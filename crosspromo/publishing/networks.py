"""Protocols and data of networks: the publishing core asks, connectors answer.

Authors of connectors import these names from `crosspromo.connectors.base`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import LookUp, NotSent, Outcome, Receipt, Rejected, Removal
from crosspromo.domain.posts import Content
from crosspromo.text.rules import TextRules


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What images one post may have: `most` of them, each of at most `max_bytes` and of one of the
    media types `types`. `max_gif_bytes` is for those that move, where it differs.
    """

    most: int = 0
    max_bytes: int = 5_000_000
    types: tuple[str, ...] = ("image/jpeg", "image/png")
    max_gif_bytes: int | None = None


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
    `cost_per_post`, `cost_per_link_post`: in US dollars.
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


@runtime_checkable
class Deletes(Protocol):
    """A connector that can take a post off its network; its capabilities say `deletes`."""

    def delete(self, receipt: Receipt) -> Removal:
        """Take it off. One that is gone already is Removed, too."""
        ...


class Connector(Protocol):
    """One account of one network. It talks to the network and to nothing else.

    None of these raises for what a network does; each answers with a closed set of outcomes.
    """

    def ready(self, content: Content) -> NotSent | Rejected | None:
        """Do what must come before the send: sign in, refresh, resolve the mentions of `content`.

        Nothing is posted. None means ready; it is quick once it has been.
        """
        ...

    def prepare(self, content: Content, now: datetime) -> Prepared:
        """The exact send. No network: it runs inside the transaction that records it."""
        ...

    def send(self, prepared: Prepared) -> Outcome:
        """Post it: at most one request that could create a post, with a time-out, no retries."""
        ...

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        """Whether that send is on the network. Absent only when the answer is complete.

        It signs in by itself, where that is needed: `ready` is for what is to be sent.
        """
        ...

    def verify(self) -> str:
        """The name the network knows this account by; AccountError where it is refused."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class SessionStore(Protocol):
    """Where an account keeps a session between runs. The store encrypts what is saved."""

    def load(self) -> str | None:
        """The session saved last, or None."""
        ...

    def save(self, session: str) -> None:
        """Keep this session; durable when it returns, so save before use."""
        ...


@dataclass(frozen=True, slots=True)
class AccountSetup:
    """What a connector is built from.

    `credentials` are the secrets themselves, resolved; `options` the account's other keys from
    crosspromo.toml (such as `subreddit`). `server` is another API address, or None for the
    network's own. `timeout` bounds one network call. `workspace` is the workspace's folder.
    """

    name: str
    credentials: Mapping[str, str]
    options: Mapping[str, str]
    server: str | None
    timeout: timedelta
    workspace: Path
    sessions: SessionStore
    imitates: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """What an entry point of the group `crosspromo.connectors` names.

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
