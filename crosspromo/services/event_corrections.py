"""Drafting of corrections where accounts announced an event that changes or is cancelled.

On each account there is at most one correction that waits. It says how the event is now, against
what readers of the account were told last: by a post about the event, or by a correction. What a
post told is noted when the event changes for the first time afterwards: until then it is what the
event was before the change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.corrections import (
    About,
    Correction,
    Saying,
    Told,
    correction_of,
    differs,
    same_to_readers,
    told_by,
)
from crosspromo.domain.deliveries import Fault
from crosspromo.domain.errors import Refused
from crosspromo.domain.events import Event
from crosspromo.domain.mourning import Silence
from crosspromo.domain.reasons.faults import CorrectionOutdated
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.domain.requests import Notice
from crosspromo.domain.states import WAITING, State
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

    def correct(self, unit: "Unit", before: Event, after: Event) -> Corrected:
        """Withdraw what is no longer true, and draft what is new to readers of each account.

        Corrections are the same where the change gives the event no other time or place, and does
        not cancel or bring it back: also those that a person has cancelled.
        """
        known, slug = unit.event_corrections, after.slug
        if not self._is_news(before, after):
            if before.title != after.title:  # readers go on knowing the title that they were told
                known.note(known.unnoted(slug), slug, told_by(before))
            if before.ends_at != after.ends_at:
                corrections = chain.from_iterable(self._waiting(unit, after).values())
                self._follow_end(unit, before, after, corrections)
            return Corrected()
        # Locked first: what a worker has just taken is among what was told.
        waiting = self._waiting(unit, after)
        known.note(known.unnoted(slug), slug, told_by(before))
        told = known.told(slug)
        done, kept = Corrected(), list[Correction]()
        for account in sorted({*told, *waiting}):
            saying = None if account not in told else self._saying(told[account], before, after)
            for correction in waiting.get(account, ()):
                if saying is not None and same_to_readers(correction.tells, saying.tells):
                    kept.append(correction)
                    saying = None
                else:
                    done += self._withdraw(unit, after, correction)
            if saying is not None:
                done += self._draft(unit, after, account, saying)
        self._follow_end(unit, before, after, kept)
        known.end(slug, self.now, {*(each.delivery for each in kept), *done.drafted})
        return done

    def _is_news(self, before: Event, after: Event) -> bool:
        """Whether readers of an announcement would be told another thing after the change."""
        is_over, was_over = (each.ends_at <= self.now for each in (after, before))
        return is_over is not was_over or differs(told_by(before), after)

    def _saying(self, told: Told, before: Event, after: Event) -> Saying | None:
        """What is new to readers; nothing where the event that they know of is over for all."""
        if told.ends_at <= self.now and before.ends_at <= self.now:
            return None
        return correction_of(told, after, self.organisation.zone, self.now)

    def _waiting(self, unit: "Unit", event: Event) -> Mapping[str, Sequence[Correction]]:
        """Corrections of the event that wait, by account, locked; in old databases perhaps many."""
        known = {
            each.delivery: each for each in unit.event_corrections.of(event.slug) if each.waits
        }
        waiting: dict[str, list[Correction]] = defaultdict(list)
        for delivery in unit.deliveries.locked(list(known)):
            if delivery.state in WAITING:  # no worker has just taken it
                waiting[delivery.account].append(known[delivery.id])
        return waiting

    def _follow_end(
        self, unit: "Unit", before: Event, after: Event, waiting: Iterable[Correction]
    ) -> None:
        """Have corrections that wait be true until the event ends, where it ends at another time.

        What a cancelled event's correction says is true until the end that readers know. An expiry
        that is not the event's end stays.
        """
        ids = [each.delivery for each in waiting if each.about is About.CHANGED]
        for moved in unit.event_corrections.follow_end(ids, before.ends_at, after.ends_at):
            subject = f"delivery {moved}"
            unit.audit.add(self.now, self.actor, "renew", subject, f"{after.slug} has another end")

    def _withdraw(self, unit: "Unit", event: Event, correction: Correction) -> Corrected:
        (delivery,) = unit.deliveries.locked([correction.delivery])
        fault = Fault(CorrectionOutdated(event.slug))
        unit.transitions.refuse(delivery, State.CANCELLED, fault, self.now)
        subject = f"delivery {delivery.id}"
        unit.audit.add(self.now, self.actor, "cancel", subject, f"{event.slug} changed again")
        return Corrected(withdrawn=(delivery.id,))

    def _draft(self, unit: "Unit", event: Event, account: str, saying: Saying) -> Corrected:
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
            # It must not go when it is true no more, however long an account is paused.
            drafted = replace(drafted, expires_at=saying.true_until)
            ids = enqueue(unit, material, [drafted], self.now)
        except Refused as error:
            return Corrected(uncorrected=(Uncorrected(account, error.reason),))
        for delivery in ids:
            unit.event_corrections.add(delivery, event.slug, saying.about, saying.tells, self.now)
        return Corrected(drafted=tuple(ids))


def _notice(event: Event, saying: Saying) -> Notice:
    what = f"{event.slug} {'was cancelled' if saying.about is About.CANCELLED else 'changed'}"
    return Notice(
        author=OURSELVES,
        text=saying.text,
        title=saying.title,
        reason=f"{what} after we had shared it",
        allow_duplicate=what,
        corrects=True,
    )
