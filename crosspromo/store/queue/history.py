"""History: sent and queued deliveries, for caps, gaps, budgets, padding and duplicates.

A delivery counts as sent from its claim on: sending and unknown deliveries are among the sent ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, bindparam, func, select

from crosspromo.domain.duplicates import (
    DUPLICATE_WINDOW,
    MOST_COMPARED,
    Compared,
    EarlierDelivery,
    PriorDelivery,
    compared,
    text_hash,
)
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.states import State
from crosspromo.store.schema import accounts, deliveries, is_draft_or_queued, posts
from crosspromo.store.sql.statements import Among, CompiledSelect
from crosspromo.store.sql.types import UtcDateTime


class History:
    """Sent and queued deliveries of accounts, read within one transaction.

    `since` is exclusive for texts, and inclusive for costs. The parameter `deliveries_` has ids.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_sent(self, account: str, most: int, until: datetime) -> list[datetime]:
        """Times of the latest `most` sends of the account up to `until`, newest first.

        Deliveries that are sending, unknown or deleted are included.
        """
        query = (
            select(deliveries.c.sent_at)
            .where(
                deliveries.c.account == account,
                deliveries.c.sent_at.is_not(None),
                deliveries.c.sent_at <= until,
            )
            .order_by(deliveries.c.sent_at.desc())
            .limit(most)
        )
        return list(self._connection.execute(query).scalars())

    def spent(self, account: str, since: datetime, until: datetime) -> float:
        """Cost, in US dollars, of the account's deliveries sent from `since` to `until`, inclusive.

        Deliveries that are sending, unknown or deleted are included.
        """
        query = select(func.coalesce(func.sum(deliveries.c.cost), 0.0)).where(
            deliveries.c.account == account,
            deliveries.c.sent_at >= since,
            deliveries.c.sent_at <= until,
        )
        return float(self._connection.execute(query).scalar_one())

    def latest_sent(
        self, most: Mapping[str, int], until: datetime
    ) -> dict[str, tuple[datetime, ...]]:
        """Times of the latest sends up to `until`, by account, newest first.

        `most` maps each account to the number of times wanted.
        """
        one = [name for name, number in most.items() if number == 1]
        rows = _LATEST.rows(self._connection, names=one, until=until) if one else ()
        found = {name: () if at is None else (at,) for name, at in rows}
        more = {name: number for name, number in most.items() if number > 1}
        return found | {
            name: tuple(self.last_sent(name, number, until)) for name, number in more.items()
        }

    def same_text_sent(
        self, deliveries_: Iterable[int], since: datetime
    ) -> dict[int, list[PriorDelivery]]:
        """Sent deliveries with equal text, by id of the delivery under judgement.

        They were sent on the delivery's account after `since`, and are not deleted; latest first.
        """
        return self._prior_deliveries(_SAME_TEXT, deliveries_, since=since)

    def same_subject_sent(self, deliveries_: Iterable[int]) -> dict[int, list[PriorDelivery]]:
        """Sent deliveries with an equal subject, by id of the delivery under judgement.

        The subject is the reshared post or the announced event.

        They were sent on the delivery's account at any time, and are not deleted; those about the
        same post come first, each group latest first.
        """
        wanted = list(deliveries_)
        found = self._prior_deliveries(_SAME_POST, wanted)
        for delivery, about_event in self._prior_deliveries(_SAME_EVENT, wanted).items():
            found[delivery] += about_event
        return found

    def find_duplicate(
        self, account: str, content: Content, since: datetime
    ) -> EarlierDelivery | None:
        """Latest delivery with equal text, sent on the account after `since`."""
        return self._latest(
            deliveries.c.account == account,
            deliveries.c.text_hash == text_hash(content),
            _sent_after_unindexed(since),
            _SENT_NOT_DELETED,
        )

    def find_near_duplicate(
        self, accounts: Sequence[str], content: Content, since: datetime
    ) -> EarlierDelivery | None:
        """Latest delivery with nearly equal text, sent on the accounts after `since`.

        Only the latest MOST_COMPARED deliveries are compared.
        """
        return self._near_duplicate(_NEAR_SENT, accounts, content, Compared.is_near, since=since)

    def queued_duplicate(
        self, account: str, content: Content, due_at: datetime, besides: int | None = None
    ) -> EarlierDelivery | None:
        """Draft or queued delivery on the account with equal text, due around `due_at`.

        Around means within DUPLICATE_WINDOW before or after. `besides` is the id of a delivery that
        does not count.
        """
        return self._latest(
            deliveries.c.account == account,
            deliveries.c.text_hash == text_hash(content),
            *_QUEUED_AROUND,
            **_around(due_at, besides),
        )

    def queued_near_duplicate(
        self, accounts: Sequence[str], content: Content, due_at: datetime
    ) -> EarlierDelivery | None:
        """Draft or queued delivery on the accounts with nearly equal text, due around `due_at`.

        Around means within DUPLICATE_WINDOW before or after.
        """
        return self._near_duplicate(
            _NEAR_QUEUED, accounts, content, Compared.is_near, **_around(due_at)
        )

    def find_repetition(
        self, account: str, content: Content, since: datetime
    ) -> EarlierDelivery | None:
        """Latest delivery that the text repeats in nearly equal words, sent after `since`.

        A native reshare repeats nothing: its text is said of another post. Of the account's
        deliveries only the latest MOST_COMPARED are compared.
        """
        return self._repetition(_REPEATED_SENT, account, content, since=since)

    def queued_repetition(
        self, account: str, content: Content, due_at: datetime, besides: int | None = None
    ) -> EarlierDelivery | None:
        """Draft or queued delivery that the text repeats in nearly equal words, due around
        `due_at`.

        Around and `besides` as in `queued_duplicate`.
        """
        around = _around(due_at, besides)
        return self._repetition(_REPEATED_QUEUED, account, content, **around)

    def _repetition(
        self, query: CompiledSelect, account: str, content: Content, **parameters: object
    ) -> EarlierDelivery | None:
        if content.native:
            return None
        return self._near_duplicate(query, [account], content, Compared.repeats, **parameters)

    def _prior_deliveries(
        self, query: CompiledSelect, deliveries_: Iterable[int], **parameters: object
    ) -> defaultdict[int, list[PriorDelivery]]:
        rows = query.rows(self._connection, ids=deliveries_, **parameters)
        found: defaultdict[int, list[PriorDelivery]] = defaultdict(list)
        for row in rows:
            found[row.asking].append(PriorDelivery(_earlier(row), row.sent_at, Credit(row.credit)))
        return found

    def _near_duplicate(
        self,
        query: CompiledSelect,
        accounts: Sequence[str],
        content: Content,
        alike: Callable[[Compared, Compared], bool],
        **parameters: object,
    ) -> EarlierDelivery | None:
        if not accounts:
            return None
        wanted = compared(content.text)
        for row in query.rows(self._connection, accounts=accounts, **parameters):
            if alike(wanted, compared(row.text)):
                return self._latest(deliveries.c.id == row.id)
        return None

    def _latest(self, *where: ColumnElement[bool], **parameters: object) -> EarlierDelivery | None:
        query = _select_earlier().where(*where).order_by(deliveries.c.sent_at.desc()).limit(1)
        row = self._connection.execute(query, parameters).one_or_none()
        return None if row is None else _earlier(row)


_SENT_NOT_DELETED = deliveries.c.state.in_((State.SENDING, State.UNKNOWN, State.PUBLISHED))


def _sent_after_unindexed(since: Any) -> ColumnElement[bool]:
    """SQL: sent after `since`, written so that no index serves it.

    For statements that find few rows by another index, which the database shall use.
    """
    after: ColumnElement[bool] = func.coalesce(deliveries.c.sent_at, since) > since
    return after


def _around(due_at: datetime, besides: int | None = None) -> dict[str, object]:
    """Parameters of _QUEUED_AROUND: DUPLICATE_WINDOW around `due_at`, and an id left out."""
    return {
        "after": due_at - DUPLICATE_WINDOW,
        "before": due_at + DUPLICATE_WINDOW,
        "besides": besides or 0,
    }


def _texts(*where: ColumnElement[bool]) -> CompiledSelect:
    """Texts of at most MOST_COMPARED deliveries of `accounts`, the latest sent first."""
    return CompiledSelect(
        lambda among: (
            select(deliveries.c.id, deliveries.c.text)
            .where(among(deliveries.c.account, "accounts"), *where)
            .order_by(deliveries.c.sent_at.desc(), deliveries.c.id.desc())
            .limit(MOST_COMPARED)
        ),
        "accounts",
    )


_SENT_SINCE = (deliveries.c.sent_at > bindparam("since", type_=UtcDateTime), _SENT_NOT_DELETED)
_QUEUED_AROUND = (
    is_draft_or_queued(),
    deliveries.c.due_at > bindparam("after", type_=UtcDateTime),
    deliveries.c.due_at < bindparam("before", type_=UtcDateTime),
    deliveries.c.id != bindparam("besides", type_=Integer),
)
_NEAR_SENT, _NEAR_QUEUED = _texts(*_SENT_SINCE), _texts(*_QUEUED_AROUND)
_REPEATED_SENT = _texts(~deliveries.c.native, *_SENT_SINCE)
_REPEATED_QUEUED = _texts(~deliveries.c.native, *_QUEUED_AROUND)


def _select_earlier() -> Select[Any]:
    return select(
        deliveries.c.id,
        deliveries.c.account,
        deliveries.c.text,
        deliveries.c.due_at,
        deliveries.c.sent_at,
    )


def _earlier(row: Row[Any]) -> EarlierDelivery:
    return EarlierDelivery(row.id, row.account, row.due_at, row.sent_at)


# -- pairs of a delivery and an earlier one on the same account --------------------------------

asking = deliveries.alias("asking")
"""Deliveries of the list `ids`; `deliveries` itself stands for the earlier ones."""

asking_post, earlier_post = posts.alias("asking_post"), posts.alias("earlier_post")

_reshared_url = func.rtrim(asking.c.reshare_of, "/")


def _pairs(among: Among, *conditions: ColumnElement[bool]) -> Select[Any]:
    """SQL: pairs of a delivery in `ids` and another one on its account that meets `conditions`.

    Deleted deliveries are left out; the latest sent come first.
    """
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
            *conditions,
        )
        .order_by(deliveries.c.sent_at.desc())
    )


_SAME_TEXT = CompiledSelect(
    lambda among: _pairs(
        among,
        deliveries.c.text_hash == asking.c.text_hash,
        _sent_after_unindexed(bindparam("since", type_=UtcDateTime)),
    ),
    "ids",
)
_SAME_POST = CompiledSelect(
    lambda among: _pairs(
        among,
        deliveries.c.sent_at.is_not(None),
        deliveries.c.reshare_of.is_not(None),
        deliveries.c.reshare_of.in_((_reshared_url, _reshared_url + "/")),
    ),
    "ids",
)
_SAME_EVENT = CompiledSelect(
    lambda among: (
        _pairs(
            among,
            deliveries.c.sent_at.is_not(None),
            earlier_post.c.event_id == asking_post.c.event_id,
        )
        .join(asking_post, asking_post.c.id == asking.c.post_id)
        .join(earlier_post, earlier_post.c.id == deliveries.c.post_id)
    ),
    "ids",
)
_LATEST = CompiledSelect(
    lambda among: select(
        accounts.c.name,
        select(deliveries.c.sent_at)
        .where(
            deliveries.c.account == accounts.c.name,
            deliveries.c.sent_at.is_not(None),
            deliveries.c.sent_at <= bindparam("until", type_=UtcDateTime),
        )
        .order_by(deliveries.c.sent_at.desc())
        .limit(1)
        .correlate(accounts)
        .scalar_subquery(),
    ).where(among(accounts.c.name, "names")),
    "names",
)
