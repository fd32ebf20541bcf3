"""The opening balance of an account: what counted before crosspromo kept its ledger."""

from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.errors import InputError
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NothingCounted, ReasonMissing, TooManyCounted

MOST_POSTS = 100_000
"""The most posts about others, and about us, that a balance counts."""


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """So many posts about others and about us, counted at the moment `at` and up to it.

    It leaves the window as one post of that moment would.
    """

    account: str
    at: datetime
    others: int
    self_: int
    reason: str

    def __post_init__(self) -> None:
        if self.others < 0 or self.self_ < 0 or not self.others + self.self_:
            raise InputError(NothingCounted())
        if max(self.others, self.self_) > MOST_POSTS:
            raise InputError(TooManyCounted(MOST_POSTS))
        if not self.reason.strip():
            raise InputError(ReasonMissing(Act.OPEN_LEDGER))

    @property
    def in_words(self) -> str:
        """`3 others, 1 self`."""
        return f"{self.others} others, {self.self_} self"
