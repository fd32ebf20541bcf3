"""All that counts, as people see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.ledger import LedgerRow

if TYPE_CHECKING:
    from crosspromo.settings import Settings
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class LedgerView:
    """The ledger of a workspace."""

    store: "Store"
    settings: "Settings"

    def rows(
        self, account: str | None = None, since: datetime | None = None
    ) -> Sequence[LedgerRow]:
        """The rows that count, the latest first: of one account or of all, from `since` (aware) on.
        NotFoundError where there is no such account.
        """
        name = None if account is None else self.settings.account(account).name
        with self.store.read() as unit:
            return unit.ledger.entries(name, since)
