"""Consents of people on images in the store, and the images that deliveries show."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.photos import PhotoConsent
from crosspromo.domain.reasons.not_found import NoSuchPhotoConsent
from crosspromo.domain.states import IN_DOUBT, State
from crosspromo.store.permissions import day_of
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.queue.hold_history import end_holds
from crosspromo.store.schema import deliveries, delivery_photos, is_draft_or_queued
from crosspromo.store.schema import photo_consents as consents
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.transfer import in_lots

_NAMES = tuple(field.name for field in fields(PhotoConsent) if field.name != "number")


class PhotoConsents:
    """Consents by number and by hash, and the hashes of deliveries, within one transaction."""

    def __init__(self, connection: Connection, deliveries_: Deliveries) -> None:
        self._connection = connection
        self._deliveries = deliveries_

    def add(self, consent: PhotoConsent) -> int:
        """Record an answer, whose own number does not matter; returns its number."""
        values: dict[str, Any] = {name: getattr(consent, name) for name in _NAMES}
        values["networks"] = sorted(set(consent.networks))
        values["until"] = None if consent.until is None else consent.until.isoformat()
        key = self._connection.execute(consents.insert().values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def get(self, number: int) -> PhotoConsent:
        """Answer by number, locked until the end of the write transaction.

        NotFoundError if none exists.
        """
        query = select(consents).where(consents.c.id == number).with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchPhotoConsent(number))
        return _consent(row)

    def all(self) -> Sequence[PhotoConsent]:
        """Every answer, by image, person and number."""
        query = select(consents).order_by(consents.c.image, consents.c.person, consents.c.id)
        return [_consent(row) for row in self._connection.execute(query)]

    def on(self, hashes: Collection[str]) -> Sequence[PhotoConsent]:
        """Answers of the people on these images, by number."""
        query = select(consents).where(consents.c.hash.in_(hashes)).order_by(consents.c.id)
        return [_consent(row) for row in self._connection.execute(query)]

    def withdraw(self, number: int, now: datetime, who: str, why: str) -> None:
        """Mark a standing answer as withdrawn."""
        self._connection.execute(
            update(consents)
            .where(consents.c.id == number, consents.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now, withdrawn_by=who, withdrawn_why=why)
        )

    # -- images of deliveries ------------------------------------------------------------------

    def set_hashes(self, delivery: int, hashes: Iterable[str]) -> None:
        """Replace the hashes of the images that a delivery (an id) shows."""
        of_delivery = delivery_photos.c.delivery_id == delivery
        self._connection.execute(delete(delivery_photos).where(of_delivery))
        rows = [{"delivery_id": delivery, "hash": each} for each in sorted(set(hashes))]
        if rows:
            self._connection.execute(delivery_photos.insert(), rows)

    def hashes(self, delivery: int) -> frozenset[str]:
        """Hashes of the images that a delivery (an id) shows."""
        query = select(delivery_photos.c.hash).where(delivery_photos.c.delivery_id == delivery)
        return frozenset(self._connection.execute(query).scalars())

    def of_deliveries(self, ids: Iterable[int]) -> Mapping[int, Sequence[PhotoConsent]]:
        """Answers of the people on the images of these deliveries, by delivery."""
        found: dict[int, list[PhotoConsent]] = {}
        for row in _OF_DELIVERIES.rows(self._connection, ids=list(ids)):
            found.setdefault(row.delivery_id, []).append(_consent(row))
        return found

    def waiting(self, hash_: str) -> Sequence[Delivery]:
        """Drafts and queued deliveries that show this image, by id; locked as their needs are."""
        return self._deliveries.locked_where(is_draft_or_queued(), _showing(hash_))

    def gone_out(self, hash_: str) -> Sequence[Delivery]:
        """Deliveries with this image that are or may be on their network.

        What is being sent is waited for no longer than its claim takes.
        """
        in_doubt = self._deliveries.locked_where(deliveries.c.state.in_(IN_DOUBT), _showing(hash_))
        standing = deliveries.c.state == State.PUBLISHED
        return [*in_doubt, *self._deliveries.some(standing, _showing(hash_))]

    def mark_gone_out(self, ids: Collection[int], hash_: str, now: datetime) -> None:
        """Note that a consent by which these deliveries had gone out is gone."""
        for some in in_lots(sorted(ids)):
            self._connection.execute(
                update(delivery_photos)
                .where(delivery_photos.c.delivery_id.in_(some), delivery_photos.c.hash == hash_)
                .values(withdrawn_at=now)
            )

    def judge_anew(self, hash_: str, now: datetime) -> None:
        """End the holds of deliveries that waited for a consent on this image."""
        woken = self._connection.execute(
            update(deliveries)
            .where(deliveries.c.hold_code == "photo-consent", _showing(hash_))
            .values(wake_at=deliveries.c.due_at, hold_code=None, hold_values=None, hold_until=None)
            .returning(deliveries.c.id)
        )
        end_holds(self._connection, woken.scalars().all(), now)


def _showing(hash_: str) -> Any:
    shown = select(delivery_photos.c.delivery_id).where(delivery_photos.c.hash == hash_)
    return deliveries.c.id.in_(shown)


_OF_DELIVERIES = CompiledSelect(
    lambda among: (
        select(delivery_photos.c.delivery_id, *consents.c)
        .select_from(delivery_photos)
        .join(consents, consents.c.hash == delivery_photos.c.hash)
        .where(among(delivery_photos.c.delivery_id, "ids"))
        .order_by(delivery_photos.c.delivery_id, consents.c.id)
    ),
    "ids",
)


def _consent(row: Row[Any]) -> PhotoConsent:
    values: dict[str, Any] = {name: getattr(row, name) for name in _NAMES}
    values["networks"] = tuple(row.networks)
    values["until"] = day_of(row.until)
    return PhotoConsent(number=row.id, **values)
