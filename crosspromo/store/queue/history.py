"""What went out lately, and what is about to: for caps, gaps, budgets, padding and duplicates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select

from crosspromo.domain.duplicates import (
    DUPLICATE_WINDOW,
    MOST_COMPARED,
    EarlierDelivery,
    PriorDelivery,
    nearly_the_same,
    text_hash,
)
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.states import State
from crosspromo.store.schema import accounts, deliveries, posts, waits
from crosspromo.store.sql.statements import Among, CompiledSelect
from crosspromo.store.sql.types import UtcDateTime


class History:
    """The deliveries of an account by when they went out. What is in doubt has gone out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_sent(self, account: str, most: int) -> list[datetime]:
        """When the latest `most` deliveries of the account went out, the latest first.

        What is in flight, in doubt or deleted since is among them.
        """
        query = (
            select(deliveries.c.sent_at)
            .where(deliveries.c.account == account, deliveries.c.sent_at.is_not(None))
            .order_by(deliveries.c.sent_at.desc())
            .limit(most)
        )
        return list(self._connection.execute(query).scalars())

    def spent(self, account: str, since: datetime) -> float:
        """What the account's deliveries cost that went out from `since` on, in US dollars.

        What is in flight, in doubt or deleted since is among them.
        """
        query = select(func.coalesce(func.sum(deliveries.c.cost), 0.0)).where(
            deliveries.c.account == account, deliveries.c.sent_at >= since
        )
        return float(self._connection.execute(query).scalar_one())

    def latest_sent(self, most: Mapping[str, int]) -> dict[str, tuple[datetime, ...]]:
        """Of each account its latest sends, as many as `most` says, the latest first."""
        one = [name for name, number in most.items() if number == 1]
        rows = _LATEST.rows(self._connection, names=one) if one else ()
        found = {name: () if at is None else (at,) for name, at in rows}
        more = {name: number for name, number in most.items() if number > 1}
        return found | {name: tuple(self.last_sent(name, number)) for name, number in more.items()}

    def same_text_sent(
        self, deliveries_: Iterable[int], since: datetime
    ) -> dict[int, list[PriorDelivery]]:
        """For each of these deliveries what went out on its account after `since`, was not taken
        back, and says the same; the latest first.
        """
        return self._prior_deliveries(_SAME_TEXT, deliveries_, since=since)

    def same_subject_sent(self, deliveries_: Iterable[int]) -> dict[int, list[PriorDelivery]]:
        """For each of these deliveries what went out on its account at any time, was not taken
        back, and reshares the same post or announces the same event.
        """
        wanted = list(deliveries_)
        found = self._prior_deliveries(_SAME_POST, wanted)
        for delivery, echoes in self._prior_deliveries(_SAME_EVENT, wanted).items():
            found[delivery] += echoes
        return found

    def _prior_deliveries(
        self, query: CompiledSelect, deliveries_: Iterable[int], **parameters: object
    ) -> defaultdict[int, list[PriorDelivery]]:
        rows = query.rows(self._connection, ids=deliveries_, **parameters)
        found: defaultdict[int, list[PriorDelivery]] = defaultdict(list)
        for row in rows:
            found[row.asking].append(PriorDelivery(_earlier(row), row.sent_at, Credit(row.credit)))
        return found

    def find_duplicate(
        self, account: str, content: Content, since: datetime
    ) -> EarlierDelivery | None:
        """The latest delivery that went out on the account after `since` and says the same."""
        return self._earlier(
            deliveries.c.account == account,
            deliveries.c.text_hash == text_hash(content),
            _after(since),
            _NOT_TAKEN_BACK,
        )

    def find_near_duplicate(
        self, accounts: Sequence[str], content: Content, since: datetime
    ) -> EarlierDelivery | None:
        """The latest delivery that went out on these accounts after `since` and says nearly the
        same; looked for among the last MOST_COMPARED.
        """
        return self._nearly(accounts, content, *_out(since))

    def queued_duplicate(
        self, account: str, content: Content, due_at: datetime
    ) -> EarlierDelivery | None:
        """A waiting delivery of the account with the same text, due around `due_at`; None: none."""
        return self._earlier(
            deliveries.c.account == account,
            deliveries.c.text_hash == text_hash(content),
            *_waiting(due_at),
        )

    def queued_near_duplicate(
        self, accounts: Sequence[str], content: Content, due_at: datetime
    ) -> EarlierDelivery | None:
        """A waiting delivery of these accounts with nearly the same text, due around `due_at`."""
        return self._nearly(accounts, content, *_waiting(due_at))

    def _nearly(
        self, accounts: Sequence[str], content: Content, *where: ColumnElement[bool]
    ) -> EarlierDelivery | None:
        if not accounts:
            return None
        query = (
            _said()
            .where(deliveries.c.account.in_(accounts), *where)
            .order_by(deliveries.c.sent_at.desc(), deliveries.c.id.desc())
            .limit(MOST_COMPARED)
        )
        for row in self._connection.execute(query):
            if nearly_the_same(row.text, content.text):
                return _earlier(row)
        return None

    def _earlier(self, *where: ColumnElement[bool]) -> EarlierDelivery | None:
        query = _said().where(*where).order_by(deliveries.c.sent_at.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _earlier(row)


def _said() -> Select[Any]:
    return select(
        deliveries.c.id,
        deliveries.c.account,
        deliveries.c.text,
        deliveries.c.due_at,
        deliveries.c.sent_at,
    )


def _out(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Gone out after `since` and not taken back, or in doubt."""
    return deliveries.c.sent_at > since, _NOT_TAKEN_BACK


_NOT_TAKEN_BACK = deliveries.c.state.in_((State.SENDING, State.UNKNOWN, State.PUBLISHED))


def _after(since: Any) -> ColumnElement[bool]:
    """Gone out after `since`, in words that no index knows: to be asked of few, found otherwise."""
    after: ColumnElement[bool] = func.coalesce(deliveries.c.sent_at, since) > since
    return after


def _waiting(due_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """To go out within DUPLICATE_WINDOW of `due_at`."""
    return (
        waits(),
        deliveries.c.due_at > due_at - DUPLICATE_WINDOW,
        deliveries.c.due_at < due_at + DUPLICATE_WINDOW,
    )


def _earlier(row: Row[Any]) -> EarlierDelivery:
    return EarlierDelivery(row.id, row.account, row.due_at, row.sent_at)


def _pairs(among: Among, *the_same: ColumnElement[bool]) -> Select[Any]:
    """Pairs of a delivery that asks and one that went out on its account and is the same."""
    return (
        select(
            asking.c.id.label("asking"),
            deliveries.c.id,
            deliveries.c.account,
            deliveries.c.due_at,
            deliveries.c.sent_at,
            deliveries.c.credit,
        )
        .join_from(asking, deliveries, deliveries.c.account == asking.c.account)
        .where(
            among(asking.c.id, "ids"),
            deliveries.c.id != asking.c.id,
            deliveries.c.state != State.DELETED,
            *the_same,
        )
        .order_by(deliveries.c.sent_at.desc())
    )


asking = deliveries.alias("asking")
asked, told = posts.alias("asked"), posts.alias("told")

_address = func.rtrim(asking.c.reshare_of, "/")

_SAME_TEXT = CompiledSelect(
    lambda among: _pairs(
        among,
        deliveries.c.text_hash == asking.c.text_hash,
        _after(bindparam("since", type_=UtcDateTime)),
    ),
    "ids",
)
_SAME_POST = CompiledSelect(
    lambda among: _pairs(
        among,
        deliveries.c.sent_at.is_not(None),
        deliveries.c.reshare_of.is_not(None),
        deliveries.c.reshare_of.in_((_address, _address + "/")),
    ),
    "ids",
)
_SAME_EVENT = CompiledSelect(
    lambda among: (
        _pairs(among, deliveries.c.sent_at.is_not(None), told.c.event_id == asked.c.event_id)
        .join(asked, asked.c.id == asking.c.post_id)
        .join(told, told.c.id == deliveries.c.post_id)
    ),
    "ids",
)
_LATEST = CompiledSelect(
    lambda among: select(
        accounts.c.name,
        select(deliveries.c.sent_at)
        .where(deliveries.c.account == accounts.c.name, deliveries.c.sent_at.is_not(None))
        .order_by(deliveries.c.sent_at.desc())
        .limit(1)
        .correlate(accounts)
        .scalar_subquery(),
    ).where(among(accounts.c.name, "names")),
    "names",
)
