"""Approvals in the store: who signed which delivery, bound to what it said at that moment."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from crosspromo.domain.approval import Signature, asks_to_sign_off, name_key
from crosspromo.store.schema import approvals, partners
from crosspromo.store.sql.statements import CompiledSelect

MOST_AT_ONCE = 500
"""How many deliveries one query asks about."""


class Approvals:
    """The signatures under deliveries, and which partners want to sign."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sign(self, delivery_id: int, signature: Signature) -> None:
        """Write it down. The same person's earlier one, however spelled, gives way to it."""
        self._connection.execute(
            delete(approvals).where(
                approvals.c.delivery_id == delivery_id, approvals.c.who == name_key(signature.who)
            )
        )
        self._connection.execute(
            approvals.insert().values(
                delivery_id=delivery_id,
                who=name_key(signature.who),
                name=signature.who,
                fingerprint=signature.fingerprint,
                at=signature.at,
            )
        )

    def under(self, deliveries: Iterable[int]) -> dict[int, list[Signature]]:
        """The signatures of each of these deliveries, void ones too, the earliest first."""
        wanted = list(deliveries)
        found: dict[int, list[Signature]] = {delivery_id: [] for delivery_id in wanted}
        for start in range(0, len(wanted), MOST_AT_ONCE):
            query = (
                select(approvals)
                .where(approvals.c.delivery_id.in_(wanted[start : start + MOST_AT_ONCE]))
                .order_by(approvals.c.at, approvals.c.who)
            )
            for row in self._connection.execute(query):
                found[row.delivery_id].append(Signature(row.name, row.fingerprint, row.at))
        return found

    def withdraw(self, delivery_id: int) -> int:
        """Strike out every signature under it; how many there were."""
        struck = self._connection.execute(
            delete(approvals).where(approvals.c.delivery_id == delivery_id)
        )
        return struck.rowcount

    def sign_offs(self, slugs: Iterable[str]) -> frozenset[str]:
        """Those of these partners who want to sign what is said about them."""
        found = _NOTES.rows(self._connection, slugs=sorted(set(slugs)))
        return frozenset(slug for slug, notes in found if asks_to_sign_off(notes))


_NOTES = CompiledSelect(
    lambda among: select(partners.c.slug, partners.c.notes).where(among(partners.c.slug, "slugs")),
    "slugs",
)
