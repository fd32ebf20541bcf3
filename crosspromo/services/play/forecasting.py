"""Forecasts of queued deliveries: played, stored, and renewed after a change.

What is stored rests on a version of queue, ledger and settings. Where one of them has changed
since, a stored forecast is out of date: it is shown as not certain, or played anew.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.forecasts import (
    HORIZON,
    Forecast,
    HangsOn,
    Outcome,
    Uncertainty,
)
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Window
from crosspromo.domain.states import State
from crosspromo.services.play.freshness import Freshness

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.services.play.engine import Stage
    from crosspromo.store.forecasts import Basis
    from crosspromo.store.unit import Store, Unit

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds of work that a command may spend on a forecast that is out of date."""

MOST_IN_BACKGROUND = 30.0
"""Seconds of work that the daemon may spend on all forecasts."""

_FORESEEN = frozenset({State.DRAFT, State.QUEUED})
_OUT_OF_DATE = frozenset({HangsOn.STALE, HangsOn.LATE})

GRACE = timedelta(minutes=1)
"""Time within which a daemon at work does what is due."""

GOOD_FOR = timedelta(days=1)
"""Age at which forecasts are out of date though nothing changed: windows and the horizon move."""

REST = timedelta(minutes=15)
"""Least time between two plays for what hangs on people and networks: it may be due for long."""


@dataclass(frozen=True)
class Forecasting:
    """Foretells what should become of queued deliveries.

    `policies` are those of every account by name, and `window` that of the floor. `rules` and
    `organisation` are called for a play only. `settings_version` is that of `Workspace`. With a
    `freshness` the stored forecasts are compared with the queue once for many pages.
    """

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    window: Window
    settings_version: str
    rules: "Callable[[], Mapping[str, AccountRules]]"
    organisation: "Callable[[], OrganisationRules]"
    freshness: Freshness | None = None

    def stored(self, unit: "Unit", deliveries: Sequence[Delivery]) -> dict[int, Forecast]:
        """Stored forecasts of these deliveries, each as not certain where it is out of date.

        Deliveries that were queued since are missing, unless they lie beyond all forecasts.
        """
        waiting = [each for each in deliveries if each.state in _FORESEEN]
        if not waiting:
            return {}
        basis, found = unit.forecasts.with_basis(each.id for each in waiting)
        if basis is None:
            return {}
        doubt = self._remembered_doubt(unit, basis) if found else None
        if doubt is not None:
            found = _all_hang_on(doubt, found)
        now = self.clock.now()
        for delivery in waiting:
            beyond = self._unplayed(delivery, now)  # since it was moved, or its account left out
            if beyond is not None:
                found[delivery.id] = beyond
            elif delivery.id not in found:
                came_near = self._unplayed(delivery, basis.played_at)
                if came_near is not None:
                    stale = Uncertainty(HangsOn.STALE)
                    found[delivery.id] = replace(came_near, uncertainty=stale)
        return found

    def standing(self, unit: "Unit") -> tuple[bool, HangsOn | None]:
        """Presence of stored forecasts, and the doubt that all of them share (None: no doubt)."""
        basis = unit.forecasts.basis()
        return basis is not None, None if basis is None else self._remembered_doubt(unit, basis)

    def of(self, delivery_ids: Iterable[int]) -> dict[int, Forecast]:
        """Forecasts of these deliveries as of now; a play of at most PATIENCE where they need it.

        What a play that was too slow did not reach has the stored forecast, if any, as not certain.
        """
        with self.store.read() as unit:
            deliveries = [unit.deliveries.get(each) for each in delivery_ids]
            found = self.stored(unit, deliveries)
            is_late = self._is_late(unit)
        waiting = {each.id for each in deliveries if each.state in _FORESEEN}
        is_fresh = all(
            each.uncertainty is None or each.uncertainty.on not in _OUT_OF_DATE
            for each in found.values()
        )
        if is_fresh and found.keys() >= waiting:
            return found
        played, basis, complete = self._play(PATIENCE)
        asked = [each for each in deliveries if each.id in waiting]
        new = self._with_unplayed(asked, played, basis, complete=complete)
        found = new if complete else new | found | {key: played[key] for key in new.keys() & played}
        return _all_hang_on(HangsOn.LATE, found) if is_late else found

    def renew(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Play and store all forecasts, if they are out of date; whether that was done.

        The play takes at most MOST_IN_BACKGROUND; what it did not reach is not certain. Nothing is
        stored where `stopping` ended it.
        """
        with self.store.read() as unit:
            basis = unit.forecasts.basis()
            if basis is not None and not self._is_out_of_date(unit, basis):
                return False
        new, basis, _ = self._play(MOST_IN_BACKGROUND, stopping)
        if stopping():
            return False
        with self.store.write() as unit:
            unit.forecasts.store(new, basis)
        return True

    def after_queueing(self, deliveries: Sequence[Delivery]) -> dict[int, Forecast]:
        """Forecasts of newly queued deliveries; stored with all others if the play was in time.

        None where the database fails, or the play on a fault of our own, which is logged: they are
        queued all the same, and whoever queued them must not take them for lost.
        """
        try:
            new, basis, complete = self._renewed_at_once()
            with self.store.read() as unit:
                is_late = self._is_late(unit)
        except DatabaseError:
            return {}
        except Exception:  # after a traceback people would queue them again
            log.exception("the forecast failed on a fault of our own; the posts are queued")
            return {}
        found = self._with_unplayed(deliveries, new, basis, complete=complete)
        return _all_hang_on(HangsOn.LATE, found) if is_late else found

    def renew_at_once(self) -> bool:
        """Play for at most PATIENCE, and store all forecasts if that was enough; whether it was."""
        return self._renewed_at_once()[2]

    def _renewed_at_once(self) -> "tuple[dict[int, Forecast], Basis, bool]":
        new, basis, complete = self._play(PATIENCE)
        if complete:
            with self.store.write() as unit:
                unit.forecasts.store(new, basis)
        return new, basis, complete

    def trying(self) -> "tuple[Stage, Basis]":
        """Copy of the queue for a later transaction that adds deliveries and is rolled back.

        The caller closes the copy. It is made before, since that transaction locks others out.
        """
        with self.store.read() as unit:
            return self._stage(unit)

    def tried(
        self,
        stage: "Stage",
        basis: "Basis",
        deliveries: Sequence[Delivery],
        moments: Sequence[datetime] = (),
    ) -> dict[int, Forecast]:
        """Forecasts of these deliveries, added to what `trying` returned; nothing is stored.

        The stage has the accounts' counts at each of the `moments` then, which are in order. The
        play ends with the last of these deliveries: what comes after it changes nothing for them.
        """
        near = [each.id for each in deliveries if each.due_at <= basis.played_at + HORIZON]
        new, complete = self._played(stage, PATIENCE, stage.have_settled(near), moments)
        with self.store.read() as unit:
            is_late = self._is_late(unit)
        found = self._with_unplayed(deliveries, new, basis, complete=complete)
        return _all_hang_on(HangsOn.LATE, found) if is_late else found

    def _with_unplayed(
        self,
        deliveries: Sequence[Delivery],
        new: Mapping[int, Forecast],
        basis: "Basis",
        *,
        complete: bool,
    ) -> dict[int, Forecast]:
        """Forecasts of these deliveries: played, beyond the play, or not reached by it."""
        found = {}
        for delivery in deliveries:
            foretold = new.get(delivery.id) or self._unplayed(delivery, basis.played_at)
            if foretold is None and not complete:
                doubt = Uncertainty(HangsOn.TIME)
                foretold = Forecast(Outcome.SENT, delivery.due_at, uncertainty=doubt)
            if foretold is not None:
                found[delivery.id] = foretold
        return found

    def _doubt_of_all(self, unit: "Unit", basis: "Basis") -> HangsOn | None:
        """Why no stored forecast is certain; None: each is as certain as it says."""
        if self._is_late(unit):
            return HangsOn.LATE
        return HangsOn.STALE if self._is_out_of_date(unit, basis) else None

    def _is_out_of_date(self, unit: "Unit", basis: "Basis") -> bool:
        """Whether a play now may say something else: after a change, or because time has passed."""
        now = self.clock.now()
        age = now - basis.played_at
        return (
            abs(age) > GOOD_FOR
            or self._version(unit, basis.played_at) != basis.version
            or unit.forecasts.has_passed(now - GRACE, certain=age < REST)
        )

    def _is_late(self, unit: "Unit") -> bool:
        """Whether something stands still that a daemon at work would have done before now.

        That is a delivery which is due and untouched while no daemon gives a sign of life, or a
        certain forecast that has not come true although nothing has changed.
        """
        now = self.clock.now()
        untouched = unit.deliveries.oldest_overdue(now - GRACE, timed=True) is not None
        if untouched and not unit.workers.alive(now, lambda _: False):
            return True
        if not unit.forecasts.has_passed(now - GRACE, certain=True):
            return False
        basis = unit.forecasts.basis()
        return basis is not None and self._version(unit, basis.played_at) == basis.version

    def _remembered_doubt(self, unit: "Unit", basis: "Basis") -> HangsOn | None:
        """The same by a look that is at most a moment old, where this is remembered."""

        def look() -> HangsOn | None:
            return self._doubt_of_all(unit, basis)

        if self.freshness is None:
            return look()
        return self.freshness.doubt(basis.version, self.clock.now(), look)

    # -- playing -------------------------------------------------------------------------------

    def _play(
        self, seconds: float, stopping: Callable[[], bool] = lambda: False
    ) -> "tuple[dict[int, Forecast], Basis, bool]":
        """Forecasts by delivery id, what they rest on, and whether the play came to its end."""
        with self.store.read() as unit:
            stage, basis = self._stage(unit)
        new, complete = self._played(stage, seconds, stopping)
        return new, basis, complete

    def _stage(self, unit: "Unit") -> "tuple[Stage, Basis]":
        """Copy of the queue from now on, as the transaction sees it, and what it rests on."""
        from crosspromo.services.play.engine import Stage  # noqa: PLC0415 (lists need none)
        from crosspromo.store.forecasts import Basis  # noqa: PLC0415 (likewise)

        now = self.clock.now()
        basis = Basis(self._version(unit, now), now)
        return Stage(unit, self.rules(), self.organisation(), now, now + HORIZON), basis

    def _played(
        self,
        stage: "Stage",
        seconds: float,
        stopping: Callable[[], bool] = lambda: False,
        moments: Sequence[datetime] = (),
    ) -> tuple[dict[int, Forecast], bool]:
        """Forecasts by delivery id, and whether the play, for so many seconds, came to its end."""
        from crosspromo.services.play.engine import within  # noqa: PLC0415 (lists need none)
        from crosspromo.services.play.foretelling import foretold  # noqa: PLC0415 (likewise)

        in_time = within(seconds)
        with stage:
            played = stage.play(moments, goes_on=lambda: in_time() and not stopping())
        return foretold(played, self.rules(), self.organisation()), played.complete

    def _version(self, unit: "Unit", played_at: datetime) -> str:
        """Version of everything that a play at this time rested on, as it is now.

        A delivery that has come within the horizon since then makes another version.
        """
        return unit.forecasts.version(
            self.policies,
            max(played_at, self.clock.now()) + HORIZON,
            played_at - self._longest_window,
            self.settings_version,
        )

    @property
    def _longest_window(self) -> timedelta:
        windows = [self.window, *(policy.window for policy in self.policies.values())]
        spans = [window.span for window in windows if window.span is not None]
        return max(spans, default=timedelta(days=365))

    def _unplayed(self, delivery: Delivery, played_at: datetime) -> Forecast | None:
        """Forecast of a delivery that no play reaches; None for any other."""
        if delivery.account not in self.policies:
            doubt = Uncertainty(HangsOn.NO_ACCOUNT, account=delivery.account)
            return Forecast(Outcome.HELD, uncertainty=doubt)
        if delivery.due_at > played_at + HORIZON:
            doubt = Uncertainty(HangsOn.BEYOND)
            return Forecast(Outcome.SENT, delivery.due_at, uncertainty=doubt)
        return None


def _all_hang_on(doubt: HangsOn, found: Mapping[int, Forecast]) -> dict[int, Forecast]:
    """These forecasts, of which none is certain because of the doubt."""
    uncertainty = Uncertainty(doubt)
    return {key: replace(each, uncertainty=uncertainty) for key, each in found.items()}
