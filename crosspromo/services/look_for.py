"""Search on the networks for queued deliveries, which may have been sent from another database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import AccountError, ConfigError
from crosspromo.domain.outcomes import LookUp, Unclear
from crosspromo.domain.policy import Policy
from crosspromo.publishing.networks import Connector, Finds
from crosspromo.services.delivery_view import DeliveryView, views

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

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
        An account that cannot be asked is asked once.
        """
        now = self.clock.now()
        unable: dict[str, Unclear] = {}
        for number, view in enumerate(self._views(now)):
            delivery = view.delivery
            overdue = delivery.due_at < now
            answer: LookUp | None = None
            if number < MOST and delivery.account in self.policies:
                answer = unable.get(delivery.account)
                if answer is None:
                    try:
                        answer = self._ask(delivery, since or min(delivery.due_at, now) - BEFORE)
                    except (AccountError, ConfigError) as error:
                        answer = unable[delivery.account] = Unclear(str(error))
            yield Sought(view, overdue, answer)

    def _views(self, now: datetime) -> Sequence[DeliveryView]:
        with self.store.read() as unit:
            overdue = unit.deliveries.overdue(None, now)
            later = unit.deliveries.next_queued(now, max(0, MOST - len(overdue)))
            return views(unit, self.policies, [*overdue, *later])

    def _ask(self, delivery: Delivery, since: datetime) -> LookUp | None:
        connector = self.connector(delivery.account)
        return connector.find(delivery.content, since) if isinstance(connector, Finds) else None
