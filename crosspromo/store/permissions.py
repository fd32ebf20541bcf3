"""Permissions of partners in the store, and the needs of deliveries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, select, update

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.permissions import Need, NeedsAsked, Permission, Scope
from crosspromo.domain.reasons import faults
from crosspromo.domain.reasons.not_found import NoSuchPermission
from crosspromo.domain.states import IN_DOUBT, State
from crosspromo.store.partners import Partners
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.queue.hold_history import end_holds
from crosspromo.store.schema import (
    deliveries,
    delivery_needs,
    is_draft_or_queued,
    partners,
    permissions,
)
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.transfer import in_lots

WITHDRAWN = faults.CODES[faults.PermissionWithdrawn]
"""Code of the fault of drafts that a withdrawal left."""


class Permissions:
    """Permissions by number and by partner, and what deliveries need, within one transaction."""

    def __init__(self, connection: Connection, deliveries_: Deliveries) -> None:
        self._connection = connection
        self._deliveries = deliveries_

    def add(
        self,
        partner: str,
        scope: Scope,
        *,
        networks: Sequence[str] = (),
        agreed_by: str = "",
        agreed_on: date | None = None,
        until: date | None = None,
        evidence: str,
        now: datetime,
        who: str,
    ) -> int:
        """Record a permission of the partner (a slug); returns its number.

        NotFoundError for an unknown slug.
        """
        (partner_id,) = Partners(self._connection).ids([partner])
        done = self._connection.execute(
            permissions.insert().values(
                partner_id=partner_id,
                scope=scope,
                networks=sorted(set(networks)),
                agreed_by=agreed_by,
                agreed_on=None if agreed_on is None else agreed_on.isoformat(),
                until=None if until is None else until.isoformat(),
                evidence=evidence,
                recorded_at=now,
                recorded_by=who,
            )
        )
        key = done.inserted_primary_key
        assert key is not None
        return int(key[0])

    def get(self, number: int) -> Permission:
        """Permission by number, locked until the end of the write transaction.

        NotFoundError if none exists.
        """
        query = _ALL.where(permissions.c.id == number).with_for_update(of=permissions)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchPermission(number))
        return _permission(row)

    def of(self, slugs: Collection[str] | None = None) -> Sequence[Permission]:
        """Permissions of these partners (None: of all), by partner and number."""
        query = _ALL.order_by(partners.c.slug, permissions.c.id)
        if slugs is not None:
            query = query.where(partners.c.slug.in_(slugs))
        return [_permission(row) for row in self._connection.execute(query)]

    def withdraw(self, number: int, now: datetime, who: str, why: str) -> None:
        """Mark a standing permission as withdrawn."""
        self._connection.execute(
            update(permissions)
            .where(permissions.c.id == number, permissions.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now, withdrawn_by=who, withdrawn_why=why)
        )

    # -- what deliveries need ------------------------------------------------------------------

    def set_needs(self, delivery: int, needs: Iterable[Need]) -> None:
        """Replace the needs of a delivery (an id); NotFoundError for an unknown slug."""
        wanted = {(each.scope, each.partner): each for each in needs}
        of_delivery = delivery_needs.c.delivery_id == delivery
        self._connection.execute(delete(delivery_needs).where(of_delivery))
        if not wanted:
            return
        slugs = sorted({slug for _, slug in wanted})
        ids = dict(zip(slugs, Partners(self._connection).ids(slugs), strict=True))
        self._connection.execute(
            delivery_needs.insert(),
            [
                {
                    "delivery_id": delivery,
                    "scope": each.scope,
                    "partner_id": ids[each.partner],
                    "declared": each.declared,
                }
                for each in wanted.values()
            ],
        )

    def needs(self, ids: Collection[int]) -> Mapping[int, Sequence[Need]]:
        """Needs of these deliveries, by delivery; those without any are left out."""
        return {
            delivery: [each.need for each in asked] for delivery, asked in self.asked(ids).items()
        }

    def asked(self, ids: Iterable[int]) -> Mapping[int, Sequence[NeedsAsked]]:
        """Needs of these deliveries with every permission of their scope, by delivery.

        Deliveries that need nothing are left out.
        """
        found: dict[int, dict[tuple[str, str], NeedsAsked]] = {}
        for row in _ASKED.rows(self._connection, ids=list(ids)):
            need = Need(Scope(row.needs), row.slug, row.declared)
            of_delivery = found.setdefault(row.delivery_id, {})
            _, _, known = of_delivery.setdefault(
                (row.needs, row.slug), NeedsAsked(need, row.name, [])
            )
            if row.id is not None and isinstance(known, list):
                known.append(_permission(row))
        return {delivery: list(each.values()) for delivery, each in found.items()}

    def asked_of(self, needs: Collection[Need]) -> Sequence[NeedsAsked]:
        """The same for needs of a delivery that is not written yet."""
        slugs = sorted({each.partner for each in needs})
        given = self.of(slugs) if slugs else ()
        query = select(partners.c.slug, partners.c.name).where(partners.c.slug.in_(slugs))
        names = {row.slug: row.name for row in self._connection.execute(query)}
        return [
            NeedsAsked(
                need,
                names.get(need.partner, need.partner),
                [p for p in given if p.partner == need.partner and p.scope is need.scope],
            )
            for need in needs
        ]

    def waiting(self, partner: str, scope: Scope) -> Sequence[Delivery]:
        """Drafts and queued deliveries that need this scope of the partner, by id.

        In a write transaction they are locked: no worker takes one of them meanwhile, and those
        that a worker has just taken are left out.
        """
        return self._deliveries.locked_where(is_draft_or_queued(), _needing(partner, scope))

    def gone_out(self, partner: str, scope: Scope) -> Sequence[Delivery]:
        """Deliveries with this need of the partner that are or may be on their network.

        What is being sent is waited for no longer than its claim takes.
        """
        in_doubt = self._deliveries.locked_where(
            deliveries.c.state.in_(IN_DOUBT), _needing(partner, scope)
        )
        standing = deliveries.c.state == State.PUBLISHED
        return [*in_doubt, *self._deliveries.some(standing, _needing(partner, scope))]

    def mark_gone_out(
        self, ids: Collection[int], partner: str, scope: Scope, now: datetime | None
    ) -> None:
        """Note that the permission by which these deliveries had gone out was withdrawn.

        None: the partner agreed again.
        """
        this_need = (
            delivery_needs.c.partner_id == _id_of(partner),
            delivery_needs.c.scope == scope,
        )
        for some in in_lots(sorted(ids)):
            self._connection.execute(
                update(delivery_needs)
                .where(delivery_needs.c.delivery_id.in_(some), *this_need)
                .values(withdrawn_at=now)
            )

    def agreed_again(self, partner: str, scope: Scope, now: datetime) -> int:
        """End what the lack of this scope has made of deliveries; returns how many were held.

        Holds end, and the gate judges anew. Drafts that a withdrawal left stay drafts, but ask for
        no change any more.
        """
        drafts = deliveries.c.state == State.DRAFT, deliveries.c.fault_code == WITHDRAWN
        self._connection.execute(
            update(deliveries)
            .where(*drafts, _needing(partner, scope))
            .values(fault_code=None, fault_values=None)
        )
        woken = self._connection.execute(
            update(deliveries)
            .where(deliveries.c.hold_code == "permission", _needing(partner, scope))
            .values(wake_at=deliveries.c.due_at, hold_code=None, hold_values=None, hold_until=None)
            .returning(deliveries.c.id)
        )
        ids = woken.scalars().all()
        end_holds(self._connection, ids, now)
        return len(ids)

    def with_handles(self, network: str, handles: Collection[str]) -> Mapping[str, str]:
        """Slugs of partners with these handles (in small letters) on the network, by handle."""
        handle = func.lower(partners.c.handles[network].as_string())
        query = select(handle.label("handle"), partners.c.slug).where(handle.in_(handles))
        return {row.handle: row.slug for row in self._connection.execute(query.order_by("slug"))}


def _needing(partner: str, scope: Scope) -> Any:
    of_partner = select(delivery_needs.c.delivery_id).where(
        delivery_needs.c.partner_id == _id_of(partner), delivery_needs.c.scope == scope
    )
    return deliveries.c.id.in_(of_partner)


def _id_of(partner: str) -> Any:
    return select(partners.c.id).where(partners.c.slug == partner).scalar_subquery()


_ALL: Select[Any] = select(permissions, partners.c.slug).join(
    partners, partners.c.id == permissions.c.partner_id
)

_ASKED = CompiledSelect(
    lambda among: (
        select(
            delivery_needs.c.delivery_id,
            delivery_needs.c.scope.label("needs"),
            delivery_needs.c.declared,
            partners.c.slug,
            partners.c.name,
            *permissions.c,
        )
        .select_from(delivery_needs)
        .join(partners, partners.c.id == delivery_needs.c.partner_id)
        .outerjoin(
            permissions,
            and_(
                permissions.c.partner_id == delivery_needs.c.partner_id,
                permissions.c.scope == delivery_needs.c.scope,
            ),
        )
        .where(among(delivery_needs.c.delivery_id, "ids"))
        .order_by(
            delivery_needs.c.delivery_id,
            delivery_needs.c.scope,
            delivery_needs.c.partner_id,
            permissions.c.id,
        )
    ),
    "ids",
)


def _permission(row: Row[Any]) -> Permission:
    return Permission(
        number=row.id,
        partner=row.slug,
        scope=Scope(row.scope),
        networks=tuple(row.networks),
        agreed_by=row.agreed_by,
        agreed_on=day_of(row.agreed_on),
        until=day_of(row.until),
        evidence=row.evidence,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_why=row.withdrawn_why,
    )


def day_of(text: str | None) -> date | None:
    """Day of a column that holds it as text."""
    return None if text is None else date.fromisoformat(text)
