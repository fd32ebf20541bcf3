"""Paid posts, and titles written by a person: what an edit has to keep"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DISCLOSURE = "paid partnership"
WAITING = ("draft", "queued")


def upgrade() -> None:
    false = sa.text("false")
    op.add_column("posts", sa.Column("paid", sa.Boolean(), nullable=False, server_default=false))
    op.add_column(
        "deliveries", sa.Column("title_given", sa.Boolean(), nullable=False, server_default=false)
    )
    _recognise_paid_posts()
    _recognise_given_titles()


def _recognise_paid_posts() -> None:
    """A paid post about others counts as self, and each text of it has the disclosure."""
    posts = sa.table("posts", sa.column("id"), sa.column("kind", sa.String()), sa.column("paid"))
    deliveries = sa.table(
        "deliveries",
        sa.column("post_id"),
        sa.column("credit", sa.String()),
        sa.column("text", sa.Text()),
    )
    disclosed = sa.select(deliveries.c.post_id).where(
        deliveries.c.credit == "self",
        sa.func.lower(deliveries.c.text).contains(DISCLOSURE, autoescape=True),
    )
    op.get_bind().execute(
        posts.update()
        .where(posts.c.kind.in_(["spotlight", "event", "reshare"]), posts.c.id.in_(disclosed))
        .values(paid=sa.true())
    )


def _recognise_given_titles() -> None:
    """Waiting deliveries whose title does not end with the first line of the text: a person's.

    A template cuts a long line, and ends it with an ellipsis. Where there is no text, nobody made
    the title of it.
    """
    deliveries = sa.table(
        "deliveries",
        sa.column("id"),
        sa.column("state", sa.String()),
        sa.column("title", sa.Text()),
        sa.column("text", sa.Text()),
        sa.column("title_given", sa.Boolean()),
    )
    connection = op.get_bind()
    query = sa.select(deliveries.c.id, deliveries.c.title, deliveries.c.text).where(
        deliveries.c.title.is_not(None), deliveries.c.state.in_(WAITING)
    )
    for number, title, text in connection.execute(query).all():
        first = " ".join(text.strip().partition("\n")[0].split())
        is_cut = title.endswith("…") and first[:150] in title
        if not first or not (title.endswith(first) or is_cut):
            connection.execute(
                deliveries.update().where(deliveries.c.id == number).values(title_given=sa.true())
            )
