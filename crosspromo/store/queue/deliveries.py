"""Deliveries and posts in the store: inserts, and queries for people and the daemon.

State changes of deliveries are in `crosspromo/store/queue/transitions.py`.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, select, update

from crosspromo.domain.deliveries import Delivery, Fault, HoldNote, Latest, NewDelivery
from crosspromo.domain.duplicates import text_hash
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.figures import PostFigures
from crosspromo.domain.posts import Content, Credit, Image, Kind, Making
from crosspromo.domain.reasons.not_found import NoSuchDelivery, NoSuchPost
from crosspromo.domain.states import State
from crosspromo.domain.tones import Tone
from crosspromo.domain.verdicts import Override
from crosspromo.store.accounts import is_paused
from crosspromo.store.campaign_ids import campaign_id
from crosspromo.store.events import Events
from crosspromo.store.figures import JOINED, joined
from crosspromo.store.partners import Partners
from crosspromo.store.queue import reasons
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.queue.due import (
    ACCOUNTS_WITH_WORK,
    DUE_TIMES,
    DUE_TIMES_UNTIL,
    NEXT_DUE,
    NEXT_UNSETTLED_WAKES,
    NEXT_WAKES,
    OLDEST_OVERDUE,
    OLDEST_TIMED_OVERDUE,
    SLOT_TAKEN,
)
from crosspromo.store.queue.editorial import Times, editorial_ids
from crosspromo.store.queue.going_next import going_next
from crosspromo.store.queue.hold_history import HoldHistory
from crosspromo.store.queue.listing import Filter, listed_ids
from crosspromo.store.queue.timetable import Timetable
from crosspromo.store.schema import (
    campaigns,
    deliveries,
    delivery_counts,
    events,
    figures,
    is_draft_or_queued,
    is_put_off,
    is_sending,
    is_unknown,
    partners,
    planned_lines,
    post_partners,
    posts,
    sign_off_links,
)
from crosspromo.store.sql.statements import CompiledSelect

OFF = ("event-cancelled", "event-moved")
"""Codes of faults that cancel what waits for an event."""

IDS_PER_QUERY = 500
"""Maximum number of ids in one query."""


class ReadPost(NamedTuple):
    """Post for its page: when it was queued, its deliveries, and what else is known of them.

    `figures` are those of the measured ones, by delivery. `has_links`: partners were asked by link.
    """

    queued_at: datetime
    deliveries: Sequence[Delivery]
    figures: Mapping[int, PostFigures]
    has_links: bool


class Deliveries:
    """Deliveries within one transaction."""

    def __init__(self, connection: Connection, counts: DeliveryCounts) -> None:
        self._connection = connection
        self._counts = counts

    def add(self, new: NewDelivery) -> int:
        """Insert a delivery; returns its id."""
        result = self._connection.execute(
            deliveries.insert().values(
                post_id=new.post,
                account=new.account,
                network=new.network,
                state=new.state,
                credit=new.credit,
                **content_columns(new.content),
                title_given=new.title_given,
                due_at=new.due_at,
                pinned=new.pinned,
                wake_at=new.due_at if new.state is State.QUEUED else None,
                expires_at=new.expires_at,
                cost=new.cost,
                dropped=list(new.dropped),
                duplicate_reason=new.duplicate_reason,
                composed=new.composed,
                when_allowed=new.when_allowed,
            )
        )
        self._counts.add(new.account, new.state)
        key = result.inserted_primary_key
        assert key is not None
        return int(key[0])

    def get(self, delivery_id: int) -> Delivery:
        """Delivery by id; NotFoundError if none exists."""
        found = self._read(_FULL_DELIVERIES.where(deliveries.c.id == delivery_id))
        if not found:
            raise NotFoundError(NoSuchDelivery(delivery_id))
        return found[0]

    def of_post(self, post: int) -> Sequence[Delivery]:
        """Deliveries of the post with this id, by id; NotFoundError if no such post exists."""
        found = self._read(
            _FULL_DELIVERIES.where(deliveries.c.post_id == post).order_by(deliveries.c.id)
        )
        if not found:
            raise NotFoundError(NoSuchPost(post))
        return found

    def of_posts(self, posts: Collection[int]) -> Mapping[int, Sequence[Delivery]]:
        """Deliveries of these posts by post, each sorted by id; unknown posts have none."""
        query = _FULL_DELIVERIES.where(deliveries.c.post_id.in_(posts)).order_by(deliveries.c.id)
        found: dict[int, list[Delivery]] = {post: [] for post in posts}
        for delivery in self._read(query):
            found[delivery.post].append(delivery)
        return found

    def with_post(self, post: int) -> ReadPost:
        """Post with this id and its deliveries, as in `of_post`."""
        has_links = exists().where(sign_off_links.c.post_id == posts.c.id).label("has_links")
        queued_at = posts.c.created_at.label("queued_at")
        query = _FULL_DELIVERIES.add_columns(queued_at, has_links, *JOINED)
        query = query.join(figures, figures.c.delivery_id == deliveries.c.id, isouter=True)
        rows = self._connection.execute(
            query.where(deliveries.c.post_id == post).order_by(deliveries.c.id)
        ).all()
        if not rows:
            raise NotFoundError(NoSuchPost(post))
        counted = {each.delivery: each for row in rows if (each := joined(row)) is not None}
        first, found = rows[0], [_delivery(row) for row in rows]
        return ReadPost(first.queued_at, found, counted, bool(first.has_links))

    def matching(self, wanted: Filter) -> list[Delivery]:
        """Deliveries matching the filter, sorted by id."""
        query = _FULL_DELIVERIES.where(*wanted.conditions()).order_by(deliveries.c.id)
        if wanted.states is not None:
            query = query.where(deliveries.c.state.in_(wanted.states))
        return self._read(query)

    def listed(self, wanted: Filter, room: int) -> tuple[list[Delivery], bool]:
        """At most `room` deliveries matching the filter, sorted by id; and whether more exist.

        Unfinished deliveries are chosen before finished ones (`listing.py`).
        """
        ids = listed_ids(self._connection, wanted, room + 1)
        found: list[Delivery] = []
        for start in range(0, min(room, len(ids)), IDS_PER_QUERY):
            some = ids[start : min(room, start + IDS_PER_QUERY)]
            found += self._read(_FULL_DELIVERIES.where(deliveries.c.id.in_(some)))
        return sorted(found, key=lambda each: each.id), len(ids) > room

    def taken_slots(self, account: str) -> Container[datetime]:
        """Times that draft or queued deliveries of the account use, by `wake_at`, else `due_at`.

        `wake_at` differs from `due_at` if the delivery was late or held. Each `in` is one query.
        """
        return _TakenSlots(self._connection, account)

    def timetable(
        self, account: str, *, besides: int | None = None, waiting_after: datetime | None = None
    ) -> Timetable:
        """Times of the account's deliveries except `besides` (an id), for gaps and caps.

        Waiting deliveries that are due at or before `waiting_after` are left out.
        """
        return Timetable(self._connection, account, besides, waiting_after)

    def due_times(
        self, account: str, since: datetime, until: datetime | None, most: int
    ) -> Sequence[datetime]:
        """Times, in order, of queued deliveries with a time that nothing holds, later than `since`.

        Not later than `until`, if given. The first `most` queued deliveries are looked at.
        """
        query, bounds = (DUE_TIMES, {}) if until is None else (DUE_TIMES_UNTIL, {"until": until})
        rows = query.rows(self._connection, account=account, after=since, most=most, **bounds)
        return sorted(at for (at,) in rows)

    def accounts_with_work(self, now: datetime) -> list[str]:
        """Accounts with a due delivery, longest due first.

        Accounts that rest or have a delivery in flight are left out.
        """
        rows = self._connection.execute(ACCOUNTS_WITH_WORK, {"now": now}).all()
        due = [(wake_at, name) for name, wake_at in rows if wake_at is not None]
        return [name for _, name in sorted(due)]

    def next_due(self, names: Iterable[str], now: datetime) -> list[Delivery]:
        """Oldest due delivery of each account, locked until the end of the transaction.

        Only in a write transaction. Accounts that rest or have a delivery in flight are left out,
        and so are deliveries that another worker has locked. Sorted by `wake_at`, `due_at`, id.
        """
        found = NEXT_DUE.rows(self._connection, names=names, now=now)
        ids = [delivery_id for (delivery_id,) in found if delivery_id is not None]
        due = [
            (each.wake_at, each.due_at, each.id, each)
            for each in self._locked(ids).values()
            if each.state is State.QUEUED and each.wake_at is not None and each.wake_at <= now
        ]
        return [each for *_, each in sorted(due)]

    def is_busy(self, account: str) -> bool:
        """Whether the account has a delivery in flight."""
        query = select(deliveries.c.id).where(deliveries.c.account == account, is_sending())
        return self._connection.execute(query).first() is not None

    def lock(self, delivery_id: int) -> None:
        """Lock a delivery until the end of the write transaction."""
        query = select(deliveries.c.id).where(deliveries.c.id == delivery_id)
        self._connection.execute(query.with_for_update(key_share=True)).all()

    def to_look_up(self, now: datetime) -> Sequence[Delivery]:
        """Unknown deliveries whose next look-up is due, longest due first."""
        return self._read(
            _FULL_DELIVERIES.where(is_unknown(), deliveries.c.wake_at <= now).order_by(
                deliveries.c.wake_at
            )
        )

    def remote_ids(self, account: str) -> frozenset[str]:
        """Ids that the account's network has given to our posts, also to those deleted since."""
        query = select(deliveries.c.remote_id).where(
            deliveries.c.account == account, deliveries.c.remote_id.is_not(None)
        )
        return frozenset(self._connection.execute(query).scalars())

    def in_flight(self) -> Sequence[Delivery]:
        """Claimed deliveries that no worker has settled."""
        return self._read(_FULL_DELIVERIES.where(is_sending()))

    def overdue(self, account: str | None, now: datetime) -> Sequence[Delivery]:
        """Queued deliveries of the account (None: all accounts) with a past due time.

        Sorted by due time, then id.
        """
        query = _FULL_DELIVERIES.where(
            deliveries.c.state == State.QUEUED, deliveries.c.due_at < now
        )
        if account is not None:
            query = query.where(deliveries.c.account == account, is_draft_or_queued())
        return self._read(query.order_by(deliveries.c.due_at, deliveries.c.id))

    def next_queued(
        self, now: datetime, most: int, until: datetime | None = None
    ) -> Sequence[Delivery]:
        """At most `most` queued deliveries due at or after `now`, the next ones first.

        With `until`, those due then or later are left out, and those that are held past their time
        come first.
        """
        ids = going_next(now, most, until)
        query = _FULL_DELIVERIES.where(deliveries.c.id.in_(ids))
        return self._read(query.order_by(deliveries.c.due_at, deliveries.c.id).limit(most))

    def next_drafts(self, now: datetime, most: int) -> Sequence[Delivery]:
        """At most `most` drafts without a fault due at or after `now`, the next ones first."""
        query = _FULL_DELIVERIES.where(
            deliveries.c.state == State.DRAFT,
            is_draft_or_queued(),
            deliveries.c.due_at >= now,
            deliveries.c.fault_code.is_(None),
        )
        return self._read(query.order_by(deliveries.c.due_at, deliveries.c.id).limit(most))

    def editorial(self, times: Times, most: int) -> tuple[Sequence[Delivery], bool]:
        """At most `most` deliveries of the editorial calendar, by id; and whether more exist.

        Open ones are chosen before sent ones.
        """
        ids = editorial_ids(self._connection, times, most + 1)
        return self.named(ids[:most]), len(ids) > most

    def named(self, ids: Sequence[int]) -> Sequence[Delivery]:
        """Deliveries with these ids, by id; unknown ids are left out."""
        found: list[Delivery] = []
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = ids[start : start + IDS_PER_QUERY]
            found += self._read(_FULL_DELIVERIES.where(deliveries.c.id.in_(some)))
        return sorted(found, key=lambda each: each.id)

    def locked(self, ids: Sequence[int]) -> Sequence[Delivery]:
        """Deliveries with these ids, by id, as they are now; unknown ids are left out.

        In a write transaction they are locked until its end: nobody changes them meanwhile.
        """
        found: list[Delivery] = []
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = sorted(ids)[start : start + IDS_PER_QUERY]
            found += self.locked_where(deliveries.c.id.in_(some))
        return found

    def waiting_for(self, event: str) -> Sequence[Delivery]:
        """Draft and queued deliveries about the event `event` (a slug), by id.

        In a write transaction they are locked: no worker takes one of them meanwhile, and those
        that a worker has just taken are left out.
        """
        return self._read(
            _FULL_DELIVERIES.where(
                events.c.slug == event, deliveries.c.state.in_((State.DRAFT, State.QUEUED))
            )
            .order_by(deliveries.c.id)
            .with_for_update(of=deliveries, key_share=True)
        )

    def waiting_about(self, slugs: Collection[str]) -> Sequence[Delivery]:
        """Draft and queued deliveries about these partners, and about others if they are many."""
        about = select(post_partners.c.post_id).join(
            partners, partners.c.id == post_partners.c.partner_id
        )
        if len(slugs) <= IDS_PER_QUERY:
            about = about.where(partners.c.slug.in_(slugs))
        return self.some(is_draft_or_queued(), deliveries.c.post_id.in_(about))

    def cancelled_with(self, event: str) -> Mapping[int, str | None]:
        """Deliveries (ids) that were cancelled because the event `event` (a slug) was off, in
        order, each with its step of a ladder.
        """
        query = (
            select(deliveries.c.id, posts.c.step)
            .join(posts, posts.c.id == deliveries.c.post_id)
            .join(events, events.c.id == posts.c.event_id)
            .where(
                events.c.slug == event,
                deliveries.c.state == State.CANCELLED,
                deliveries.c.fault_code.in_(OFF),
            )
            .order_by(deliveries.c.id)
        )
        found = self._connection.execute(query)
        return {row.id: row.step for row in found}

    def steps_sent(self, event: str) -> Mapping[str, Sequence[datetime]]:
        """Times, by account, at which steps of ladders about the event (a slug) went out.

        Of one that may have gone out it is the time at which it was due.
        """
        query = (
            select(
                deliveries.c.account,
                func.coalesce(deliveries.c.published_at, deliveries.c.due_at).label("at"),
            )
            .join(posts, posts.c.id == deliveries.c.post_id)
            .join(events, events.c.id == posts.c.event_id)
            .where(
                events.c.slug == event,
                posts.c.step.is_not(None),
                deliveries.c.state.in_((State.SENDING, State.UNKNOWN, State.PUBLISHED)),
            )
        )
        found: dict[str, list[datetime]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.account, []).append(row.at)
        return found

    def next_wake(self) -> datetime | None:
        """Earliest due time, look-up time or lease end among all deliveries; None if none is set.

        The deliveries of a resting account are due when its rest ends, at the earliest.
        """
        rows = self._connection.execute(NEXT_WAKES).all()
        wakes = [max(wake_at, rests_until or wake_at) for wake_at, rests_until in rows if wake_at]
        unsettled = self._connection.execute(NEXT_UNSETTLED_WAKES).scalars()
        return min([*wakes, *(wake_at for wake_at in unsettled if wake_at)], default=None)

    def oldest_overdue(self, before: datetime, *, timed: bool = False) -> datetime | None:
        """Earliest `wake_at` among queued deliveries; None if later than `before`.

        Paused accounts are left out: a person wants their deliveries to wait. `timed`: so are
        deliveries without a time of their own.
        """
        query = OLDEST_TIMED_OVERDUE if timed else OLDEST_OVERDUE
        return self._connection.execute(query, {"now": before}).scalar_one_or_none()

    def held(self) -> int:
        """Number of queued deliveries with a hold or under a pause."""
        with_a_hold = select(func.count()).where(
            deliveries.c.hold_code.is_not(None), ~is_paused(deliveries.c.account)
        )
        paused = select(func.coalesce(func.sum(delivery_counts.c.count), 0)).where(
            delivery_counts.c.state == State.QUEUED, is_paused(delivery_counts.c.account)
        )
        return sum(
            int(self._connection.execute(query).scalar_one()) for query in (with_a_hold, paused)
        )

    def held_and_due(self, now: datetime) -> Sequence[Delivery]:
        """Queued deliveries with a hold or under a pause whose due time has passed, by id."""
        paused = (deliveries.c.state == State.QUEUED) & is_paused(deliveries.c.account)
        held = deliveries.c.hold_code.is_not(None) | paused
        return self._read(
            _FULL_DELIVERIES.where(held, deliveries.c.due_at <= now).order_by(deliveries.c.id)
        )

    def some(self, *where: ColumnElement[bool]) -> Sequence[Delivery]:
        """Deliveries that meet these conditions, by id."""
        return self._read(_FULL_DELIVERIES.where(*where).order_by(deliveries.c.id))

    def locked_where(self, *where: ColumnElement[bool]) -> Sequence[Delivery]:
        """The same, locked until the end of the write transaction.

        What a worker has just taken is read as that worker leaves it.
        """
        query = _FULL_DELIVERIES.where(*where).order_by(deliveries.c.id)
        return self._read(query.with_for_update(of=deliveries, key_share=True))

    def latest(self, *where: ColumnElement[bool], most: int) -> Latest:
        """The latest deliveries that meet these conditions, at most `most`."""
        newest = _FULL_DELIVERIES.where(*where).order_by(deliveries.c.id.desc()).limit(most)
        found = self._read(newest)[::-1]
        if len(found) < most:
            return Latest(found, 0)
        total = self._connection.execute(select(func.count(deliveries.c.id)).where(*where))
        return Latest(found, int(total.scalar_one()) - len(found))

    def postponed(self, due_before: datetime, most: int) -> Latest:
        """The latest queued deliveries due before this time whose last try met a fault.

        Held deliveries and those of paused accounts are left out.
        """
        where = (
            is_put_off(),
            deliveries.c.fault_code.is_not(None),
            deliveries.c.due_at < due_before,
            ~is_paused(deliveries.c.account),
        )
        return self.latest(*where, most=most)

    def counts(self) -> dict[State, int]:
        """Delivery counts by state; states without deliveries are absent."""
        return self._counts.by_state()

    def faults(self) -> list[str]:
        """Sentences about kept counts and holds that differ from the deliveries; else empty."""
        return self._counts.faults() + HoldHistory(self._connection).faults()

    def _read(self, query: Select[Any]) -> list[Delivery]:
        return [_delivery(row) for row in self._connection.execute(query).all()]

    def _locked(self, wanted: list[int]) -> dict[int, Delivery]:
        """Lock deliveries until the end of the write transaction; returns the deliveries by id.

        Deliveries that another worker has locked are left out.
        """
        rows = _LOCKED.rows(self._connection, ids=wanted) if wanted else ()
        return {row.id: _delivery(row) for row in rows}


class _TakenSlots:
    """Container of the account's taken times: each `in` is one query, since a queue may be long."""

    def __init__(self, connection: Connection, account: str) -> None:
        self._connection = connection
        self._account = account

    def __contains__(self, moment: object) -> bool:
        ((taken,),) = SLOT_TAKEN.rows(self._connection, account=self._account, moment=moment)
        return bool(taken)


def content_columns(content: Content) -> dict[str, Any]:
    """Column values for delivery content."""
    return {
        "text": content.text,
        "text_hash": text_hash(content),
        "title": content.title,
        "link": content.link,
        "images": [[image.path, image.alt] for image in content.images],
        "reshare_of": content.reshare_of,
        "parts": list(content.parts),
        "native": content.native,
        "plain": content.plain,
        "addresses": list(content.addresses),
    }


SEPARATOR = " "
"""Separator between the slugs of a post's partners; no slug contains it."""

_PARTNER_SLUGS = (
    select(func.aggregate_strings(partners.c.slug, SEPARATOR))
    .select_from(post_partners.join(partners, partners.c.id == post_partners.c.partner_id))
    .where(post_partners.c.post_id == deliveries.c.post_id)
    .correlate(deliveries)
    .scalar_subquery()
)

_FULL_DELIVERIES = (
    select(
        deliveries,
        posts.c.kind,
        posts.c.author,
        posts.c.paid,
        posts.c.note,
        posts.c.step,
        posts.c.tone,
        exists().where(planned_lines.c.delivery_id == deliveries.c.id).label("planned"),
        campaigns.c.slug.label("campaign"),
        events.c.slug.label("event"),
        _PARTNER_SLUGS.label("about"),
    )
    .join(posts, posts.c.id == deliveries.c.post_id)
    .outerjoin(events, events.c.id == posts.c.event_id)
    .outerjoin(campaigns, campaigns.c.id == posts.c.campaign_id)
)

_LOCKED = CompiledSelect(
    lambda among: _FULL_DELIVERIES.where(among(deliveries.c.id, "ids")).with_for_update(
        of=deliveries, skip_locked=True, key_share=True
    ),
    "ids",
)
"""Row locks on PostgreSQL; on SQLite a writing transaction locks the whole database."""


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        post=row.post_id,
        account=row.account,
        network=row.network,
        kind=Kind(row.kind),
        state=State(row.state),
        credit=Credit(row.credit),
        content=Content(
            text=row.text,
            title=row.title,
            link=row.link,
            images=tuple(Image(path, alt) for path, alt in row.images),
            reshare_of=row.reshare_of,
            parts=tuple(row.parts),
            native=row.native,
            plain=row.plain,
            addresses=tuple(row.addresses),
        ),
        due_at=row.due_at,
        pinned=row.pinned,
        attempt=row.attempt,
        partners=tuple(sorted(row.about.split(SEPARATOR))) if row.about else (),
        event=row.event,
        wake_at=row.wake_at,
        expires_at=row.expires_at,
        claimed_by=row.claimed_by,
        published_at=row.published_at,
        remote_id=row.remote_id,
        url=row.url,
        hold=_hold(row),
        fault=None if row.fault_code is None else Fault(reasons.fault_of(row.fault_values)),
        override=(
            None if row.override_by is None else Override(row.override_by, row.override_reason)
        ),
        needs_person=row.needs_person,
        cost=row.cost,
        dropped=tuple(row.dropped),
        duplicate_allowed=row.duplicate_reason is not None,
        composed=row.composed,
        when_allowed=row.when_allowed,
        author=row.author,
        title_given=row.title_given,
        paid=row.paid,
        campaign=row.campaign,
        note=row.note,
        step=row.step,
        tone=None if row.tone is None else Tone(row.tone),
        planned=bool(row.planned),
    )


def _hold(row: Row[Any]) -> HoldNote | None:
    if row.hold_code is None:
        return None
    return HoldNote(reasons.hold_of(row.hold_values), row.hold_until)


class Posts:
    """Posts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        kind: Kind,
        partners: Sequence[str],
        event: str | None,
        template: str | None,
        reason: str | None,
        author: str,
        now: datetime,
        making: Making | None = None,
        paid: bool = False,
        campaign: str | None = None,
        step: str | None = None,
        tone: Tone | None = None,
    ) -> int:
        """Insert a post about these partners (slugs) and this event (a slug); returns its id.

        `making` is what its text was made of, None where a person wrote it. `campaign` is a slug;
        NotFoundError for an unknown one. `step` is that of a ladder; `tone` None is the kind's.
        """
        result = self._connection.execute(
            posts.insert().values(
                kind=kind,
                event_id=None if event is None else Events(self._connection).id_of(event),
                template=template,
                reason=reason,
                paid=paid,
                author=author,
                created_at=now,
                making=None if making is None else _making_columns(making),
                campaign_id=None if campaign is None else campaign_id(self._connection, campaign),
                step=step,
                tone=tone,
            )
        )
        key = result.inserted_primary_key
        assert key is not None
        post_id: int = key[0]
        self._set_partners(post_id, partners)
        return post_id

    def making(self, post_id: int) -> Making | None:
        """What the text of a post was made of.

        None where a person wrote the text, and of posts from before database version 0009.
        """
        query = select(posts.c.template, posts.c.paid, posts.c.making).where(posts.c.id == post_id)
        row = self._connection.execute(query).one()
        if row.making is None:
            return None
        return _making(row.template, row.making, paid=row.paid)

    def set_partners(self, post_id: int, slugs: Sequence[str], among: Container[int]) -> None:
        """Have draft and queued deliveries of the post, `among` these ids, be about other partners.

        Where the post has further deliveries, they stay about whom they were, and the others become
        a post of their own.
        """
        query = select(deliveries.c.id).where(deliveries.c.post_id == post_id)
        ids = list(self._connection.execute(query).scalars())
        waiting = [each for each in ids if each in among]
        if len(waiting) < len(ids):
            columns = [column for column in posts.c if column is not posts.c.id]
            values = self._connection.execute(select(*columns).where(posts.c.id == post_id)).one()
            result = self._connection.execute(posts.insert().values(values._asdict()))
            key = result.inserted_primary_key
            assert key is not None
            post_id = key[0]
            self._connection.execute(
                update(deliveries).where(deliveries.c.id.in_(waiting)).values(post_id=post_id)
            )
        self._set_partners(post_id, slugs)

    def _set_partners(self, post_id: int, slugs: Sequence[str]) -> None:
        self._connection.execute(delete(post_partners).where(post_partners.c.post_id == post_id))
        for partner_id in Partners(self._connection).ids(slugs):
            self._connection.execute(
                post_partners.insert().values(post_id=post_id, partner_id=partner_id)
            )

    def set_note(self, post: int, note: str) -> None:
        """Write another note on the post with this id."""
        self._connection.execute(update(posts).where(posts.c.id == post).values(note=note))

    def set_tone(self, post: int, tone: Tone) -> None:
        """Give the post with this id another tone."""
        self._connection.execute(update(posts).where(posts.c.id == post).values(tone=tone))

    def template(self, post: int) -> str | None:
        """Template that a person named for the post with this id."""
        query = select(posts.c.template).where(posts.c.id == post)
        named: str | None = self._connection.execute(query).scalar_one()
        return named


_MADE_OF = {field.name for field in fields(Making)} - {"template", "paid"}
"""Fields of `Making` in the column `making`; the other two have columns of their own."""


def _making_columns(making: Making) -> dict[str, Any]:
    """Value of the column `making`."""
    values = {name: getattr(making, name) for name in _MADE_OF}
    return {**values, "variables": dict(making.variables)}


def _making(template: str | None, column: Mapping[str, Any], *, paid: bool) -> Making:
    """What a row says; fields that it lacks, or that `Making` no longer has, do not matter."""
    known = {name: value for name, value in column.items() if name in _MADE_OF}
    return Making(template=template, paid=paid or bool(column.get("paid")), **known)
