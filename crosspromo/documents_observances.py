"""Observances as JSON, for the command line and the console."""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crosspromo.services.observances import Match, ObservanceList, ObservanceRow


def of_observances(found: "ObservanceList", zone: "ZoneInfo") -> dict[str, Any]:
    """Coming observances as JSON; `unknown`: those whose days of a year nobody has announced."""
    return {
        "observances": [_row(row, found.today, zone) for row in found.rows],
        "unknown": [
            {"observance": observance.slug, "year": year, "ask": observance.ask}
            for observance, year in found.unknown
        ],
    }


def _row(row: "ObservanceRow", today: date, zone: "ZoneInfo") -> dict[str, Any]:
    observance, days = row.coming.observance, row.coming.days
    return {
        "observance": observance.slug,
        "name": observance.name,
        "first": days.first.isoformat(),
        "last": days.last.isoformat(),
        "tone": observance.tone.value,
        "region": observance.region,
        "topics": list(observance.topics),
        "kept": row.kept,
        "confirmed": observance.confirmed or None,
        "source": observance.source,
        "note": observance.note,
        "same_day": list(row.coming.same_days),
        "partners": [of_match(each, today, zone) for each in row.matches],
        "more_partners": row.more,
    }


def of_match(match: "Match", today: date, zone: "ZoneInfo") -> dict[str, Any]:
    """Partner for a theme as JSON; null: never shared."""
    return {
        "partner": match.partner.slug,
        "name": match.partner.name,
        "last_shared_at": match.last_shared_at,
        "days_since": match.days_since(today, zone),
    }
