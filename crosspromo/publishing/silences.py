"""Days of silence that concern a post: of the settings, of mourning, and agreed with partners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from crosspromo.domain.mourning import Silence
from crosspromo.domain.posts import Credit
from crosspromo.domain.tones import Tone
from crosspromo.publishing.ports import Limits


class LimitsUnit(Protocol):
    """A transaction that reads what was agreed with partners."""

    @property
    def partner_limits(self) -> Limits: ...


def silences_of(
    unit: LimitsUnit,
    about: Sequence[str],
    *,
    credit: Credit,
    tone: Tone,
    blackouts: Sequence[Silence],
    zone: ZoneInfo,
    now: datetime,
) -> list[Silence]:
    """Days of silence that concern a post about these partners (slugs), of this credit and tone.

    Those of the organisation, `blackouts`, and those agreed with the partners.
    """
    agreed = unit.partner_limits.of(about, now.astimezone(zone).date()) if about else {}
    return [
        *(each for each in blackouts if each.concerns(about, credit, tone)),
        *(blackout for limits in agreed.values() for blackout in limits.blackouts),
    ]
