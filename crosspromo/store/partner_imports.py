"""Imports of partners in the store: what each changed, so that it can be undone, and the headings
whose meaning a person accepted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from crosspromo.domain.partner_rows import FieldChange, PartnerChange, PastImport
from crosspromo.store.schema import partner_import_changes, partner_imports, sheet_headings

MOST_KEPT = 10
"""Imports that can be undone; of older ones nothing is kept."""


class PartnerImportLog:
    """Imports of partners, the newest MOST_KEPT."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, who: str, source: str, changes: Sequence[PartnerChange]) -> int:
        """Record an import with its changes, at least one; its number is returned."""
        number: int = self._connection.execute(
            partner_imports.insert()
            .values(at=at, who=who, source=source)
            .returning(partner_imports.c.id)
        ).scalar_one()
        rows = [
            {
                "import_id": number,
                "slug": change.partner,
                "is_new": change.is_new,
                "fields": [list(field) for field in change.fields],
            }
            for change in changes
        ]
        self._connection.execute(partner_import_changes.insert(), rows)
        kept = select(partner_imports.c.id).order_by(partner_imports.c.id.desc()).limit(MOST_KEPT)
        oldest = min(self._connection.execute(kept).scalars())
        for column in (partner_import_changes.c.import_id, partner_imports.c.id):
            self._connection.execute(delete(column.table).where(column < oldest))
        return number

    def find(self, number: int | None) -> PastImport | None:
        """Import of that number (None: the newest import); None for an unknown number."""
        query = select(partner_imports).order_by(partner_imports.c.id.desc()).limit(1)
        if number is not None:
            query = query.where(partner_imports.c.id == number)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else PastImport(*row)

    def standing(self) -> Sequence[PastImport]:
        """Imports that are not undone, the newest first."""
        stands = select(partner_imports).where(partner_imports.c.undone_at.is_(None))
        rows = self._connection.execute(stands.order_by(partner_imports.c.id.desc()))
        return [PastImport(*row) for row in rows]

    def newest_not_undone(self) -> PastImport | None:
        """Newest import whose changes stand; None: there is none."""
        return next(iter(self.standing()), None)

    def changes(self, number: int) -> Sequence[PartnerChange]:
        """What the import changed, by slug."""
        query = (
            select(
                partner_import_changes.c.slug,
                partner_import_changes.c.is_new,
                partner_import_changes.c.fields,
            )
            .where(partner_import_changes.c.import_id == number)
            .order_by(partner_import_changes.c.slug)
        )
        return [
            PartnerChange(slug, is_new, tuple(FieldChange(*field) for field in fields))
            for slug, is_new, fields in self._connection.execute(query)
        ]

    def mark_undone(self, number: int, at: datetime) -> None:
        """Record that the import was undone."""
        self._connection.execute(
            update(partner_imports).where(partner_imports.c.id == number).values(undone_at=at)
        )


class SheetHeadings:
    """Headings of spreadsheets, by key, with the columns that a person accepted for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, str]:
        """Column by heading key."""
        query = select(sheet_headings.c.heading, sheet_headings.c.means)
        return {row.heading: row.means for row in self._connection.execute(query)}

    def remember(self, meanings: Mapping[str, str], who: str, at: datetime) -> None:
        """Keep meanings of headings, in place of earlier ones."""
        if not meanings:
            return
        self._connection.execute(
            delete(sheet_headings).where(sheet_headings.c.heading.in_(meanings))
        )
        self._connection.execute(
            sheet_headings.insert(),
            [
                {"heading": heading, "means": means, "who": who, "at": at}
                for heading, means in meanings.items()
            ],
        )
