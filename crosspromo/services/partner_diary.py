"""Diaries of partners: what people note, promise and mean to do, by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.reasons.partners import (
    ClosedAlready,
    ContactAhead,
    DaysReversed,
    OtherKind,
    WordsMissing,
    WordsTooLong,
)
from crosspromo.domain.requests import given_name

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

LONGEST = 4_000
"""Characters of an entry."""

MOST_SHOWN = 200
"""Latest entries of a partner that are shown."""


@dataclass(frozen=True)
class PartnerDiary:
    """Diaries of partners, kept by a person (`actor`); days are those of `zone`."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    @property
    def today(self) -> date:
        """Present day."""
        return self.clock.now().astimezone(self.zone).date()

    def of(self, partner: str) -> Sequence[Entry]:
        """The MOST_SHOWN entries of a partner with the latest days, the latest first.

        NotFoundError for an unknown slug.
        """
        with self.store.read() as unit:
            return unit.partner_entries.of(unit.partners.get(partner).slug, MOST_SHOWN)

    def note(
        self,
        partner: str,
        words: str,
        day: date | None = None,
        kind: EntryKind = EntryKind.NOTE,
    ) -> Entry:
        """Add a note, a milestone or a contact of a day; None: of today.

        NotFoundError for an unknown slug; InputError for blank or very long words, and for a
        contact on a day that has not come yet.
        """
        when = self.today if day is None else day
        if kind is EntryKind.CONTACT and when > self.today:
            raise InputError(ContactAhead(when))
        return self._add(partner, kind, words, when)

    def follow_up(self, partner: str, words: str, day: date) -> Entry:
        """Add a follow-up that is due on this day; errors are those of `note`."""
        return self._add(partner, EntryKind.FOLLOW_UP, words, day)

    def promise(self, partner: str, words: str, by: date, side: Side) -> Entry:
        """Add a promise of ours or theirs, to be kept by this day; errors are those of `note`."""
        return self._add(partner, EntryKind.PROMISE, words, by, side=side)

    def blackout(self, partner: str, first: date, last: date, words: str = "") -> Entry:
        """Add days, both included, on which nothing is posted about the partner.

        NotFoundError for an unknown slug; InputError where the last day is before the first.
        """
        if last < first:
            raise InputError(DaysReversed(first, last))
        return self._add(partner, EntryKind.BLACKOUT, words, first, last_day=last)

    def done(self, number: int) -> Entry:
        """Close a follow-up; returned as it is then.

        NotFoundError for an unknown number; InputError for an entry of another kind, and for one
        that is closed.
        """
        return self._close(number, EntryKind.FOLLOW_UP, kept=None)

    def settle(self, number: int, *, kept: bool) -> Entry:
        """Say of a promise whether it was kept; errors are those of `done`."""
        return self._close(number, EntryKind.PROMISE, kept=kept)

    def remove(self, number: int) -> Entry:
        """Delete an entry that was a mistake; returned as it was.

        NotFoundError for an unknown number.
        """
        with self.store.write() as unit:
            entry = unit.partner_entries.get(number)
            unit.partner_entries.remove(number)
            what = f"{entry.kind.value} of {entry.day}"
            unit.audit.add(self.clock.now(), self.actor, "remove entry", entry.partner, what)
        return entry

    def _add(
        self,
        partner: str,
        kind: EntryKind,
        words: str,
        day: date,
        *,
        last_day: date | None = None,
        side: Side | None = None,
    ) -> Entry:
        said = without_invisible(words).strip()
        if not said and kind is not EntryKind.BLACKOUT:
            raise InputError(WordsMissing(kind))
        if len(said) > LONGEST:
            raise InputError(WordsTooLong("an entry", LONGEST))
        now = self.clock.now()
        with self.store.write() as unit:
            slug = unit.partners.get(partner).slug
            entry = unit.partner_entries.add(
                Entry(0, slug, kind, said, day, now, self.actor, last_day=last_day, side=side)
            )
            if kind is EntryKind.BLACKOUT:
                unit.audit.add(now, self.actor, "add blackout", slug, f"{day} to {last_day}")
        return entry

    def _close(self, number: int, wanted: EntryKind, *, kept: bool | None) -> Entry:
        now = self.clock.now()
        with self.store.write() as unit:
            entry = unit.partner_entries.get(number)
            if entry.kind is not wanted:
                raise InputError(OtherKind(number, entry.kind, wanted))
            if entry.closed_at is not None:
                raise InputError(ClosedAlready(number, entry.closed_at, entry.closed_by or ""))
            unit.partner_entries.close(number, now, self.actor, kept=kept)
        return replace(entry, closed_at=now, closed_by=self.actor, kept=kept)
