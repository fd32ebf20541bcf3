"""Entries of the database about shares and mentions that we received from partners."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.store.partners import Partners
from crosspromo.store.schema import partners, received


class ReceivedLog:
    """What was received; rows are added and never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, given: Received) -> Received:
        """Add what a partner did; it is returned with its number. NotFoundError for an unknown
        partner.
        """
        (partner_id,) = Partners(self._connection).ids([given.partner])
        done = self._connection.execute(
            received.insert().values(
                partner_id=partner_id,
                at=given.at,
                kind=given.kind,
                account=given.account,
                url=given.url,
                words=given.words,
                recorded_at=given.recorded_at,
                recorded_by=given.recorded_by,
                observed=given.observed,
            )
        )
        key = done.inserted_primary_key
        return replace(given, number=0 if key is None else int(key[0]))

    def add_observed(self, given: Received) -> bool:
        """Add what a network or a feed told us; False where it was told before (`observed`).

        NotFoundError for an unknown partner.
        """
        same = select(received.c.id).where(received.c.observed == given.observed)
        if self._connection.execute(same).first() is not None:
            return False
        self.add(given)
        return True

    def latest(self, most: int, partner: str | None = None) -> Sequence[Received]:
        """At most `most` of what was received, of one partner or of all, the latest first."""
        query = (
            select(received, partners.c.slug)
            .join(partners, partners.c.id == received.c.partner_id)
            .order_by(received.c.at.desc(), received.c.id.desc())
            .limit(most)
        )
        if partner is not None:
            query = query.where(partners.c.slug == partner)
        return [
            Received(
                number=row.id,
                partner=row.slug,
                at=row.at,
                kind=ReceivedKind(row.kind),
                account=row.account,
                url=row.url,
                words=row.words,
                recorded_at=row.recorded_at,
                recorded_by=row.recorded_by,
                observed=row.observed,
            )
            for row in self._connection.execute(query)
        ]
