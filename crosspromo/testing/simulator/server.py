"""Base class of simulated networks: an HTTP server on loopback that can misbehave.

A network defines its answers (`answer`), its writes and its refusals. This module listens, plays
the armed faults around an answer, keeps the journal, and serves `/_…` to tests that run the
simulator in another process.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Self

from crosspromo.domain.clock import Clock, SystemClock
from crosspromo.testing.simulator import control
from crosspromo.testing.simulator.faults import Fault, FaultBoard, FaultKind, Moment
from crosspromo.testing.simulator.journal import Arrival, Journal
from crosspromo.testing.simulator.listener import Caller, Listener
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

LANDING_PATH = "/moved"
"""Where the 301 fault points; it answers every GET with `Simulator.landing`."""


class Simulator(ABC):
    """Network in a thread: `with XSimulator() as x:` starts it, and stops it without leftovers.

    `port` 0 picks a free one. `clock` is the network's own, which may differ from ours.
    """

    def __init__(self, *, port: int = 0, clock: Clock | None = None) -> None:
        self.faults = FaultBoard()
        self.journal = Journal()
        self._clock = clock or SystemClock()
        self._lock = threading.RLock()
        self._listener = Listener(port, self.serve, self.now)

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end; known before the start."""
        return f"http://127.0.0.1:{self._listener.port}"

    def now(self) -> datetime:
        """The network's time, in UTC."""
        return self._clock.now()

    def start(self) -> None:
        """Answer requests from now on, in threads of the simulator."""
        self._listener.start()

    def stop(self) -> None:
        """Release every held connection, end all threads, and free the port."""
        self._listener.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    @abstractmethod
    def posts(self) -> Sequence[control.Shown]:
        """Snapshot of the account's posts on the network, oldest first."""

    @abstractmethod
    def publish_elsewhere(self, author: str, text: str, title: str = "") -> str:
        """Put a post by another account on the network, and return its id."""

    @abstractmethod
    def is_write(self, request: Request) -> bool:
        """Whether this request would change posts on the network."""

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """Network's answer where nothing goes wrong. Called by one thread at a time."""

    @abstractmethod
    def refusal(self, fault: Fault) -> Answer:
        """Network's own wording of the status that this fault stands for."""

    @abstractmethod
    def landing(self) -> object:
        """JSON document at the target of a followed redirect; it looks like a success."""

    @property
    def writes(self) -> tuple[Arrival, ...]:
        """All writes that reached the network, accepted or not, in order."""
        return tuple(arrival for arrival in self.journal.arrivals if arrival.write)

    @property
    def reads(self) -> tuple[Arrival, ...]:
        """All other requests that reached the network, in order."""
        return tuple(arrival for arrival in self.journal.arrivals if not arrival.write)

    def fail_next(
        self,
        kind: FaultKind | str,
        when: Moment | str = Moment.BEFORE,
        *,
        times: int | None = 1,
        skip: int = 0,
        path: str | None = None,
        seconds: float = 60.0,
        newest: int = 1,
    ) -> None:
        """Arm one fault: see `Fault` for the meaning of each argument. `times=None`: always."""
        self.faults.arm(
            Fault(
                kind=FaultKind(kind),
                when=Moment(when),
                times=times,
                skip=skip,
                path=path,
                seconds=seconds,
                newest=newest,
            )
        )

    def serve(self, request: Request, caller: Caller) -> Answer | None:
        """Answer to one request; None closes the connection without an answer."""
        if request.path.startswith(control.PREFIX):
            return control.answer(self, request)
        if request.path == LANDING_PATH:
            return json_answer(200, self.landing())
        number = self.journal.arrive(request, write=self.is_write(request))
        answer = self._through_faults(number, request, caller)
        if answer is not None:
            self.journal.answered(number, answer.status)
        return answer

    def _through_faults(self, number: int, request: Request, caller: Caller) -> Answer | None:
        struck = self._strike(Moment.BEFORE, number, request)
        if struck is not None:
            if struck.kind is not FaultKind.DELAY:
                return self._fail(struck, caller)
            if caller.stopped_within(struck.seconds):
                return None
        with self._lock:
            answer = self.answer(request)
        if not answer.accepted:
            return answer
        self.journal.accepted(number)
        struck = self._strike(Moment.AFTER, number, request)
        if struck is None:
            return answer
        if struck.kind is FaultKind.UNREADABLE:
            return answer.broken()
        if struck.kind is FaultKind.DRIP:
            return replace(answer, seconds_a_byte=struck.seconds)
        if struck.kind is FaultKind.DELAY:
            return None if caller.stopped_within(struck.seconds) else answer
        return self._fail(struck, caller)

    def _strike(self, moment: Moment, number: int, request: Request) -> Fault | None:
        fault = self.faults.strike(moment, request.path, write=self.is_write(request))
        if fault is not None:
            self.journal.met(number, fault.kind)
        return fault

    def _fail(self, fault: Fault, caller: Caller) -> Answer | None:
        if fault.kind is FaultKind.HANG:
            caller.hold()
            return None
        if fault.kind is FaultKind.CLOSE:
            return None
        if fault.kind is FaultKind.MOVED:
            return Answer(301, b"", {"location": f"{self.url}{LANDING_PATH}"})
        with self._lock:
            return self.refusal(fault)
