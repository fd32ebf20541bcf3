"""Days of silence that concern a post: those of the settings, and those agreed with partners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from crosspromo.domain.blackouts import Blackout
from crosspromo.publishing.ports import Limits


class LimitsUnit(Protocol):
    """A transaction that reads what was agreed with partners."""

    @property
    def partner_limits(self) -> Limits: ...


def silences_of(
    unit: LimitsUnit,
    about: Sequence[str],
    blackouts: Sequence[Blackout],
    zone: ZoneInfo,
    now: datetime,
) -> list[Blackout]:
    """Days of silence that concern a post about these partners (slugs).

    Those of the settings, `blackouts`, and those agreed with the partners.
    """
    agreed = unit.partner_limits.of(about, now.astimezone(zone).date()) if about else {}
    return [
        *(each for each in blackouts if each.concerns(about)),
        *(blackout for limits in agreed.values() for blackout in limits.blackouts),
    ]
