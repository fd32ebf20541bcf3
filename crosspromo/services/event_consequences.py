"""Effects on the queue when an event changes: cancelled and renewed deliveries, and corrections.

Drafts and queued deliveries about a cancelled event are cancelled; those about a moved or changed
one are renewed (`event_renewals.py`). A correction is drafted on each account that announced an
event which is now cancelled, or has another time or place (`event_corrections.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.deliveries import Fault
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import Ladder, comes_after, ladder_with
from crosspromo.domain.mourning import Silence
from crosspromo.domain.reasons.faults import EventCancelled, EventMoved
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.services.event_corrections import Corrector, Uncorrected
from crosspromo.settings import Organisation

if TYPE_CHECKING:  # most event changes touch no delivery
    from crosspromo.publishing.compose import Renderer
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.services.event_renewals import RenewedDelivery, SetAside
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class OnAgain:
    """Event (slug) that was cancelled, or over, and takes place after all.

    `cancelled` are deliveries (ids) that were cancelled then, and stay so. `ladder` is the name of
    the ladder some of whose steps they were; None: they were none. `moved`: it was not cancelled,
    but moved to a time that has passed.
    """

    event: str
    cancelled: tuple[int, ...]
    ladder: str | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Consequences:
    """Cancelled deliveries (ids), renewed ones, and those among them to look at; drafted
    corrections (ids), those withdrawn, and accounts without one; events that were off and take
    place after all.
    """

    cancelled: tuple[int, ...] = ()
    drafted: tuple[int, ...] = ()
    uncorrected: tuple[Uncorrected, ...] = ()
    renewals: "tuple[RenewedDelivery, ...]" = ()
    set_aside: "tuple[SetAside, ...]" = ()
    on_again: tuple[OnAgain, ...] = ()
    withdrawn: tuple[int, ...] = ()

    @property
    def renewed(self) -> tuple[int, ...]:
        """Deliveries (ids) whose text or time is new and that nobody has to look at."""
        looked_at = {each.delivery for each in self.set_aside}
        return tuple(each.delivery for each in self.renewals if each.delivery not in looked_at)

    def __add__(self, more: "Consequences") -> "Consequences":
        return Consequences(
            self.cancelled + more.cancelled,
            self.drafted + more.drafted,
            self.uncorrected + more.uncorrected,
            self.renewals + more.renewals,
            self.set_aside + more.set_aside,
            self.on_again + more.on_again,
            self.withdrawn + more.withdrawn,
        )


@dataclass(frozen=True)
class Follower:
    """Applies event changes to the queue for the person `actor` at the time `now`."""

    organisation: Organisation
    rules: "Callable[[], Mapping[str, AccountRules]]"
    renderer: "Callable[[], Renderer]"
    actor: str
    now: datetime
    blackouts: tuple[Silence, ...] = ()
    ladders: Mapping[str, Ladder] = field(default_factory=dict)

    def follow(self, unit: "Unit", before: Event, after: Event) -> Consequences:
        """Cancel or renew drafts and queued deliveries that the change makes wrong, and draft
        corrections.

        Corrections are drafted if this change cancels the event or gives it another time or place,
        the event has not ended, and posts about it were sent or may have been sent. Deliveries in
        flight and sent ones stay unchanged.
        """
        reason = self._why_cancelled(before, after)
        if reason is None:
            done = self._renew(unit, before, after) + self._tell_on_again(unit, before, after)
        else:
            done = Consequences(self._cancel(unit, after, reason))
        if isinstance(reason, EventMoved):  # it is over: who thanks for it still does
            done += self._renew(unit, before, after)
        return done + self._correct(unit, before, after)

    def _why_cancelled(self, before: Event, after: Event) -> EventCancelled | EventMoved | None:
        """Cancellation of the event, or its move to a time that has passed; None: neither."""
        if after.cancelled:
            return EventCancelled(after.slug)
        if after.starts_at == before.starts_at or after.starts_at > self.now:
            return None
        return EventMoved(after.slug, before.starts_at, after.starts_at)

    def _renew(self, unit: "Unit", before: Event, after: Event) -> Consequences:
        if before == after:
            return Consequences()
        from crosspromo.services.event_renewals import Renewer  # noqa: PLC0415 (loads slowly)

        renewer = Renewer(
            organisation=self.organisation,
            rules=self.rules,
            renderer=self.renderer,
            actor=self.actor,
            now=self.now,
            blackouts=self.blackouts,
            ladders=self.ladders,
        )
        done = renewer.renew(unit, before, after)
        return Consequences(
            cancelled=done.cancelled, renewals=done.renewals, set_aside=done.set_aside
        )

    def _tell_on_again(self, unit: "Unit", before: Event, after: Event) -> Consequences:
        """What an event that comes back leaves to a person; nothing comes back by itself (0038)."""
        was_off = before.cancelled or before.starts_at <= self.now
        if not was_off or after.starts_at <= self.now:
            return Consequences()
        cancelled = unit.deliveries.cancelled_with(after.slug)
        if not cancelled:
            return Consequences()
        ladder = None
        if any(cancelled.values()):
            told = (each.step for each in unit.announcements.of(after.slug))
            steps = {step for step in (*cancelled.values(), *told) if step}
            ladder = ladder_with(steps, self.ladders)
        back = OnAgain(after.slug, tuple(cancelled), ladder, moved=not before.cancelled)
        return Consequences(on_again=(back,))

    def _cancel(
        self, unit: "Unit", after: Event, reason: EventCancelled | EventMoved
    ) -> tuple[int, ...]:
        waiting = unit.deliveries.waiting_for(after.slug)
        if isinstance(reason, EventMoved):
            waiting = [each for each in waiting if not (each.step and comes_after(each.step))]
        for delivery in waiting:
            unit.transitions.refuse(delivery, State.CANCELLED, Fault(reason), self.now)
            subject = f"delivery {delivery.id}"
            unit.audit.add(self.now, self.actor, "cancel", subject, self._in_the_log(reason))
        return tuple(delivery.id for delivery in waiting)

    def _in_the_log(self, reason: EventCancelled | EventMoved) -> str:
        """Audit log reason in words, with times in the organisation's zone."""
        if isinstance(reason, EventCancelled):
            return f"{reason.event} was cancelled"
        before, after = (wall_clock(at, self.organisation.zone) for at in reason[1:])
        return f"{reason.event} was moved from {before} to {after}"

    def _corrector(self) -> Corrector:
        return Corrector(
            self.organisation, self.rules, self.renderer, self.actor, self.now, self.blackouts
        )

    def _correct(self, unit: "Unit", before: Event, after: Event) -> Consequences:
        done = self._corrector().correct(unit, before, after)
        return Consequences(
            drafted=done.drafted, withdrawn=done.withdrawn, uncorrected=done.uncorrected
        )
