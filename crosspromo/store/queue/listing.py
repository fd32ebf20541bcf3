"""Choice of deliveries for a list of limited length: unfinished ones first, then the latest others.

Each state is read along its index, so that the cost of a list does not grow with the queue or its
history.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, literal, or_, select, union_all

from crosspromo.domain.posts import Kind
from crosspromo.domain.states import State
from crosspromo.domain.values import Value
from crosspromo.store.accounts import is_paused
from crosspromo.store.schema import (
    campaigns,
    deliveries,
    partners,
    post_partners,
    posts,
    waits_to_be_allowed,
)

UNFINISHED = (State.UNKNOWN, State.SENDING, State.DRAFT, State.QUEUED)
"""States that are not final, with those first that may need a person."""

FINISHED = tuple(state for state in State if state not in UNFINISHED)


class Filter(Value, frozen=True):
    """Delivery filter for a list; None means any value.

    `held`: only queued deliveries with a hold or under a pause. `since` and `until`: due from the
    one to the other, both included; deliveries that wait to be allowed are due at no time, and are
    among them only if `without_time`. `partner`: slug of a partner whom the post is about.
    `campaign`: slug of the one that it belongs to.
    """

    states: frozenset[State] | None = None
    held: bool = False
    account: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    partner: str | None = None
    kind: Kind | None = None
    without_time: bool = False
    campaign: str | None = None

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
        if self.campaign is not None:
            of_campaign = (
                select(posts.c.id).join(campaigns).where(campaigns.c.slug == self.campaign)
            )
            where.append(deliveries.c.post_id.in_(of_campaign))
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
    unfinished = _ids(connection, wanted, _among(UNFINISHED, states), room)
    waiting = [each for state in UNFINISHED for each in unfinished.get(state, ())][:room]
    left = room - len(waiting)
    finished = _ids(connection, wanted, _among(FINISHED, states), left, latest=True)
    ended = sorted((each for ids in finished.values() for each in ids), reverse=True)
    return [*waiting, *ended[:left]]


def _among(states: Sequence[State], wanted: frozenset[State] | None) -> list[State]:
    return [state for state in states if wanted is None or state in wanted]


def _ids(
    connection: Connection,
    wanted: Filter,
    states: Sequence[State],
    room: int,
    *,
    latest: bool = False,
) -> dict[str, list[int]]:
    """Ids of at most `room` deliveries of each state, in order, by state; in one query."""
    if not room or not states:
        return {}
    order = deliveries.c.id.desc() if latest else deliveries.c.id
    parts = []
    for state in states:
        some = (
            select(deliveries.c.id)
            .where(deliveries.c.state == state, *wanted.conditions())
            .order_by(order)
            .limit(room)
            .subquery()
        )
        parts.append(select(literal(state.value).label("state"), some.c.id))
    found: dict[str, list[int]] = {}
    for state_, number in connection.execute(union_all(*parts)):
        found.setdefault(state_, []).append(number)
    return {state_: sorted(ids, reverse=latest) for state_, ids in found.items()}
