"""Figures of networks for reports: those of posts in a stretch of time, and of followers."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, and_, func, select

from crosspromo.domain.figures import NAMES, Figures, Followers
from crosspromo.domain.report_rows import MeasuredPost
from crosspromo.store.ledger.known import Stretch
from crosspromo.store.schema import figure_history, figures, followers

AROUND = timedelta(days=1)
"""Time by which a network's hour of a post may lie before or after ours."""


class ReportFigures:
    """Reads figures of reports within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def posts(self, of: Stretch, accounts: Collection[str]) -> Mapping[int, MeasuredPost]:
        """Figures by delivery of posts of these accounts in the stretch, as they were known.

        Deliveries of which nothing had been measured are left out.
        """
        if not accounts:
            return {}
        within = (
            figures.c.account.in_(sorted(accounts)),
            figures.c.published_at > of.after - AROUND,
            figures.c.published_at <= of.until + AROUND,
        )
        if of.known_at is None:
            table = figures
            query = select(table).where(table.c.measured_at.is_not(None), *within)
        else:
            table = figure_history
            latest = (
                select(table.c.delivery_id, func.max(table.c.measured_at).label("measured_at"))
                .join(figures, figures.c.delivery_id == table.c.delivery_id)
                .where(table.c.measured_at <= of.known_at, *within)
                .group_by(table.c.delivery_id)
                .subquery()
            )
            is_latest = and_(
                latest.c.delivery_id == table.c.delivery_id,
                latest.c.measured_at == table.c.measured_at,
            )
            query = select(table).join(latest, is_latest)
        names = ("delivery_id", "measured_at", *NAMES)
        rows = self._connection.execute(query.with_only_columns(*(table.c[name] for name in names)))
        return {
            delivery: MeasuredPost(delivery, Figures(*counts), measured_at)
            for delivery, measured_at, *counts in rows
        }

    def followers(
        self, accounts: Collection[str], since: date, until: date
    ) -> Mapping[str, Followers]:
        """Latest number of followers of each account that was told on these days, by account."""
        at = followers.c
        query = (
            select(at.account, at.day, at["count"], at.measured_at)
            .where(
                at.account.in_(sorted(accounts)),
                at.day >= since.isoformat(),
                at.day <= until.isoformat(),
            )
            .order_by(at.account, at.day)
        )
        return {
            account: Followers(account, day, count, measured_at)
            for account, day, count, measured_at in self._connection.execute(query)
        }
