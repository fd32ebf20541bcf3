"""Forecasts and times in tables of deliveries."""

from zoneinfo import ZoneInfo

from crosspromo.cli.output import local
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Forecast, HangsOn

_OUT_OF_DATE = frozenset({HangsOn.STALE, HangsOn.LATE})


def forecast_cell(forecast: Forecast | None, delivery: Delivery, zone: ZoneInfo) -> str:
    """Forecast in a word or two: empty where the delivery should go when it is due.

    A question mark: not certain. Two: out of date.
    """
    if forecast is None:
        return ""
    goes = forecast.goes_at
    on_time = goes is not None and local(goes, zone) == local(delivery.due_at, zone)
    doubt = forecast.uncertainty
    if on_time and doubt is None:
        return ""
    mark = "" if doubt is None else "??" if doubt.on in _OUT_OF_DATE else "?"
    return f"{local(goes, zone) if goes is not None else forecast.outcome.value}{mark}"


def when_due(delivery: Delivery, zone: ZoneInfo) -> str:
    """Due time; "when allowed" for a waiting delivery without a time of its own."""
    return "when allowed" if delivery.waits_to_be_allowed else local(delivery.due_at, zone)
