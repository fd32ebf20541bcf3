"""Undoable acts in the store: what each replaced. Acts that are too old are deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from crosspromo.domain.approval import name_key
from crosspromo.domain.states import State
from crosspromo.domain.undo import UNDONE_WITHIN, Undoable, UndoableAct
from crosspromo.store.schema import undoable_acts


class Undos:
    """Acts that can be taken back. Of a delivery only the latest act is kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, act: Undoable) -> None:
        """Store an act in place of an earlier one on its delivery."""
        table = undoable_acts.c
        gone = (table.delivery_id == act.delivery) | (table.at <= act.at - UNDONE_WITHIN)
        self._connection.execute(delete(undoable_acts).where(gone))
        self._connection.execute(
            undoable_acts.insert(),
            {
                "delivery_id": act.delivery,
                "group": act.group,
                "act": act.act,
                "who": name_key(act.who),
                "name": act.who,
                "at": act.at,
                "state": act.state,
                "due_at": act.due_at,
                "pinned": act.pinned,
                "attempt": act.attempt,
                "moved_to": act.moved_to,
            },
        )

    def latest_of(self, who: str, now: datetime) -> Sequence[Undoable]:
        """Acts of the person's latest order that can still be taken back, by delivery."""
        query = (
            select(undoable_acts)
            .where(undoable_acts.c.who == name_key(who), undoable_acts.c.at > now - UNDONE_WITHIN)
            .order_by(undoable_acts.c.at.desc(), undoable_acts.c.delivery_id)
        )
        found = [_undoable(row) for row in self._connection.execute(query)]
        return [each for each in found if each.group == found[0].group]

    def forget(self, group: str) -> None:
        """Delete the acts of an order."""
        self._connection.execute(delete(undoable_acts).where(undoable_acts.c.group == group))


def _undoable(row: Row[Any]) -> Undoable:
    return Undoable(
        group=row.group,
        delivery=row.delivery_id,
        act=UndoableAct(row.act),
        who=row.name,
        at=row.at,
        state=State(row.state),
        due_at=row.due_at,
        pinned=row.pinned,
        attempt=row.attempt,
        moved_to=row.moved_to,
    )
