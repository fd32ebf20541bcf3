"""Events of calendars that wait for a person as JSON, for the command line and the console."""

from typing import TYPE_CHECKING, Any

from crosspromo.documents import of_consequences, of_event
from crosspromo.domain.source_events import SourceEventState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from crosspromo.domain.source_events import SourceEvent
    from crosspromo.services.event_consequences import Consequences
    from crosspromo.services.event_review import Accepted, Merged, Review, Waiting


def of_review(review: "Review") -> dict[str, Any]:
    """What waits for a person as JSON; `more` events are left out."""
    return {
        "new": [of_waiting(each) for each in review.new],
        "gone": [of_waiting(each) for each in review.gone],
        "more": review.more,
    }


def of_waiting(waiting: "Waiting") -> dict[str, Any]:
    """An event that waits as JSON: its first date, how many there are, and what looks like it:
    events of ours (`alike`), and new ones of other calendars (`others`).

    `event` is our event that is gone from its calendar; null: it is new.
    """
    return {
        **of_source_event(waiting.first),
        "dates": waiting.dates,
        "alike": [
            {"event": each.event.slug, "by": sorted(sign.value for sign in each.by)}
            for each in waiting.alike
        ],
        "others": [
            {"id": each.event.number, "by": sorted(sign.value for sign in each.by)}
            for each in waiting.others
        ],
    }


def of_source_event(event: "SourceEvent") -> dict[str, Any]:
    """An event of a calendar as JSON. Times are UTC; people read them in `zone`."""
    edition = event.edition
    return {
        "id": event.number,
        "source": event.source,
        "partner": event.partner,
        "state": event.state.value,
        "event": event.slug,
        "title": edition.title,
        "starts_at": edition.starts_at,
        "ends_at": edition.ends_at,
        "zone": edition.zone,
        "all_day": edition.all_day,
        "location": edition.location,
        "url": edition.url,
    }


def of_accepted(accepted: "Accepted") -> dict[str, Any]:
    """Events that a review made ours as JSON, and those that still wait since they look alike."""
    return {
        "accepted": [of_event(each) for each in accepted.events],
        "left": [of_waiting(each) for each in accepted.left],
    }


def of_merged(merged: "Merged", zone: "ZoneInfo") -> dict[str, Any]:
    """An event that another became one with as JSON, with the effects on the queue."""
    return {
        "event": of_event(merged.event),
        "dates": merged.dates,
        "consequences": of_consequences(merged.consequences, zone),
    }


def of_decided(
    found: "Sequence[SourceEvent]",
    into: SourceEventState,
    consequences: "Consequences | None",
    zone: "ZoneInfo",
) -> dict[str, Any]:
    """Events about which a person has decided as JSON, with what they have become."""
    told = {} if consequences is None else {"consequences": of_consequences(consequences, zone)}
    return {"events": [{**of_source_event(each), "state": into.value} for each in found], **told}
