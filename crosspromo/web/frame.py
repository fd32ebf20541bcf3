"""Frame: what stands around every page — masthead, sending strip, footer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosspromo.domain.people import Role
from crosspromo.services.sending_state import SendingState
from crosspromo.web.counting import count
from crosspromo.web.routes import JSON_SUFFIX, has_page
from crosspromo.web.visit import Visit
from crosspromo.web.words import frame as words
from crosspromo.web.words import undo

ROLES_OF_ENTRIES: Mapping[str, Role] = {"/people": Role.ADMIN}
"""Entries of the navigation that not every reader may open."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry of the navigation."""

    path: str
    word: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """Sending strip. `state` is sending, paused or stopped."""

    state: str
    words: str
    more: str
    place: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Line by which the person takes back the latest act."""

    words: str
    group: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page. Without a person (signing in) there is no navigation."""

    organisation: str
    entries: Sequence[Entry]
    strip: Strip | None
    json_path: str | None
    undo: Undo | None = None


def frame_of(visit: Visit, sending: SendingState | None = None) -> Frame:
    """Frame of a page; the sending state is read where the page does not know it."""
    if visit.person is None:
        return bare_frame(visit)
    return Frame(
        visit.workspace.settings.organisation.name,
        entries_for(visit),
        strip_of(sending or visit.services.sending_states.now(), visit),
        _json_path(visit) if visit.route.has_json else None,
        _undo_of(visit) if visit.may_undo and visit.may(Role.AUTHOR) else None,
    )


def _undo_of(visit: Visit) -> Undo | None:
    offered = visit.services.undo(visit.me.name).offered()
    return Undo(undo.offer(offered, visit.moments), offered[0].group) if offered else None


def bare_frame(visit: Visit) -> Frame:
    """Frame without navigation and strip, for which the database is not asked."""
    return Frame(visit.workspace.settings.organisation.name, (), None, None)


def entries_for(visit: Visit) -> list[Entry]:
    """Navigation entries of existing pages, as far as the person's role allows."""
    return [
        Entry(path, word, path == visit.route.section, count(visit.workspace) if path == "/" else 0)
        for path, word in words.ENTRIES
        if has_page(path) and visit.may(ROLES_OF_ENTRIES.get(path, Role.READER))
    ]


def strip_of(state: SendingState, visit: Visit) -> Strip:
    """Sending strip."""
    kind = "paused" if state.pause is not None else "sending" if state.is_alive else "stopped"
    said, more = words.sending(state, visit.moments)
    return Strip(kind, said, more, words.place(visit.moments))


def _json_path(visit: Visit) -> str:
    query = f"?{visit.query}" if visit.query else ""
    return f"{visit.path}{JSON_SUFFIX}{query}"
