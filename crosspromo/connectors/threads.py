"""Threads: one delivery sent as several posts, each a reply to the post before."""

from collections.abc import Callable, Sequence
from typing import TypeVar, assert_never

from crosspromo.domain.outcomes import NotSent, Rejected, Unknown

T = TypeVar("T")


def send_parts(
    parts: int,
    sent: Sequence[T],
    send_next: Callable[[Sequence[T]], T | NotSent | Rejected | Unknown],
) -> list[T] | NotSent | Rejected | Unknown:
    """Send the missing parts of a thread in order, up to the first failure.

    `sent` names the first parts, as far as the network has them. `send_next` sends the next part
    after the names that it is given, and returns the name of this part or its failure. The result
    is the names of all parts, or the outcome of the whole send.
    """
    names = list(sent)
    while len(names) < parts:
        outcome = send_next(names)
        if isinstance(outcome, NotSent | Rejected | Unknown):
            return incomplete_thread(len(names) + 1, parts, outcome) if names else outcome
        names.append(outcome)
    return names


def incomplete_thread(number: int, parts: int, outcome: NotSent | Rejected | Unknown) -> Unknown:
    """Outcome of a thread whose root is on the network and whose part `number` failed.

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
