"""Reading of lists whose newest items stand first, in pages that may end at any time.

The newest item that was there at the beginning becomes the mark up to which the next reading goes,
but only once this reading has come to its end. So nothing is lost where it is cut off between.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Place in a list: items up to the mark `until` were read; `page` is the next page.

    `newest` is the mark of this reading's newest item. Marks and pages are the network's own.
    """

    until: str = ""
    newest: str = ""
    page: str = ""


class Turned(NamedTuple):
    """Cursor after a page, and whether there is a next page now."""

    cursor: str
    more: bool


def place_of(cursor: str | None) -> Place:
    """Place that a cursor means; the beginning for None, and for what nobody can read."""
    try:
        return msgspec.json.decode(cursor or "{}", type=Place)
    except msgspec.DecodeError:
        return Place()


def turned(place: Place, marks: Sequence[str], page: str | None, *, ended: bool) -> Turned:
    """Cursor after a page with items of these marks, the newest first.

    `page` names the next page; None: there is none. `ended`: the mark `until` was reached.
    """
    newest = place.newest or (marks[0] if marks else "")
    if ended or page is None or not marks or page == place.page:
        return Turned(_written(Place(newest or place.until)), more=False)
    return Turned(_written(Place(place.until, newest, page)), more=True)


def _written(place: Place) -> str:
    return msgspec.json.encode(place).decode()
