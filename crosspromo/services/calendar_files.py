"""Calendar files: our queue and what is due with partners, for ourselves; events, for anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.dated import POST_MINUTES, DatedEntry
from crosspromo.domain.editorial import in_one_line
from crosspromo.domain.partner_entries import Entry, EntryKind

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.domain.events import Event
    from crosspromo.domain.partners_due import Cadence
    from crosspromo.services.partners_due import DuePartners
    from crosspromo.store.unit import Store

MOST_POSTS = 3_000
"""Most open deliveries of a file."""

LONGEST_TITLE = 80
"""Characters of a text in the title of an entry."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CalendarFiles:
    """Writes calendar files.

    `organisation` is our name. Identifiers end in the identity of the database, so that entries of
    two workspaces stay apart.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    organisation: str
    due: "DuePartners"

    def private(self) -> bytes:
        """File for our own calendar: open deliveries, cadences, follow-ups and promises.

        It tells what waits and what we noted about partners. Deliveries without a time of their own
        are left out.
        """
        from crosspromo.intake.icalendar_writing import (  # noqa: PLC0415 (slow to import)
            write_icalendar,
        )
        from crosspromo.store.queue.editorial import Times  # noqa: PLC0415 (likewise)

        now = self.clock.now()
        with self.store.read() as unit:
            ours = unit.identity.get().name
            none_sent = Times(None, None, now, now)
            found, _ = unit.deliveries.editorial(none_sent, MOST_POSTS)
            noted = unit.partner_entries.open_until(None)
            names = {each.slug: each.name for each in unit.partners.all()}
        entries = [
            *(_of_post(each, ours) for each in found if not each.waits_to_be_allowed),
            *(_of_cadence(each, ours) for each in self.due.cadences().values()),
            *(_of_noted(each, names[each.partner], ours) for each in noted),
        ]
        edition = int(now.timestamp()) // 60  # grows from file to file, as SEQUENCE has to
        numbered = [replace(each, sequence=edition) for each in entries]
        return write_icalendar(f"{self.organisation}: posts", numbered, now, self.zone)

    def public(self) -> bytes:
        """File for anybody: coming events, cancelled ones as such, and nothing that we noted."""
        from crosspromo.intake.icalendar_writing import (  # noqa: PLC0415 (slow to import)
            write_icalendar,
        )

        now = self.clock.now()
        with self.store.read() as unit:
            events = unit.events.all(after=now)
        return write_icalendar(self.organisation, _of_events(events), now, self.zone)


def _of_post(delivery: "Delivery", ours: str) -> DatedEntry:
    content = delivery.content
    words = in_one_line(content.text or content.reshare_of or "")[:LONGEST_TITLE]
    return DatedEntry(
        uid=f"delivery-{delivery.id}@{ours}",
        title=f"{delivery.account}, {delivery.state.value}: {words}",
        starts=delivery.due_at,
        ends=delivery.due_at + POST_MINUTES,
        url=content.link or "",
        description=content.text,
    )


def _of_cadence(cadence: "Cadence", ours: str) -> DatedEntry:
    return DatedEntry(
        uid=f"cadence-{cadence.partner}@{ours}",
        title=f"Share {cadence.name}",
        starts=cadence.due,
        ends=cadence.due + _ONE_DAY,
        description=f"We mean to share them every {cadence.days} days.",
    )


def _of_noted(entry: Entry, name: str, ours: str) -> DatedEntry:
    what = "Promise" if entry.kind is EntryKind.PROMISE else "Follow up"
    return DatedEntry(
        uid=f"entry-{entry.number}@{ours}",
        title=f"{what}: {name}",
        starts=entry.day,
        ends=entry.day + _ONE_DAY,
        description=entry.words,
    )


def _of_events(events: "Sequence[Event]") -> Iterator[DatedEntry]:
    """Entries of events: what everybody may know, and no more.

    A description is left out: in a calendar that was imported it may be meant for few.
    """
    for event in events:
        starts, ends = event.starts_at, event.ends_at
        zone = ZoneInfo(event.zone)
        yield DatedEntry(
            uid=f"{event.uid}-{event.recurrence}" if event.recurrence else event.uid,
            title=event.title,
            starts=starts.astimezone(zone).date() if event.all_day else starts,
            ends=ends.astimezone(zone).date() if event.all_day else ends,
            location=event.location,
            url=event.url,
            sequence=event.sequence,
            cancelled=event.cancelled,
        )
