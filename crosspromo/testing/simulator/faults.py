"""Faults between a network and its client, armed in advance and played back exactly.

An armed fault strikes a counted number of matching requests, in the order of their arrival. Nothing
here is random: the same requests in the same order meet the same faults.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase


class Moment(StrEnum):
    """Time of a fault: before or after the network has accepted the request."""

    BEFORE = "before"
    AFTER = "after"


class FaultKind(StrEnum):
    """Kinds of faults, named as in `fail_next` and in `POST /_faults`."""

    HANG = "hang"
    """No answer: the connection is held until the client gives up or the simulator stops."""
    CLOSE = "close"
    """No answer: the connection is closed."""
    DELAY = "delay"
    """The answer comes `seconds` late; before acceptance, so does the post: a client that has
    given up meanwhile is not noticed, as on a real network."""
    DRIP = "drip"
    """A byte of the answer comes every `seconds`, from its status line on."""
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    RATE_LIMITED = "429"
    """Too many requests; the reset is `seconds` away."""
    MOVED = "301"
    """A redirect to a page that answers a GET with something that looks like success."""
    UNAUTHORIZED = "401"
    OUT_OF_CREDITS = "402"
    SUSPENDED = "403"
    TOO_SOON = "ratelimit"
    """Reddit's own refusal, status 200 with RATELIMIT among the errors; X answers 429."""
    UNREADABLE = "unreadable"
    """A 2xx whose body is cut in half."""
    STALE_LISTING = "stale_listing"
    """Not an error: a look-up does not show the `newest` posts yet."""


_AFTER_KINDS = frozenset(
    {
        FaultKind.HANG,
        FaultKind.CLOSE,
        FaultKind.DELAY,
        FaultKind.DRIP,
        FaultKind.SERVER_ERROR,
        FaultKind.UNAVAILABLE,
        FaultKind.UNREADABLE,
    }
)
_AFTER_ONLY = frozenset({FaultKind.UNREADABLE, FaultKind.DRIP})
_DEFAULT_RESET_SECONDS = 60.0


class FaultError(ValueError):
    """Impossible fault, with the reason."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Fault that lets `skip` matching requests pass and then strikes `times` (None: always).

    Without a `path` it strikes writes (STALE_LISTING: look-ups of the own posts). A `path` names
    any request instead and may hold `*`; trailing slashes do not count. `seconds` is the delay of a
    DELAY, the time per byte of a DRIP, and the time to the reset of a RATE_LIMITED or TOO_SOON.
    """

    kind: FaultKind
    when: Moment = Moment.BEFORE
    times: int | None = 1
    skip: int = 0
    path: str | None = None
    seconds: float = _DEFAULT_RESET_SECONDS
    newest: int = 1

    def __post_init__(self) -> None:
        if self.when is Moment.AFTER and self.kind not in _AFTER_KINDS:
            raise FaultError(f"{self.kind} cannot come after the network has accepted a request")
        if self.when is Moment.BEFORE and self.kind in _AFTER_ONLY:
            raise FaultError(f"{self.kind} is a 2xx answer: it comes after acceptance")
        if self.times is not None and self.times < 1:
            raise FaultError("times is a count from 1, or null for always")
        if self.skip < 0 or self.seconds < 0 or self.newest < 1:
            raise FaultError("skip and seconds cannot be negative, and newest counts from 1")

    def covers(self, path: str, *, in_scope: bool) -> bool:
        """Whether the fault matches a request; `in_scope`: it is a write (or a look-up)."""
        if self.path is None:
            return in_scope
        return fnmatchcase(path.rstrip("/"), self.path.rstrip("/"))

    def document(self) -> dict[str, object]:
        """JSON object for `POST /_faults`."""
        return asdict(self)


def read_fault(document: object) -> Fault:
    """Fault read from a JSON object; FaultError names the mistake in it."""
    if not isinstance(document, Mapping):
        raise FaultError("a fault is a JSON object with at least a kind")
    unknown = set(document) - {f.name for f in fields(Fault)}
    if unknown:
        raise FaultError(f"a fault has no {', '.join(sorted(map(str, unknown)))}")
    try:
        times = document.get("times", 1)
        path = document.get("path")
        return Fault(
            kind=FaultKind(str(document.get("kind"))),
            when=Moment(str(document.get("when", Moment.BEFORE))),
            times=None if times is None else int(times),
            skip=int(document.get("skip", 0)),
            path=None if path is None else str(path),
            seconds=float(document.get("seconds", _DEFAULT_RESET_SECONDS)),
            newest=int(document.get("newest", 1)),
        )
    except (TypeError, ValueError) as error:
        raise FaultError(str(error)) from error


@dataclass(slots=True)
class _Armed:
    fault: Fault
    to_skip: int
    left: int | None


class FaultBoard:
    """Armed faults, in the order of arming. Safe to use from several threads."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def arm(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(_Armed(fault, fault.skip, fault.times))

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    @property
    def pending(self) -> tuple[Fault, ...]:
        """Faults with strikes left."""
        with self._lock:
            return tuple(armed.fault for armed in self._armed)

    def strike(self, moment: Moment, path: str, *, write: bool) -> Fault | None:
        """Fault that hits this request now, or None; one of its strikes is used up."""
        return self._take(
            path,
            in_scope=write,
            kinds=frozenset(FaultKind) - {FaultKind.STALE_LISTING},
            moment=moment,
        )

    def staleness(self, path: str) -> int:
        """Number of newest posts that this look-up must hide."""
        kinds = frozenset({FaultKind.STALE_LISTING})
        fault = self._take(path, in_scope=True, kinds=kinds, moment=Moment.BEFORE)
        return fault.newest if fault else 0

    def _take(
        self, path: str, *, in_scope: bool, kinds: frozenset[FaultKind], moment: Moment
    ) -> Fault | None:
        with self._lock:
            for armed in self._armed:
                fault = armed.fault
                if fault.kind not in kinds or fault.when is not moment:
                    continue
                if not fault.covers(path, in_scope=in_scope):
                    continue
                if armed.to_skip:
                    armed.to_skip -= 1
                    continue
                if armed.left is not None:
                    armed.left -= 1
                    if not armed.left:
                        self._armed.remove(armed)
                return fault
        return None
