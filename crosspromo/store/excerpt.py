"""Excerpt: a copy, in memory, of the rows on which the coming weeks depend.

The rows are the open deliveries, the sent ones that a rule can still see, and the ledger inside the
longest window. The past behind them is never read, so that the cost of an excerpt does not grow
with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    literal,
    null,
    select,
    union_all,
)

from crosspromo.domain.ledger import Origin
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.partner_limits import DEFAULT_DAYS
from crosspromo.store.database.engine import transaction
from crosspromo.store.database.memory import add_indexes, store_in_memory, unchecked
from crosspromo.store.ledger.hours import ORGANISATION, hour_of
from crosspromo.store.partner_limits import PartnersLimits
from crosspromo.store.queue.history import History
from crosspromo.store.queue.open_deliveries import are_open
from crosspromo.store.schema import (
    IS_COUNTED,
    accounts,
    approvals,
    deliveries,
    delivery_needs,
    delivery_photos,
    events,
    is_sending,
    is_unknown,
    judged_settings,
    ledger,
    ledger_hours,
    partner_entries,
    partner_people,
    partners,
    pauses,
    permissions,
    photo_consents,
    post_partners,
    posts,
)
from crosspromo.store.sql.transfer import Transfer, in_lots
from crosspromo.store.unit import Store

MOST_DATED_AHEAD = 1_000
"""Sends of an account with a time in the future that are copied: a clock was years ahead."""

_WORDS = {"why", "text", "url", "partner_id"}
_COUNTED = (
    *(c for c in ledger.c if c.name not in _WORDS),
    *(literal("").label(name) for name in ("why", "text")),
)
"""Columns of the ledger that are copied: the words of a row count for nothing."""

_PAST = (ledger.c.id, ledger.c.at, ledger.c.account, ledger.c.others, ledger.c.self)
"""Columns of past rows, of which there are many: where a row comes from counts for nothing."""

COPIED = frozenset(
    {
        "accounts",
        "approvals",
        "deliveries",
        "delivery_needs",
        "delivery_photos",
        "events",
        "judged_settings",
        "ledger",
        "ledger_hours",
        "partner_entries",
        "partner_people",
        "partners",
        "pauses",
        "permissions",
        "photo_consents",
        "post_partners",
        "posts",
    }
)
"""Names of the tables with rows in an excerpt."""

LEFT_OUT: Mapping[str, str] = {
    "account_readings": "how far figures and mentions were read; nothing is sent or held by them",
    "attempts": "payloads of sends that were made: an excerpt's networks take any payload",
    "audit": "a record for people; nothing is decided by it",
    "campaigns": "groups of posts, for people and reports",
    "compose_drafts": "what people are writing and have not queued",
    "database_identity": "the name of the database, which the copy must not have",
    "delivery_counts": "sums for lists and reports; an excerpt keeps its own from zero",
    "delivery_holds": "past holds, for explanations and reports",
    "dismissals": "what people have seen; nothing is sent or held by it",
    "event_asks": "what partners are asked by mail; nothing is sent on an account by it",
    "event_corrections": "what corrections are about; what they say is in their deliveries",
    "event_partners": "hosts of events; the partners of a post are in post_partners",
    "event_told": "what earlier deliveries told; no correction is drafted in an excerpt",
    "figure_history": "what networks counted, for reports",
    "figures": "what networks counted; nothing is sent or held by it",
    "followers": "what networks counted, for reports",
    "forecast_basis": "what earlier plays rested on",
    "forecasts": "what earlier plays said",
    "introductions": "who may be made known to whom; nothing is sent by it",
    "kept_away": "hashes of people who are to be left alone",
    "merged_partners": "former slugs, for people who look for them",
    "one_time_links": "how people come into the console",
    "mentions": "what others said to us; it never changes the gate",
    "organisation": "one row that is locked, and a copy has one worker",
    "partner_import_changes": "what imports changed, to take it back",
    "partner_imports": "which imports there were",
    "partner_terms": "past lists, closenesses and cadences, for reports",
    "people": "who may sign in to the console; approvals have their names",
    "plan_skips": "what people do not want to have proposed; nothing is sent or held by it",
    "plan_runs": "when the daemon planned",
    "planned_lines": "what planning placed; the deliveries have their times themselves",
    "policies": "past policies, for reports; the rules in force come from the settings",
    "received": "what partners did for us; it never changes the gate",
    "report_mails": "which reports were mailed",
    "sessions": "people who are signed in",
    "sheet_headings": "what columns of partner sheets mean",
    "sign_off_links": "how partners answer; approvals have their answers",
    "sign_off_mails": "which partners were asked by mail; approvals have their answers",
    "source_events": "events of calendars, and what people said of them; events has what is taken",
    "sources": "feeds that are read on a schedule; nothing is sent or held by them",
    "suggestions": "what people may share; nothing is sent or held by it",
    "tellings": "what people were told",
    "undoable_acts": "what people may take back; the copy has nobody who does",
    "workers": "daemons on the real database; none works on the copy",
}
"""Names of the other tables, each with the reason why no decision of the coming weeks reads it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an excerpt goes. Times are aware, in UTC.

    `accounts` maps each account of the settings to the number of its latest sends that its rules
    can see. Deliveries due until `until` are copied. The ledger is copied from `ledger_since` on;
    `latest` maps accounts (None: the organisation) whose window is a number of posts to it.
    `texts_since` is the time after which a sent text counts as a repetition; `costs_since` is the
    time from which the account's costs add up, for accounts with a budget.
    """

    accounts: Mapping[str, int]
    now: datetime
    until: datetime
    ledger_since: datetime
    latest: Mapping[str | None, int]
    texts_since: datetime
    costs_since: Mapping[str, datetime]


def excerpt(source: Connection, reach: Reach) -> Store:
    """Excerpt of the database, as this transaction sees it; the caller closes the store."""
    store = store_in_memory()
    try:
        with transaction(store.engine, writes=True) as target, unchecked(target):
            _Copier(source, target, reach).copy()
            add_indexes(target)
    except BaseException:
        store.close()
        raise
    return store


def add_new(source: Connection, store: Store, reach: Reach, new_ids: Sequence[int]) -> None:
    """Add open deliveries, as this transaction sees them, to an excerpt made before it.

    Of these, what the excerpt has already is replaced; nothing else is copied again.
    """
    with transaction(store.engine, writes=True) as target, unchecked(target):
        _Copier(source, target, reach).add(new_ids)


class _Copier:
    """Copies rows from one database into the other."""

    def __init__(self, source: Connection, target: Connection, reach: Reach) -> None:
        self._source, self._target, self._reach = source, target, reach
        self._transfer = Transfer(source, target)

    def copy(self) -> None:
        """Copy everything within reach."""
        open_ids = sorted(set(self._open_deliveries()))
        ids = sorted({*open_ids, *self._seen_by_rules(open_ids)})
        self._copy_deliveries(ids, open_ids)
        self._transfer.copy_rows(pauses, select(pauses))
        self._transfer.copy_rows(judged_settings, select(judged_settings))
        self._copy_accounts()
        self._copy_ledger()

    def add(self, new_ids: Sequence[int]) -> None:
        """Copy new or changed open deliveries, and the sent ones that they repeat."""
        wanted = {*new_ids, *self._repeated_by(new_ids)}
        known = select(deliveries.c.id).where(deliveries.c.id.in_(wanted))
        missing = wanted.difference(self._target.execute(known).scalars()).union(new_ids)
        self._copy_deliveries(sorted(missing), new_ids)
        names = self._target.execute(select(accounts.c.name)).scalars().all()
        self._copy_accounts(accounts.c.name.not_in(names))  # its first post registers an account

    def _copy_accounts(self, *where: ColumnElement[bool]) -> None:
        """Copy accounts without their sessions."""
        sessions = null().label(accounts.c.session.name)
        columns = (sessions if column is accounts.c.session else column for column in accounts.c)
        self._transfer.copy_rows(accounts, select(*columns).where(*where))

    def _copy_deliveries(self, ids: Sequence[int], open_ids: Sequence[int]) -> None:
        """Copy deliveries with their posts, events and partners; of the open ones the approvals."""
        post_ids = self._transfer.copy_some(deliveries, deliveries.c.id, ids, "post_id")
        event_ids = self._transfer.copy_some(posts, posts.c.id, post_ids, "event_id")
        self._transfer.copy_some(events, events.c.id, event_ids)
        about = self._transfer.copy_some(
            post_partners, post_partners.c.post_id, post_ids, "partner_id"
        )
        needed = self._transfer.copy_some(
            delivery_needs, delivery_needs.c.delivery_id, open_ids, "partner_id"
        )
        known = sorted({*about, *needed})
        self._transfer.copy_some(partners, partners.c.id, known)
        self._transfer.copy_some(partner_people, partner_people.c.partner_id, about)
        self._transfer.copy_some(permissions, permissions.c.partner_id, known)
        self._copy_blackouts(known)
        hashes = self._transfer.copy_some(
            delivery_photos, delivery_photos.c.delivery_id, open_ids, "hash"
        )
        self._transfer.copy_some(photo_consents, photo_consents.c.hash, hashes)
        self._transfer.copy_some(approvals, approvals.c.delivery_id, open_ids)

    def _copy_blackouts(self, partner_ids: Sequence[int]) -> None:
        """Copy the days of silence of partners that are not long over."""
        recent = (self._reach.now - timedelta(days=1)).date().isoformat()
        for some in in_lots(partner_ids):
            silent = select(partner_entries).where(
                partner_entries.c.partner_id.in_(some),
                partner_entries.c.kind == EntryKind.BLACKOUT,
                partner_entries.c.last_day >= recent,
            )
            self._transfer.insert(partner_entries, self._transfer.rows(silent))

    def _copy_ledger(self) -> None:
        """Copy the counted rows of the longest window, with the hourly sums.

        Further the latest rows of windows of posts, and the rows of deliveries in flight or in
        doubt.
        """
        since, now = self._reach.ledger_since, self._reach.now
        stands = IS_COUNTED, ledger.c.at > since
        # An account after the other, each by an index that has all of these columns.
        of_accounts = accounts.join(ledger, ledger.c.account == accounts.c.name.concat(""))
        self._transfer.copy_alike(
            ledger,
            select(*_PAST).select_from(of_accounts).where(*stands, ledger.c.at <= now),
            {
                ledger.c.origin: Origin.OUTSIDE,
                ledger.c.why: "",
                ledger.c.recorded_at: now,
            },
        )
        self._transfer.copy_rows(ledger, select(*_COUNTED).where(*stands, ledger.c.at > now))
        summed = union_all(select(accounts.c.name), select(literal(ORGANISATION)))
        hours = select(ledger_hours).where(
            ledger_hours.c.account.in_(summed), ledger_hours.c.hour >= hour_of(since)
        )
        self._transfer.copy_rows(ledger_hours, hours)
        single: dict[int, Mapping[str, Any]] = {}
        before = select(*_COUNTED).where(IS_COUNTED, ledger.c.at <= since)
        for account, most in self._reach.latest.items():
            query = before.order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(most)
            if account is not None:
                query = query.where(ledger.c.account == account)
            single |= {row["id"]: row for row in self._transfer.rows(query)}
        for some in in_lots(self._unsettled()):
            query = select(*_COUNTED).where(IS_COUNTED, ledger.c.delivery_id.in_(some))
            single |= {row["id"]: row for row in self._transfer.rows(query)}
        self._transfer.insert(ledger, single.values())

    def _unsettled(self) -> Sequence[int]:
        """Ids of the copied deliveries in flight or in doubt.

        A transaction that writes may see a row of a delivery that was sent after it was copied as
        queued; the play must not meet that row when it sends the delivery.
        """
        query = select(deliveries.c.id).where(is_sending() | is_unknown())
        return self._target.execute(query).scalars().all()

    # -- which deliveries ----------------------------------------------------------------------

    def _open_deliveries(self) -> Iterator[int]:
        names = sorted(self._reach.accounts)
        for where in are_open(lambda account: account.in_(names), self._reach.until):
            yield from self._ids(*where)

    def _seen_by_rules(self, open_ids: Sequence[int]) -> Iterator[int]:
        """Ids of sent deliveries that caps, gaps, budgets, padding or duplicate rules can see."""
        sent_at, now = deliveries.c.sent_at, self._reach.now
        for account, most in self._reach.accounts.items():
            sent = deliveries.c.account == account, sent_at.is_not(None)
            yield from self._ids(*sent, sent_at <= now, latest=most)
            yield from self._ids(*sent, sent_at > now, latest=MOST_DATED_AHEAD)
            since = self._reach.costs_since.get(account)
            if since is not None:
                yield from self._ids(*sent, sent_at >= since, deliveries.c.cost > 0)
        yield from self._repeated_by(open_ids)
        yield from self._counted_by_partners(open_ids)

    def _counted_by_partners(self, open_ids: Sequence[int]) -> Iterator[int]:
        """Ids of sent deliveries that count for a limit agreed with a partner of an open one."""
        limited: dict[str, int] = {}
        for some in in_lots(open_ids):
            query = (
                select(partners.c.slug, partners.c.most_posts_days)
                .select_from(partners)
                .join(post_partners, post_partners.c.partner_id == partners.c.id)
                .join(deliveries, deliveries.c.post_id == post_partners.c.post_id)
                .where(deliveries.c.id.in_(some), partners.c.most_posts.is_not(None))
            )
            limited |= {row.slug: row.most_posts_days for row in self._source.execute(query)}
        longest = max((days or DEFAULT_DAYS for days in limited.values()), default=0)
        since = self._reach.now - timedelta(days=longest)
        shared = PartnersLimits(self._source).shared(limited, since) if limited else {}
        posts_ = sorted({each.post for some in shared.values() for each in some})
        for some_posts in in_lots(posts_):
            yield from self._ids(
                deliveries.c.post_id.in_(some_posts), deliveries.c.sent_at.is_not(None)
            )

    def _repeated_by(self, open_ids: Sequence[int]) -> Iterator[int]:
        """Ids of sent deliveries with the text, the shared post or the event of an open one."""
        history, since = History(self._source), self._reach.texts_since
        for some in in_lots(open_ids):
            texts = history.same_text_sent(some, since)
            with_subject = (
                select(deliveries.c.id)
                .join(posts)
                .where(
                    deliveries.c.id.in_(some),
                    deliveries.c.reshare_of.is_not(None) | posts.c.event_id.is_not(None),
                )
            )
            ids = self._source.execute(with_subject).scalars().all()
            subjects = history.same_subject_sent(ids) if ids else {}
            for prior in chain(*texts.values(), *subjects.values()):
                if prior.sent_at > since:
                    yield prior.earlier.delivery

    def _ids(self, *where: ColumnElement[bool], latest: int | None = None) -> Iterator[int]:
        query = select(deliveries.c.id).where(*where)
        if latest is not None:
            query = query.order_by(deliveries.c.sent_at.desc()).limit(latest)
        yield from self._source.execute(query).scalars()
