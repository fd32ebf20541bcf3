"""Drafting of corrections where accounts announced an event that changes or is cancelled.

On each account there is at most one correction that waits. It says how the event is now, against
what readers of the account were told last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.corrections import (
    About,
    Correction,
    Told,
    differs,
    text_of,
    title_of,
    told_by,
)
from crosspromo.domain.deliveries import Fault
from crosspromo.domain.errors import Refused
from crosspromo.domain.events import Event
from crosspromo.domain.mourning import Silence
from crosspromo.domain.reasons.faults import CorrectionOutdated
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.domain.requests import Notice
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.settings import Organisation, account_named

if TYPE_CHECKING:  # most event changes touch no delivery
    from crosspromo.publishing.compose import Renderer
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """Account that announced an event as it is no more and has no drafted correction, with the
    reason.

    A person has to write the correction there.
    """

    account: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Corrected:
    """Corrections (ids) that were drafted, and those withdrawn; accounts without one."""

    drafted: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    uncorrected: tuple[Uncorrected, ...] = ()

    def __add__(self, more: "Corrected") -> "Corrected":
        return Corrected(
            self.drafted + more.drafted,
            self.withdrawn + more.withdrawn,
            self.uncorrected + more.uncorrected,
        )


@dataclass(frozen=True)
class Corrector:
    """Drafts corrections for the person `actor` at the time `now`.

    `rules` and `renderer` are called only if an account announced the event.
    """

    organisation: Organisation
    rules: "Callable[[], Mapping[str, AccountRules]]"
    renderer: "Callable[[], Renderer]"
    actor: str
    now: datetime
    blackouts: tuple[Silence, ...] = ()

    def cancelled(self, unit: "Unit", event: Event) -> Corrected:
        """Draft on each account that announced the event that it does not take place."""
        done = Corrected()
        announced = unit.event_corrections.announced(event.slug)
        waiting = self._waiting(unit, event) if announced else {}
        when = wall_clock(event.starts_at, self.organisation.zone)
        title = f"Cancelled: {event.title}"
        text = f"{title} ({when}). We shared it earlier; it will not take place."
        for account in announced:
            correction = waiting.get(account)
            if correction is not None:
                if correction.about is About.CANCELLED and not differs(correction.told, event):
                    continue
                done += self._withdraw(unit, event, correction)
            saying = _Saying(title, text, About.CANCELLED, told_by(event))
            done += self._draft(unit, event, account, saying)
        return done

    def changed(self, unit: "Unit", before: Event, after: Event) -> Corrected:
        """Draft what is new on each account that announced the event as it was.

        A correction that waits is replaced. It is withdrawn where the event is again as readers
        know it.
        """
        if not differs(told_by(before), after):
            return Corrected()
        done = Corrected()
        announced = unit.event_corrections.announced(after.slug)
        waiting = self._waiting(unit, after) if announced else {}
        for account, spoken_at in announced.items():
            correction = waiting.get(account)
            told = told_by(before)
            if correction is not None and correction.about is About.CHANGED:
                if spoken_at <= correction.drafted_at:  # a later post told of the event as it was
                    told = correction.told
                done += self._withdraw(unit, after, correction)
            if differs(told, after):
                title = title_of(told, after)
                text = text_of(told, after, self.organisation.zone)
                saying = _Saying(title, text, About.CHANGED, told)
                done += self._draft(unit, after, account, saying)
        return done

    def _waiting(self, unit: "Unit", event: Event) -> Mapping[str, Correction]:
        """Corrections of the event that wait, by account."""
        known = unit.event_corrections.of(event.slug)
        return {each.account: each for each in known if each.waits}

    def _withdraw(self, unit: "Unit", event: Event, correction: Correction) -> Corrected:
        (delivery,) = unit.deliveries.locked([correction.delivery])
        if delivery.state not in {State.DRAFT, State.QUEUED}:  # a worker has just taken it
            return Corrected()
        fault = Fault(CorrectionOutdated(event.slug))
        unit.transitions.refuse(delivery, State.CANCELLED, fault, self.now)
        subject = f"delivery {delivery.id}"
        unit.audit.add(self.now, self.actor, "cancel", subject, f"{event.slug} changed again")
        return Corrected(withdrawn=(delivery.id,))

    def _draft(self, unit: "Unit", event: Event, account: str, saying: "_Saying") -> Corrected:
        # These modules load slowly, and only a correction needs them.
        from crosspromo.publishing.compose import Material  # noqa: PLC0415 (see above)
        from crosspromo.publishing.enqueue import enqueue, propose  # noqa: PLC0415 (see above)

        organisation, material = self.organisation, Material(_notice(event, saying))
        try:
            drafted = propose(
                unit,
                material,
                account_named(account, self.rules()),
                renderer=self.renderer(),
                own_group=organisation.own_group,
                zone=organisation.zone,
                now=self.now,
                status=organisation.status,
                blackouts=self.blackouts,
            )
            ids = enqueue(unit, material, [drafted], self.now)
        except Refused as error:
            return Corrected(uncorrected=(Uncorrected(account, error.reason),))
        for delivery in ids:
            unit.event_corrections.add(delivery, event.slug, saying.about, saying.told, self.now)
        return Corrected(drafted=tuple(ids))


class _Saying(NamedTuple):
    """What a correction says, and against what readers know."""

    title: str
    text: str
    about: About
    told: Told


def _notice(event: Event, saying: _Saying) -> Notice:
    what = f"{event.slug} {'was cancelled' if saying.about is About.CANCELLED else 'changed'}"
    return Notice(
        author=OURSELVES,
        text=saying.text,
        title=saying.title,
        reason=f"{what} after we had shared it",
        allow_duplicate=what,
        corrects=True,
    )
