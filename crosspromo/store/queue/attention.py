"""Deliveries that need a person, and their dismissals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from crosspromo.domain.deliveries import Delivery, Latest
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.queue.due import UNTOUCHED_HEADS
from crosspromo.store.schema import (
    accounts,
    deliveries,
    dismissals,
    is_draft_or_queued,
    is_sending,
    is_unknown,
)
from crosspromo.store.sign_off_links import ids_needing

ENDED_UNSENT = (State.FAILED, State.MISSED, State.EXPIRED)
UNFINISHED = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Needing:
    """Deliveries that need a person, by sort; of each sort the latest.

    `ended_unsent` failed, were missed or expired. `unknown` wait for a person to look. `past_due`
    are queued, and only a fault or their network delays them. `unapproved` are past their due time:
    drafts, and deliveries held for approval. `set_aside` are drafts that a change of their event
    left. `untouched` were to be looked at by a daemon. `links` are ids of sign-off links that may
    need one.
    """

    ended_unsent: Latest
    unknown: Latest
    past_due: Latest
    unapproved: Latest
    set_aside: Latest
    untouched: Sequence[Delivery]
    links: Sequence[int]

    @property
    def named(self) -> Sequence[Delivery]:
        """Deliveries of all sorts but the last, by which no delivery is named."""
        sorts = self.ended_unsent, self.unknown, self.past_due, self.unapproved, self.set_aside
        return [delivery for sort in sorts for delivery in sort.deliveries]


class Attention:
    """Reads deliveries that need a person. Each list has at most `most` of them."""

    def __init__(self, connection: Connection, deliveries_: Deliveries, most: int) -> None:
        self._connection = connection
        self._deliveries = deliveries_
        self._most = most

    def all(
        self,
        here: Collection[str],
        now: datetime,
        *,
        due_before: datetime,
        woken_before: datetime,
        answers_until: datetime,
    ) -> Needing:
        """Deliveries of every sort, in two queries.

        Those past due were due before `due_before`, on the accounts `here`. Those untouched were to
        be looked at before `woken_before`. Links are those with an answer, and those of drafts that
        are due until `answers_until`.
        """
        conditions = {
            "ended_unsent": (deliveries.c.state.in_(ENDED_UNSENT), ~_is_dismissed()),
            "unknown": (is_unknown(), deliveries.c.needs_person, ~_is_dismissed()),
            "past_due": _past_due(here, due_before, now),
            "unapproved": _unapproved(now),
            "set_aside": (
                deliveries.c.state == State.DRAFT,
                is_draft_or_queued(),
                deliveries.c.fault_code.is_not(None),
            ),
            "sending": (is_sending(), deliveries.c.wake_at <= woken_before),
            "looked_up": (is_unknown(), deliveries.c.wake_at <= woken_before),
        }
        links = ids_needing(self._most, now, answers_until)
        ids = self._ids(conditions, links, woken_before, now)
        answers = sorted(ids.pop(LINKS))
        wanted = sorted({each for some in ids.values() for each in some})
        found = {each.id: each for each in self._deliveries.named(wanted)}

        def latest(sort: str) -> Latest:
            named = [found[each] for each in sorted(ids[sort])]
            if len(named) < self._most:
                return Latest(named, 0)
            total = select(func.count(deliveries.c.id)).where(*conditions[sort])
            return Latest(named, int(self._connection.execute(total).scalar_one()) - len(named))

        heads = sorted(ids[HEADS])[: self._most]
        at_work = sorted(ids["sending"]) + sorted(ids["looked_up"])
        return Needing(
            ended_unsent=latest("ended_unsent"),
            unknown=latest("unknown"),
            past_due=latest("past_due"),
            unapproved=latest("unapproved"),
            set_aside=latest("set_aside"),
            untouched=[found[each] for each in (*heads, *at_work)],
            links=answers,
        )

    def _ids(
        self,
        conditions: Mapping[str, tuple[ColumnElement[bool], ...]],
        links: Select[Any],
        woken_before: datetime,
        now: datetime,
    ) -> dict[str, list[int]]:
        """Ids of the latest deliveries of each sort, of the oldest queued one by account, and of
        `links`.

        The latter are those of accounts that can send now: not paused, not at rest, and without a
        delivery in flight.
        """
        parts = []
        for sort, where in conditions.items():
            newest = select(deliveries.c.id).where(*where).order_by(deliveries.c.id.desc())
            some = newest.limit(self._most).subquery()
            parts.append(select(literal(sort).label("sort"), some.c.id))
        heads = UNTOUCHED_HEADS.subquery()
        parts.append(select(literal(HEADS).label("sort"), heads.c[0]))
        parts.append(select(literal(LINKS).label("sort"), links.subquery().c.id))
        ids: dict[str, list[int]] = {sort: [] for sort in (*conditions, HEADS, LINKS)}
        moments = {"now": woken_before, "at": now}
        for sort, number in self._connection.execute(union_all(*parts), moments):
            if number is not None:
                ids[sort].append(number)
        return ids

    def waiting_on_each(self, gone: Collection[str]) -> dict[str, int]:
        """Number of unfinished deliveries by account, of these accounts that have any."""
        if not gone:
            return {}
        query = (
            select(deliveries.c.account, func.count())
            .where(deliveries.c.account.in_(gone), deliveries.c.state.in_(UNFINISHED))
            .group_by(deliveries.c.account)
        )
        return {name: int(count) for name, count in self._connection.execute(query)}

    def waiting_on(self, account: str) -> Latest:
        """Unfinished deliveries of the account."""
        where = deliveries.c.account == account, deliveries.c.state.in_(UNFINISHED)
        return self._deliveries.latest(*where, most=self._most)

    def ask_again(self, delivery: Delivery) -> None:
        """Take back a dismissal: the delivery asks for a person again."""
        self._connection.execute(delete(dismissals).where(dismissals.c.delivery_id == delivery.id))

    def dismiss(self, delivery: Delivery, at: datetime, who: str, reason: str) -> None:
        """Dismiss the matter of this delivery as it stands; an earlier dismissal is replaced."""
        self._connection.execute(delete(dismissals).where(dismissals.c.delivery_id == delivery.id))
        self._connection.execute(
            dismissals.insert().values(
                delivery_id=delivery.id,
                state=delivery.state,
                attempt=delivery.attempt,
                at=at,
                who=who,
                reason=reason,
            )
        )


HEADS = "heads"
"""Sort of the oldest queued delivery of each account."""

LINKS = "links"
"""Sort of sign-off links, whose ids are those of links."""


def _past_due(
    here: Collection[str], due_before: datetime, now: datetime
) -> tuple[ColumnElement[bool], ...]:
    """SQL: queued deliveries of the accounts `here` that only a fault or their network delays.

    They were due before `due_before`. Their last try met a fault, their account rests `now`, or
    their next try is later: the clock was set back. Deliveries of paused accounts are left out, and
    held ones, but for those that the network's limit holds.
    """
    account_rests = exists().where(
        accounts.c.name == deliveries.c.account, accounts.c.rests_until > now
    )
    tried, waits = deliveries.c.fault_code.is_not(None), deliveries.c.wake_at > now
    return (
        is_draft_or_queued(),
        deliveries.c.state == State.QUEUED,
        deliveries.c.account.in_(here),
        deliveries.c.due_at < due_before,
        or_(
            and_(deliveries.c.hold_code.is_(None), or_(tried, account_rests, waits)),
            deliveries.c.hold_code == "rate-limit",
        ),
        ~is_paused(deliveries.c.account),
    )


def _unapproved(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """SQL: drafts, and deliveries held for approval, whose due time has passed.

    Drafts that a change of their event left are another sort.
    """
    held = deliveries.c.hold_code == "approval"
    draft = and_(deliveries.c.state == State.DRAFT, deliveries.c.fault_code.is_(None))
    return is_draft_or_queued(), or_(draft, held), deliveries.c.due_at <= now


def _is_dismissed() -> ColumnElement[bool]:
    """SQL: the delivery was dismissed in its present state, at its present attempt."""
    return exists().where(
        dismissals.c.delivery_id == deliveries.c.id,
        dismissals.c.state == deliveries.c.state,
        dismissals.c.attempt == deliveries.c.attempt,
    )
