"""Ledger rows for people: deliveries, outside posts and opening balances that count."""

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
    """Read access to a workspace's ledger."""

    store: "Store"
    settings: "Settings"

    def rows(
        self,
        account: str | None = None,
        since: datetime | None = None,
        *,
        taken_back: bool = False,
    ) -> Sequence[LedgerRow]:
        """Ledger rows, newest first; `account` None: every account's; `since` (aware): later rows
        only.

        A row at the time `since` itself is included. `taken_back`: also rows that no longer count.
        NotFoundError for an unknown account.
        """
        name = None if account is None else self.settings.account(account).name
        with self.store.read() as unit:
            return unit.ledger.rows_since(name, since, taken_back=taken_back)
