"""Sheets: tables for people as CSV, of which no cell runs as a formula."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery

DELIVERIES = (
    *("id", "post", "account", "network", "kind", "state", "held", "counts", "due_at"),
    *("published_at", "partners", "event", "author", "title", "text", "link", "url"),
)
"""Columns of the table of deliveries."""


def sheet_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text of a table."""
    from crosspromo.intake.spreadsheet import write_table  # noqa: PLC0415 (pages do not need it)

    return write_table(columns, rows)


def sheet_of_deliveries(deliveries: "Iterable[Delivery]") -> str:
    """CSV text of deliveries, in the columns of DELIVERIES; times are in UTC."""
    return sheet_of(DELIVERIES, map(_cells, deliveries))


def _cells(delivery: "Delivery") -> list[str]:
    content, published_at = delivery.content, delivery.published_at
    return [
        str(delivery.id),
        str(delivery.post),
        delivery.account,
        delivery.network,
        delivery.kind.value,
        delivery.state.value,
        "" if delivery.hold is None else delivery.hold.code,
        delivery.credit.value,
        delivery.due_at.isoformat(timespec="seconds"),
        "" if published_at is None else published_at.isoformat(timespec="seconds"),
        " ".join(delivery.partners),
        delivery.event or "",
        delivery.author,
        content.title or "",
        content.text,
        content.link or "",
        delivery.url or "",
    ]
