"""Share ratio report for every account and the organisation, with the gate's counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.reports.ratio import RatioReport, ratio_report

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class RatioReports:
    """Reports about posts on others and on us; `rules` are those of every account by name."""

    store: "Store"
    clock: Clock
    rules: Mapping[str, AccountRules]
    organisation: OrganisationRules

    def as_of(self, moment: datetime | None = None) -> RatioReport:
        """Report for windows that end at `moment` (aware; None: now)."""
        end = self.clock.now() if moment is None else moment
        with self.store.read() as unit:
            return ratio_report(unit, self.rules.values(), self.organisation, end)
