"""The yes or no to tagging in a partner's record, which stands for a permission.

Permissions are the only truth: `Partner.tag_ok` is worked out from them when a partner is read. A
yes that a person or a list gives is *tag* on all networks; a no withdraws every *tag*.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.permissions import IMPORTED, Scope
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
    standing = [
        each
        for each in unit.permissions.of([one, other])
        if each.scope is Scope.TAG and each.stands
    ]
    lone = [
        each
        for each in standing
        if not any(also.partner != each.partner and also.includes(each) for also in standing)
    ]
    for each in lone:
        withdraw_permission(
            unit,
            each,
            now=now,
            today=now.date(),
            who=who,
            why=MERGED,
            network_of=lambda delivery: delivery.network,
        )


def forbid_tagging(unit: "Unit", partner: str, now: datetime, who: str) -> None:
    """Withdraw every standing *tag* of the partner (a slug); what waits by it becomes a draft."""
    for each in unit.permissions.of([partner]):
        if each.scope is Scope.TAG and each.stands:
            withdraw_permission(
                unit,
                each,
                now=now,
                today=now.date(),
                who=who,
                why=SAID_NO,
                network_of=lambda delivery: delivery.network,
            )


def record_tagging(
    unit: "Unit", partner: str, change: tuple[bool, bool], now: datetime, who: str
) -> None:
    """Record what a change of `tag_ok` (before, after) means for a stored partner (a slug)."""
    before, after = change
    if after and not before:
        allow_tagging(unit, partner, now, who)
    elif before and not after:
        forbid_tagging(unit, partner, now, who)
