"""Rows of reports: what was known at one time of a stretch of time.

Every query reads a stretch by an index over its time, so that the work depends on the stretch and
not on the past.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, union_all

from crosspromo.domain.partners_due import CADENCES
from crosspromo.domain.received import ReceivedKind
from crosspromo.domain.report_rows import (
    CountedRow,
    GivenRow,
    HoldRow,
    KnownTerms,
    ReceivedRow,
    Source,
    StepRow,
)
from crosspromo.domain.states import State
from crosspromo.store.ledger.known import Stretch, known_ledger
from crosspromo.store.queue.attention import ENDED_UNSENT
from crosspromo.store.schema import (
    database_identity,
    deliveries,
    delivery_holds,
    events,
    is_unknown,
    ledger,
    partner_terms,
    partners,
    post_partners,
    posts,
    received,
)

LONGEST_WORDS = 120
"""Characters of a text by which a post is called."""

MOST_ROWS = 200_000
"""Rows of one kind that a report reads; of a stretch with more it would not be read by people."""


class ReportRows:
    """Reads rows of reports within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def history_since(self) -> datetime | None:
        """Time since when it is known when ledger rows were recorded and taken back."""
        found: datetime | None = self._connection.execute(
            select(database_identity.c.history_since)
        ).scalar()
        return found

    def counted(self, of: Stretch) -> Sequence[CountedRow]:
        """Ledger rows of the stretch, the earliest first."""
        known = known_ledger(of)
        names = ("account", "at", "others", "self", "sent", "overridden", "delivery_id")
        query = select(*(known.c[name] for name in names)).order_by(known.c.at, known.c.id)
        return [CountedRow(*row) for row in self._connection.execute(query.limit(MOST_ROWS))]

    def count(self, of: Stretch, most: int) -> int:
        """Number of ledger rows of the stretch, up to `most`."""
        some = select(known_ledger(of).c.id).limit(most).subquery()
        return int(self._connection.execute(select(func.count()).select_from(some)).scalar_one())

    def latest_counted(self, of: Stretch, account: str | None, most: int) -> Sequence[CountedRow]:
        """The latest `most` ledger rows of the stretch, of an account or of all (None)."""
        known = known_ledger(of)
        names = ("account", "at", "others", "self", "sent", "overridden", "delivery_id")
        query = select(*(known.c[name] for name in names))
        if account is not None:
            query = query.where(known.c.account == account)
        latest = query.order_by(known.c.at.desc(), known.c.id.desc()).limit(most)
        return [CountedRow(*row) for row in self._connection.execute(latest)][::-1]

    def given(self, of: Stretch, partner: str | None = None) -> Sequence[GivenRow]:
        """Shares of partners in the stretch, or of one partner, the earliest first."""
        known = known_ledger(of)
        others = post_partners.alias("others")
        about = (
            select(func.count())
            .select_from(others)
            .where(others.c.post_id == deliveries.c.post_id)
            .correlate(deliveries)
            .scalar_subquery()
        )
        words = func.coalesce(func.nullif(deliveries.c.title, ""), deliveries.c.text)
        # A sum has no index: else all posts that a partner ever had may be looked up first.
        of_partner = post_partners.c.partner_id + 0
        ours = (
            select(
                partners.c.slug,
                known.c.account,
                deliveries.c.network,
                known.c.at,
                deliveries.c.post_id,
                func.substr(words, 1, LONGEST_WORDS),
                deliveries.c.url,
                deliveries.c.id,
                about.label("about"),
            )
            .select_from(known)
            .join(deliveries, deliveries.c.id == known.c.delivery_id)
            .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
            .join(partners, partners.c.id == of_partner)
            .where(known.c.others > 0)
        )
        text = func.substr(func.coalesce(known.c.text, ""), 1, LONGEST_WORDS)
        outside = (
            select(
                *(partners.c.slug, known.c.account, known.c.account, known.c.at),
                *(known.c.delivery_id, text, known.c.url, known.c.delivery_id, literal(1)),
            )
            .select_from(known)
            .join(partners, partners.c.id == known.c.partner_id)
            .where(known.c.others > 0, known.c.delivery_id.is_(None))
        )
        if partner is not None:
            ours, outside = (each.where(partners.c.slug == partner) for each in (ours, outside))
        found = [
            GivenRow(slug, account, network, at, post, text or "", url or "", delivery, about == 1)
            for query in (ours, outside)
            for slug, account, network, at, post, text, url, delivery, about in self._limited(query)
        ]
        return sorted(found, key=lambda each: (each.at, each.partner, each.account))

    def deleted(self, of: Stretch) -> int:
        """Number of deliveries that went out in the stretch and were deleted on their network."""
        query = (
            select(func.count(ledger.c.delivery_id.distinct()))
            .select_from(ledger)
            .join(deliveries, deliveries.c.id == ledger.c.delivery_id)
            .where(
                ledger.c.taken_back_at.is_not(None),
                ledger.c.at > of.after,
                ledger.c.at <= of.until,
                ledger.c.taken_back_at <= (of.known_at or of.until),
                deliveries.c.state == State.DELETED,
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def unknown(self) -> int:
        """Number of deliveries of which nobody knows whether they went out, now."""
        query = select(func.count()).select_from(deliveries).where(is_unknown())
        return int(self._connection.execute(query).scalar_one())

    def last_given(self, of: Stretch) -> Mapping[str, datetime]:
        """Time of the last share of each partner in the stretch, by slug."""
        known = known_ledger(of)
        by_post = (
            select(post_partners.c.partner_id, func.max(known.c.at).label("at"))
            .select_from(known)
            .join(deliveries, deliveries.c.id == known.c.delivery_id)
            .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
            .where(known.c.others > 0)
            .group_by(post_partners.c.partner_id)
        )
        outside = (
            select(known.c.partner_id, func.max(known.c.at).label("at"))
            .where(known.c.others > 0, known.c.partner_id.is_not(None))
            .group_by(known.c.partner_id)
        )
        both = union_all(by_post, outside).subquery()
        query = (
            select(partners.c.slug, func.max(both.c.at).label("at"))
            .join(both, both.c.partner_id == partners.c.id)
            .group_by(partners.c.slug)
        )
        return {row.slug: row.at for row in self._connection.execute(query)}

    def received(self, of: Stretch, partner: str | None = None) -> Sequence[ReceivedRow]:
        """What partners did for us in the stretch, or one partner, the earliest first."""
        query = (
            select(received, partners.c.slug)
            .join(partners, partners.c.id == received.c.partner_id)
            .where(received.c.at > of.after, received.c.at <= of.until)
            .order_by(received.c.at, received.c.id)
        )
        if of.known_at is not None:
            query = query.where(received.c.recorded_at <= of.known_at)
        if partner is not None:
            query = query.where(partners.c.slug == partner)
        return [
            ReceivedRow(
                row.slug,
                row.at,
                ReceivedKind(row.kind),
                row.account,
                row.url,
                _source(row.observed, row.recorded_by),
            )
            for row in self._limited(query)
        ]

    def holds(self, of: Stretch) -> Sequence[HoldRow]:
        """Holds that began in the stretch, the earliest first.

        One that ended after the time at which the stretch was known lasted then.
        """
        query = (
            select(
                delivery_holds.c.delivery_id,
                deliveries.c.account,
                delivery_holds.c.code,
                delivery_holds.c.since,
                delivery_holds.c.ended_at,
            )
            .join(deliveries, deliveries.c.id == delivery_holds.c.delivery_id)
            .where(delivery_holds.c.since > of.after, delivery_holds.c.since <= of.until)
            .order_by(delivery_holds.c.since, delivery_holds.c.id)
        )
        return [
            HoldRow(
                row.delivery_id,
                row.account,
                row.code,
                row.since,
                _by(row.ended_at, of.until),
            )
            for row in self._limited(query)
        ]

    def steps(self, slugs: Collection[str], until: datetime) -> Sequence[StepRow]:
        """Deliveries of posts about these events that were made by a time."""
        if not slugs:
            return []
        query = (
            select(
                events.c.slug,
                func.coalesce(posts.c.step, "").label("step"),
                deliveries.c.account,
                deliveries.c.due_at,
                deliveries.c.sent_at,
                deliveries.c.state,
            )
            .select_from(events)
            .join(posts, posts.c.event_id == events.c.id)
            .join(deliveries, deliveries.c.post_id == posts.c.id)
            .where(events.c.slug.in_(slugs), posts.c.created_at <= until)
            .order_by(deliveries.c.due_at, deliveries.c.id)
        )
        ended = {*ENDED_UNSENT, State.CANCELLED}
        return [
            StepRow(
                row.slug,
                row.step,
                row.account,
                row.due_at,
                _by(row.sent_at, until),
                row.state in ended and row.due_at <= until,
            )
            for row in self._limited(query)
        ]

    def terms(self, at: datetime) -> Mapping[str, KnownTerms]:
        """List and cadence that each partner had at a time, by slug; others had none."""
        ended = partner_terms.c.until.is_(None) | (partner_terms.c.until > at)
        query = (
            select(
                partners.c.slug,
                partner_terms.c.field,
                partner_terms.c.value,
                partner_terms.c.since,
            )
            .join(partners, partners.c.id == partner_terms.c.partner_id)
            .where(partner_terms.c.since <= at, ended)
            .order_by(partner_terms.c.since)
        )
        found: dict[str, dict[str, tuple[str, datetime]]] = {}
        for slug, field, value, since in self._connection.execute(query):
            found.setdefault(slug, {})[field] = value, since
        return {slug: _terms(fields) for slug, fields in found.items()}

    def terms_began(self) -> Mapping[str, datetime]:
        """Time of the first terms of each partner who ever had some, by slug."""
        query = (
            select(partners.c.slug, func.min(partner_terms.c.since).label("since"))
            .join(partners, partners.c.id == partner_terms.c.partner_id)
            .group_by(partners.c.slug)
        )
        return {row.slug: row.since for row in self._connection.execute(query)}

    def _limited(self, query: Select[Any]) -> Sequence[Any]:
        return self._connection.execute(query.limit(MOST_ROWS)).all()


def _by(moment: datetime | None, until: datetime) -> datetime | None:
    """The moment, if it had come by a time."""
    return moment if moment is not None and moment <= until else None


def _source(observed: str | None, recorded_by: str) -> Source:
    if observed is not None:
        return Source.OBSERVED
    return Source.BY_HAND if recorded_by else Source.UNKNOWN


def _terms(fields: Mapping[str, tuple[str, datetime]]) -> KnownTerms:
    """Terms of a partner; an own cadence goes before that of the closeness."""
    nothing = "", None
    own, own_since = fields.get("cadence", nothing)
    closeness, closeness_since = fields.get("closeness", nothing)
    kind, _ = fields.get("list", nothing)
    if own.isdecimal():
        return KnownTerms(kind, int(own), own_since)
    return KnownTerms(kind, CADENCES.get(closeness), closeness_since)
