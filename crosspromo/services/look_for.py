"""Search on the networks for overdue deliveries, which may have been sent from another database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
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
    """Overdue delivery, and the answer of its network; None: it was not asked."""

    view: DeliveryView
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

    def overdue(self, since: datetime | None = None) -> Iterator[Sought]:
        """Queued deliveries whose due time has passed, each with its network's answer.

        `since`: the time of the copy that the database was made from, if it is known. An account
        that cannot be asked is asked once.
        """
        with self.store.read() as unit:
            due = views(unit, self.policies, unit.deliveries.overdue(None, self.clock.now()))
        unable: dict[str, Unclear] = {}
        for number, view in enumerate(due):
            account = view.delivery.account
            if number >= MOST or account not in self.policies:
                yield Sought(view, None)
                continue
            if account not in unable:
                try:
                    yield Sought(view, self._ask(view, since))
                    continue
                except (AccountError, ConfigError) as error:
                    unable[account] = Unclear(str(error))
            yield Sought(view, unable[account])

    def _ask(self, view: DeliveryView, since: datetime | None) -> LookUp | None:
        delivery = view.delivery
        connector = self.connector(delivery.account)
        if not isinstance(connector, Finds):
            return None
        return connector.find(delivery.content, since or delivery.due_at - BEFORE)
