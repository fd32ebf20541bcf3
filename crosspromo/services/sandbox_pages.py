"""Pages about the sandbox accounts: an index with what was sent and what comes next, and badges."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crosspromo.domain.states import State
from crosspromo.settings import Account, Organisation

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.rendering.sandbox_index import Shelf
    from crosspromo.store.unit import Store

ROOM = 100
"""Deliveries of an account that the index shows."""


@dataclass(frozen=True)
class SandboxPages:
    """Writes the index and the badges beside the pages of the sandbox accounts."""

    store: "Store"
    folder: Path
    accounts: Mapping[str, Account]
    organisation: Organisation

    def write(self) -> Path | None:
        """Path of the index after it was written anew; None where there is no sandbox account.

        OSError where the folder cannot be written.
        """
        names = [name for name, each in self.accounts.items() if each.network == "sandbox"]
        if not names:
            return None
        from crosspromo.connectors.sandbox_page import BADGES, INDEX, head  # noqa: PLC0415
        from crosspromo.rendering.sandbox_index import badges, index  # noqa: PLC0415 (run needs it)

        shelves = [self._shelf(name) for name in names]
        title = f"{self.organisation.name}: crosspromo sandbox"
        pages = {
            INDEX: index(head(title), self.organisation.name, shelves, self.organisation.zone),
            BADGES: badges(each for shelf in shelves for each in shelf.sent),
        }
        self.folder.mkdir(exist_ok=True)
        for name, text in pages.items():
            new = self.folder / f".{name}.new"
            new.write_text(text, encoding="utf-8")
            new.replace(self.folder / name)
        return self.folder / INDEX

    def _shelf(self, account: str) -> "Shelf":
        from crosspromo.rendering.sandbox_index import Shelf  # noqa: PLC0415
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415

        def listed(*states: State) -> "list[Delivery]":
            with self.store.read() as unit:
                wanted = Filter(states=frozenset(states), account=account)
                return list(unit.deliveries.listed(wanted, ROOM)[0])

        sent = listed(State.PUBLISHED)
        coming = listed(State.DRAFT, State.QUEUED)
        return Shelf(
            account,
            self.accounts[account].text_network,
            sorted(sent, key=lambda each: each.published_at or each.due_at, reverse=True),
            sorted(coming, key=lambda each: each.due_at),
        )
