"""Journal of requests at a simulator: a test reads there that exactly one POST arrived."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from crosspromo.testing.simulator.faults import FaultKind
from crosspromo.testing.simulator.messages import Request

_SHOWN_BODY = 2000


@dataclass(frozen=True, slots=True)
class Arrival:
    """Request that arrived. `status` is that of its answer; None: no answer (yet or ever)."""

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
        """JSON object for `GET /_writes`."""
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
    """Requests in the order of their arrival. Safe to use from several threads."""

    def __init__(self) -> None:
        self._arrivals: list[Arrival] = []
        self._lock = threading.Lock()

    def arrive(self, request: Request, *, write: bool) -> int:
        """Record a request without its credentials, and return its number."""
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
        """Record that the request met a fault."""
        with self._lock:
            arrival = self._arrivals[number]
            self._arrivals[number] = replace(arrival, faults=(*arrival.faults, fault))

    def accepted(self, number: int) -> None:
        """Record that the network did what the request asked."""
        with self._lock:
            self._arrivals[number] = replace(self._arrivals[number], accepted=True)

    def answered(self, number: int, status: int) -> None:
        """Record the status of the answer to the request."""
        with self._lock:
            self._arrivals[number] = replace(self._arrivals[number], status=status)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        with self._lock:
            return tuple(self._arrivals)
