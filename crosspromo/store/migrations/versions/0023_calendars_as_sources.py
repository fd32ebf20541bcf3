"""Calendars as sources, and their events"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('feed', 'alerts')"
AFTER = "kind IN ('feed', 'alerts', 'calendar')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild_sources()
    else:
        op.drop_constraint(op.f("ck_sources_kind"), "sources", type_="check")
        op.create_check_constraint(op.f("ck_sources_kind"), "sources", AFTER)
    op.add_column("sources", sa.Column("held_gone", sa.Integer()))
    op.add_column("sources", sa.Column("held_known", sa.Integer()))
    op.add_column("sources", sa.Column("held_since", UtcDateTime()))
    op.create_table(
        "source_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "source_id",
            sa.Integer(),
            sa.ForeignKey("sources.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("recurrence", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", EnumMember(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("events.id")),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("decided_by", sa.String()),
        sa.Column("reason", sa.Text()),
        sa.UniqueConstraint(
            "source_id", "uid", "recurrence", name=op.f("uq_source_events_source_id_uid_recurrence")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'taken', 'refused', 'gone', 'kept')",
            name=op.f("ck_source_events_state"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed' OR state = 'refused') = (event_id IS NULL)",
            name=op.f("ck_source_events_taken_is_one_of_ours"),
        ),
    )
    op.create_index(op.f("ix_source_events_state"), "source_events", ["state", "id"])
    op.create_index(op.f("ix_source_events_ends_at"), "source_events", ["source_id", "ends_at"])
    op.create_index(op.f("ix_source_events_event_id"), "source_events", ["event_id"])


def rebuild_sources() -> None:
    """Rebuild the table of sources with the new condition, as SQLite cannot change one.

    Foreign keys are in force, and cannot be put out of force within a transaction: to drop the
    table would delete the suggestions with it. They are laid aside meanwhile.
    """
    connection = op.get_bind()
    find = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'sources'")
    built = connection.execute(find).scalar_one()
    again = built.replace(BEFORE, AFTER).replace("sources", "sources_anew", 1)
    if built.count(BEFORE) != 1:
        raise RuntimeError("the table of sources is not that of version 0022")
    op.execute("CREATE TEMPORARY TABLE laid_aside AS SELECT * FROM suggestions")
    op.execute("DELETE FROM suggestions")
    op.execute(again)
    op.execute("INSERT INTO sources_anew SELECT * FROM sources")
    op.drop_table("sources")
    op.rename_table("sources_anew", "sources")
    op.create_index(op.f("ix_sources_next_at"), "sources", ["next_at"])
    op.create_index(op.f("ix_sources_partner_id"), "sources", ["partner_id"])
    op.execute("INSERT INTO suggestions SELECT * FROM laid_aside")
    op.execute("DROP TABLE laid_aside")
