"""Merging of two records of one partner into one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.approval import PARTNER_PREFIX
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError
from crosspromo.domain.partner_merging import merged
from crosspromo.domain.partner_rows import PartnerChange, change_of
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.partners import (
    MergeInSettings,
    MergeIntoOwnGroup,
    MergeWithItself,
    PartnerMerged,
)
from crosspromo.domain.requests import given_name
from crosspromo.services.tagging import keep_tagging_of_both

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class MergedPartners:
    """Result of a merge, real or dry.

    `moved` is the number of rows that moved, by table; `waiting` are drafts and queued deliveries
    about the partner who is gone, whose texts stay as they are.
    """

    gone: str
    partner: Partner
    change: PartnerChange
    moved: Mapping[str, int]
    waiting: tuple[int, ...]


@dataclass(frozen=True)
class PartnerMerge:
    """Merging of partners by a person (`actor`).

    `in_settings` are the slugs that crosspromo.toml names, `own_group` those that count as us.
    """

    store: "Store"
    clock: Clock
    actor: str
    in_settings: Collection[str]
    own_group: Collection[str]

    def __post_init__(self) -> None:
        given_name(self.actor)

    def merge(self, gone: str, into: str, *, dry_run: bool = False) -> MergedPartners:
        """Make the partner `gone` part of the partner `into`, who keeps all that is known of both.

        Posts, events, ledger rows and the diary of `gone` are those of `into` then, and the slug of
        `gone` stands for `into`. Permissions for tagging stay where both gave them. Sign-offs for
        waiting posts about `gone` are void. NotFoundError for an unknown slug; InputError for one
        partner, for one who was merged already, for one whom crosspromo.toml names, and where
        `into` counts as us.
        """
        now = self.clock.now()
        with self.store.write() as unit:
            one, other = self._both(unit, gone, into)
            partner = merged(other, one)
            waiting = tuple(each.id for each in unit.deliveries.waiting_about({one.slug}))
            for delivery in waiting:  # of what both agreed to, neither has agreed as one
                for slug in (one.slug, other.slug):
                    unit.approvals.take_back(delivery, f"{PARTNER_PREFIX}{slug}")
            unit.partners.save(partner, now)
            keep_tagging_of_both(unit, one.slug, other.slug, now, self.actor)
            moved = unit.partner_merging.move(one.slug, other.slug, now, self.actor)
            unit.audit.add(now, self.actor, "merge partner", other.slug, f"with {one.slug}")
            if dry_run:
                unit.roll_back()
        return MergedPartners(one.slug, partner, change_of(other, partner), moved, waiting)

    def _both(self, unit: "Unit", gone: str, into: str) -> tuple[Partner, Partner]:
        one, other = unit.partners.get(gone), unit.partners.get(into)
        if one.slug != gone:
            raise InputError(PartnerMerged(gone, one.slug))
        if one.slug == other.slug:
            raise InputError(MergeWithItself(gone))
        if gone in self.in_settings:
            raise InputError(MergeInSettings(gone, other.slug))
        if other.slug in self.own_group:
            raise InputError(MergeIntoOwnGroup(gone, other.slug))
        return one, other
