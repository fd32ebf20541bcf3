"""History: holds, policies, and ledger rows that are taken back instead of deleted"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from crosspromo.domain.clock import SystemClock
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEPT = (
    "id, account, at, others, self, sent, overridden, origin, why, "
    "delivery_id, partner_id, text, url, remote_id"
)
"""Columns of the ledger that stay."""

INDEXES: dict[str, tuple[list[str], str | None]] = {
    "ix_ledger_account_window": (["account", "at", "others", "self"], None),
    "ix_ledger_window": (["at", "others", "self"], None),
    "uq_ledger_delivery": (["delivery_id"], "delivery_id IS NOT NULL"),
    "uq_ledger_remote_id": (["account", "remote_id"], "remote_id IS NOT NULL"),
    "uq_ledger_opening": (["account"], "origin = 'opening'"),
}
"""Indexes over the rows that count: columns, and a further condition."""


def upgrade() -> None:
    now = SystemClock().now()
    _holds(now)
    _policies()
    if op.get_context().dialect.name == "sqlite":
        _ledger_of_sqlite()
    else:
        _ledger_of_postgresql()
    for name, (columns, besides) in INDEXES.items():
        where = "taken_back_at IS NULL" if besides is None else f"{besides} AND taken_back_at IS NULL"
        _index(name, "ledger", columns, where, unique=name.startswith("uq"))
    op.add_column("database_identity", sa.Column("history_since", UtcDateTime()))
    identity = sa.table("database_identity", sa.column("history_since", UtcDateTime()))
    op.get_bind().execute(identity.update().values(history_since=now))


def _holds(now: datetime) -> None:
    holds = op.create_table(
        "delivery_holds",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.CheckConstraint("ended_at >= since", name=op.f("ck_delivery_holds_ends_after_begin")),
    )
    op.create_index("ix_delivery_holds_delivery", "delivery_holds", ["delivery_id", "id"])
    op.create_index("ix_delivery_holds_since", "delivery_holds", ["since"])
    op.create_index("ix_delivery_holds_ended", "delivery_holds", ["ended_at"])
    _index("uq_delivery_holds_open", "delivery_holds", ["delivery_id"], "ended_at IS NULL", unique=True)
    held = sa.table(
        "deliveries", sa.column("id"), sa.column("hold_code"), sa.column("hold_values")
    )
    # When these holds began is not known: they are known from now on.
    begun = sa.select(
        held.c.id, held.c.hold_code, held.c.hold_values, sa.literal(now, UtcDateTime())
    ).where(held.c.hold_code.is_not(None))
    op.get_bind().execute(
        holds.insert().from_select(["delivery_id", "code", "reason", "since"], begun)
    )


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.Column("target", sa.String()),
        sa.Column("quota", sa.Integer()),
        sa.Column("window", sa.String(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_policies_ends_after_begin")),
        sa.CheckConstraint(
            "target IS NULL OR quota IS NULL", name=op.f("ck_policies_ratio_or_quota")
        ),
    )
    op.create_index("ix_policies_account", "policies", ["account", "since"])
    _index("uq_policies_in_force", "policies", ["account"], "until IS NULL", unique=True)


def _ledger_of_sqlite() -> None:
    """Build the ledger anew: SQLite cannot drop the constraint that a delivery has one row."""
    op.create_table(
        "new_ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("self", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("overridden", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("origin", EnumMember(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Integer()),
        sa.Column("partner_id", sa.Integer()),
        sa.Column("text", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("remote_id", sa.String()),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("taken_back_at", UtcDateTime()),
        sa.CheckConstraint(
            "others >= 0 AND self >= 0 AND others + self > 0", name=op.f("ck_ledger_counts")
        ),
        sa.CheckConstraint(
            "origin = 'opening' OR (others <= 1 AND self <= 1)",
            name=op.f("ck_ledger_post_counts_once"),
        ),
        sa.CheckConstraint(
            "origin IN ('delivery', 'outside', 'opening')", name=op.f("ck_ledger_origin")
        ),
        sa.CheckConstraint(
            "(origin = 'delivery') = (delivery_id IS NOT NULL)",
            name=op.f("ck_ledger_delivery_is_named"),
        ),
        sa.CheckConstraint(
            "origin <> 'outside' OR coalesce(text, url, remote_id) IS NOT NULL",
            name=op.f("ck_ledger_outside_is_told_apart"),
        ),
        sa.CheckConstraint(
            "taken_back_at >= recorded_at", name=op.f("ck_ledger_taken_back_after_recorded")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_ledger_account")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_ledger_delivery_id")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_ledger_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.execute(f"INSERT INTO new_ledger ({KEPT}, recorded_at) SELECT {KEPT}, at FROM ledger")
    op.drop_table("ledger")
    op.rename_table("new_ledger", "ledger")


def _ledger_of_postgresql() -> None:
    for name in ("ix_ledger_account_window", "ix_ledger_window", "uq_ledger_remote_id"):
        op.drop_index(name, "ledger")
    op.drop_index("uq_ledger_opening", "ledger")
    op.drop_constraint("uq_ledger_delivery_id", "ledger", type_="unique")
    op.add_column("ledger", sa.Column("recorded_at", UtcDateTime()))
    op.add_column("ledger", sa.Column("taken_back_at", UtcDateTime()))
    op.execute("UPDATE ledger SET recorded_at = at")
    op.alter_column("ledger", "recorded_at", nullable=False)
    op.create_check_constraint(
        op.f("ck_ledger_taken_back_after_recorded"), "ledger", "taken_back_at >= recorded_at"
    )


def _index(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
