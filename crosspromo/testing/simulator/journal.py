"""What arrived at a simulator, so that a test can say that exactly one POST did."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from crosspromo.testing.simulator.faults import FaultKind
from crosspromo.testing.simulator.messages import Request

_SHOWN_BODY = 2000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request. `status` is what it was answered with, None for no answer (yet or ever)."""

    number: int
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    write: bool
    accepted: bool = False
    status: int | None = None
    faults: tuple[FaultKind, ...] = ()

    def document(self) -> dict[str, object]:
        """As `GET /_writes` shows it."""
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "headers": dict(self.headers),
            "body": self.body[:_SHOWN_BODY].decode("utf-8", "replace"),
            "accepted": self.accepted,
            "status": self.status,
            "faults": list(self.faults),
        }


class Journal:
    """Every request in the order of its arrival. Safe to use from several threads."""

    def __init__(self) -> None:
        self._arrivals: list[Arrival] = []
        self._lock = threading.Lock()

    def arrive(self, request: Request, *, write: bool) -> int:
        """Writes the request down and returns its number. Credentials are left out."""
        headers = {
            name: value.split(" ", 1)[0] + " …" if name == "authorization" else value
            for name, value in request.headers.items()
        }
        with self._lock:
            number = len(self._arrivals)
            self._arrivals.append(
                Arrival(
                    number=number,
                    method=request.method,
                    path=request.path,
                    query=request.query,
                    headers=headers,
                    body=request.body,
                    write=write,
                )
            )
        return number

    def met(self, number: int, fault: FaultKind) -> None:
        """Notes that this request met a fault."""
        with self._lock:
            arrival = self._arrivals[number]
            self._arrivals[number] = replace(arrival, faults=(*arrival.faults, fault))

    def accepted(self, number: int) -> None:
        """Notes that the network did what this request asked."""
        with self._lock:
            self._arrivals[number] = replace(self._arrivals[number], accepted=True)

    def answered(self, number: int, status: int) -> None:
        """Notes the status this request is answered with."""
        with self._lock:
            self._arrivals[number] = replace(self._arrivals[number], status=status)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        with self._lock:
            return tuple(self._arrivals)
