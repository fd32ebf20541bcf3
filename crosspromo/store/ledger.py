"""The ledger: all that counts, each row with its two columns and why.

A delivery's row follows its state (crosspromo/domain/ledger.py), and `db check` compares the two.
Outside posts (crosspromo/store/outside_posts.py) and opening balances (crosspromo/store/opening.py)
have rows of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from crosspromo.domain.ledger import Origin, columns
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Counted, Tally, Window
from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, ledger, partners


@dataclass(frozen=True, slots=True)
class Row:
    """A row as `explain` and `ledger list` show it.

    `delivery` is the id of one of ours; what else an outside post is known by follows it, `partner`
    as a slug. An opening balance has none of them.
    """

    account: str
    at: datetime
    others: int
    self_: int
    origin: Origin
    why: str
    delivery: int | None
    partner: str | None
    text: str | None
    url: str | None
    remote_id: str | None


class Ledger:
    """The rows that count. `account` None means the whole organisation."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def follow(
        self, delivery: int, account: str, credit: Credit, state: State, at: datetime | None
    ) -> None:
        """Make the delivery's row what its state says.

        `at` is when it counts from; None keeps the moment of the row there is.
        """
        counts = columns(credit, state)
        known = self._connection.execute(
            select(ledger.c.at).where(ledger.c.delivery_id == delivery)
        ).scalar_one_or_none()
        if known is not None:
            self._connection.execute(delete(ledger).where(ledger.c.delivery_id == delivery))
        moment = at or known
        if not counts.others and not counts.self_:
            return
        if moment is None:
            raise ValueError(f"delivery {delivery} counts, but from when?")
        self._connection.execute(
            ledger.insert().values(
                {
                    "account": account,
                    "at": moment,
                    "others": counts.others,
                    "self": counts.self_,
                    "origin": Origin.DELIVERY,
                    "why": f"{state.value}, credit {credit.value}",
                    "delivery_id": delivery,
                }
            )
        )

    def tally(self, account: str | None, window: Window, now: datetime) -> Tally:
        """The sums of both columns in the window that ends at `now`.

        Rows about us that lie after `now` (the clock was set back) count: doubt counts against us.
        """
        inside = self._inside(account, window, now).subquery()
        sums = select(
            func.coalesce(func.sum(inside.c.others), 0), func.coalesce(func.sum(inside.c.self), 0)
        )
        others, self_ = self._connection.execute(sums).one()
        return Tally(int(others), int(self_))

    def counted(self, account: str | None, window: Window, now: datetime) -> list[Counted]:
        """The rows of the window as the arithmetic sees them."""
        rows = self._connection.execute(self._inside(account, window, now))
        return [Counted(row.at, row.others, row.self) for row in rows]

    def rows(self, account: str | None, window: Window, now: datetime) -> Sequence[Row]:
        """The rows of the window, the latest first, in full."""
        inside = self._inside(account, window, now).subquery()
        return self._read(_whole().where(ledger.c.id.in_(select(inside.c.id))))

    def entries(self, account: str | None, since: datetime | None) -> Sequence[Row]:
        """Every row, or those from `since` on, in a window or not, the latest first."""
        query = _whole()
        if account is not None:
            query = query.where(ledger.c.account == account)
        if since is not None:
            query = query.where(ledger.c.at >= since)
        return self._read(query)

    def _read(self, query: Select[Any]) -> list[Row]:
        return [
            Row(
                account=row.account,
                at=row.at,
                others=row.others,
                self_=row.self,
                origin=Origin(row.origin),
                why=row.why,
                delivery=row.delivery_id,
                partner=row.partner,
                text=row.text,
                url=row.url,
                remote_id=row.remote_id,
            )
            for row in self._connection.execute(query)
        ]

    def _inside(self, account: str | None, window: Window, now: datetime) -> Select[Any]:
        query = select(ledger).where((ledger.c.at <= now) | (ledger.c.self > 0))
        if account is not None:
            query = query.where(ledger.c.account == account)
        opens = window.opens_after(now)
        if opens is not None:
            return query.where(ledger.c.at > opens)
        return query.order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(window.posts)

    def self_sent(self, window: Window, now: datetime) -> tuple[int, int]:
        """Our own published deliveries about us in the window: how many, and how many of them
        only because a person released them.
        """
        query = (
            select(func.count(), func.count(deliveries.c.override_by))
            .select_from(ledger.join(deliveries, deliveries.c.id == ledger.c.delivery_id))
            .where(
                ledger.c.self > 0,
                ledger.c.at <= now,
                deliveries.c.published_at.is_not(None),
            )
        )
        opens = window.opens_after(now)
        if opens is not None:
            query = query.where(ledger.c.at > opens)
        sent, overridden = self._connection.execute(query).one()
        return int(sent), int(overridden)

    def faults(self) -> list[str]:
        """Where a delivery's row is not what its state says; empty where all is well."""
        query = select(
            deliveries.c.id,
            deliveries.c.credit,
            deliveries.c.state,
            ledger.c.others,
            ledger.c.self,
        ).outerjoin(ledger, ledger.c.delivery_id == deliveries.c.id)
        faults = []
        for row in self._connection.execute(query):
            expected = columns(Credit(row.credit), State(row.state))
            if (row.others or 0, row.self or 0) != (expected.others, expected.self_):
                faults.append(
                    f"delivery {row.id} is {row.state} with credit {row.credit}, but the ledger "
                    f"counts others {row.others or 0}, self {row.self or 0}"
                )
        return faults


def _whole() -> Select[Any]:
    return (
        select(ledger, partners.c.slug.label("partner"))
        .outerjoin(partners, partners.c.id == ledger.c.partner_id)
        .order_by(ledger.c.at.desc(), ledger.c.id.desc())
    )
