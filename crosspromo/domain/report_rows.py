"""Rows of which reports are counted: what went out, what came back, what was held.

Every time is aware, in UTC. A row is one that was known at the time of which the report is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspromo.domain.figures import Figures
from crosspromo.domain.received import ReceivedKind


class Source(StrEnum):
    """Way in which something received became known."""

    OBSERVED = "observed"  # a network told us
    BY_HAND = "by hand"  # a person wrote it down
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CountedRow:
    """Ledger row: its columns, and whether a published self post was sent or released by it."""

    account: str
    at: datetime
    others: int
    self_: int
    sent: int
    overridden: int
    delivery: int | None


@dataclass(frozen=True, slots=True)
class GivenRow:
    """Share of a partner (a slug) on an account; `post` None: it was made without crosspromo.

    `words` are the title or the beginning of the text. `alone`: it is about no other partner.
    """

    partner: str
    account: str
    network: str
    at: datetime
    post: int | None
    words: str
    url: str
    delivery: int | None = None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """What a partner (a slug) did for us; `account` is ours, where it is known."""

    partner: str
    at: datetime
    kind: ReceivedKind
    account: str | None
    url: str
    source: Source


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Hold of a delivery, by the code of its reason; `ended_at` None: it lasts."""

    delivery: int
    account: str
    code: str
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """Delivery of an event's post; `step` empty: the post is no step of a ladder.

    `sent_at` None: it did not go out. `ended`: it ended without going out.
    """

    event: str
    step: str
    account: str
    due_at: datetime
    sent_at: datetime | None
    ended: bool


@dataclass(frozen=True, slots=True)
class KnownTerms:
    """List of a partner and days between two shares of them, at one time; None: no days.

    `since` is the time from which on they have these days.
    """

    list: str = ""
    days: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MeasuredPost:
    """Figures of a delivery of ours, as its network told them at `read_at`."""

    delivery: int
    figures: Figures
    read_at: datetime

    @property
    def shares(self) -> int | None:
        """Reposts and quotes; None: its network tells neither."""
        told = [each for each in (self.figures.reposts, self.figures.quotes) if each is not None]
        return sum(told) if told else None
