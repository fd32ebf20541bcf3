"""New rows of an editorial calendar as posts to be queued.

A row with a known partner is a spotlight, any other a post about ourselves: what a sheet says of
kind or credit is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.campaigns import chosen_campaign
from crosspromo.domain.clock import Clock
from crosspromo.domain.compose_drafts import KEPT_PICTURE
from crosspromo.domain.editorial import in_one_line
from crosspromo.domain.errors import WHOLE_ROW, CrosspromoError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.sheets import (
    NoAccountInRow,
    NoWordsInRow,
    PartnerNotKnown,
    PictureNotKept,
    StateNotSet,
    TooManyNewRows,
)
from crosspromo.domain.requests import OwnPost, PostRequest, Spotlight, Words
from crosspromo.services.calendar_rows import Faults, when_of

if TYPE_CHECKING:
    from crosspromo.domain.partners import Partner
    from crosspromo.intake.calendar_sheet import RowOfCalendar
    from crosspromo.services.queue_post import AskedPost, PostQueue
    from crosspromo.store.unit import Store

EVERY_ACCOUNT = "all"

MOST_NEW = 1_000
"""Most new posts of a sheet: all are queued in one transaction, and others wait for it."""


class NewRow(NamedTuple):
    """Row of a new post, with what it asks for, and its note."""

    number: int
    asked: "AskedPost"
    note: str


@dataclass(frozen=True)
class NewRows:
    """Reads new rows; `author` is the person who brings the sheet."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    queue: "PostQueue"
    author: str

    def asked(
        self, rows: "Sequence[RowOfCalendar]", faults: Faults, *, kept: bool
    ) -> Sequence[NewRow]:
        """Posts that rows ask for, before the transaction; pictures are stored if `kept`."""
        if not rows:
            return ()
        with self.store.read() as unit:
            partners = [each for each in unit.partners.all() if each.archived_at is None]
        by_name = {each.name.casefold(): each for each in partners}
        by_name |= {each.slug: each for each in partners}
        now = self.clock.now()
        found: list[NewRow] = []
        for row in rows:
            if len(found) == MOST_NEW:
                faults.refuse(row.number, WHOLE_ROW, TooManyNewRows(MOST_NEW))
                break
            try:
                accounts = self._accounts(row.cells.get("account", ""))
                if not accounts:
                    faults.refuse(row.number, "account", NoAccountInRow())
                    continue
                request = self._request(row, by_name, faults)
                if request is not None:
                    (asked,) = self.queue.asked([(request, accounts)], now, kept=kept)
                    found.append(NewRow(row.number, asked, row.cells.get("note", "")))
            except CrosspromoError as error:
                faults.catch(row.number, WHOLE_ROW, error)
        return found

    def _accounts(self, cell: str) -> Sequence[str]:
        if cell.casefold() == EVERY_ACCOUNT:
            return list(self.queue.rules)
        return [each.strip() for each in cell.replace("\n", ",").split(",") if each.strip()]

    def _request(
        self, row: "RowOfCalendar", partners: "dict[str, Partner]", faults: Faults
    ) -> PostRequest | None:
        """Post that a row asks for; None: a fault was taken down."""
        cells = row.cells
        text, named = cells.get("text", ""), cells.get("partner", "")
        partner = partners.get(named.casefold())
        common = self._common(row, faults)
        if partner is None and not text:
            faults.refuse(row.number, "text", NoWordsInRow())
            return None
        if common is None:
            return None
        for column in ("state", "approver"):
            if cells.get(column):
                faults.remark(row.number, StateNotSet(None, cells[column]))
        if partner is not None:
            return Spotlight(partner=partner.slug, text=text or None, **common)
        if named:
            faults.remark(row.number, PartnerNotKnown(named))
        return OwnPost(says=Words(text), **common)

    def _common(self, row: "RowOfCalendar", faults: Faults) -> dict[str, Any] | None:
        """Fields of a request that both kinds have; None: a fault was taken down."""
        cells = row.cells
        at, when_allowed = None, False
        if cells.get("date") or cells.get("time"):
            when = when_of(row.number, cells, self.zone, faults)
            if when is None:
                return None
            at, when_allowed = when.at, when.at is None
        paths = [each.strip() for each in cells.get("media", "").split("\n") if each.strip()]
        strange = next((each for each in paths if not KEPT_PICTURE.fullmatch(each)), None)
        if strange is not None:
            faults.refuse(row.number, "media", PictureNotKept(strange))
            return None
        alts = [in_one_line(each) for each in cells.get("alt", "").split("\n")]
        alts += [""] * len(paths)  # a picture without its alt text is refused when it is queued
        return {
            "author": self.author,
            "at": at,
            "when_allowed": when_allowed,
            "link": cells.get("link") or None,
            "images": tuple(map(Image, paths, alts)),
            "campaign": chosen_campaign(cells.get("campaign")),
        }
