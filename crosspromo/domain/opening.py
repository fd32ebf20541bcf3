"""The opening balance of an account: what counted before crosspromo kept its ledger."""

from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.errors import UsageError


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
            raise UsageError("an opening balance counts something: --others or --self above 0")
        if not self.reason.strip():
            raise UsageError("an opening balance needs a reason: where do the numbers come from?")

    @property
    def in_words(self) -> str:
        """`3 others, 1 self`."""
        return f"{self.others} others, {self.self_} self"
