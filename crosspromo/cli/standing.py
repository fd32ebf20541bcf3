"""Notices of what needs a person, with the command that mends each, and their telling."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.cli.mending import instruction
from crosspromo.cli.telling import of_error
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.matters import Matter, NotTold
from crosspromo.domain.notices import Notice
from crosspromo.phrasing.matters import mend_of, of_matter

if TYPE_CHECKING:
    from pathlib import Path

    from crosspromo.services.notify import Notifier
    from crosspromo.worker_locks import WorkerLock
    from crosspromo.workspace import Workspace


SILENT_FOR = timedelta(minutes=15)
"""Time that a channel must have failed before the others tell of it: most hiccups end sooner."""


def notices(matters: Iterable[Matter], now: datetime, zone: ZoneInfo) -> list[Notice]:
    """Notices of these matters."""
    return [
        Notice(
            matter.key,
            matter.since or now,
            of_matter(matter, zone),
            _command(matter),
            matter.detail.channel if isinstance(matter.detail, NotTold) else None,
        )
        for matter in matters
        if not _may_pass(matter, now)
    ]


def _may_pass(matter: Matter, now: datetime) -> bool:
    """Whether a channel has failed for a short while only."""
    return (
        isinstance(matter.detail, NotTold)
        and matter.since is not None
        and now - matter.since < SILENT_FOR
    )


def of_trouble(words: str, clock: Clock) -> Notice:
    """Notice of a database that fails, which can hold no matter itself."""
    return Notice("database", clock.now(), words.removesuffix("."))


@contextmanager
def told_of_trouble(workspace: "Workspace", worker: str) -> Iterator[None]:
    """Tell people where the database fails in this block, once for each trouble.

    A file beside the database remembers what was told, until the block ends well or
    `forget_trouble`; on a full disk it is told each time.
    """
    memory = _memory(workspace)
    try:
        yield
    except DatabaseError as error:
        words = of_error(error, workspace.settings.organisation.zone)
        before = memory.read_text(encoding="utf-8") if memory.exists() else ""
        notice = of_trouble(words, workspace.clock)
        if words != before and workspace.services.notifier(list, worker).tell_unclaimed(notice):
            with suppress(OSError):
                memory.write_text(words, encoding="utf-8")
        raise
    forget_trouble(workspace)


def forget_trouble(workspace: "Workspace") -> None:
    """Forget what trouble with the database was told: it works, and a new trouble is told anew."""
    with suppress(OSError):  # as on a full disk
        _memory(workspace).unlink(missing_ok=True)


def _memory(workspace: "Workspace") -> "Path":
    return workspace.state_folder / "told-trouble"


def notifier(workspace: "Workspace", worker_lock: "WorkerLock") -> "Notifier":
    """Telling of what needs a person, in the name of this worker."""
    attention = workspace.services.attention(worker_lock)
    zone = workspace.settings.organisation.zone

    def needed() -> list[Notice]:
        return notices(attention.matters(), workspace.clock.now(), zone)

    return workspace.services.notifier(needed, worker_lock.worker)


def _command(matter: Matter) -> str | None:
    mend = mend_of(matter)
    return None if mend is None else instruction(mend)
