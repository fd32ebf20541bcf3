"""Permissions of partners: recording, listing and withdrawing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.permissions import Permission, Scope
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NameMissing
from crosspromo.domain.reasons.permissions import (
    AgreedLater,
    EndsBeforeAgreed,
    EvidenceMissing,
    UnknownNetworks,
    WithdrawnAlready,
)
from crosspromo.domain.requests import given_name, given_reason
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.withdrawals import Consequences, follow_agreement, withdraw_permission
from crosspromo.text.rules import BY_NETWORK

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True, slots=True)
class NewPermission:
    """Permission as a person records it: days are local days of the organisation.

    `networks` empty: for all. `until` is the last day, None: without end.
    """

    partner: str
    scope: Scope
    agreed_by: str
    agreed_on: date
    evidence: str
    networks: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Recorded permission, and the number of deliveries that were held for want of it."""

    permission: Permission
    freed: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Withdrawn permission, and what became of the deliveries that went by it."""

    permission: Permission
    consequences: Consequences


@dataclass(frozen=True)
class PermissionService:
    """Permissions of partners, kept by a person (`actor`); `zone` is the organisation's."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    rules: Mapping[str, AccountRules]
    actor: str

    def all(self, partner: str | None = None) -> Sequence[Permission]:
        """Permissions of the partner (a slug; None: of all), withdrawn ones too.

        NotFoundError, with similar slugs, for an unknown slug.
        """
        with self.store.read() as unit:
            if partner is None:
                return unit.permissions.of()
            return unit.permissions.of([unit.partners.get(partner).slug])

    def add(self, new: NewPermission) -> Recorded:
        """Record a permission; what was held for want of it is judged again.

        NotFoundError for an unknown partner; InputError for a day of agreement that is still to
        come, an end before it, an unknown network, and missing words.
        """
        given_name(self.actor)
        now = self.clock.now()
        agreed_by, evidence = _words(new.agreed_by), _words(new.evidence)
        if not agreed_by:
            raise InputError(NameMissing("person who agreed"))
        if not evidence:
            raise InputError(EvidenceMissing())
        if new.agreed_on > now.astimezone(self.zone).date():
            raise InputError(AgreedLater(new.agreed_on))
        if new.until is not None and new.until < new.agreed_on:
            raise InputError(EndsBeforeAgreed(new.agreed_on, new.until))
        networks = known_networks(new.networks, self.rules)
        with self.store.write() as unit:
            partner = unit.partners.get(new.partner).slug
            number = unit.permissions.add(
                partner,
                new.scope,
                networks=networks,
                agreed_by=agreed_by,
                agreed_on=new.agreed_on,
                until=new.until,
                evidence=evidence,
                now=now,
                who=self.actor,
            )
            what = f"{partner}, {new.scope}"
            unit.audit.add(now, self.actor, "add permission", f"permission {number}", what)
            freed = unit.permissions.agreed_again(partner, new.scope, now)
            today = now.astimezone(self.zone).date()
            follow_agreement(unit, partner, new.scope, today=today, network_of=self._network_of)
            return Recorded(unit.permissions.get(number), freed)

    def withdraw(self, number: int, reason: str) -> Withdrawn:
        """Withdraw a permission, ordered against the send; what is queued by it becomes drafts.

        NotFoundError for an unknown number; InputError for a blank reason, and for a permission
        that was withdrawn already.
        """
        given_name(self.actor)
        why = given_reason(without_invisible(reason), Act.WITHDRAW)
        now = self.clock.now()
        with self.store.write() as unit:
            permission = unit.permissions.get(number)
            if permission.withdrawn_at is not None:
                raise InputError(WithdrawnAlready(number, permission.withdrawn_at))
            consequences = withdraw_permission(
                unit,
                permission,
                now=now,
                today=now.astimezone(self.zone).date(),
                who=self.actor,
                why=why,
                network_of=self._network_of,
            )
            return Withdrawn(unit.permissions.get(number), consequences)

    def _network_of(self, delivery: Delivery) -> str:
        return network_of(delivery, self.rules)


def network_of(delivery: Delivery, rules: Mapping[str, AccountRules]) -> str:
    """Network whose permissions count for the delivery."""
    account = rules.get(delivery.account)
    return delivery.network if account is None else account.text_network


def known_networks(networks: Sequence[str], rules: Mapping[str, AccountRules]) -> tuple[str, ...]:
    """Networks in small letters, each once; InputError for one that nobody knows."""
    named = tuple(dict.fromkeys(each.strip().lower() for each in networks))
    known = sorted({*BY_NETWORK, *(each.text_network for each in rules.values())})
    unknown = tuple(each for each in named if each not in known)
    if unknown:
        raise InputError(UnknownNetworks(unknown, tuple(known)))
    return named


def _words(text: str) -> str:
    return without_invisible(text).strip()
