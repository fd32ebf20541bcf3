"""Threads that take turns: only who holds the baton runs, and the seed says who gets it next.

The daemons and people of a story run in threads of their own, as they would in life, and yet every
run of a seed is the same: the baton changes hands only where a seam says so.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from random import Random
from typing import Any


class Killed(BaseException):
    """A process ends here and now: nothing of it is settled, closed or committed."""


class Baton:
    """`holder` is whose turn it is, by name."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._waiting: dict[str, threading.Semaphore] = {}
        self._ended = threading.Semaphore(0)
        self.holder = "nobody"

    def run(self, parts: Mapping[str, Callable[[], None]]) -> None:
        """Run all parts to their ends, interleaved; what one of them raises is raised here."""
        if len(parts) == 1:
            ((self.holder, part),) = parts.items()
            part()
            return
        raised: list[BaseException] = []
        self._waiting = {name: threading.Semaphore(0) for name in parts}
        threads = [
            threading.Thread(target=self._play, args=(name, part, raised), daemon=True)
            for name, part in parts.items()
        ]
        for thread in threads:
            thread.start()
        self._give(self._next())
        self._ended.acquire()
        for thread in threads:
            thread.join()
        if raised:
            raise raised[0]

    def pass_on(self) -> None:
        """Let somebody else go on, or nobody: as the seed says."""
        if len(self._waiting) < 2:
            return
        mine, name = self.holder, self._next()
        if name == mine:
            return
        turn = self._waiting[mine]
        self._give(name)
        turn.acquire()

    def _next(self) -> str:
        return self._draw.choice(list(self._waiting))

    def _give(self, name: str) -> None:
        self.holder = name
        self._waiting[name].release()

    def _play(self, name: str, part: Callable[[], None], raised: list[BaseException]) -> None:
        self._waiting[name].acquire()
        try:
            part()
        except BaseException as error:  # noqa: BLE001 (raised again in the thread that asked)
            raised.append(error)
        del self._waiting[name]
        if self._waiting:
            self._give(self._next())
        else:
            self._ended.release()


class Inline(Executor):
    """Runs what it is given at once, in the thread that gives it. A killed thread stays killed."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (handed to whoever asks for the result)
            future.set_exception(error)
        return future
