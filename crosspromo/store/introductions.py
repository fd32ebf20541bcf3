"""Introductions in the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.introductions import Introduction
from crosspromo.domain.reasons.not_found import NoSuchIntroduction
from crosspromo.store.partners import Partners
from crosspromo.store.schema import introductions, partners


class Introductions:
    """Introductions by number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: Introduction) -> int:
        """Add an introduction; its number is returned."""
        known = Partners(self._connection)
        (needing,), (offering,) = known.ids([new.needing]), known.ids([new.offering])
        done = self._connection.execute(
            introductions.insert()
            .values(
                needing_id=needing,
                offering_id=offering,
                need=new.need,
                offer=new.offer,
                proposed_at=new.proposed_at,
                proposed_by=new.proposed_by,
            )
            .returning(introductions.c.id)
        )
        return int(done.scalar_one())

    def get(self, number: int, *, lock: bool = False) -> Introduction:
        """Introduction with this number; NotFoundError for an unknown number.

        `lock`: nobody else changes it until the transaction ends.
        """
        if lock:
            locked = select(introductions.c.id).where(introductions.c.id == number)
            self._connection.execute(locked.with_for_update()).all()
        row = self._connection.execute(_ALL.where(introductions.c.id == number)).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchIntroduction(number))
        return _introduction(row)

    def all(self) -> Sequence[Introduction]:
        """All introductions, the newest first; those of two records that were merged left out."""
        apart = introductions.c.needing_id != introductions.c.offering_id
        rows = self._connection.execute(_ALL.where(apart).order_by(introductions.c.id.desc()))
        return [_introduction(row) for row in rows]

    def agree(self, number: int, *, needing: bool, at: datetime) -> None:
        """Store that one of the two agrees; `needing`: who has the need."""
        column = (
            introductions.c.needing_agreed_at if needing else introductions.c.offering_agreed_at
        )
        self._set(number, {column.name: at})

    def decline(self, number: int, partner: str, at: datetime) -> None:
        """Store that one of the two does not want it."""
        self._set(number, {"declined_for": partner, "declined_at": at})

    def _set(self, number: int, values: dict[str, Any]) -> None:
        change = update(introductions).where(introductions.c.id == number)
        self._connection.execute(change.values(**values))


_NEEDING, _OFFERING = partners.alias("needing"), partners.alias("offering")

_ALL: Select[Any] = (
    select(introductions, _NEEDING.c.slug.label("needing"), _OFFERING.c.slug.label("offering"))
    .join(_NEEDING, _NEEDING.c.id == introductions.c.needing_id)
    .join(_OFFERING, _OFFERING.c.id == introductions.c.offering_id)
)


def _introduction(row: Row[Any]) -> Introduction:
    return Introduction(
        number=row.id,
        needing=row.needing,
        offering=row.offering,
        need=row.need,
        offer=row.offer,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        needing_agreed_at=row.needing_agreed_at,
        offering_agreed_at=row.offering_agreed_at,
        declined_at=row.declined_at,
        declined_for=row.declined_for,
    )
