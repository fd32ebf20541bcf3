"""Open deliveries: those that a play takes up, and on which its forecasts rest."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement

from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, is_draft_or_queued, is_sending, is_unknown


def are_open(
    on_account: ColumnElement[bool], until: Any
) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Yield SQL conditions, of which each open delivery of the accounts meets one or more.

    `on_account` is the condition of the accounts; `until` is a time, or a bind parameter.

    The queue belongs there until `until`. A held delivery belongs there by its due time, like a
    draft: it may be judged anew.
    """
    asleep = deliveries.c.wake_at.is_(None) & (deliveries.c.due_at <= until)
    held = deliveries.c.hold_code.is_not(None) & (deliveries.c.due_at <= until)
    for state, time in (
        (State.QUEUED, deliveries.c.wake_at <= until),
        (State.QUEUED, asleep),
        (State.QUEUED, held),
        (State.DRAFT, asleep),
    ):
        yield on_account, deliveries.c.state == state, is_draft_or_queued(), time
    for unsettled in is_sending(), is_unknown():
        yield on_account, unsettled
