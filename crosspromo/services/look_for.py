"""Search on the networks for queued deliveries, which may have been sent from another database."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.outcomes import LookUp, Unclear
from crosspromo.domain.policy import Policy
from crosspromo.publishing.networks import Connector, Finds
from crosspromo.services.delivery_view import DeliveryView, views

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

log = logging.getLogger(__name__)

MOST = 50
"""Most deliveries that are looked for at a time: each is a request or more to a network."""

BEFORE = timedelta(days=1)
"""Time before the due time from which a search reads, where the time of the copy is not known."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Queued delivery, and the answer of its network; None: it was not asked.

    `overdue`: its due time has passed.
    """

    view: DeliveryView
    overdue: bool
    answer: LookUp | None


@dataclass(frozen=True)
class Search:
    """Searches for deliveries by their content. Nothing is changed by it.

    `policies` are those of every account by name, `connector` builds an account's connector.
    """

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    connector: Callable[[str], Connector]

    def queued(self, since: datetime | None = None) -> Iterator[Sought]:
        """Queued deliveries in the order of their due times, each with its network's answer.

        All overdue ones, and later ones up to MOST: they may have been moved up in the other
        database. `since`: the time of the copy that this database was made from, if it is known.
        An account that cannot be asked is asked once. Posts of this database's own sends are passed
        over. Outside posts are not: one that was imported may be the sought one.
        """
        now = self.clock.now()
        unable: dict[str, Unclear] = {}
        found, known = self._read(now)
        for number, view in enumerate(found):
            delivery = view.delivery
            overdue = delivery.due_at < now
            answer: LookUp | None = None
            if number < MOST and delivery.account in self.policies:
                answer = unable.get(delivery.account)
                if answer is None:
                    begun = since or min(delivery.due_at, now) - BEFORE
                    try:
                        answer = self._ask(delivery, begun, known[delivery.account])
                    except CrosspromoError as error:
                        answer = unable[delivery.account] = Unclear(str(error))
                    except Exception as error:  # of a connector: the others are still looked for
                        log.exception("looking for %d failed on a fault of our own", delivery.id)
                        answer = Unclear(f"a fault of our own: {type(error).__name__}")
            yield Sought(view, overdue, answer)

    def is_needed(self) -> bool:
        """Whether crosspromo has paused by itself, so that people search before they go on."""
        with self.store.read() as unit:
            return any(pause.is_ours for pause in unit.pauses.all())

    def _read(self, now: datetime) -> tuple[Sequence[DeliveryView], Mapping[str, Collection[str]]]:
        """Deliveries to look for, and by account the ids of the posts that this database made."""
        with self.store.read() as unit:
            overdue = unit.deliveries.overdue(None, now)
            later = unit.deliveries.next_queued(now, max(0, MOST - len(overdue)))
            found = views(unit, self.policies, [*overdue, *later])
            accounts = {view.delivery.account for view in found}
            return found, {name: unit.deliveries.remote_ids(name) for name in accounts}

    def _ask(self, delivery: Delivery, since: datetime, known: Collection[str]) -> LookUp | None:
        connector = self.connector(delivery.account)
        if not isinstance(connector, Finds):
            return None
        return connector.find(delivery.content, since, known)
