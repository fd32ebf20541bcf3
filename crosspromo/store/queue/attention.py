"""Deliveries that need a person, and their dismissals."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from crosspromo.domain.deliveries import Delivery, Latest
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.event_asks import ASKS_FAILED
from crosspromo.store.planned_lines import ANY_DRAFTS
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.queue.due import UNTOUCHED_HEADS
from crosspromo.store.report_mails import REPORTS_FAILED
from crosspromo.store.schema import (
    accounts,
    deliveries,
    delivery_needs,
    delivery_photos,
    dismissals,
    is_draft_or_queued,
    is_put_off,
    is_sending,
    is_unknown,
    post_partners,
)
from crosspromo.store.sign_off_links import IDS_NEEDING
from crosspromo.store.sign_off_mails import POSTS_UNASKED
from crosspromo.store.source_events import ANY_WAITS
from crosspromo.store.sql.statements import Among, CompiledSelect

ENDED_UNSENT = (State.FAILED, State.MISSED, State.EXPIRED)
UNFINISHED = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Needing:
    """Deliveries that need a person, by sort; of each sort the latest.

    `ended_unsent` failed, were missed or expired. `unknown` wait for a person to look. `past_due`
    are queued, and only a fault or their network delays them. `unapproved` are past their due time:
    drafts, and deliveries held for approval. `set_aside` are drafts that a change of their event
    or a withdrawal left. `stands_withdrawn` are published, and needed a permission or a consent
    that was withdrawn since. `untouched` were to be looked at by a daemon. `awaited` are drafts
    about partners that are due soon. `links` are ids of sign-off links that may need one.
    `has_unasked`: some mail to a partner about a post could not be sent; `has_unasked_for_events`:
    some about an event; `has_unmailed_reports`: some with a report. `has_planned`: the daemon's
    planning has made drafts. `has_events_to_review`: an event of a calendar waits for a person.
    """

    ended_unsent: Latest
    unknown: Latest
    past_due: Latest
    unapproved: Latest
    set_aside: Latest
    stands_withdrawn: Latest
    untouched: Sequence[Delivery]
    awaited: Sequence[Delivery]
    links: Sequence[int]
    has_unasked: bool = False
    has_unasked_for_events: bool = False
    has_unmailed_reports: bool = False
    has_planned: bool = False
    has_events_to_review: bool = False

    @property
    def named(self) -> Sequence[Delivery]:
        """Deliveries of the first sorts; by the others no delivery is named."""
        sorts = (
            *(self.ended_unsent, self.unknown, self.past_due, self.unapproved, self.set_aside),
            self.stands_withdrawn,
        )
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
        are due until `answers_until`, as those awaited are.
        """
        moments = {
            "at": now,
            "due_before": due_before,
            "now": woken_before,
            "answers_until": answers_until,
        }
        sorts = (*SORTS, HEADS, LINKS, UNASKED, ASKS, REPORTS, PLANNED, REVIEW)
        ids: dict[str, list[int]] = {sort: [] for sort in sorts}
        for sort, number in _IDS.rows(
            self._connection, here=sorted(here) or [""], most=self._most, **moments
        ):
            if number is not None:
                ids[sort].append(number)
        answers = sorted(ids.pop(LINKS))
        has_unasked, for_events = bool(ids.pop(UNASKED)), bool(ids.pop(ASKS))
        has_unmailed_reports, has_planned = bool(ids.pop(REPORTS)), bool(ids.pop(PLANNED))
        has_events_to_review = bool(ids.pop(REVIEW))
        for sort in SORTS:  # some are sought in several ways
            ids[sort] = sorted(ids[sort])[-self._most :]
        wanted = sorted({each for some in ids.values() for each in some})
        found = {each.id: each for each in self._deliveries.named(wanted)}

        def latest(sort: str) -> Latest:
            named = [found[each] for each in sorted(ids[sort])]
            if len(named) < self._most:
                return Latest(named, 0)
            ways = _ways(lambda account: account.in_(here))[sort]
            totals = (select(func.count(deliveries.c.id)).where(*where) for where in ways)
            counts = [self._connection.execute(each, moments).scalar_one() for each in totals]
            return Latest(named, sum(counts) - len(named))

        heads = sorted(ids[HEADS])[: self._most]
        at_work = sorted(ids["sending"]) + sorted(ids["looked_up"])
        return Needing(
            ended_unsent=latest("ended_unsent"),
            unknown=latest("unknown"),
            past_due=latest("past_due"),
            unapproved=latest("unapproved"),
            set_aside=latest("set_aside"),
            stands_withdrawn=latest("stands_withdrawn"),
            untouched=[found[each] for each in (*heads, *at_work)],
            awaited=[found[each] for each in sorted(ids["awaited"])],
            links=answers,
            has_unasked=has_unasked,
            has_unasked_for_events=for_events,
            has_unmailed_reports=has_unmailed_reports,
            has_planned=has_planned,
            has_events_to_review=has_events_to_review,
        )

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

    def stands_withdrawn(self, delivery_id: int) -> bool:
        """Whether a delivery is published, and needed what was withdrawn since."""
        query = select(deliveries.c.id).where(deliveries.c.id == delivery_id, *_STANDS_WITHDRAWN)
        return self._connection.execute(query).first() is not None

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

UNASKED = "unasked"
"""Sort of mails to partners that could not be sent, whose ids are those of posts."""

ASKS = "asks"
"""Sort of mails about events that could not be sent, whose ids are those of events."""

REPORTS = "reports"
"""Sort of mails with reports that could not be sent, which have no id."""

PLANNED = "planned"
"""Sort of drafts that planning made, which are not named."""

REVIEW = "to_review"
"""Sort of events of calendars that wait for a person, which are not named."""


_GONE_OUT = union_all(
    select(delivery_needs.c.delivery_id).where(delivery_needs.c.withdrawn_at.is_not(None)),
    select(delivery_photos.c.delivery_id).where(delivery_photos.c.withdrawn_at.is_not(None)),
)
"""SQL: ids of deliveries that went out by what was withdrawn since."""

Here = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""SQL: the column names an account in crosspromo.toml."""

Where = tuple[ColumnElement[bool], ...]

_NOW: BindParameter[Any] = bindparam("at")
_DUE_BEFORE: BindParameter[Any] = bindparam("due_before")
_WOKEN_BEFORE: BindParameter[Any] = bindparam("now")


def is_dismissed() -> ColumnElement[bool]:
    """SQL: the delivery was dismissed in its present state, at its present attempt."""
    return exists().where(
        dismissals.c.delivery_id == deliveries.c.id,
        dismissals.c.state == deliveries.c.state,
        dismissals.c.attempt == deliveries.c.attempt,
    )


_STANDS_WITHDRAWN = (
    deliveries.c.state == State.PUBLISHED,
    deliveries.c.id.in_(_GONE_OUT),
    ~is_dismissed(),
)


def _ways(here: Here) -> Mapping[str, Sequence[Where]]:
    """SQL: conditions of each sort, in ways that exclude each other.

    Each way is sought by an index of its own; together they would be sought through all that there
    is.
    """
    return {
        "ended_unsent": [(deliveries.c.state == each, ~is_dismissed()) for each in ENDED_UNSENT],
        "unknown": [(is_unknown(), deliveries.c.needs_person, ~is_dismissed())],
        "past_due": _past_due(here),
        "unapproved": _unapproved(),
        "set_aside": [
            (
                deliveries.c.state == State.DRAFT,
                is_draft_or_queued(),
                deliveries.c.fault_code.is_not(None),
            )
        ],
        "stands_withdrawn": [_STANDS_WITHDRAWN],
        "awaited": [
            (
                is_draft_or_queued(),
                deliveries.c.state == State.DRAFT,
                deliveries.c.due_at > _NOW,
                deliveries.c.due_at <= bindparam("answers_until"),
                exists().where(post_partners.c.post_id == deliveries.c.post_id),
            )
        ],
        "sending": [(is_sending(), deliveries.c.wake_at <= _WOKEN_BEFORE)],
        "looked_up": [(is_unknown(), deliveries.c.wake_at <= _WOKEN_BEFORE)],
    }


def _past_due(here: Here) -> Sequence[Where]:
    """SQL: queued deliveries of these accounts that only a fault or their network delays.

    They were due before `due_before`. Their last try met a fault, or their next try is later: the
    clock was set back. Or their account rests now, or the network's limit holds them. Deliveries of
    paused accounts are left out, and held ones, but for those.
    """
    late = deliveries.c.due_at < _DUE_BEFORE
    tried = deliveries.c.fault_code.is_not(None)
    ours = here(deliveries.c.account), ~is_paused(deliveries.c.account)
    # What is computed has no index: else the accounts would be sought for each queued delivery.
    on_resting = (
        deliveries.c.account == accounts.c.name.concat(""),
        accounts.c.rests_until > _NOW,
        here(accounts.c.name),
        ~is_paused(accounts.c.name),
    )
    is_awake = (
        is_draft_or_queued(),
        deliveries.c.state == State.QUEUED,
        deliveries.c.hold_code.is_(None),
        deliveries.c.wake_at <= _NOW,
    )
    return [
        (is_put_off(), late, or_(tried, deliveries.c.wake_at > _NOW), *ours),
        (*is_awake, *on_resting, late, ~tried),
        (deliveries.c.hold_code == "rate-limit", late, *ours),
    ]


def _unapproved() -> Sequence[Where]:
    """SQL: drafts, and deliveries held for approval, whose due time has passed.

    Drafts that a change of their event left are another sort.
    """
    draft = deliveries.c.state == State.DRAFT, deliveries.c.fault_code.is_(None)
    return [
        (is_draft_or_queued(), *draft, deliveries.c.due_at <= _NOW),
        (deliveries.c.hold_code == "approval", deliveries.c.due_at <= _NOW),
    ]


def _all_ids(among: Among) -> CompoundSelect[Any]:
    """SQL: ids of the latest deliveries of each sort, of the oldest queued one by account, and of
    links.

    The oldest queued ones are those of accounts that can send now: not paused, not at rest, and
    without a delivery in flight.
    """
    parts = []
    for sort, ways in _ways(lambda account: among(account, "here")).items():
        for where in ways:
            newest = select(deliveries.c.id).where(*where).order_by(deliveries.c.id.desc())
            some = newest.limit(bindparam("most", type_=Integer)).subquery()
            parts.append(select(literal(sort).label("sort"), some.c.id))
    heads = UNTOUCHED_HEADS.subquery()
    parts.append(select(literal(HEADS).label("sort"), heads.c[0]))
    links = IDS_NEEDING.subquery()
    parts.append(select(literal(LINKS).label("sort"), links.c.id))
    unasked = POSTS_UNASKED.subquery()
    parts.append(select(literal(UNASKED).label("sort"), unasked.c.post_id))
    asks = ASKS_FAILED.subquery()
    parts.append(select(literal(ASKS).label("sort"), asks.c.event_id))
    reports = REPORTS_FAILED.subquery()
    parts.append(select(literal(REPORTS).label("sort"), reports.c.is_so))
    planned = ANY_DRAFTS.subquery()
    parts.append(select(literal(PLANNED).label("sort"), planned.c.is_so))
    review = ANY_WAITS.subquery()
    return union_all(*parts, select(literal(REVIEW).label("sort"), review.c.is_so))


_IDS = CompiledSelect(_all_ids, "here")
SORTS = tuple(_ways(lambda _: true()))
