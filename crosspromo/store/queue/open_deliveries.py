"""Open deliveries: those that a play takes up, and on which its forecasts rest."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, func

from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, is_draft_or_queued, is_sending, is_unknown


def are_open(
    here: Callable[[ColumnElement[str]], ColumnElement[bool]], until: Any
) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Yield SQL conditions, of which each open delivery of the accounts meets one or more.

    `here` makes the condition that a column names one of the accounts; `until` is a time, or a bind
    parameter.

    The queue belongs there until `until`. A held delivery belongs there by its due time, like a
    draft: it may be judged anew.
    """
    asleep = deliveries.c.wake_at.is_(None) & (deliveries.c.due_at <= until)
    # What is computed has no index: else, with many accounts, the whole queue would be read by its
    # state, and what is held by its account.
    state = func.coalesce(deliveries.c.state, "")
    for waiting, time in (
        (State.QUEUED, deliveries.c.wake_at <= until),
        (State.QUEUED, asleep),
        (State.DRAFT, asleep),
    ):
        yield here(deliveries.c.account), state == waiting, is_draft_or_queued(), time
    any_account = here(deliveries.c.account.concat(""))
    yield any_account, deliveries.c.hold_code.is_not(None), deliveries.c.due_at <= until
    for unsettled in is_sending(), is_unknown():
        yield here(deliveries.c.account), unsettled
