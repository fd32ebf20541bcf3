"""Opening balance of an account: posts counted before crosspromo kept the account's ledger."""

from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.errors import InputError
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NothingCounted, ReasonMissing, TooManyCounted

MOST_POSTS = 100_000
"""Largest number of posts about others, and of posts about us, in a balance."""


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """Post counts, others and self, for an account up to the time `at`.

    The balance leaves the window as one post of that time would. InputError for a negative or empty
    count, more than MOST_POSTS, or a blank reason.
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
        """Counts in words: `3 others, 1 self`."""
        return f"{self.others} others, {self.self_} self"
