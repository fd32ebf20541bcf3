"""Renewal of the drafts and queued deliveries about an event that moved or changed.

`domain/renewals.py` decides; this module reads what the decision needs, and writes it. Deliveries
that are being sent, or have been sent, stay untouched.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.deliveries import Delivery, Fault, Renewal
from crosspromo.domain.errors import InputError, QueueingError, TemplateError
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import Ladder, comes_after, expires_at
from crosspromo.domain.mourning import Silence
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Kind, Making
from crosspromo.domain.reasons.faults import EventChanged, Part, StepPassed
from crosspromo.domain.reasons.notes import Silent
from crosspromo.domain.renewals import Composed, EventChange, has_moved, parts_changed, renewal_of
from crosspromo.domain.requests import EventPost
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import SLOT
from crosspromo.publishing.accessibility import hides_relation, told_relation
from crosspromo.publishing.compose import Material, Renderer, compose
from crosspromo.publishing.enqueue import cost_of, credit_for, next_free
from crosspromo.publishing.facts import approval_for
from crosspromo.publishing.needs import needs_after_edit, tagged, write_needs
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.silences import silences_of
from crosspromo.services.edited_content import repaired
from crosspromo.services.ladder_renewals import Passed, StepTime, StepTimes, in_turn
from crosspromo.settings import Organisation

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class SetAside:
    """Delivery (id) that is a draft now, with what a person has to look at."""

    delivery: int
    reason: EventChanged


@dataclass(frozen=True, slots=True)
class RenewedDelivery:
    """Draft or queued delivery (its id) as the change of its event left it.

    `due_at` is its time (UTC), None where it goes when it is allowed; `moved`: it was another one
    before. `signatures` is the number of approvals that are void. `silences` will hold it at its
    time.
    """

    delivery: int
    account: str
    step: str | None
    due_at: datetime | None
    moved: bool = False
    signatures: int = 0
    silences: tuple[Silent, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """Deliveries whose text or time is new, in the order of their ids, and those among them to
    look at.

    `cancelled` are steps of ladders whose day has passed.
    """

    renewals: tuple[RenewedDelivery, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    cancelled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Composer:
    """Rules of every account by name, and templates: all that a text is made with."""

    rules: Mapping[str, AccountRules]
    renderer: Renderer

    def compose(
        self, material: Material, account: AccountRules | None, *, related: bool
    ) -> Composed | str:
        """Content for the account, or the reason why there is none, in words or as a code.

        `related`: it tells that it is from our own group, and what may be left out makes room.
        """
        if account is None:
            return "its account is not in crosspromo.toml"
        try:
            content, dropped, *_ = compose(material, account, self.renderer, related=related)
        except QueueingError as error:
            return error.code
        except TemplateError as error:
            return str(error)
        return Composed(content, dropped, cost_of(content, account.capabilities))

    def told_relation(self, delivery: Delivery, own_group: frozenset[str]) -> bool:
        """Whether the delivery tells that it is from our own group, wherever readers look."""
        account = self.rules.get(delivery.account)
        if account is None or not told_relation(delivery, account.capabilities.text, own_group):
            return False
        return not hides_relation(delivery, account.capabilities.text, own_group)

    def repaired(
        self, made: Composed, delivery: Delivery, own_group: frozenset[str]
    ) -> Composed | str:
        """The same with the repairs that its notes propose, or why they cannot be made."""
        wanted = replace(delivery, content=made.content, dropped=made.dropped)
        try:
            mended = repaired(wanted, self.rules[delivery.account], own_group)
        except QueueingError as error:
            return error.code
        return Composed(mended.content, mended.fields.dropped, mended.fields.cost)


@dataclass(frozen=True)
class Renewer:
    """Renews deliveries for the person `actor` at the time `now`.

    `rules` and `renderer` are called only if deliveries wait, and raise ConfigError if rules or
    templates are unavailable.
    """

    organisation: Organisation
    rules: Callable[[], Mapping[str, AccountRules]]
    renderer: Callable[[], Renderer]
    actor: str
    now: datetime
    blackouts: tuple[Silence, ...] = ()
    ladders: Mapping[str, Ladder] = field(default_factory=dict)

    def renew(self, unit: "Unit", before: Event, after: Event) -> Renewed:
        """Renew the drafts and queued deliveries that the change of the event concerns.

        `before` and `after` are the event before and after the change. Approvals of renewed
        deliveries are void.
        """
        parts = parts_changed(before, after)
        waiting = unit.deliveries.waiting_for(after.slug) if parts else ()
        if not waiting:
            return Renewed()
        if Part.HOSTS in parts:
            waiting = _with_hosts(unit, waiting, after)
        composer = _Composer(self.rules(), self.renderer())
        times = StepTimes(
            unit=unit,
            organisation=self.organisation,
            rules=composer.rules,
            ladders=self.ladders,
            blackouts=self.blackouts,
            now=self.now,
            before=before,
            after=after,
        )
        renewals: list[RenewedDelivery] = []
        set_aside: list[SetAside] = []
        cancelled: list[int] = []
        if has_moved(parts):
            for passed in times.read(waiting):
                self._cancel(unit, passed, after)
                cancelled.append(passed.delivery.id)
        for delivery in in_turn(waiting, before, after):
            if delivery.id in cancelled:
                continue
            time = self._time(unit, delivery, after, composer, times, moved=has_moved(parts))
            change = self._change(unit, delivery, before, after, composer, time=time)
            renewal = renewal_of(delivery, change)
            if renewal is None:
                continue
            signatures = self._write(unit, delivery, renewal, parts)
            due_at = None if delivery.when_allowed else renewal.due_at
            done = RenewedDelivery(
                delivery.id,
                delivery.account,
                delivery.step,
                due_at,
                moved=due_at != _time_of(delivery),
                signatures=signatures,
                silences=change.silences,
            )
            renewals.append(done)
            if renewal.fault is not None and isinstance(renewal.fault.reason, EventChanged):
                set_aside.append(SetAside(delivery.id, renewal.fault.reason))
        renewals.sort(key=lambda each: each.delivery)
        set_aside.sort(key=lambda each: each.delivery)
        return Renewed(tuple(renewals), tuple(set_aside), tuple(sorted(cancelled)))

    def _cancel(self, unit: "Unit", passed: Passed, event: Event) -> None:
        delivery, step, day = passed
        fault = Fault(StepPassed(event.slug, step, day))
        unit.transitions.refuse(delivery, State.CANCELLED, fault, self.now)
        subject, why = f"delivery {delivery.id}", f"the day of the step {step} has passed"
        unit.audit.add(self.now, self.actor, "cancel", subject, why)

    def _time(
        self,
        unit: "Unit",
        delivery: Delivery,
        after: Event,
        composer: "_Composer",
        times: StepTimes,
        *,
        moved: bool,
    ) -> StepTime:
        if delivery.step is None:
            due_at = self._due_at(unit, delivery, after, composer.rules.get(delivery.account))
            return StepTime(due_at, pinned=delivery.pinned, by_hand=delivery.pinned)
        if moved:
            return times.of(delivery)
        by_hand = times.is_by_hand(delivery)
        return StepTime(delivery.due_at, pinned=delivery.pinned, by_hand=by_hand)

    def _change(
        self,
        unit: "Unit",
        delivery: Delivery,
        before: Event,
        after: Event,
        composer: "_Composer",
        *,
        time: StepTime,
    ) -> EventChange:
        account = composer.rules.get(delivery.account)
        old = _material(unit, delivery, before)
        new = replace(old, event=after, partners=_hosts(unit, after))
        if account is not None:
            zone = self.organisation.zone
            old, new = (tagged(unit, each, account, zone, self.now) for each in (old, new))
        own_group = self.organisation.own_group
        credit = self._credit(delivery, old, new)
        related = composer.told_relation(delivery, own_group)
        was, now = (composer.compose(each, account, related=related) for each in (old, new))
        if isinstance(was, Composed) and not _says_the_same(was, delivery):
            mended = composer.repaired(was, delivery, own_group)
            if isinstance(mended, Composed) and _says_the_same(mended, delivery):
                was = mended  # a person had it repaired
                if isinstance(now, Composed):
                    now = composer.repaired(now, delivery, own_group)
        return EventChange(
            after=after,
            parts=parts_changed(before, after),
            old=was if isinstance(was, Composed) else None,
            new=now if isinstance(now, Composed) else None,
            failure=now if isinstance(now, str) else "",
            credit=credit,
            due_at=time.due_at,
            expires_at=expires_at(delivery.step, after),
            pinned=time.pinned,
            by_hand=time.by_hand,
            asked=approval_for(unit.approvals, delivery, account).asked
            or _is_read_again(delivery, now),
            repeats=unit.attempts.was_ever_unknown(delivery.id),
            silences=self._silences(unit, delivery, account, time, credit),
        )

    def _silences(
        self,
        unit: "Unit",
        delivery: Delivery,
        account: AccountRules | None,
        time: StepTime,
        credit: Credit,
    ) -> tuple[Silent, ...]:
        """What will hold the delivery at a new time that is not a slot chosen among free ones."""
        if time.due_at is None or time.due_at == delivery.due_at or delivery.when_allowed:
            return ()
        if account is None:
            return ()
        if account.policy.slots and not time.pinned:
            return ()
        silences = silences_of(
            unit,
            delivery.partners,
            credit=credit,
            tone=delivery.effective_tone,
            blackouts=self.blackouts,
            zone=self.organisation.zone,
            now=self.now,
        )
        times = unit.deliveries.timetable(account.name, besides=delivery.id)
        spacing = Spacing(account.policy, self.organisation.zone, silences, times)
        return tuple(spacing.silences(max(time.due_at, self.now)))

    def _credit(self, delivery: Delivery, old: Material, new: Material) -> Credit:
        """Credit after the change, which other hosts may make another one."""
        own_group = self.organisation.own_group
        if delivery.kind is not Kind.EVENT or delivery.credit is not credit_for(old, own_group):
            return delivery.credit
        return credit_for(new, own_group)

    def _due_at(
        self, unit: "Unit", delivery: Delivery, event: Event, account: AccountRules | None
    ) -> datetime | None:
        """Due time that the delivery keeps, else the next free slot; None if the event starts
        before.
        """
        hold = delivery.hold
        due_at = delivery.due_at
        if hold is not None and hold.code == SLOT and not delivery.when_allowed:
            due_at = hold.until or due_at  # without a time of its own it finds a slot by its age
        if due_at < event.starts_at:
            return due_at
        if delivery.pinned or account is None:
            return None
        zone, about = self.organisation.zone, _about(unit, delivery, event)
        try:
            free = next_free(
                unit,
                about,
                account,
                credit=delivery.credit,
                zone=zone,
                now=self.now,
                blackouts=self.blackouts,
            )
        except InputError:  # no slot of the next year is free
            return None
        return free if free < event.starts_at else None

    def _write(
        self, unit: "Unit", delivery: Delivery, renewal: Renewal, parts: Sequence[Part]
    ) -> int:
        """Write the renewal; returns the number of approvals that are void."""
        unit.transitions.renew(delivery, renewal, self.now)
        account = self.rules().get(delivery.account)
        if account is not None:  # what is not there then holds it at the gate
            hosts = [unit.partners.get(slug) for slug in delivery.partners]
            needs = needs_after_edit(unit, delivery, renewal.content, hosts, account)
            write_needs(unit, delivery.id, needs)
        signatures = unit.approvals.withdraw(delivery.id)
        act = "renew" if renewal.into is delivery.state else "renew as a draft"
        changed = f"{delivery.event} has another {', '.join(parts)}"
        unit.audit.add(self.now, self.actor, act, f"delivery {delivery.id}", changed)
        return signatures


def _time_of(delivery: Delivery) -> datetime | None:
    return None if delivery.when_allowed else delivery.due_at


def _with_hosts(unit: "Unit", waiting: Sequence[Delivery], event: Event) -> Sequence[Delivery]:
    """The deliveries after their posts are about the hosts of the event."""
    ids = {delivery.id for delivery in waiting}
    for post in sorted({delivery.post for delivery in waiting}):
        unit.posts.set_partners(post, event.partners, ids)
    return unit.deliveries.waiting_for(event.slug)


def _about(unit: "Unit", delivery: Delivery, event: Event) -> Material:
    """A post about the event, as far as its slot depends on it."""
    request = EventPost(author=OURSELVES, event=event.slug, tone=delivery.effective_tone)
    return Material(request, _hosts(unit, event), event)


def _is_read_again(delivery: Delivery, now: Composed | str) -> bool:
    """Whether a step after the event, which is always read before it goes, has another text."""
    if delivery.step is None or not comes_after(delivery.step):
        return False
    return not isinstance(now, Composed) or now.content != delivery.content


def _says_the_same(made: Composed, delivery: Delivery) -> bool:
    return made.content.wording == delivery.content.wording


def _hosts(unit: "Unit", event: Event) -> tuple[Partner, ...]:
    return tuple(unit.partners.get(slug) for slug in event.partners)


def _material(unit: "Unit", delivery: Delivery, event: Event) -> Material:
    """Request from which the text of the delivery can be made, for this state of the event.

    Of posts from before database version 0009, whether they are paid is read from their text.
    """
    making = unit.posts.making(delivery.post)
    if making is None:
        making = Making(paid=delivery.paid)
    request = EventPost(
        author=delivery.author,
        event=event.slug,
        step=delivery.step,
        template=making.template,
        variables=making.variables,
        title=making.title,
        link=delivery.content.link,
        thread=making.thread,
        paid=making.paid,
        markdown=making.markdown,
        tone=delivery.tone,
    )
    return Material(request, _hosts(unit, event), event, delivery.content.images)
