"""Choice of deliveries for a list of limited length: unfinished ones first, then the latest others.

Each state is read along its index, so that the cost of a list does not grow with the queue or its
history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from crosspromo.domain.posts import Kind
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.schema import (
    deliveries,
    partners,
    post_partners,
    posts,
    waits_to_be_allowed,
)

UNFINISHED = (State.UNKNOWN, State.SENDING, State.DRAFT, State.QUEUED)
"""States that are not final, with those first that may need a person."""

FINISHED = tuple(state for state in State if state not in UNFINISHED)


@dataclass(frozen=True, slots=True)
class Filter:
    """Delivery filter for a list; None means any value.

    `held`: only queued deliveries with a hold or under a pause. `since` and `until`: due from the
    one to the other, both included; deliveries that wait to be allowed are due at no time, and are
    among them only if `without_time`. `partner`: slug of a partner whom the post is about.
    """

    states: frozenset[State] | None = None
    held: bool = False
    account: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    partner: str | None = None
    kind: Kind | None = None
    without_time: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """SQL conditions for all fields except `states`."""
        where: list[ColumnElement[bool]] = []
        if self.held:
            paused = (deliveries.c.state == State.QUEUED) & is_paused(deliveries.c.account)
            where.append(deliveries.c.hold_code.is_not(None) | paused)
        if self.account is not None:
            where.append(deliveries.c.account == self.account)
        if self.since is not None or self.until is not None:
            where.append(self._is_due())
        if self.kind is not None:
            where.append(
                deliveries.c.post_id.in_(select(posts.c.id).where(posts.c.kind == self.kind))
            )
        if self.partner is not None:
            about = (
                select(post_partners.c.post_id)
                .join(partners)
                .where(partners.c.slug == self.partner)
            )
            where.append(deliveries.c.post_id.in_(about))
        return where

    def _is_due(self) -> ColumnElement[bool]:
        within = [~waits_to_be_allowed()]
        if self.since is not None:
            within.append(deliveries.c.due_at >= self.since)
        if self.until is not None:
            within.append(deliveries.c.due_at <= self.until)
        due = and_(*within)
        return or_(due, waits_to_be_allowed()) if self.without_time else due


def listed_ids(connection: Connection, wanted: Filter, room: int) -> list[int]:
    """Ids of at most `room` deliveries: unfinished ones first, then the latest finished ones.

    Unfinished deliveries come state by state, oldest first; finished ones come newest first.
    """
    states = frozenset({State.QUEUED}) if wanted.held else wanted.states
    unfinished: list[int] = []
    for state in UNFINISHED:
        if states is None or state in states:
            unfinished += _ids(connection, wanted, state, room - len(unfinished))
    left = room - len(unfinished)
    finished = [
        each
        for state in FINISHED
        if left and (states is None or state in states)
        for each in _ids(connection, wanted, state, left, latest=True)
    ]
    return [*unfinished, *sorted(finished, reverse=True)[:left]]


def _ids(
    connection: Connection, wanted: Filter, state: State, room: int, *, latest: bool = False
) -> Sequence[int]:
    order = deliveries.c.id.desc() if latest else deliveries.c.id
    query = (
        select(deliveries.c.id)
        .where(deliveries.c.state == state, *wanted.conditions())
        .order_by(order)
        .limit(room)
    )
    return connection.execute(query).scalars().all() if room else ()
