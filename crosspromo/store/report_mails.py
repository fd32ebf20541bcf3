"""Mails of reports in the store."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, literal, select, tuple_, update

from crosspromo.domain.report_mails import NAMED, ReportKey, ReportMail
from crosspromo.store.schema import report_mails as mails
from crosspromo.store.sql.upserts import insert_into

REPORTS_FAILED = select(literal(1).label("is_so")).where(mails.c.error > "").limit(1)
"""SQL: one row if any report could not be mailed."""

KEY = tuple_(mails.c.month, mails.c.partner, mails.c.address)


class ReportMails:
    """Mails by month, partner and address."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, keys: Collection[ReportKey]) -> Mapping[ReportKey, ReportMail]:
        """What is known of mailing these reports; nothing is known of those never claimed."""
        query = select(mails).where(KEY.in_(sorted(keys)))
        return {mail.key: mail for mail in map(_mail, self._connection.execute(query))}

    def named(self) -> Mapping[ReportKey, ReportMail]:
        """Rows that tell since when the settings name each address."""
        query = select(mails).where(mails.c.month == NAMED)
        return {mail.key: mail for mail in map(_mail, self._connection.execute(query))}

    def failed(self) -> Sequence[ReportMail]:
        """Mails that the mail server did not take, the oldest first."""
        query = select(mails).where(mails.c.error > "").order_by(mails.c.since, mails.c.address)
        return [_mail(row) for row in self._connection.execute(query)]

    def claim(self, mail: ReportMail, known: ReportMail | None) -> bool:
        """Put `mail` in place of `known` (None: nothing is); False where another did so before."""
        if known is None:
            new = insert_into(self._connection, mails).values(_values(mail))
            added = self._connection.execute(
                new.on_conflict_do_nothing(), execution_options={"preserve_rowcount": True}
            )
            return added.rowcount == 1
        done = self._connection.execute(update(mails).where(_as_read(known)).values(_values(mail)))
        return done.rowcount == 1

    def forget(self, mail: ReportMail) -> None:
        """Forget a mail that nobody wants any more, unless it was claimed meanwhile."""
        self._connection.execute(mails.delete().where(_as_read(mail)))


def _as_read(mail: ReportMail) -> ColumnElement[bool]:
    """SQL: the row is as it was read."""
    return (
        (mails.c.month == mail.key.month)
        & (mails.c.partner == mail.key.partner)
        & (mails.c.address == mail.key.address)
        & (mails.c.claimed_at == mail.claimed_at)
        & mails.c.claimed_by.is_not_distinct_from(mail.claimed_by)
    )


def _values(mail: ReportMail) -> dict[str, Any]:
    return {
        **mail.key._asdict(),
        "since": mail.since,
        "claimed_by": mail.claimed_by,
        "claimed_at": mail.claimed_at,
        "told_at": mail.told_at,
        "error": mail.error,
    }


def _mail(row: Row[Any]) -> ReportMail:
    return ReportMail(
        ReportKey(row.month, row.partner, row.address),
        row.since,
        row.claimed_by,
        row.claimed_at,
        row.told_at,
        row.error,
    )
