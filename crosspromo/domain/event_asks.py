"""Asks before an event: what partners are asked to do for an event that a ladder announces.

Partners are told a month before, speakers a week, and three days before the event those partners
who have not shared it yet. Each ask is made once, whether the event moves or not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crosspromo.domain.claims import is_free
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import first_day
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.sign_off_mails import NotAskedWhy, error_of
from crosspromo.domain.timing import at_wall_clock
from crosspromo.domain.values import Value

ASK_AT = time(9, 0)
"""Time of day in the event's zone from which partners are asked."""

MOST_DAYS_AHEAD = timedelta(days=32)
"""Time before an event within which its asks lie, whatever its zone."""


class Ask(StrEnum):
    """What is asked: of partners to share, of speakers, and of those who have not shared yet."""

    PARTNERS = "partners"
    SPEAKERS = "speakers"
    NOT_SHARED = "not-shared"


_DAYS = {Ask.PARTNERS: (-30, -3), Ask.SPEAKERS: (-7, None), Ask.NOT_SHARED: (-3, None)}
"""First day of each ask, and the day from which it is too late; None: the event itself."""


class EventAsk(Value, frozen=True):
    """What a partner (slug) is asked for an event (slug); `person` 0: asked is its contact.

    `claimed_by` is the worker that sends the mail now, `claimed_at` the time of the last try.
    `told_at` None: not asked yet. `error`: why not, as `error_of` writes it.
    `settled_by` is who told them in person, or will not. Times are aware, in UTC.
    """

    event: str
    ask: Ask
    partner: str
    person: int = 0
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    told_at: datetime | None = None
    error: str | None = None
    settled_by: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to be asked any more."""
        return self.told_at is not None or self.settled_by is not None

    @property
    def key(self) -> tuple[str, Ask, str, int]:
        """Event, request, partner and person: the identity of the request."""
        return self.event, self.ask, self.partner, self.person

    def may_be_claimed(self, now: datetime) -> bool:
        """Whether a worker may try: nobody tried lately, or whoever tries has gone."""
        return not self.is_settled and is_free(now, self.claimed_by, self.claimed_at)

    def claimed(self, worker: str, now: datetime) -> "EventAsk":
        """Request claimed by a worker, who sends it."""
        return replace(self, claimed_by=worker, claimed_at=now)

    def told(self, now: datetime) -> "EventAsk":
        """The same once the mail was taken."""
        return replace(self, claimed_by=None, claimed_at=now, told_at=now, error=None)

    def failed(self, why: NotAskedWhy, words: str, now: datetime) -> "EventAsk":
        """The same after a mail that was not sent: it is tried again after a while."""
        return replace(self, claimed_by=None, claimed_at=now, error=error_of(why, words))


def due_asks(event: Event, now: datetime) -> Iterator[Ask]:
    """Yield what is to be asked for the event by now; nothing once it has begun or is cancelled."""
    if event.cancelled or now >= event.starts_at:
        return
    for ask, (days, until) in _DAYS.items():
        too_late = event.starts_at if until is None else _moment(event, until)
        if _moment(event, days) <= now < too_late:
            yield ask


def asked_from(event: Event, ask: Ask) -> datetime:
    """Time (aware) from which this is asked for the event."""
    return _moment(event, _DAYS[ask][0])


def contact_of(people: Iterable[PartnerPerson]) -> PartnerPerson | None:
    """Who is asked for the partner: the key contact with an address, else who stands in."""
    reachable = [each for each in people if each.mail and each.ended_at is None]
    for role in (PartnerRole.KEY_CONTACT, PartnerRole.DESIGNATE):
        for each in reachable:
            if role in each.roles:
                return each
    return None


def _moment(event: Event, days: int) -> datetime:
    day = first_day(event) + timedelta(days=days)
    return at_wall_clock(day, ASK_AT, ZoneInfo(event.zone))
