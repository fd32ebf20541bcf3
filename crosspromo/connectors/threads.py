"""Threads: one delivery that is several posts on the network, told apart by its root."""

from typing import assert_never

from crosspromo.domain.outcomes import NotSent, Outcome, Rejected, Sent, Unknown


def incomplete_thread(number: int, parts: int, outcome: Outcome) -> Unknown:
    """What to answer when part `number` did not go out although its root did.

    A thread that began cannot be called unsent, whatever befell a later part.
    """
    match outcome:
        case NotSent(reason, retry_at) | Unknown(reason, _, retry_at):
            pass
        case Rejected(reason):
            retry_at = None
        case Sent():
            raise ValueError("this part did go out")
        case _:
            assert_never(outcome)
    words = f"part {number} of {parts} of the thread did not go out: {reason}"
    return Unknown(words, retry_at=retry_at)
