"""Permissions of partners and consents of people on images, instead of one yes to tagging"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

AT_A_TIME = 1_000
"""Deliveries that are looked at between two queries."""


def upgrade() -> None:
    _create_tables()
    _keep_each_yes()
    _note_tags()
    op.drop_column("partners", "tag_ok")


def _create_tables() -> None:
    scopes = "scope IN ('tag', 'quote', 'logo', 'photo')"
    by_somebody = "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
    op.create_table(
        "permissions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "partner_id",
            sa.Integer(),
            sa.ForeignKey("partners.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("scope", EnumMember(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.String()),
        sa.Column("until", sa.String()),
        sa.Column("evidence", sa.Text(), nullable=False),
        *_recorded(),
        sa.CheckConstraint(scopes, name=op.f("ck_permissions_scope")),
        sa.CheckConstraint(by_somebody, name=op.f("ck_permissions_withdrawn_by_somebody")),
    )
    op.create_index(op.f("ix_permissions_partner_id"), "permissions", ["partner_id", "scope"])
    op.create_table(
        "delivery_needs",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("scope", EnumMember(), primary_key=True),
        sa.Column("partner_id", sa.Integer(), sa.ForeignKey("partners.id"), primary_key=True),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.CheckConstraint(scopes, name=op.f("ck_delivery_needs_scope")),
    )
    op.create_index(op.f("ix_delivery_needs_partner_id"), "delivery_needs", ["partner_id", "scope"])
    op.create_table(
        "photo_consents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("image", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("until", sa.String()),
        sa.Column("evidence", sa.Text(), nullable=False),
        *_recorded(),
        sa.CheckConstraint(by_somebody, name=op.f("ck_photo_consents_withdrawn_by_somebody")),
    )
    op.create_index(op.f("ix_photo_consents_hash"), "photo_consents", ["hash"])
    op.create_table(
        "delivery_photos",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("withdrawn_at", UtcDateTime()),
    )
    op.create_index(op.f("ix_delivery_photos_hash"), "delivery_photos", ["hash"])
    for table in ("delivery_needs", "delivery_photos"):
        condition = sa.text("withdrawn_at IS NOT NULL")
        op.create_index(
            op.f(f"ix_{table}_withdrawn"),
            table,
            ["delivery_id"],
            sqlite_where=condition,
            postgresql_where=condition,
        )


def _recorded() -> "Iterator[sa.Column[Any]]":
    yield sa.Column("recorded_at", UtcDateTime(), nullable=False)
    yield sa.Column("recorded_by", sa.String(), nullable=False)
    yield sa.Column("withdrawn_at", UtcDateTime())
    yield sa.Column("withdrawn_by", sa.String())
    yield sa.Column("withdrawn_why", sa.Text())


def _keep_each_yes() -> None:
    """Record a permission for each partner whom we may tag."""
    partners = sa.table("partners", sa.column("id"), sa.column("tag_ok", sa.Boolean()))
    permissions = sa.table(
        "permissions",
        *(sa.column(name) for name in ("partner_id", "scope", "agreed_by", "evidence")),
        sa.column("networks", sa.JSON()),
        sa.column("recorded_at", UtcDateTime()),
        sa.column("recorded_by"),
    )
    connection = op.get_bind()
    tagged = sa.select(partners.c.id).where(partners.c.tag_ok == sa.true())
    rows = [
        {
            "partner_id": partner,
            "scope": "tag",
            "agreed_by": "",
            "evidence": "imported",
            "networks": [],
            "recorded_by": "crosspromo",
        }
        for partner in connection.execute(tagged).scalars()
    ]
    if rows:
        connection.execute(permissions.insert().values(recorded_at=sa.func.now()), rows)


def _note_tags() -> None:
    """Note which deliveries tag a partner, so that a withdrawal finds them."""
    connection = op.get_bind()
    deliveries = sa.table(
        "deliveries",
        *(sa.column(name) for name in ("id", "post_id", "state", "text")),
    )
    post_partners = sa.table("post_partners", sa.column("post_id"), sa.column("partner_id"))
    partners = sa.table("partners", sa.column("id"), sa.column("handles", sa.JSON()))
    needs = sa.table(
        "delivery_needs",
        *(sa.column(name) for name in ("delivery_id", "scope", "partner_id")),
        sa.column("declared", sa.Boolean()),
    )
    sent_or_waiting = ("draft", "queued", "sending", "unknown", "published")
    query = (
        sa.select(deliveries.c.id, deliveries.c.text, partners.c.id.label("partner"))
        .add_columns(partners.c.handles)
        .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
        .join(partners, partners.c.id == post_partners.c.partner_id)
        .where(deliveries.c.state.in_(sent_or_waiting))
        .order_by(deliveries.c.id)
    )
    last = 0
    while (
        ids := connection.execute(
            sa.select(deliveries.c.id)
            .where(deliveries.c.id > last)
            .order_by(deliveries.c.id)
            .limit(AT_A_TIME)
        )
        .scalars()
        .all()
    ):
        some = query.where(deliveries.c.id > last, deliveries.c.id <= ids[-1])
        last = ids[-1]
        found = _tags(connection.execute(some).mappings().all())
        if found:
            connection.execute(needs.insert(), found)


def _tags(rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "delivery_id": row["id"],
            "scope": "tag",
            "partner_id": row["partner"],
            "declared": False,
        }
        for row in rows
        if any(_mentions(row["text"], handle) for handle in row["handles"].values())
    ]


def _mentions(text: str, handle: str) -> bool:
    found = rf"(?<![\w@])(?:@|u/){re.escape(handle)}(?![\w-])"
    return re.search(found, text, re.IGNORECASE) is not None
