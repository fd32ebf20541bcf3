"""People at partners, mails that ask for sign-off, introductions, and people who are left alone"""

import re
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op
from crosspromo.domain.clock import SystemClock
from crosspromo.store.sql.types import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SIGN_OFF, SOMEBODY = "sign_off", "sign-off"
WORD = r"[^\W\d_]+(?:['\u2019.-][^\W\d_]*)*"
NAME = re.compile(rf"{WORD}(?: {WORD}){{1,3}}")


def upgrade() -> None:
    people = op.create_table(
        "partner_people",
        sa.Column("id", sa.Integer(), primary_key=True),
        _partner("partner_id"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("mail", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
    )
    op.create_index(
        op.f("ix_partner_people_partner_id"), "partner_people", ["partner_id", "ended_at"]
    )
    op.create_table(
        "kept_away",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer(), primary_key=True),
        _partner("needing_id"),
        _partner("offering_id"),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("needing_agreed_at", UtcDateTime()),
        sa.Column("offering_agreed_at", UtcDateTime()),
        sa.Column("declined_at", UtcDateTime()),
        sa.Column("declined_for", sa.String()),
        sa.CheckConstraint(
            "(declined_at IS NULL) = (declined_for IS NULL)",
            name=op.f("ck_introductions_declined_for_somebody"),
        ),
    )
    op.create_index(op.f("ix_introductions_needing_id"), "introductions", ["needing_id"])
    op.create_index(op.f("ix_introductions_offering_id"), "introductions", ["offering_id"])
    op.create_table(
        "sign_off_mails",
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id"), primary_key=True),
        sa.Column("partner", sa.String(), primary_key=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String()),
        sa.Column("claimed_at", UtcDateTime()),
        sa.Column("told_at", UtcDateTime()),
        sa.Column("error", sa.Text()),
    )
    op.create_index(op.f("ix_sign_off_mails_error"), "sign_off_mails", ["error"])
    _move_sign_off(people)


def _partner(name: str) -> "sa.Column[int]":
    return sa.Column(
        name, sa.Integer(), sa.ForeignKey("partners.id", ondelete="CASCADE"), nullable=False
    )


def _move_sign_off(people: sa.Table) -> None:
    """Make people of the notes `sign_off`, which no longer ask for anything."""
    connection, now = op.get_bind(), SystemClock().now()
    partners = sa.table("partners", sa.column("id"), sa.column("notes", sa.JSON()))
    for row in connection.execute(sa.select(partners.c.id, partners.c.notes)).all():
        kept = {key: text for key, text in row.notes.items() if _key(key) != SIGN_OFF}
        if len(kept) == len(row.notes):
            continue
        answer = _answer(row.notes)
        connection.execute(partners.update().where(partners.c.id == row.id).values(notes=kept))
        if _key(answer) in {"", "no", "n", "false", "0"}:
            continue
        is_name = NAME.fullmatch(answer) and all(each[0].isupper() for each in answer.split())
        just_yes = _key(answer) in {"yes", "y", "true", "1", "x"}
        connection.execute(
            people.insert().values(
                partner_id=row.id,
                name=answer if is_name else SOMEBODY,
                roles=[SOMEBODY],
                note="" if is_name or just_yes else answer,
                added_at=now,
                added_by="crosspromo",
            )
        )


def _answer(notes: Mapping[str, str]) -> str:
    found = next((text for key, text in notes.items() if _key(key) == SIGN_OFF), "")
    return " ".join(found.split())


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
