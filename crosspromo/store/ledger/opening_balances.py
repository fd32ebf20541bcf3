"""Opening balances in the store: one for each account, in a row of the ledger of its own."""

from sqlalchemy import Connection, func, select

from crosspromo.domain.errors import InputError
from crosspromo.domain.ledger import Origin
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.reasons.inputs import BalanceExists, BalanceOverlaps
from crosspromo.store.ledger.hours import LedgerHours, Sums
from crosspromo.store.schema import ledger

_WHY = "opening balance: "


class OpeningBalances:
    """The balances that people entered."""

    def __init__(self, connection: Connection, hours: LedgerHours) -> None:
        self._connection = connection
        self._hours = hours

    def find(self, account: str) -> OpeningBalance | None:
        """The account's balance, or None."""
        row = self._connection.execute(
            select(ledger).where(ledger.c.account == account, ledger.c.origin == Origin.OPENING)
        ).one_or_none()
        if row is None:
            return None
        reason = row.why.removeprefix(_WHY)
        return OpeningBalance(row.account, row.at, row.others, row.self, reason)

    def add(self, balance: OpeningBalance) -> None:
        """Enter the balance; InputError where something of it would be counted twice."""
        there = self.find(balance.account)
        if there is not None:
            raise InputError(
                BalanceExists(there.account, there.others, there.self_, there.at, there.reason)
            )
        self._refuse_overlap(balance)
        self._connection.execute(
            ledger.insert().values(
                {
                    "account": balance.account,
                    "at": balance.at,
                    "others": balance.others,
                    "self": balance.self_,
                    "origin": Origin.OPENING,
                    "why": _WHY + balance.reason,
                }
            )
        )

        self._hours.add(balance.account, balance.at, Sums(balance.others, balance.self_))

    def _refuse_overlap(self, balance: OpeningBalance) -> None:
        count, first = self._connection.execute(
            select(func.count(), func.min(ledger.c.at)).where(
                ledger.c.account == balance.account,
                ledger.c.origin == Origin.OUTSIDE,
                ledger.c.at <= balance.at,
            )
        ).one()
        if count:
            raise InputError(BalanceOverlaps(balance.account, count, first))
