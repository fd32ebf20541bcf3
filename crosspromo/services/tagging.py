"""The yes or no to tagging in a partner's record, which stands for a permission.

Permissions are the only truth: `Partner.tag_ok` is worked out from them when a partner is read. A
yes that a person or a list gives is *tag* on all networks; a no withdraws every *tag*.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.permissions import IMPORTED, Permission, Scope
from crosspromo.services.withdrawals import follow_agreement, withdraw_permission

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit

RECORD = "partner record"
"""Who said so, where a yes or a no was written into the record of a partner."""

MERGED = "the record that they were merged with has no such permission"
"""Why a *tag* of one of two partners who were merged is withdrawn."""

SAID_NO = "the record says that they are not to be tagged"


def allow_tagging(unit: "Unit", partner: str, now: datetime, who: str) -> None:
    """Record a yes of the partner (a slug), unless there is one."""
    given = unit.permissions.of([partner])
    if any(each.is_a_yes for each in given):
        return
    unit.permissions.add(partner, Scope.TAG, evidence=IMPORTED, now=now, who=who)
    unit.permissions.agreed_again(partner, Scope.TAG, now)
    follow_agreement(
        unit,
        partner,
        Scope.TAG,
        today=now.date(),
        network_of=lambda delivery: delivery.network,
    )


def keep_tagging_of_both(unit: "Unit", one: str, other: str, now: datetime, who: str) -> None:
    """Withdraw every *tag* of two partners (slugs) who become one that only one of them gave.

    What both gave stays. Where one gave less than the other, the lesser stays.
    """
    standing = _standing(unit, one, other)
    lone = [
        each
        for each in standing
        if not any(also.partner != each.partner and also.includes(each) for also in standing)
    ]
    _withdraw(unit, lone, MERGED, now, who)


def forbid_tagging(unit: "Unit", partner: str, now: datetime, who: str) -> None:
    """Withdraw every standing *tag* of the partner (a slug); what waits by it becomes a draft."""
    _withdraw(unit, _standing(unit, partner), SAID_NO, now, who)


def record_tagging(
    unit: "Unit", partner: str, change: tuple[bool, bool], now: datetime, who: str
) -> None:
    """Record what a change of `tag_ok` (before, after) means for a stored partner (a slug)."""
    before, after = change
    if after and not before:
        allow_tagging(unit, partner, now, who)
    elif before and not after:
        forbid_tagging(unit, partner, now, who)


def _standing(unit: "Unit", *partners: str) -> list[Permission]:
    """Each *tag* of the partners (slugs) that nobody has withdrawn."""
    given = unit.permissions.of(partners)
    return [each for each in given if each.scope is Scope.TAG and each.stands]


def _withdraw(
    unit: "Unit", permissions: Iterable[Permission], why: str, now: datetime, who: str
) -> None:
    for each in permissions:
        withdraw_permission(
            unit,
            each,
            now=now,
            today=now.date(),
            who=who,
            why=why,
            network_of=lambda delivery: delivery.network,
        )
