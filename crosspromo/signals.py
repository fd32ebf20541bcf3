"""Signals: the orderly end of a process that sends posts."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = ("SIGTERM", "SIGINT", "SIGHUP")
"""Signals that end a run in order. `nohup` has SIGHUP ignored before, and then it stays so."""

IGNORED = ("SIGUSR1", "SIGUSR2")
"""Signals without a meaning here, which would otherwise end the process in the middle of a send."""


@contextmanager
def ended_by_signal(
    stop: threading.Event, interrupt: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Set `stop` on a signal of ENDING during the block; `interrupt` then ends a wait.

    Another such signal changes nothing: what is being sent is sent and settled first.
    """

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        interrupt()

    before = {number: signal.getsignal(number) for number in _numbers(ENDING + IGNORED)}
    for number in _numbers(ENDING):
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, on_signal)
    for number in _numbers(IGNORED):
        signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _numbers(names: Iterable[str]) -> list[signal.Signals]:
    """Signals of these names, as far as this machine has them."""
    return [signal.Signals[name] for name in names if name in signal.Signals.__members__]
