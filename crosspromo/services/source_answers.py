"""Answers of servers to readings of sources, and how long a host with many sources is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from crosspromo.domain.events import Event
from crosspromo.domain.sources import Source
from crosspromo.http.pages import Page, Unchanged, Version
from crosspromo.intake.feeds.feed import Feed
from crosspromo.intake.reading import Reading

PATIENCE = 60.0
"""Seconds after which no further source of a host is asked in one reading."""


NOTHING_THERE = frozenset({400, 401, 403, 404, 405, 406, 410, 451})
"""HTTP statuses by which a server says that there is nothing to read, now or later."""


class Fetches(Protocol):
    """Client that fetches documents on public hosts."""

    def fetch_changed(self, address: str, most: int, known: Version) -> Page | Unchanged: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer to the reading of one source, before it is kept; `was_asked` False: there is none.

    `is_none`: its server answers, and what is there is neither a feed nor a calendar.
    """

    source: Source
    page: Page | Unchanged | None = None
    feed: Feed | None = None
    calendar: Reading[Event] | None = None
    fault: str | None = None
    retry_after: timedelta | None = None
    was_asked: bool = True
    is_none: bool = False


def asked_of_a_host(
    ask: Callable[[Source], Answer],
    is_ending: Callable[[], bool],
    monotonic: Callable[[], float],
    sources: Sequence[Source],
) -> Sequence[Answer]:
    """Answers to the readings of one host's sources, one after the other.

    Where the host asks to wait, or has taken longer than PATIENCE, the others of it are not asked
    any more: one host that answers slowly holds up no others for long.
    """
    answers: list[Answer] = []
    wait: Answer | None = None
    ends_at = monotonic() + PATIENCE
    for source in sources:
        if is_ending():
            break  # what was claimed is read when the claim has ended
        if monotonic() >= ends_at:
            answers.append(Answer(source, fault=_asked_later(source), was_asked=False))
            continue
        answer = ask(source) if wait is None else replace(wait, source=source)
        answers.append(answer)
        if answer.retry_after is not None:
            wait = answer
    return answers


def _asked_later(source: Source) -> str:
    host = urlsplit(source.address).netloc
    return f"{host} took {PATIENCE:g} seconds for other sources; this one is asked later"
