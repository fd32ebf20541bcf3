"""Limits agreed with partners, as the gate needs them: caps, notice, and days of silence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.partner_limits import DEFAULT_DAYS, PartnerLimits, Shared
from crosspromo.store.schema import (
    accounts,
    deliveries,
    partner_entries,
    partners,
    post_partners,
    posts,
)
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.types import UtcDateTime


class PartnersLimits:
    """Limits of partners within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, slugs: Iterable[str], today: date) -> Mapping[str, PartnerLimits]:
        """Limits of these partners by slug, with the days of silence that end today or later.

        `today` is a local day of the organisation. Partners without any limit are left out.
        """
        wanted = sorted(set(slugs))
        if not wanted:
            return {}
        found: dict[str, tuple[Any, list[Blackout]]] = {}
        for row in _LIMITS.rows(self._connection, slugs=wanted, today=today.isoformat()):
            _, blackouts = found.setdefault(row.slug, (row, []))
            if row.day is not None:
                first, last = (date.fromisoformat(each) for each in (row.day, row.last_day))
                blackouts.append(Blackout(first, last, row.words or None, row.slug))
        limits = (_limits(row, tuple(blackouts)) for row, blackouts in found.values())
        return {each.partner: each for each in limits if _has_any(each)}

    def lock(self, slugs: Collection[str]) -> None:
        """Lock these partners until the write transaction ends: one worker counts at a time."""
        query = select(partners.c.id).where(partners.c.slug.in_(slugs)).order_by(partners.c.id)
        self._connection.execute(query.with_for_update(key_share=True)).all()

    def shared(self, slugs: Collection[str], since: datetime) -> Mapping[str, Sequence[Shared]]:
        """Posts about these partners sent after `since`, or perhaps sent, by slug.

        The work grows with the sends since then, not with those before.
        """
        found: dict[str, list[Shared]] = {slug: [] for slug in slugs}
        rows = _SHARED.rows(self._connection, slugs=list(slugs), since=since)
        for row in rows:
            found[row.slug].append(Shared(row.post_id, row.at))
        return found

    def queued_at(self, post_ids: Iterable[int]) -> Mapping[int, datetime]:
        """Times at which these posts were queued, by id."""
        rows = _QUEUED_AT.rows(self._connection, ids=list(post_ids))
        return {row.id: row.created_at for row in rows}


def _limits(row: Any, blackouts: tuple[Blackout, ...]) -> PartnerLimits:
    return PartnerLimits(
        partner=row.slug,
        name=row.name,
        most=row.most_posts,
        days=row.most_posts_days or DEFAULT_DAYS,
        notice=None if not row.notice_hours else timedelta(hours=row.notice_hours),
        blackouts=blackouts,
    )


def _has_any(limits: PartnerLimits) -> bool:
    return limits.most is not None or limits.notice is not None or bool(limits.blackouts)


_LIMITS = CompiledSelect(
    lambda among: (
        select(
            partners.c.slug,
            partners.c.name,
            partners.c.most_posts,
            partners.c.most_posts_days,
            partners.c.notice_hours,
            partner_entries.c.day,
            partner_entries.c.last_day,
            partner_entries.c.words,
        )
        .select_from(partners)
        .outerjoin(
            partner_entries,
            and_(
                partner_entries.c.partner_id == partners.c.id,
                partner_entries.c.kind == EntryKind.BLACKOUT,
                partner_entries.c.last_day >= bindparam("today"),
            ),
        )
        .where(
            among(partners.c.slug, "slugs"),
            or_(
                partners.c.most_posts.is_not(None),
                partners.c.notice_hours.is_not(None),
                partner_entries.c.day.is_not(None),
            ),
        )
        .order_by(partners.c.slug, partner_entries.c.day, partner_entries.c.id)
    ),
    "slugs",
)

# A sum has no index: else all posts that a partner ever had may be looked up first.
_SHARED = CompiledSelect(
    lambda among: (
        select(partners.c.slug, deliveries.c.post_id, func.max(deliveries.c.sent_at).label("at"))
        .select_from(deliveries)
        .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
        .join(partners, partners.c.id == post_partners.c.partner_id + 0)
        .where(
            deliveries.c.account.in_(select(accounts.c.name)),
            deliveries.c.sent_at.is_not(None),
            deliveries.c.sent_at > bindparam("since", type_=UtcDateTime),
            among(partners.c.slug, "slugs"),
        )
        .group_by(partners.c.slug, deliveries.c.post_id)
        .order_by(partners.c.slug, deliveries.c.post_id)
    ),
    "slugs",
)

_QUEUED_AT = CompiledSelect(
    lambda among: select(posts.c.id, posts.c.created_at).where(among(posts.c.id, "ids")), "ids"
)
