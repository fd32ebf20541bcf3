"""Threads: one delivery that is several posts on the network, each a reply to the one before."""

from collections.abc import Callable, Sequence
from typing import TypeVar, assert_never

from crosspromo.domain.outcomes import NotSent, Rejected, Unknown

T = TypeVar("T")


def send_parts(
    parts: int,
    sent: Sequence[T],
    send_next: Callable[[Sequence[T]], T | NotSent | Rejected | Unknown],
) -> list[T] | NotSent | Rejected | Unknown:
    """Send the missing parts of a thread in their order, up to the first that fails.

    `sent` are the network's names of the first parts, as far as they are on it. `send_next` sends
    the part after those that it is given. The answer is the names of all parts, or how it ended.
    """
    names = list(sent)
    while len(names) < parts:
        outcome = send_next(names)
        if isinstance(outcome, NotSent | Rejected | Unknown):
            return incomplete_thread(len(names) + 1, parts, outcome) if names else outcome
        names.append(outcome)
    return names


def incomplete_thread(number: int, parts: int, outcome: NotSent | Rejected | Unknown) -> Unknown:
    """The outcome of a thread whose root is on the network, and whose part `number` failed.

    A thread that has begun cannot be called unsent, whatever happened to a later part.
    """
    match outcome:
        case NotSent(reason, retry_at) | Unknown(reason, _, retry_at):
            pass
        case Rejected(reason):
            retry_at = None
        case _:
            assert_never(outcome)
    words = f"part {number} of {parts} of the thread did not go out: {reason}"
    return Unknown(words, retry_at=retry_at)
