"""Asking partners and speakers for help with an event that a ladder announces, by mail.

An ask is claimed in the database before its mail is sent, so that two daemons send one (0026). What
is to be asked is worked out anew each time: it moves with the event, and ends with it.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import CrosspromoError, InputError
from crosspromo.domain.event_asks import Ask, EventAsk, asked_from, contact_of, due_asks
from crosspromo.domain.events import Event
from crosspromo.domain.matters import Matter, PartnersToAsk
from crosspromo.domain.notices import Digest
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.reasons.inputs import NobodyToAsk
from crosspromo.domain.requests import given_name
from crosspromo.domain.sign_off_mails import SETTLES, NotAskedWhy, why_not_asked
from crosspromo.services.channels import Channel
from crosspromo.services.kept_away import KeptAway

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

log = logging.getLogger(__name__)

MOST = 50
"""Events that are looked at in one round, the next first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ask that is due now and not settled, with the event, the partner's name and the people.

    `person`: the speaker who is asked; None: the partner's contact is.
    """

    ask: EventAsk
    event: Event
    partner: str
    people: Sequence[PartnerPerson]
    person: PartnerPerson | None = None


class AskMail(NamedTuple):
    """What a mail is made of: the ask, whom it is about, and when our posts go out (aware)."""

    ask: Ask
    event: Event
    partner: str
    person: str | None
    times: Sequence[datetime]


@dataclass(frozen=True)
class EventAsks:
    """Mails to partners before an event.

    `channel` is mail to one address, None where no mail can be sent. `words` makes a mail.
    `kept_away` knows who is to be left alone. `worker` names this process in claims. `redact` hides
    secrets in errors that are stored.
    """

    store: "Store"
    clock: Clock
    kept_away: KeptAway
    channel: Callable[[str], Channel | None]
    words: Callable[[AskMail], Digest]
    worker: str
    redact: Callable[[str], str]

    def send(self) -> None:
        """Ask whom nobody has asked of what is due now. Slow."""
        now = self.clock.now()
        with self.store.read() as unit:
            if not any(each.ask.may_be_claimed(now) for each in wanted(unit, now)):
                return
        with self.store.write() as unit:
            unit.event_asks.lock()
            claimed = [
                replace(each, ask=each.ask.claimed(self.worker, now))
                for each in wanted(unit, now)
                if each.ask.may_be_claimed(now) and self._claim(unit, each.ask, now)
            ]
        for each in claimed:
            self._ask(each)

    def _claim(self, unit: "Unit", ask: EventAsk, now: datetime) -> bool:
        new = ask.claimed(self.worker, now)
        if ask.claimed_at is None:
            unit.event_asks.add(new)
            return True
        return unit.event_asks.change(ask, new)

    def _ask(self, asked: Wanted) -> None:
        """Send one mail, and record what came of it."""
        person = asked.person
        with self.store.read() as unit:
            times = unit.event_asks.times(asked.event.slug)
            known = [each for each in asked.people if not self._is_kept_away(unit, each)]
        to = contact_of(known) if person is None else person
        mail = None if to is None or to not in known else to.mail
        if mail is None:
            self._end(asked.ask, asked.ask.failed(NotAskedWhy.NO_ADDRESS, "", self.clock.now()))
            return
        channel = self.channel(mail)
        if channel is None:
            self._end(asked.ask, asked.ask.failed(NotAskedWhy.NO_MAIL, "", self.clock.now()))
            return
        name = None if person is None else person.name
        try:
            channel.tell(
                self.words(AskMail(asked.ask.ask, asked.event, asked.partner, name, times))
            )
        except CrosspromoError as error:
            words = self.redact(str(error))
            log.warning(
                "%s could not be asked to share %s: %s", asked.partner, asked.ask.event, words
            )
            self._end(asked.ask, asked.ask.failed(NotAskedWhy.REFUSED, words, self.clock.now()))
            return
        self._end(asked.ask, asked.ask.told(self.clock.now()))

    def _is_kept_away(self, unit: "Unit", person: PartnerPerson) -> bool:
        return self.kept_away.includes(unit, person.name, person.mail, person.phone)

    def _end(self, claimed: EventAsk, ended: EventAsk) -> None:
        with self.store.write() as unit:
            unit.event_asks.change(claimed, ended)


@dataclass(frozen=True)
class AskedInPerson:
    """Takes down that partners were asked in person, as `actor` says."""

    store: "Store"
    clock: Clock
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def settle(self, event: str, partner: str) -> Sequence[EventAsk]:
        """Have nobody at the partner (a slug) asked for what is due now of the event (a slug).

        The asks that were open. InputError where there is none; NotFoundError for an unknown event
        or partner.
        """
        now = self.clock.now()
        with self.store.write() as unit:
            unit.event_asks.lock()
            unit.events.get(event)
            slug = unit.partners.get(partner).slug
            found = [
                each.ask
                for each in wanted(unit, now)
                if (each.ask.event, each.ask.partner) == (event, slug)
            ]
            if not found:
                raise InputError(NobodyToAsk(event, slug))
            for ask in found:
                settled = replace(ask, settled_by=self.actor, error=None)
                if ask.claimed_at is None:
                    unit.event_asks.add(settled)
                else:
                    unit.event_asks.change(ask, settled)
            unit.audit.add(now, self.actor, "asked in person", f"event {event}", slug)
        return found


def wanted(unit: "Unit", now: datetime) -> Sequence[Wanted]:
    """What is to be asked now and is not settled, by event.

    A ladder that was queued just now may be a mistake, and asks nobody yet.
    """
    laddered = unit.event_asks.laddered(now, MOST)
    due = [
        _Due(event, since, asks)
        for event, since in laddered
        if now - since >= SETTLES and (asks := tuple(due_asks(event, now)))
    ]
    if not due:
        return ()
    hosts = _Hosts.read(unit, due)
    known = {each.key: each for each in unit.event_asks.of([each.event.slug for each in due])}
    return [
        replace(each, ask=ask)
        for one in due
        for each in _of_event(one, hosts)
        if not (ask := known.get(each.ask.key, each.ask)).is_settled
    ]


class _Due(NamedTuple):
    """Event with what is to be asked for it now; `since`: when its ladder was queued."""

    event: Event
    since: datetime
    asks: Sequence[Ask]


@dataclass(frozen=True, slots=True)
class _Hosts:
    """Names of hosts and people there, and who has shared since, by event."""

    names: Mapping[str, tuple[str, str]]
    people: Sequence[PartnerPerson]
    shared: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, unit: "Unit", due: Sequence[_Due]) -> "_Hosts":
        """Hosts of these events."""
        slugs = sorted({slug for each in due for slug in each.event.partners})
        shared = {
            each.event.slug: unit.event_asks.shared_since(each.event.partners, each.since)
            for each in due
            if Ask.NOT_SHARED in each.asks
        }
        return cls(unit.partners.statuses(slugs), unit.partner_people.present_at(slugs), shared)


def _of_event(due: _Due, hosts: _Hosts) -> Iterator[Wanted]:
    event = due.event
    for slug in event.partners:
        name, _ = hosts.names[slug]
        there = [each for each in hosts.people if each.partner == slug]
        for ask in due.asks:
            if ask is Ask.NOT_SHARED and slug in hosts.shared[event.slug]:
                continue
            if ask is not Ask.SPEAKERS:
                yield Wanted(EventAsk(event.slug, ask, slug), event, name, there)
                continue
            for person in there:
                if PartnerRole.SPEAKER in person.roles:
                    new = EventAsk(event.slug, ask, slug, person.number)
                    yield Wanted(new, event, name, there, person)


def matters_of(unit: "Unit", now: datetime) -> Iterator[Matter]:
    """Yield partners and speakers whom no mail could ask, while the ask is due."""
    for each in wanted(unit, now):
        ask = each.ask
        if ask.error is None:
            continue
        why, words = why_not_asked(ask.error)
        detail = PartnersToAsk(
            event=ask.event,
            ask=ask.ask,
            partner=ask.partner,
            person=ask.person,
            name=each.partner if each.person is None else f"{each.person.name} of {each.partner}",
            title=each.event.title,
            why=why,
            words=words,
        )
        yield Matter(detail, asked_from(each.event, ask.ask))
