"""What else needs a person: readings that fail, events to review, plans, and partners to ask.

The story writes what a daemon would have found, with the real store, and somebody sees to it later.
Its draws are its own: the story of a seed is otherwise the same with and without it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from simulation.machine import Machine
from simulation.rows import File
from sqlalchemy import update

from crosspromo.domain.event_asks import Ask, EventAsk
from crosspromo.domain.events import Event
from crosspromo.domain.figures import ReadingState
from crosspromo.domain.planned import BY_PLANNING, PlannedLine, mark_of
from crosspromo.domain.posts import Hosting
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.domain.source_events import SourceEvent, SourceEventState
from crosspromo.domain.sources import SourceKind
from crosspromo.domain.states import State
from crosspromo.store.schema import posts
from crosspromo.store.unit import Unit

HOST, WHO = "river-keepers", "editor"
DAY = timedelta(days=1)


@dataclass
class Errands:
    """Writes causes of such matters, and ends them."""

    machine: Machine
    file: File
    draw: Random
    tell: Callable[[str], None]
    _made: int = field(default=0)

    def happen(self) -> None:
        """Something comes up now and then, or somebody sees to what has."""
        if self.machine.disk.is_full or self.draw.random() < 0.5:
            return
        acts = (
            self._reading_fails,
            self._reading_works,
            self._event_is_found,
            self._events_are_refused,
            self._draft_is_planned,
            self._ask_is_refused,
            self._partner_is_asked,
        )
        self._do(self.draw.choice(acts))

    def see_to_all(self) -> None:
        """Somebody sees to everything that has come up."""
        for act in (self._reading_works, self._events_are_refused, self._partner_is_asked):
            self._do(act)

    def _do(self, act: Callable[[Unit, datetime], str | None]) -> None:
        with self.machine.bare_store().write() as unit:
            done = act(unit, self.machine.clock.now())
        if done is not None:
            self.tell(done)

    # -- readings ------------------------------------------------------------------------------

    def _reading_fails(self, unit: Unit, now: datetime) -> str:
        account = self.draw.choice(list(self.machine.world.accounts))
        since = now - timedelta(hours=self.draw.choice((1, 23, 25, 60)))
        state = ReadingState(account, now + DAY, failures=3, failing_since=since, fault="refused")
        unit.readings.begin(account, now)
        unit.readings.save(state)
        return f"{account} was not read since {since}"

    def _reading_works(self, unit: Unit, now: datetime) -> str:
        for state in unit.readings.all().values():
            well = replace(state, failures=0, failing_since=None, fault=None, read_at=now)
            unit.readings.save(well)
        return "every account is read"

    # -- reviews -------------------------------------------------------------------------------

    def _event_is_found(self, unit: Unit, now: datetime) -> str:
        known = {source.address: source.number for source in unit.sources.all()}
        address = "https://river.example/events.ics"
        source = known.get(address)
        if source is None:
            source = unit.sources.add(SourceKind.CALENDAR, address, HOST, WHO, now)
        edition = self._event(now + timedelta(hours=self.draw.choice((2, 200))))
        proposed = SourceEvent(0, source, edition, SourceEventState.PROPOSED, now)
        unit.source_events.add_all([proposed])
        return f"the calendar of {HOST} has {edition.slug}"

    def _events_are_refused(self, unit: Unit, now: datetime) -> str | None:
        found = unit.source_events.waiting(100, now)
        for each in found:
            unit.source_events.decide(each, SourceEventState.REFUSED, WHO, now)
        return f"{WHO} refuses {len(found)} events" if found else None

    # -- plans ---------------------------------------------------------------------------------

    def _draft_is_planned(self, unit: Unit, now: datetime) -> str | None:
        drafts = [row.id for row in self.file.rows().values() if row.state is State.DRAFT]
        if not drafts:
            return None
        number = self.draw.choice(drafts)
        mark = mark_of(unit.deliveries.get(number))
        unit.planned_lines.put([PlannedLine(f"item {number}", number, mark, now, BY_PLANNING)])
        return f"planning has made the draft {number}"

    # -- asks ----------------------------------------------------------------------------------

    def _ask_is_refused(self, unit: Unit, now: datetime) -> str | None:
        """A mail about an event that a delivery announces is refused."""
        live = (State.DRAFT, State.QUEUED, State.PUBLISHED)
        steps = [row.id for row in self.file.rows().values() if row.state in live]
        if not steps:
            return None
        event = replace(self._event(now + 25 * DAY), partners=(HOST,), hosting=Hosting.PARTNER)
        unit.events.save(event)
        delivery = unit.deliveries.get(self.draw.choice(steps))
        if delivery.event is not None:
            return None
        slug = unit.events.by_uid(event.uid).slug
        values = {"event_id": unit.events.id_of(slug), "step": "week"}
        step = update(posts).where(posts.c.id == delivery.post).values(values)
        unit._connection.execute(step)
        ask = EventAsk(slug, Ask.PARTNERS, HOST).claimed(WHO, now)
        unit.event_asks.add(ask.failed(NotAskedWhy.REFUSED, "no such mailbox", now))
        return f"{HOST} could not be asked to share {slug}, which {delivery.id} announces"

    def _partner_is_asked(self, unit: Unit, now: datetime) -> str | None:
        slugs = sorted(self.file.events_asked_for())
        for ask in unit.event_asks.of(slugs) if slugs else ():
            unit.event_asks.change(ask, replace(ask, settled_by=WHO, error=None, claimed_at=now))
        return f"{WHO} asks about {', '.join(slugs)}" if slugs else None

    def _event(self, starts_at: datetime) -> Event:
        self._made += 1
        return Event(
            slug=f"walk-{self._made}",
            title=f"Walk {self._made}",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            zone="UTC",
            uid=f"walk-{self._made}@example",
        )
