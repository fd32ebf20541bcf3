"""Opening balances in the store: at most one ledger row that counts per account."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from crosspromo.domain.errors import InputError
from crosspromo.domain.ledger import Origin
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.reasons.inputs import BalanceExists, BalanceOverlaps
from crosspromo.store.ledger.hours import LedgerHours, Sums
from crosspromo.store.schema import IS_COUNTED, ledger

_WHY = "opening balance: "


class OpeningBalances:
    """Opening balances that people entered."""

    def __init__(self, connection: Connection, hours: LedgerHours) -> None:
        self._connection = connection
        self._hours = hours

    def find(self, account: str) -> OpeningBalance | None:
        """Opening balance by account; None if no balance was entered."""
        row = self._connection.execute(
            select(ledger).where(
                ledger.c.account == account, ledger.c.origin == Origin.OPENING, IS_COUNTED
            )
        ).one_or_none()
        if row is None:
            return None
        reason = row.why.removeprefix(_WHY)
        return OpeningBalance(row.account, row.at, row.others, row.self, reason)

    def add(self, balance: OpeningBalance, now: datetime) -> None:
        """Add the balance; InputError if the account has one, or outside posts in its period.

        `now` is the time of the entry, `balance.at` that from which the balance counts.
        """
        present = self.find(balance.account)
        if present is not None:
            raise InputError(
                BalanceExists(
                    present.account, present.others, present.self_, present.at, present.reason
                )
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
                    "recorded_at": now,
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
                IS_COUNTED,
            )
        ).one()
        if count:
            raise InputError(BalanceOverlaps(balance.account, count, first))
