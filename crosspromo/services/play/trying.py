"""Foresight: what should become of a post that is not queued yet, with everything that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Forecast
from crosspromo.domain.ratio import Tally
from crosspromo.services.play.engine import Standing

if TYPE_CHECKING:
    from crosspromo.domain.reasons.notes import Note
    from crosspromo.domain.requests import PostRequest
    from crosspromo.services.act_on_posts import PostActs, Targets
    from crosspromo.services.play.engine import Stage
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.services.queue_post import PostQueue
    from crosspromo.store.forecasts import Basis
    from crosspromo.store.unit import Store

_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What should become of a delivery that is not queued, or not moved, yet.

    `forecast` None: it is due beyond the time that is played, or was not reached. `before` are the
    account's counts just before it is due, with everything that is queued before; None likewise.
    `depends_on` is the account on which the same post decides it; None: none does. `notes` are
    those about a new time.
    """

    delivery: Delivery
    forecast: Forecast | None
    before: Tally | None
    depends_on: str | None = None
    notes: "Sequence[Note]" = ()

    @property
    def after(self) -> Tally | None:
        """Account's counts with this delivery."""
        if self.before is None:
            return None
        credit = self.delivery.credit
        return Tally(
            self.before.others + credit.counts_others, self.before.self_ + credit.counts_self
        )


@dataclass(frozen=True)
class Foresight:
    """Plays the coming weeks with posts and moves that are only tried.

    Nothing of the workspace changes.
    """

    store: "Store"
    forecasting: "Forecasting"

    def of(
        self, request: "PostRequest", accounts: Sequence[str], queue: "PostQueue"
    ) -> Mapping[str, Foreseen]:
        """What should become of the post, by account.

        Errors are those of `PostQueue.queue_all`.
        """
        now = queue.clock.now()
        asked = queue.asked([(request, accounts)], now, kept=False)
        stage, basis = self.forecasting.trying()
        with stage:
            with self.store.write() as unit:
                tried = [each.delivery for each in queue.queue_in(unit, asked, now)]
                stage.add(unit, [each.id for each in tried])
                unit.roll_back()
            return self._foreseen(stage, basis, tried)

    def of_move(
        self, acts: "PostActs", targets: "Targets", due_at: datetime | None
    ) -> Mapping[str, Foreseen]:
        """What should become of deliveries at another time, by account.

        Errors are those of `PostActs.move`.
        """
        stage, basis = self.forecasting.trying()
        with stage:
            with self.store.write() as unit:
                moved = acts.moved_in(unit, targets, due_at)
                stage.add(unit, [each.id for each, _ in moved])
                unit.roll_back()
            foreseen = self._foreseen(stage, basis, [each for each, _ in moved])
        notes = {each.account: rescheduled.notes for each, rescheduled in moved}
        return {name: replace(each, notes=notes[name]) for name, each in foreseen.items()}

    def _foreseen(
        self, stage: "Stage", basis: "Basis", tried: Sequence[Delivery]
    ) -> Mapping[str, Foreseen]:
        moments = sorted({each.due_at - _JUST_BEFORE for each in tried})
        forecasts = self.forecasting.tried(stage, basis, tried, moments)
        standings = dict(zip(moments, stage.standings, strict=False))
        return {
            each.account: Foreseen(
                each,
                forecasts.get(each.id),
                _tally(standings.get(each.due_at - _JUST_BEFORE), each.account),
                _depends_on(forecasts.get(each.id), tried),
            )
            for each in tried
        }


def _depends_on(forecast: Forecast | None, tried: Sequence[Delivery]) -> str | None:
    doubt = None if forecast is None else forecast.uncertainty
    if doubt is None:
        return None
    return next((each.account for each in tried if each.id == doubt.delivery), None)


def _tally(standing: Standing | None, account: str) -> Tally | None:
    return None if standing is None else standing.tallies[account]
