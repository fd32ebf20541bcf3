"""Outside posts (made without crosspromo, but counted) and the rules for later corrections."""

from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.ledger import Columns, columns
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons.ledger import (
    AllowsMoreAtThatTime,
    AllowsMoreSelfPosts,
    LedgerRefusal,
    SelfStays,
)
from crosspromo.domain.states import State


@dataclass(frozen=True, slots=True)
class OutsidePost:
    """Outside post on one account, as reported by a person.

    `partner` is the slug of the partner whom the post is about. `url` and `remote_id` are the
    network's. Two posts are distinguished by remote id, or without a remote id by time, text and
    address. ValueError without text, address and remote id.
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
        """Ledger columns of the post: certainly published."""
        return columns(self.credit, State.PUBLISHED)

    @property
    def label(self) -> str:
        """Address, remote id, or the text's first 60 characters, for people."""
        return self.url or self.remote_id or " ".join((self.text or "").split())[:60]


@dataclass(frozen=True, slots=True)
class Objection:
    """Ledger refusal: the column at fault, and the reason."""

    column: str
    reason: LedgerRefusal


def objection_to(correction: OutsidePost, known: OutsidePost) -> Objection | None:
    """Reason to refuse a counted post's correction; None: the ledger accepts the correction.

    Headroom used on the strength of the earlier report stays used (docs/explanation/ratio.md): a
    correction may lower headroom, now or as the window moves on, and never raise it.
    """
    before, after = known.counts, correction.counts
    moved_back = correction.published_at < known.published_at
    moved_on = correction.published_at > known.published_at
    if after.self_ < before.self_:
        return Objection("credit", SelfStays(known.credit.value))
    if after.others > before.others:
        return Objection("credit", AllowsMoreSelfPosts(known.credit.value, correction.credit.value))
    if (moved_back and before.self_) or (moved_on and after.others):
        return Objection("published_at", AllowsMoreAtThatTime(known.published_at))
    return None
