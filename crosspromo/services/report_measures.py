"""What networks told of our posts and accounts, as a report of a moment counts it."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.figures import Followers
from crosspromo.services.report_scope import Scope

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit

DAY = timedelta(days=1)


def followers_in(unit: "Unit", scope: Scope, accounts: Collection[str]) -> Mapping[str, Followers]:
    """Followers of each account on the last whole day before the moment, within the window.

    The number of the day itself may still be told anew, and a report of that moment, made later,
    would differ.
    """
    if not accounts:
        return {}
    first, today = (moment.astimezone(scope.zone).date() for moment in (scope.after, scope.as_of))
    return unit.report_figures.followers(accounts, first, today - DAY)
