"""Choice of deliveries for a list of limited length: unfinished ones first, then the latest others.

Each state is read along its index, so that the cost of a list does not grow with the queue or its
history.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)

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

FEW_POSTS = 2_000
"""Posts of a partner up to which a list about the partner looks at each of them.

Beyond that it looks at all deliveries in its order, until it is full.
"""

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
            where.append(deliveries.c.post_id.in_(_about(self.partner)))
        return where

    def in_state(self, state: State, *, few_posts: bool) -> list[ColumnElement[bool]]:
        """The same, and the condition for this state; `few_posts`: the partner has few posts."""
        if self.partner is None:
            return [deliveries.c.state == state, *self.conditions()]
        if few_posts:
            # What is computed has no index: else all deliveries of the state would be read.
            return [func.coalesce(deliveries.c.state, "") == state, *self.conditions()]
        others = replace(self, partner=None).conditions()
        this_post = post_partners.c.post_id == deliveries.c.post_id
        return [
            deliveries.c.state == state,
            *others,
            _about(self.partner).where(this_post).correlate(deliveries).exists(),
        ]

    def _is_due(self) -> ColumnElement[bool]:
        within = [~waits_to_be_allowed()]
        if self.since is not None:
            within.append(deliveries.c.due_at >= self.since)
        if self.until is not None:
            within.append(deliveries.c.due_at <= self.until)
        due = and_(*within)
        return or_(due, waits_to_be_allowed()) if self.without_time else due


def _about(partner: str) -> Select[Any]:
    """SQL: ids of the posts about the partner."""
    query = select(post_partners.c.post_id).join(partners)
    return query.where(partners.c.slug == partner)


def listed_ids(connection: Connection, wanted: Filter, room: int) -> list[int]:
    """Ids of at most `room` deliveries: unfinished ones first, then the latest finished ones.

    Unfinished deliveries come state by state, oldest first; finished ones come newest first.
    """
    states = frozenset({State.QUEUED}) if wanted.held else wanted.states
    few = wanted.partner is None or _has_few_posts(connection, wanted.partner)
    unfinished = _ids(connection, wanted, _among(UNFINISHED, states), room, few_posts=few)
    waiting = [each for state in UNFINISHED for each in unfinished.get(state, ())][:room]
    left = room - len(waiting)
    ends = _among(FINISHED, states)
    finished = _ids(connection, wanted, ends, left, latest=True, few_posts=few)
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
    few_posts: bool,
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
            .where(*wanted.in_state(state, few_posts=few_posts))
            .order_by(order)
            .limit(room)
            .subquery()
        )
        parts.append(select(literal(state.value).label("state"), some.c.id))
    found: dict[str, list[int]] = {}
    for state_, number in connection.execute(union_all(*parts)):
        found.setdefault(state_, []).append(number)
    return {state_: sorted(ids, reverse=latest) for state_, ids in found.items()}


def _has_few_posts(connection: Connection, partner: str) -> bool:
    some = _about(partner).limit(FEW_POSTS + 1).subquery()
    count = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return int(count) <= FEW_POSTS
