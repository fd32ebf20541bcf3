"""Forecasts in tables of deliveries, and after queueing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.cli.output import local
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Forecast, HangsOn

if TYPE_CHECKING:
    from crosspromo.services.queue_post import QueuedDelivery
    from crosspromo.workspace import Workspace


def forecast_cell(forecast: Forecast | None, delivery: Delivery, zone: ZoneInfo) -> str:
    """Forecast in a word or two: empty where the delivery should go when it is due.

    A question mark: not certain. Two: queue, ledger or settings have changed since.
    """
    if forecast is None:
        return ""
    goes = forecast.goes_at
    on_time = goes is not None and local(goes, zone) == local(delivery.due_at, zone)
    doubt = forecast.uncertainty
    if on_time and doubt is None:
        return ""
    mark = "" if doubt is None else "??" if doubt.on is HangsOn.STALE else "?"
    return f"{local(goes, zone) if goes is not None else forecast.outcome.value}{mark}"


def when_due(delivery: Delivery, zone: ZoneInfo) -> str:
    """Due time; "when allowed" for a waiting delivery without a time of its own."""
    return "when allowed" if delivery.waits_to_be_allowed else local(delivery.due_at, zone)


def foretold(
    workspace: "Workspace", queued: "Sequence[QueuedDelivery]"
) -> "Sequence[QueuedDelivery]":
    """Newly queued deliveries with what should become of them."""
    found = workspace.services.forecasting.after_queueing([q.view.delivery.id for q in queued])
    return [
        replace(each, view=replace(each.view, forecast=found.get(each.view.delivery.id)))
        for each in queued
    ]
