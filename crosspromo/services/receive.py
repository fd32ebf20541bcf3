"""Entry of what partners did for us, as people saw it. It never changes the gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.reasons.partners import ReceivedAhead, WordsTooLong
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.requests import given_name
from crosspromo.domain.web_address import whole_address

if TYPE_CHECKING:
    from crosspromo.settings import Settings
    from crosspromo.store.unit import Store

LONGEST = 2_000
"""Characters of a note."""

MOST_SHOWN = 200
"""Latest things received that are shown."""


@dataclass(frozen=True)
class Receiving:
    """What partners did for us, entered by a person (`actor`)."""

    store: "Store"
    clock: Clock
    settings: "Settings"
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def add(
        self,
        partner: str,
        kind: ReceivedKind,
        at: datetime,
        *,
        account: str | None = None,
        url: str = "",
        words: str = "",
    ) -> Received:
        """Enter what a partner did for us at the time `at`, which is aware.

        NotFoundError for an unknown partner or account; InputError for a time ahead, for a text
        that is no web address, and for a very long note.
        """
        now = self.clock.now()
        if at > now:
            raise InputError(ReceivedAhead(at))
        said = without_invisible(words).strip()
        if len(said) > LONGEST:
            raise InputError(WordsTooLong("a note", LONGEST))
        ours = None if account is None else self.settings.account(account).name
        address = whole_address(url) if url.strip() else ""
        with self.store.write() as unit:
            slug = unit.partners.get(partner).slug
            return unit.received.add(
                Received(0, slug, at, kind, ours, address, said, now, self.actor)
            )

    def latest(self, partner: str | None = None) -> Sequence[Received]:
        """The MOST_SHOWN latest things received, of one partner or of all, the latest first.

        NotFoundError for an unknown slug.
        """
        with self.store.read() as unit:
            slug = None if partner is None else unit.partners.get(partner).slug
            return unit.received.latest(MOST_SHOWN, slug)
