"""Approvals in the store: delivery signatures, each bound to the signed content."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    Connection,
    String,
    cast,
    delete,
    false,
    literal,
    null,
    select,
    union_all,
)

from crosspromo.domain.approval import Signature, name_key
from crosspromo.domain.partner_people import PartnerRole
from crosspromo.store.schema import approvals, partner_people, partners
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.types import UtcDateTime, from_json

IDS_PER_QUERY = 500
"""Maximum number of deliveries in one query."""


class Approvals:
    """Signatures under deliveries, and partners who want to sign."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._signing: dict[tuple[str, ...], frozenset[str]] = {}

    def sign(self, delivery_id: int, signature: Signature) -> None:
        """Store the signature. It replaces an earlier one of the same person (`name_key`)."""
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
                signed_in=signature.signed_in,
            )
        )

    def signatures(self, deliveries: Iterable[int]) -> dict[int, list[Signature]]:
        """Signatures of each delivery, including void ones, earliest first."""
        wanted = list(deliveries)
        found: dict[int, list[Signature]] = {delivery_id: [] for delivery_id in wanted}
        for start in range(0, len(wanted), IDS_PER_QUERY):
            query = (
                select(approvals)
                .where(approvals.c.delivery_id.in_(wanted[start : start + IDS_PER_QUERY]))
                .order_by(approvals.c.at, approvals.c.who)
            )
            for row in self._connection.execute(query):
                signature = Signature(row.name, row.fingerprint, row.at, row.signed_in)
                found[row.delivery_id].append(signature)
        return found

    def withdraw(self, delivery_id: int) -> int:
        """Delete all signatures of the delivery; returns the number deleted."""
        deleted = self._connection.execute(
            delete(approvals).where(approvals.c.delivery_id == delivery_id)
        )
        return deleted.rowcount

    def take_back(self, delivery_id: int, who: str) -> None:
        """Delete the person's or partner's signature of the delivery."""
        self._connection.execute(
            delete(approvals).where(
                approvals.c.delivery_id == delivery_id, approvals.c.who == name_key(who)
            )
        )

    def sign_offs(self, slugs: Iterable[str]) -> frozenset[str]:
        """Slugs of the partners, among `slugs`, where somebody signs off posts about them.

        The same partners are read once in a transaction.
        """
        wanted = tuple(sorted(set(slugs)))
        if wanted not in self._signing:
            found = _ROLES.rows(self._connection, slugs=wanted) if wanted else ()
            self._signing[wanted] = frozenset(
                slug for slug, roles in found if PartnerRole.SIGN_OFF in roles
            )
        return self._signing[wanted]

    def signed_and_asked(
        self, deliveries: Iterable[int], slugs: Iterable[str]
    ) -> tuple[Mapping[int, Sequence[Signature]], frozenset[str]]:
        """What `signatures` and `sign_offs` tell, in one query where the deliveries are not many.

        The partners are read once in a transaction, as by `sign_offs`.
        """
        ids, wanted = list(deliveries), tuple(sorted(set(slugs)))
        if not ids or not wanted or wanted in self._signing or len(ids) > IDS_PER_QUERY:
            return self.signatures(ids), self.sign_offs(wanted)
        found: dict[int, list[Signature]] = {each: [] for each in ids}
        rows = _SIGNED_AND_ASKED.rows(self._connection, ids=ids, slugs=wanted)
        signed = [row for row in rows if row.at is not None]
        for row in sorted(signed, key=lambda each: (each.at, each.who)):
            signature = Signature(row.name, row.what, row.at, bool(row.signed_in))
            found[row.delivery_id].append(signature)
        self._signing[wanted] = frozenset(
            row.name
            for row in rows
            if row.at is None and PartnerRole.SIGN_OFF in from_json(row.what)
        )
        return found, self._signing[wanted]


_ROLES = CompiledSelect(
    lambda among: (
        select(partners.c.slug, partner_people.c.roles)
        .join(partner_people, partner_people.c.partner_id == partners.c.id)
        .where(among(partners.c.slug, "slugs"), partner_people.c.ended_at.is_(None))
    ),
    "slugs",
)

_SIGNED_AND_ASKED = CompiledSelect(
    lambda among: union_all(
        select(
            approvals.c.delivery_id,
            approvals.c.who,
            approvals.c.name,
            approvals.c.fingerprint.label("what"),
            approvals.c.at,
            approvals.c.signed_in,
        ).where(among(approvals.c.delivery_id, "ids")),
        select(
            literal(0),
            literal(""),
            partners.c.slug,
            cast(partner_people.c.roles, String),
            cast(null(), UtcDateTime),
            false(),
        )
        .join(partner_people, partner_people.c.partner_id == partners.c.id)
        .where(among(partners.c.slug, "slugs"), partner_people.c.ended_at.is_(None)),
    ),
    "ids",
    "slugs",
)
"""Signatures, each with its time, and roles of people at partners, without one."""
