"""Sources and suggestions as JSON, for the command line and the console."""

from typing import TYPE_CHECKING, Any

from crosspromo.phrasing.calendar_sources import remarks_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crosspromo.domain.sources import Source, Suggestion
    from crosspromo.services.source_discovery import Discovered
    from crosspromo.services.sources import Reading


def of_source(source: "Source") -> dict[str, Any]:
    """A source as JSON; null times: never. `fault` null: its last reading went well.

    `held_back` is an edition of a calendar that was not applied; null: none.
    """
    held = source.held_back
    return {
        "source": source.number,
        "kind": source.kind.value,
        "address": source.address,
        "title": source.title,
        "partner": source.partner,
        "read_at": source.read_at,
        "next_at": source.next_at,
        "latest_item_at": max(source.latest, default=None),
        "fault": source.fault,
        "failures": source.failures,
        "held_back": None
        if held is None
        else {"gone": held.gone, "known": held.known, "since": held.since},
    }


def of_reading(reading: "Reading") -> dict[str, Any]:
    """One reading of a source as JSON; `changed` and `gone` are events of a calendar."""
    kept = reading.kept
    return {
        **of_source(reading.source),
        "new": reading.new,
        "unchanged": reading.unchanged,
        "changed": 0 if kept is None else kept.changed,
        "gone": 0 if kept is None else kept.gone,
        "remarks": [*reading.remarks, *(remarks_on(kept) if kept is not None else ())],
    }


def of_suggestion(suggestion: "Suggestion") -> dict[str, Any]:
    """A suggestion as JSON; `partner` null: a person has to say whom it is about."""
    return {
        "suggestion": suggestion.number,
        "source": suggestion.source,
        "occasion": suggestion.occasion.value,
        "partner": suggestion.partner,
        "title": suggestion.title,
        "link": suggestion.link,
        "summary": suggestion.summary,
        "published_at": suggestion.published_at,
        "found_at": suggestion.found_at,
        "state": suggestion.state.value,
    }


def of_discovered(discovered: "Discovered", added: "Sequence[Reading]") -> dict[str, Any]:
    """Feeds and calendars of a website as JSON; `source` null: it is not read yet."""
    return {
        "partner": discovered.partner,
        "website": discovered.website,
        "asked": discovered.asked,
        "complete": discovered.complete,
        "found": [
            {
                "address": each.address,
                "kind": each.kind.value,
                "title": each.title,
                "items": each.items,
                "how": each.found.value,
                "source": each.source,
            }
            for each in discovered.found
        ],
        "added": [of_reading(each) for each in added],
    }
