"""Watch over the database: one that was copied, replaced, or has gone back in time is paused."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crosspromo.disks import file_number
from crosspromo.domain.clock import Clock
from crosspromo.domain.database_identity import LEAP, Identity, Mark, Oddity, in_words, oddity
from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.pauses import EVERYTHING, OURSELVES, Pause

if TYPE_CHECKING:
    from crosspromo.store.database.identity import MarkFile
    from crosspromo.store.unit import Store, Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DatabaseWatch:
    """Compares a database with the marks of the workspace, and moves the mark on.

    A disagreement pauses everything, in the transaction that finds it, and is told once: the mark
    follows. The order of the steps matters. Marks are read before the database, and written after
    the commit, so that a mark is never ahead of the database. The file's number is read first: a
    file that comes in its place meanwhile must not be marked.
    """

    store: "Store"
    marks: "MarkFile"
    clock: Clock

    def look(self) -> Oddity | None:
        """Compare, and pause everything if something is odd; else nothing is written.

        A SQLite file without a mark here gets one, so that a copy of it is known for one. Such is a
        new database, or a copy without deliveries.
        """
        file, marks = self._file(), self.marks.read()
        with self.store.read() as unit:
            seen = unit.identity.get()
            found = self._oddity(unit, seen, marks, file)
        if found is not None:
            return self.beat() or self._found_by_another(found)
        mark = marks.get(seen.name)
        if file is not None and (mark is None or file not in mark.files):
            self.move_on()
        return None

    def _found_by_another(self, found: Oddity) -> Oddity | None:
        """The same, if another process has paused everything meanwhile: nobody was told here.

        None where it made the first beat of a sound database.
        """
        with self.store.read() as unit:
            paused = any(pause.account is None and pause.is_ours for pause in unit.pauses.all())
        return found if paused else None

    def beat(self, besides: "Callable[[Unit], None]" = lambda _: None) -> Oddity | None:
        """Compare, pause if something is odd, add a beat, and write the mark.

        `besides` writes more in the same transaction.
        """
        file, marks = self._file(), self.marks.read()
        files = () if file is None else (file,)
        with self.store.write() as unit:
            besides(unit)
            seen = unit.identity.lock()
            found = self._oddity(unit, seen, marks, file)
            if found is not None and self._oddity(unit, seen, self.marks.read(), file) is None:
                found = None  # another process has marked it meanwhile
            if found is None and seen.name not in marks:
                # A crash after the first commit must not leave a database without a mark.
                self.marks.record(seen.name, seen.beats, files)
            beats = seen.beats + 1
            if found is not None:
                mark = marks.get(seen.name)
                beats = max(beats, 0 if mark is None else mark.beats) + LEAP
                pause_everything(unit, self.clock, in_words(found))
            unit.identity.set_beats(beats)
        self.marks.record(seen.name, beats, files)
        if found is not None:
            log.warning("everything is paused now: %s", in_words(found))
        return found

    def move_on(self) -> None:
        """Add a beat; a failure is told, and harms only the recognition of a copy."""
        try:
            self.beat()
        except (DatabaseError, OSError) as error:
            log.warning("a copy that is put back will not be noticed: %s", error)

    def expect(self, identity: Identity, file: Path | None = None) -> None:
        """Write a mark for a copy of the database that was made in good order.

        `file`: the copy's SQLite file; None: the copy is on a server. Nothing is found odd when
        the workspace uses the copy.
        """
        mark = self.marks.read().get(identity.name)
        known = () if mark is None else mark.files
        number = None if file is None else file_number(file)
        files = known if number is None else (*known, number)
        self.marks.record(identity.name, identity.beats, files)

    def _file(self) -> int | None:
        file = self.store.file
        return None if file is None else file_number(file)

    def _oddity(
        self, unit: "Unit", seen: Identity, marks: Mapping[str, Mark], file: int | None
    ) -> Oddity | None:
        return oddity(
            seen,
            marks,
            file=file,
            only_here=self.store.file is not None,
            empty=not unit.identity.has_deliveries(),
        )


def pause_everything(unit: "Unit", clock: Clock, reason: str) -> None:
    """Pause all accounts in our own name; the words of a person's pause stay in the reason."""
    now = clock.now()
    earlier = next((pause for pause in unit.pauses.all() if pause.account is None), None)
    if earlier is not None and not earlier.is_ours:
        reason = f"{reason} (paused before by {earlier.who}: {earlier.reason})"
    unit.pauses.begin(Pause(None, OURSELVES, now, reason))
    unit.audit.add(now, OURSELVES, "pause", EVERYTHING, reason)
