"""Sentences about what an edition of a calendar brought."""

from typing import TYPE_CHECKING

from crosspromo.domain.plurals import plural
from crosspromo.phrasing.left_out import of_left_out

if TYPE_CHECKING:
    from crosspromo.services.calendar_sources import Kept

MOST_REMARKS = 5
"""Most events that are named of those that cannot be read."""


def came_of_calendar(kept: "Kept") -> str:
    """What an edition brought, without a full stop."""
    return "; ".join([_brought(kept), *remarks_on(kept)])


def remarks_on(kept: "Kept") -> list[str]:
    """Remarks on an edition: events with faults, and events without anything to announce."""
    faults = [f"{each.place}: {each.problem}" for each in kept.errors[:MOST_REMARKS]]
    more = len(kept.errors) - MOST_REMARKS
    faults += [f"and {plural(more, 'more', 'more')} that cannot be read"] if more > 0 else []
    return [*faults, *of_left_out(kept.left_out)]


def _brought(kept: "Kept") -> str:
    if kept.held_back is not None:
        gone, known, _ = kept.held_back
        return f"{gone} of {known} coming events are gone from it at once, so nothing was changed"
    told = [plural(kept.new, "new event") + " to review"]
    told += [f"{plural(kept.changed, 'event')} changed"] if kept.changed else []
    told += [f"{kept.gone} gone from it, to review"] if kept.gone else []
    return ", ".join(told)
