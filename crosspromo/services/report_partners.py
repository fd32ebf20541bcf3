"""Partners of a report: those who were offered at its moment, with their terms and figures."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.domain.partners import Partner
from crosspromo.domain.report_rows import GivenRow, KnownTerms
from crosspromo.reports.partners import PartnerFigure, partner_figures
from crosspromo.reports.sharing import Sharing
from crosspromo.services.report_scope import Scope

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit

LOOKED_BACK = timedelta(days=366)
"""Time in which the last share of a partner is looked for."""


def partners_in(
    unit: "Unit",
    scope: Scope,
    partners: Iterable[Partner],
    given: Sequence[GivenRow],
    now: datetime,
) -> Sequence[PartnerFigure]:
    """Figures of partners from the shares of the window, the longest past due first."""
    last = unit.report_rows.last_given(scope.last(LOOKED_BACK))
    offered, terms = offered_in(unit, scope, partners, now)
    return partner_figures(offered, terms, given, last, scope.zone)


def sharing_in(unit: "Unit", scope: Scope) -> Sharing:
    """What stands against another spotlight of each partner; what was queued then is not known."""
    planned = unit.shares.planned() if scope.known_at is None else ()
    last = unit.report_rows.last_given(scope.last(DUPLICATE_WINDOW))
    return Sharing(frozenset(planned), last, scope.as_of)


def offered_in(
    unit: "Unit", scope: Scope, partners: Iterable[Partner], now: datetime
) -> tuple[Sequence[Partner], Mapping[str, KnownTerms]]:
    """Those of all partners who were offered at the moment, and their terms by slug.

    A partner whose first terms are later was not known yet. Of a moment before the records began,
    the first records are taken.
    """
    at = scope.as_of
    offered = [each for each in partners if each.archived_at is None or each.archived_at > at]
    if at >= now or (scope.known_at is not None and scope.cannot_know):
        return offered, unit.report_rows.terms(now)
    known = max(at, at if scope.known_since is None else scope.known_since)
    began = unit.report_rows.terms_began()
    terms = unit.report_rows.terms(known)
    return [each for each in offered if began.get(each.slug, known) <= known], terms
