"""Figures in the store: how far each account was read, what was counted, and followers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from crosspromo.domain.figures import (
    NAMES,
    CountedPost,
    Figures,
    Followers,
    PostFigures,
    ReadingState,
    first_measuring,
)
from crosspromo.domain.states import State
from crosspromo.store.schema import (
    account_readings,
    deliveries,
    figure_history,
    figures,
    followers,
)
from crosspromo.store.sql.upserts import insert_into


class Readings:
    """State of the reading of each account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, ReadingState]:
        """Every account that was ever to be read, by name."""
        rows = self._connection.execute(select(account_readings))
        return {row.account: _state(row) for row in rows}

    def begin(self, account: str, now: datetime) -> None:
        """Have an account read from now on, unless it is already."""
        row = {"account": account, "next_at": now, "failures": 0, "month": "", "reads": 0}
        new = insert_into(self._connection, account_readings).values(row)
        self._connection.execute(new.on_conflict_do_nothing())

    def claim(self, state: ReadingState, until: datetime) -> bool:
        """Put the next look off until then; False where another process did so meanwhile."""
        done = self._connection.execute(
            update(account_readings)
            .where(
                account_readings.c.account == state.account,
                account_readings.c.next_at == state.next_at,
            )
            .values(next_at=until)
        )
        return done.rowcount == 1

    def save(self, state: ReadingState) -> None:
        """Keep how far an account has been read."""
        self._connection.execute(
            update(account_readings)
            .where(account_readings.c.account == state.account)
            .values(
                next_at=state.next_at,
                read_at=state.read_at,
                failures=state.failures,
                failing_since=state.failing_since,
                fault=state.fault,
                cursor=state.cursor,
                listened_at=state.listened_at,
                month=state.month,
                reads=state.reads,
            )
        )


class FiguresLog:
    """Figures of posts, with their history, and numbers of followers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enrol(self, account: str, since: datetime) -> int:
        """Have posts of an account measured that went out since then; returns how many are new.

        Bare reposts are left out: they have no figures of their own.
        """
        d = deliveries.c
        query = (
            select(d.id, d.remote_id, d.published_at)
            .join(figures, figures.c.delivery_id == d.id, isouter=True)
            .where(
                d.account == account,
                d.sent_at >= since,
                d.state == State.PUBLISHED,
                d.remote_id.is_not(None),
                or_(~d.native, d.text != ""),
                figures.c.delivery_id.is_(None),
            )
        )
        rows = [
            {
                "delivery_id": row.id,
                "account": account,
                "remote_id": row.remote_id,
                "published_at": row.published_at,
                "due_at": first_measuring(row.published_at),
            }
            for row in self._connection.execute(query)
        ]
        if rows:
            new = insert_into(self._connection, figures).on_conflict_do_nothing()
            self._connection.execute(new, rows)
        return len(rows)

    def due(self, account: str, now: datetime, most: int) -> Sequence[PostFigures]:
        """Posts that are to be measured at `now` or before, those first that wait longest."""
        at = figures.c
        query = select(figures).where(at.account == account, at.due_at <= now)
        query = query.order_by(at.due_at, at.delivery_id).limit(most)
        return [_post(row) for row in self._connection.execute(query)]

    def bring_forward(self, account: str, now: datetime, unless_since: datetime) -> None:
        """Have all posts measured now that are to be measured later.

        Those that were measured since `unless_since` are left as they are.
        """
        at = figures.c
        self._connection.execute(
            update(figures)
            .where(
                at.account == account,
                at.due_at > now,
                or_(at.measured_at.is_(None), at.measured_at < unless_since),
            )
            .values(due_at=now)
        )

    def keep(self, measured: Sequence[PostFigures]) -> None:
        """Keep what was measured, as the latest figures and in the history.

        Of two measurings of one post at one time the first stays. A post that is gone keeps the
        figures of before.
        """
        for post in measured:
            values: dict[str, Any] = {"due_at": post.due_at, "gone_at": post.gone_at}
            if post.gone_at is None:
                values |= {"measured_at": post.measured_at, **_values(post.figures)}
            here = figures.c.delivery_id == post.delivery
            self._connection.execute(update(figures).where(here).values(values))
        rows = [
            {
                "delivery_id": post.delivery,
                "measured_at": post.measured_at,
                **_values(post.figures),
            }
            for post in measured
            if post.gone_at is None
        ]
        if rows:
            new = insert_into(self._connection, figure_history).on_conflict_do_nothing()
            self._connection.execute(new, rows)

    def of_deliveries(self, ids: Iterable[int]) -> Mapping[int, PostFigures]:
        """Latest figures by delivery; deliveries that are not measured are left out."""
        query = select(figures).where(figures.c.delivery_id.in_(list(ids)))
        return {row.delivery_id: _post(row) for row in self._connection.execute(query)}

    def latest(self, account: str, most: int) -> Sequence[CountedPost]:
        """Latest posts of an account with their figures, the latest first."""
        at, d = figures.c, deliveries.c
        query = (
            select(figures, d.post_id, d.text, d.title, d.url)
            .join(deliveries, d.id == at.delivery_id)
            .where(at.account == account)
            .order_by(at.published_at.desc(), at.delivery_id.desc())
            .limit(most)
        )
        return [
            CountedPost(row.post_id, row.title or row.text, row.url, _post(row))
            for row in self._connection.execute(query)
        ]

    def as_of(self, ids: Sequence[int], moment: datetime) -> Mapping[int, tuple[datetime, Figures]]:
        """Figures by delivery as they were known at a moment, each with the time of its measuring.

        Deliveries of which nothing had been measured by then are left out.
        """
        at = figure_history.c
        latest = (
            select(at.delivery_id, func.max(at.measured_at).label("measured_at"))
            .where(at.delivery_id.in_(ids), at.measured_at <= moment)
            .group_by(at.delivery_id)
            .subquery()
        )
        query = select(figure_history).join(
            latest,
            and_(latest.c.delivery_id == at.delivery_id, latest.c.measured_at == at.measured_at),
        )
        return {
            row.delivery_id: (row.measured_at, _figures(row))
            for row in self._connection.execute(query)
        }

    def keep_followers(self, counted: Followers) -> None:
        """Keep the number of followers of a day; a later one of the same day takes its place."""
        values = {"count": counted.count, "measured_at": counted.measured_at}
        new = insert_into(self._connection, followers).values(
            account=counted.account, day=counted.day, **values
        )
        self._connection.execute(
            new.on_conflict_do_update(
                index_elements=[followers.c.account, followers.c.day], set_=values
            )
        )

    def followers(self, account: str, until: str | None = None) -> Followers | None:
        """Latest number of followers of an account, up to the day `until`; None if never told."""
        query = select(followers).where(followers.c.account == account)
        if until is not None:
            query = query.where(followers.c.day <= until)
        latest = self._connection.execute(query.order_by(followers.c.day.desc()).limit(1))
        row = latest.mappings().first()
        return None if row is None else Followers(**row)


JOINED = tuple(each.label(f"figures_{each.name}") for each in figures.c)
"""Columns of the figures of a delivery in a query that joins them."""


def joined(row: Row[Any]) -> PostFigures | None:
    """Figures in a row with the columns JOINED; None where the delivery is not measured."""
    values = row._mapping  # noqa: SLF001 (SQLAlchemy's public name)
    if values["figures_delivery_id"] is None:
        return None
    counted = Figures(*(values[f"figures_{name}"] for name in NAMES))
    return PostFigures(
        delivery=values["figures_delivery_id"],
        account=values["figures_account"],
        remote_id=values["figures_remote_id"],
        published_at=values["figures_published_at"],
        due_at=values["figures_due_at"],
        measured_at=values["figures_measured_at"],
        gone_at=values["figures_gone_at"],
        figures=counted,
    )


def _state(row: Row[Any]) -> ReadingState:
    return ReadingState(
        account=row.account,
        next_at=row.next_at,
        read_at=row.read_at,
        failures=row.failures,
        failing_since=row.failing_since,
        fault=row.fault,
        cursor=row.cursor,
        listened_at=row.listened_at,
        month=row.month,
        reads=row.reads,
    )


def _post(row: Row[Any]) -> PostFigures:
    return PostFigures(
        delivery=row.delivery_id,
        account=row.account,
        remote_id=row.remote_id,
        published_at=row.published_at,
        due_at=row.due_at,
        measured_at=row.measured_at,
        gone_at=row.gone_at,
        figures=_figures(row),
    )


def _figures(row: Row[Any]) -> Figures:
    return Figures(row.likes, row.reposts, row.replies, row.quotes, row.views)


def _values(counted: Figures) -> dict[str, int | None]:
    return {name: getattr(counted, name) for name in NAMES}
