"""What deliveries told of events, so that corrections go by what readers know"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from crosspromo.store.sql.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_WENT_OUT = ("sending", "unknown", "published")
_KNOWN = ("starts_at", "zone", "all_day", "location")
"""Columns of `event_corrections` with what readers knew when a correction was drafted."""


def upgrade() -> None:
    told = op.create_table(
        "event_told",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), nullable=False),
        sa.Column(
            "event_id",
            sa.Integer(),
            sa.ForeignKey("events.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_event_told_delivery_id")),
    )
    op.create_index(op.f("ix_event_told_event_id"), "event_told", ["event_id"])
    rows = _told(op.get_bind())
    if rows:
        op.bulk_insert(told, rows)
    for column in _KNOWN:
        # Alembic would copy the table on SQLite; all databases know this statement themselves.
        op.execute(f"ALTER TABLE event_corrections DROP COLUMN {column}")


def _told(connection: sa.Connection) -> list[dict[str, Any]]:
    """What was told of events that have corrections; of all others their posts told what is."""
    chains: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in connection.execute(_CORRECTIONS):
        chains[row.event_id, row.account].append(row)
    posts: dict[tuple[int, str], list[Any]] = defaultdict(list)
    if chains:
        for row in connection.execute(_POSTS):
            posts[row.event_id, row.account].append(row)
    return [row for key, chain in chains.items() for row in _of_chain(chain, posts[key])]


def _of_chain(chain: Sequence[Any], posts: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of the corrections of an account about an event, and of the posts before each."""
    rows: list[dict[str, Any]] = []
    left = list(posts)
    for index, each in enumerate(chain):
        known = {column: getattr(each, column) for column in _KNOWN}
        event = {"event_id": each.event_id, "title": each.title, "ends_at": each.ends_at}
        before = [post for post in left if post.at <= each.drafted_at]
        left = [post for post in left if post.at > each.drafted_at]
        rows += [
            {"delivery_id": post.delivery_id, **event, **known, "cancelled": False}
            for post in before
        ]
        cancelled = each.about == "cancelled"
        if not cancelled:  # the next one knows what this one told
            then = chain[index + 1 : index + 2]
            now = {name: getattr(each, f"event_{name}") for name in _KNOWN}
            known = {name: getattr(then[0], name) for name in _KNOWN} if then else now
        rows.append({"delivery_id": each.delivery_id, **event, **known, "cancelled": cancelled})
    return rows


_corrections = sa.table(
    "event_corrections",
    sa.column("delivery_id"),
    sa.column("event_id"),
    sa.column("about"),
    sa.column("starts_at", UtcDateTime()),
    sa.column("zone"),
    sa.column("all_day", sa.Boolean()),
    sa.column("location"),
    sa.column("drafted_at", UtcDateTime()),
)
_deliveries = sa.table(
    "deliveries",
    sa.column("id"),
    sa.column("account"),
    sa.column("state"),
    sa.column("post_id"),
    sa.column("published_at", UtcDateTime()),
    sa.column("due_at", UtcDateTime()),
)
_events = sa.table(
    "events",
    sa.column("id"),
    sa.column("title"),
    sa.column("starts_at", UtcDateTime()),
    sa.column("ends_at", UtcDateTime()),
    sa.column("zone"),
    sa.column("all_day", sa.Boolean()),
    sa.column("location"),
)
_posts = sa.table("posts", sa.column("id"), sa.column("event_id"))

_CORRECTIONS = (
    sa.select(
        _corrections,
        _deliveries.c.account,
        _events.c.title,
        _events.c.ends_at,
        *(_events.c[name].label(f"event_{name}") for name in _KNOWN),
    )
    .join(_deliveries, _deliveries.c.id == _corrections.c.delivery_id)
    .join(_events, _events.c.id == _corrections.c.event_id)
    .order_by(_corrections.c.delivery_id)
)
_POSTS = (
    sa.select(
        _deliveries.c.id.label("delivery_id"),
        _deliveries.c.account,
        _posts.c.event_id,
        sa.func.coalesce(
            _deliveries.c.published_at, _deliveries.c.due_at, type_=UtcDateTime()
        ).label("at"),
    )
    .join(_posts, _posts.c.id == _deliveries.c.post_id)
    .where(
        _posts.c.event_id.in_(sa.select(_corrections.c.event_id)),
        _deliveries.c.state.in_(_WENT_OUT),
    )
    .order_by(_deliveries.c.id)
)
