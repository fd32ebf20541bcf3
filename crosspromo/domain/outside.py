"""Posts that were made without crosspromo but count: what they are, and what may be said of one
later.
"""

from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.ledger import Columns, columns
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons.ledger import (
    LedgerRefusal,
    OpensRoom,
    OpensRoomInTime,
    SelfStays,
)
from crosspromo.domain.states import State


@dataclass(frozen=True, slots=True)
class OutsidePost:
    """One post on one account, as a person reports it.

    `partner` is the slug of whom it is about. `url` and `remote_id` are the post's own on its
    network. It is told from others by its remote id, or without one by moment, text and address.
    """

    account: str
    published_at: datetime
    credit: Credit
    partner: str | None = None
    text: str | None = None
    url: str | None = None
    remote_id: str | None = None

    def __post_init__(self) -> None:
        if not (self.text or self.url or self.remote_id):
            raise ValueError("nothing tells this post from another")

    @property
    def counts(self) -> Columns:
        """Its part in the two columns: it is surely on the network."""
        return columns(self.credit, State.PUBLISHED)

    @property
    def label(self) -> str:
        """What a person knows it by, in a few words."""
        return self.url or self.remote_id or " ".join((self.text or "").split())[:60]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a row is not taken into the ledger: the column at fault, and the reason."""

    column: str
    reason: LedgerRefusal


def objection_to(correction: OutsidePost, known: OutsidePost) -> Objection | None:
    """Why the ledger will not take a correction of a post that counts; None where it will.

    Headroom that was used on the strength of what was known stays used (SEMANTICS, *Credit*): a
    correction may lower it, now or as the window moves on, and never raise it.
    """
    before, after = known.counts, correction.counts
    moved_back = correction.published_at < known.published_at
    moved_on = correction.published_at > known.published_at
    if after.self_ < before.self_:
        return Objection("credit", SelfStays(known.credit.value))
    if after.others > before.others:
        return Objection("credit", OpensRoom(known.credit.value, correction.credit.value))
    if (moved_back and before.self_) or (moved_on and after.others):
        return Objection("published_at", OpensRoomInTime(known.published_at))
    return None
