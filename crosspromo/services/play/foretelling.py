"""Foretelling: the steps of a play become one forecast for each queued delivery."""

from collections.abc import Mapping, Sequence

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import (
    Forecast,
    HangsOn,
    Outcome,
    PlayedStep,
    Uncertainty,
)
from crosspromo.domain.states import State
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.play.doubts import own_doubts, step_doubts
from crosspromo.services.play.engine import Played


def foretold(
    played: Played, accounts: Mapping[str, AccountRules], organisation: OrganisationRules
) -> dict[int, Forecast]:
    """Forecasts of the drafts and queued deliveries that were played, by id."""
    own = own_doubts(played, accounts)
    steps: dict[int, list[PlayedStep]] = {}
    doubts: dict[int, Uncertainty | None] = {}
    for step, doubt in zip(played.steps, step_doubts(played, own, organisation), strict=True):
        steps.setdefault(step.delivery, []).append(step)
        doubts[step.delivery] = doubt
    return {
        key: _forecast(delivery, steps.get(key, ()), own.get(key) or doubts.get(key), played)
        for key, delivery in played.deliveries.items()
        if delivery.state in {State.DRAFT, State.QUEUED}
        and (steps.get(key) or delivery.due_at <= played.ends)
    }


def _forecast(
    delivery: Delivery,
    steps: Sequence[PlayedStep],
    doubt: Uncertainty | None,
    played: Played,
) -> Forecast:
    held = [step for step in steps if step.outcome is Outcome.HELD]
    last = steps[-1] if steps else None
    if last is None or last.outcome is Outcome.HELD:
        if doubt is None and not played.complete:
            doubt = Uncertainty(HangsOn.TIME)
        if last is not None:
            return Forecast(Outcome.HELD, None, last.reason, last.at, doubt)
        reason = None if delivery.hold is None else delivery.hold.reason
        return Forecast(Outcome.HELD, None, reason, None, doubt)
    if last.outcome is Outcome.EXPIRED and held:
        return Forecast(Outcome.EXPIRED, last.at, held[-1].reason, held[-1].at, doubt)
    if last.outcome is Outcome.EXPIRED and delivery.hold is not None:
        return Forecast(Outcome.EXPIRED, last.at, delivery.hold.reason, None, doubt)
    if last.outcome is not Outcome.SENT:
        return Forecast(last.outcome, last.at, last.reason, None, doubt)
    if delivery.hold is not None:
        return Forecast(Outcome.SENT, last.at, delivery.hold.reason, None, doubt)
    if held:
        return Forecast(Outcome.SENT, last.at, held[0].reason, held[0].at, doubt)
    return Forecast(Outcome.SENT, last.at, uncertainty=doubt)
