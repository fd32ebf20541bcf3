"""Shares: posts about partners, and posts about events, counted and listed for people.

A share is a post about a partner that went out on at least one account, and that counted for the
partner there. Every query reads a bounded part of the past: a time along the index of sends, the
latest posts of a partner, or the latest deliveries.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    func,
    literal,
    select,
    union_all,
)

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.schema import (
    IS_COUNTED,
    accounts,
    deliveries,
    events,
    is_draft_or_queued,
    ledger,
    partners,
    post_partners,
    posts,
)
from crosspromo.store.sql.types import UtcDateTime

LATEST_POSTS = 20
"""Latest posts of a partner among which the last one that went out is looked for."""

MANY_POSTS = 2_000
"""Posts of a partner above which the latest deliveries of all are walked instead."""

WALKED = 20_000
"""Latest deliveries that are walked for a partner with many posts, and for words of posts."""

LATEST_SENDS = 250
"""Latest sends of an account that are walked for partners, before posts about them are sought."""


class Given(NamedTuple):
    """Shares of a partner in a time: posts, deliveries, and the time of the last one."""

    posts: int
    deliveries: int
    last_at: datetime


class Planned(NamedTuple):
    """Queued posts about a partner: their number, and the due time of the first one."""

    posts: int
    next_at: datetime


class Standings(NamedTuple):
    """Shares of partners in a time, with crosspromo and without, and what is queued, by slug."""

    ours: Mapping[str, Given]
    outside: Mapping[str, Given]
    planned: Mapping[str, Planned]


class FoundPost(NamedTuple):
    """Words, state and account of one delivery of a post."""

    post: int
    account: str
    title: str | None
    text: str
    state: State
    credit: Credit
    due_at: datetime


class Shares:
    """Posts about partners and events within one transaction."""

    def __init__(self, connection: Connection, deliveries_: Deliveries) -> None:
        self._connection = connection
        self._deliveries = deliveries_

    def given(self, since: datetime, until: datetime) -> Mapping[str, Given]:
        """Shares sent after `since` and not after `until`, by slug; partners without are absent."""
        return self._by_partner(_given(since, until))[0]

    def given_outside(self, since: datetime, until: datetime) -> Mapping[str, Given]:
        """Posts about partners that were made without crosspromo, as `given`."""
        return self._by_partner(_given_outside(since, until))[0]

    def last_given(
        self, slugs: AbstractSet[str], since: datetime, until: datetime, walked: int = LATEST_SENDS
    ) -> Mapping[str, datetime]:
        """Time of the last share of each of these partners, of what `given` tells, by slug.

        The latest sends are walked, `walked` of the account that sends most. Partners who are not
        among them are looked for in earlier sends or in the posts about them, whichever are fewer.
        """
        if not slugs:
            return {}
        begins, found = self._last_given_lately(slugs, since, until, walked)
        silent = slugs - found.keys()
        if begins is None or not silent:
            return found
        if self._are_fewer_sends(silent, since, begins):
            return found | _last_at(self.given(since, begins), silent)
        sought = select(partners.c.slug, _last_of_posts(since, begins))
        rows = self._connection.execute(sought.where(partners.c.slug.in_(silent)))
        return found | {slug: at for slug, at in rows if at is not None}

    def _last_given_lately(
        self, slugs: AbstractSet[str], since: datetime, until: datetime, walked: int
    ) -> tuple[datetime | None, dict[str, datetime]]:
        """Time after which the sends were walked (None: after `since`), and the last share of each.

        Both in one query: a page asks for them, whose queries are counted.
        """
        nth = _nth_sent(since, until, walked).scalar_subquery()
        lately = _given(func.coalesce(nth, literal(since, UtcDateTime)), until).subquery()
        last = select(partners.c.slug, lately.c.at).join(
            lately, lately.c.partner_id == partners.c.id
        )
        walked_after = select(literal(_WALKED_AFTER).label("slug"), nth.label("at"))
        rows = self._connection.execute(union_all(walked_after, last))
        found = {row.slug: row.at for row in rows}
        begins = found.pop(_WALKED_AFTER)
        return begins, {slug: at for slug, at in found.items() if slug in slugs}

    def _are_fewer_sends(self, slugs: AbstractSet[str], since: datetime, until: datetime) -> bool:
        """Whether it takes less to walk these sends than to look at each post about the partners.

        Both are counted as far as WALKED.
        """
        if len(slugs) > MANY_POSTS:
            return True
        about = (
            select(literal(1))
            .select_from(partners)
            .join(post_partners, post_partners.c.partner_id == partners.c.id)
            .where(partners.c.slug.in_(slugs))
        )
        sends = _sends(since, until).with_only_columns(literal(1))
        counts = (
            select(func.count()).select_from(each.limit(WALKED).subquery()).scalar_subquery()
            for each in (about, sends)
        )
        posts_, sent = self._connection.execute(select(*counts)).one()
        return bool(posts_ == WALKED or sent <= posts_)

    def planned(self) -> Mapping[str, Planned]:
        """Queued posts about each partner, by slug."""
        return _as_planned(self._by_partner(_planned())[0])

    def standings(self, since: datetime, until: datetime) -> Standings:
        """What `given`, `given_outside` and `planned` tell, in one query."""
        ours, outside, planned = self._by_partner(
            _given(since, until), _given_outside(since, until), _planned()
        )
        return Standings(ours, outside, _as_planned(planned))

    def _by_partner(self, *counts: Select[Any]) -> Sequence[Mapping[str, Given]]:
        """Rows of each select by slug; they are made before the partners are joined to them."""
        parts = [
            select(literal(part).label("part"), each.subquery()) for part, each in enumerate(counts)
        ]
        by_id = union_all(*parts).subquery()
        columns = by_id.c.part, by_id.c.posts, by_id.c.deliveries, by_id.c.at
        query = select(partners.c.slug, *columns).join(by_id, by_id.c.partner_id == partners.c.id)
        found: list[dict[str, Given]] = [{} for _ in counts]
        for slug, part, *given in self._connection.execute(query):
            found[part][slug] = Given(*given)
        return found

    def last_shared(self, slugs: Collection[str]) -> Mapping[str, datetime]:
        """Time of the last share of each of these partners, as far as their latest posts tell."""
        if not slugs:
            return {}
        latest = (
            select(post_partners.c.post_id)
            .where(post_partners.c.partner_id == partners.c.id)
            .order_by(post_partners.c.post_id.desc())
            .limit(LATEST_POSTS)
            .correlate(partners)
        )
        last = (
            select(func.max(deliveries.c.sent_at))
            .where(deliveries.c.post_id.in_(latest), *_SHARED)
            .correlate(partners)
            .scalar_subquery()
        )
        query = select(partners.c.slug, last)
        if len(slugs) <= MANY_POSTS:
            query = query.where(partners.c.slug.in_(slugs))
        rows = self._connection.execute(query)
        return {slug: at for slug, at in rows if at is not None and slug in slugs}

    def about(self, slug: str, most: int) -> Sequence[Delivery]:
        """Deliveries of the latest `most` posts about the partner, the latest post first.

        Of a partner with MANY_POSTS, only the WALKED latest deliveries of all are looked at.
        """
        of_partner = (
            select(post_partners.c.post_id)
            .join(partners, partners.c.id == post_partners.c.partner_id)
            .where(partners.c.slug == slug)
        )
        some = of_partner.limit(MANY_POSTS).subquery()
        count = self._connection.execute(select(func.count()).select_from(some)).scalar_one()
        if count < MANY_POSTS:
            latest = of_partner.order_by(post_partners.c.post_id.desc()).limit(most)
        else:
            latest = _walked_about(slug, most)
        found = self._deliveries.some(deliveries.c.post_id.in_(latest))
        return sorted(found, key=lambda each: (-each.post, each.id))

    def of_event(self, slug: str, most: int) -> Sequence[Delivery]:
        """Deliveries of the latest `most` posts about the event, the earliest due one first."""
        latest = (
            select(posts.c.id)
            .join(events, events.c.id == posts.c.event_id)
            .where(events.c.slug == slug)
            .order_by(posts.c.id.desc())
            .limit(most)
        )
        found = self._deliveries.some(deliveries.c.post_id.in_(latest))
        return sorted(found, key=lambda each: (each.due_at, each.id))

    def of_events(self, slugs: Collection[str]) -> Mapping[str, Mapping[State, int]]:
        """Number of deliveries about each of these events, by state."""
        query = (
            select(events.c.slug, deliveries.c.state, func.count())
            .select_from(events)
            .join(posts, posts.c.event_id == events.c.id)
            .join(deliveries, deliveries.c.post_id == posts.c.id)
            .where(events.c.slug.in_(slugs))
            .group_by(events.c.slug, deliveries.c.state)
        )
        found: dict[str, dict[State, int]] = {}
        for slug, state, count in self._connection.execute(query) if slugs else ():
            found.setdefault(slug, {})[State(state)] = int(count)
        return found

    def latest(self, walked: int = WALKED) -> Sequence[FoundPost]:
        """Words of the latest `walked` deliveries, the latest first."""
        columns = deliveries.c.post_id, deliveries.c.account, deliveries.c.title, deliveries.c.text
        rest = deliveries.c.state, deliveries.c.credit, deliveries.c.due_at
        query = select(*columns, *rest).order_by(deliveries.c.id.desc()).limit(walked)
        return [
            FoundPost(post, account, title, text, State(state), Credit(credit), due_at)
            for post, account, title, text, state, credit, due_at in self._connection.execute(query)
        ]

    def pictures(self, walked: int = WALKED) -> Sequence[tuple[int, str, str]]:
        """Post, path and alt text of each image of the latest deliveries, the latest first."""
        query = select(deliveries.c.post_id, deliveries.c.images)
        newest = query.order_by(deliveries.c.id.desc()).limit(walked)
        rows = self._connection.execute(newest)
        return [(post, path, alt) for post, images in rows for path, alt in images]


_WALKED_AFTER = ""
"""Marks the time after which sends were walked, among times by slug: no partner has this slug."""

# What is computed has no index: else all that was ever published may be read by its state, or by
# its partners, instead of the latest by their time.
_SHARED = (
    func.coalesce(deliveries.c.state, "") == State.PUBLISHED,
    deliveries.c.credit.in_((Credit.OTHERS, Credit.BOTH)),
)


def _given(since: datetime | ColumnElement[datetime], until: datetime) -> Select[Any]:
    """SQL: posts and deliveries that went out in a time, and the time of the last, by partner."""
    at = deliveries.c.sent_at
    return (
        select(
            post_partners.c.partner_id,
            func.count(deliveries.c.post_id.distinct()).label("posts"),
            func.count().label("deliveries"),
            func.max(at).label("at"),
        )
        .select_from(accounts)
        .join(deliveries, deliveries.c.account == accounts.c.name.concat(""))
        .join(post_partners, post_partners.c.post_id == deliveries.c.post_id + 0)
        .where(at.is_not(None), at > since, at <= until, *_SHARED)
        .group_by(post_partners.c.partner_id)
    )


def _sends(since: datetime, until: datetime) -> Select[Any]:
    """SQL: times of all sends of a time, by account."""
    at = deliveries.c.sent_at
    return (
        select(at)
        .select_from(accounts)
        .join(deliveries, deliveries.c.account == accounts.c.name.concat(""))
        .where(at.is_not(None), at > since, at <= until)
    )


def _nth_sent(since: datetime, until: datetime, number: int) -> Select[Any]:
    """SQL: time after which no account has sent more than `number` times; NULL: `since`."""
    at = deliveries.c.sent_at
    nth = (
        select(at)
        .where(deliveries.c.account == accounts.c.name, at.is_not(None), at > since, at <= until)
        .order_by(at.desc())
        .limit(1)
        .offset(number)
        .correlate(accounts)
    )
    return select(func.max(nth.scalar_subquery())).select_from(accounts)


def _last_of_posts(since: datetime, until: datetime) -> ScalarSelect[Any]:
    """SQL: time of the last share of a partner in a time, by all the posts about the partner."""
    at = deliveries.c.sent_at
    return (
        select(func.max(at))
        .select_from(post_partners)
        .join(deliveries, deliveries.c.post_id == post_partners.c.post_id)
        .where(post_partners.c.partner_id == partners.c.id, at > since, at <= until, *_SHARED)
        .correlate(partners)
        .scalar_subquery()
    )


def _given_outside(since: datetime, until: datetime) -> Select[Any]:
    """SQL: the same of posts that were made without crosspromo."""
    return (
        select(
            ledger.c.partner_id,
            func.count().label("posts"),
            func.count().label("deliveries"),
            func.max(ledger.c.at).label("at"),
        )
        .where(IS_COUNTED, ledger.c.at > since, ledger.c.at <= until, ledger.c.others > 0)
        .where(ledger.c.partner_id.is_not(None))
        .group_by(ledger.c.partner_id)
    )


def _planned() -> Select[Any]:
    """SQL: posts and deliveries that are queued, and the time of the first, by partner."""
    return (
        select(
            post_partners.c.partner_id,
            func.count(deliveries.c.post_id.distinct()).label("posts"),
            func.count().label("deliveries"),
            func.min(deliveries.c.due_at).label("at"),
        )
        .select_from(deliveries)
        .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
        .where(is_draft_or_queued(), deliveries.c.state == State.QUEUED)
        .group_by(post_partners.c.partner_id)
    )


def _last_at(found: Mapping[str, Given], slugs: AbstractSet[str]) -> dict[str, datetime]:
    return {slug: each.last_at for slug, each in found.items() if slug in slugs}


def _as_planned(found: Mapping[str, Given]) -> Mapping[str, Planned]:
    return {slug: Planned(each.posts, each.last_at) for slug, each in found.items()}


def _walked_about(slug: str, most: int) -> Select[Any]:
    """SQL: posts about the partner among the latest deliveries of all, the latest first."""
    newest = select(deliveries.c.post_id).order_by(deliveries.c.id.desc()).limit(WALKED).subquery()
    return (
        select(newest.c.post_id)
        .join(post_partners, post_partners.c.post_id == newest.c.post_id)
        .join(partners, partners.c.id == post_partners.c.partner_id)
        .where(partners.c.slug == slug)
        .distinct()
        .order_by(newest.c.post_id.desc())
        .limit(most)
    )
