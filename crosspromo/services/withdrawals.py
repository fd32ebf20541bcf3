"""Withdrawals of permissions and of consents, ordered against the send.

A withdrawal marks the permission and locks what waits by it, in one transaction. A worker that has
claimed such a delivery before is waited for, and its send is listed; one that comes after finds a
draft, or is held by the gate. So once a withdrawal is over, nothing begins to be sent by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from crosspromo.domain.deliveries import Delivery, Fault
from crosspromo.domain.permissions import NeedsAsked, Permission, Scope, lacking
from crosspromo.domain.photos import PhotoConsent, photos_lacking
from crosspromo.domain.reasons.faults import (
    FaultReason,
    PermissionWithdrawn,
    PhotoConsentWithdrawn,
)
from crosspromo.domain.states import IN_DOUBT, State

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit

NetworkOf = Callable[[Delivery], str]
"""Network whose permissions count for a delivery: the one that its account imitates, if any."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What became of the deliveries that went by a permission that is gone.

    `drafts` (ids) are drafts now. `in_flight` were being sent at that moment, or may have been
    sent. `stands` are published; removing them is for a person to decide.
    """

    drafts: tuple[int, ...] = ()
    in_flight: tuple[Delivery, ...] = ()
    stands: tuple[Delivery, ...] = ()


def withdraw_permission(
    unit: "Unit",
    permission: Permission,
    *,
    now: datetime,
    today: date,
    who: str,
    why: str,
    network_of: NetworkOf,
) -> Consequences:
    """Withdraw a standing permission; what another one covers goes on."""
    partner, scope = permission.partner, permission.scope
    unit.permissions.withdraw(permission.number, now, who, why)
    subject = f"permission {permission.number}"
    unit.audit.add(now, who, "withdraw permission", subject, f"{partner}, {scope}: {why}")

    def lacks(deliveries: Sequence[Delivery]) -> list[Delivery]:
        asked = unit.permissions.asked([each.id for each in deliveries])
        return [
            each
            for each in deliveries
            if lacking(_of(asked.get(each.id, ()), partner, scope), network_of(each), today)
        ]

    name = unit.partners.get(partner).name
    reason = PermissionWithdrawn(scope, name, who, why)
    drafts = _set_aside(unit, lacks(unit.permissions.waiting(partner, scope)), reason, who, now)
    gone_out = lacks(unit.permissions.gone_out(partner, scope))
    unit.permissions.mark_gone_out([each.id for each in gone_out], partner, scope, now)
    return _consequences(drafts, gone_out)


def follow_agreement(
    unit: "Unit", partner: str, scope: Scope, *, today: date, network_of: NetworkOf
) -> None:
    """End what a withdrawal asks about posts that stand and that a permission covers again."""
    gone_out = unit.permissions.gone_out(partner, scope)
    asked = unit.permissions.asked([each.id for each in gone_out])
    covered = [
        each.id
        for each in gone_out
        if not lacking(_of(asked.get(each.id, ()), partner, scope), network_of(each), today)
    ]
    unit.permissions.mark_gone_out(covered, partner, scope, None)


def withdraw_consent(
    unit: "Unit",
    consent: PhotoConsent,
    *,
    now: datetime,
    today: date,
    who: str,
    why: str,
    network_of: NetworkOf,
) -> Consequences:
    """Withdraw a standing answer on an image; what shows the image by it becomes drafts."""
    unit.photo_consents.withdraw(consent.number, now, who, why)
    unit.audit.add(now, who, "withdraw photo consent", f"photo consent {consent.number}", why)
    return follow_refusal(
        unit, consent, now=now, today=today, who=who, why=why, network_of=network_of
    )


def follow_refusal(
    unit: "Unit",
    consent: PhotoConsent,
    *,
    now: datetime,
    today: date,
    who: str,
    why: str,
    network_of: NetworkOf,
) -> Consequences:
    """Set aside what shows an image whose record, as written before, no longer allows it."""

    def lacks(deliveries: Sequence[Delivery]) -> list[Delivery]:
        records = unit.photo_consents.on({consent.hash})
        return [each for each in deliveries if photos_lacking(records, network_of(each), today)]

    reason = PhotoConsentWithdrawn(consent.image, consent.person, who, why)
    drafts = _set_aside(unit, lacks(unit.photo_consents.waiting(consent.hash)), reason, who, now)
    gone_out = lacks(unit.photo_consents.gone_out(consent.hash))
    unit.photo_consents.mark_gone_out([each.id for each in gone_out], consent.hash, now)
    return _consequences(drafts, gone_out)


def _of(asked: Iterable[NeedsAsked], partner: str, scope: Scope) -> list[NeedsAsked]:
    return [each for each in asked if (each.need.scope, each.need.partner) == (scope, partner)]


def _set_aside(
    unit: "Unit", waiting: Sequence[Delivery], reason: FaultReason, who: str, now: datetime
) -> tuple[int, ...]:
    for delivery in waiting:
        unit.transitions.set_aside(delivery, Fault(reason), now)
        unit.audit.add(now, who, "set aside as a draft", f"delivery {delivery.id}", None)
    return tuple(each.id for each in waiting)


def _consequences(drafts: tuple[int, ...], gone_out: Sequence[Delivery]) -> Consequences:
    return Consequences(
        drafts,
        in_flight=tuple(each for each in gone_out if each.state in IN_DOUBT),
        stands=tuple(each for each in gone_out if each.state is State.PUBLISHED),
    )
