"""Feed and its items, in one form for RSS, Atom and JSON Feed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspromo.domain.errors import RowError

MOST_ITEMS = 1_000
"""Most items that are read of a feed. Feeds begin with the newest."""

LONGEST_TITLE = 300
LONGEST_SUMMARY = 2_000
LONGEST_NAME = 200
LONGEST_ADDRESS = 2_000
"""Characters."""


class Format(StrEnum):
    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Item:
    """Item of a feed, in plain text; what the feed does not say is empty or None.

    `id` is the name that the feed gives it, `link` a whole web address. `source` is the domain of
    whoever published what an item of Google Alerts leads to. Times are in UTC.
    """

    id: str = ""
    title: str = ""
    link: str = ""
    summary: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    image: str = ""
    language: str = ""
    source: str = ""

    @property
    def moment(self) -> datetime | None:
        """When the item appeared, as far as the feed says, in UTC."""
        return self.published or self.updated


def fault(row: int, column: str, message: str, title: str = "") -> RowError:
    """Remark on the item of this ordinal; 0 is the feed itself. People find items by title."""
    if not row:
        return RowError(0, column, message)
    return RowError(row, column, message, f'item {row}, "{title[:60]}"' if title else f"item {row}")


@dataclass(frozen=True, slots=True)
class Feed:
    """Feed with its items in the order of the file.

    `remarks` say what could not be read as it stands: the row is the ordinal of the item, 0 for the
    feed itself, the column the element.
    """

    format: Format
    id: str = ""
    title: str = ""
    link: str = ""
    language: str = ""
    items: tuple[Item, ...] = ()
    remarks: tuple[RowError, ...] = ()
