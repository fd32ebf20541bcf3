"""Figures and mentions of an account for people, as they were read last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.figures import CountedPost, Followers, ReadingState
from crosspromo.domain.mentions import Mention
from crosspromo.services.read_back import AccountReading, ReadingBack
from crosspromo.settings import Settings

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store

MOST_SHOWN = 50
"""Latest posts, or mentions, that are shown."""


@dataclass(frozen=True, slots=True)
class WhatCameBack:
    """Figures and mentions of one account, the latest first.

    `tells`: whether its network tells what is shown here. `is_unpaid`: it charges for reading, and
    the account has no budget for that. `state` None: it was never read. `followers` None: the
    network has not told.
    """

    account: str
    network: str
    tells: bool
    is_unpaid: bool
    state: ReadingState | None
    followers: Followers | None = None
    posts: Sequence[CountedPost] = ()
    mentions: Sequence[Mention] = ()


@dataclass(frozen=True)
class AccountFigures:
    """Reads figures and mentions from the store, and has them read from the network on demand."""

    store: "Store"
    settings: Settings
    rules: "Callable[[], Mapping[str, AccountRules]]"
    reading: ReadingBack

    def read(self, account: str) -> AccountReading:
        """Ask the network now; NotFoundError for an unknown account."""
        return self.reading.read(self.settings.account(account).name)

    def figures(self, account: str) -> WhatCameBack:
        """Followers, and figures of the MOST_SHOWN latest posts; NotFoundError if unknown."""
        name = self.settings.account(account).name
        rules = self.rules()[name]
        with self.store.read() as unit:
            return WhatCameBack(
                account=name,
                network=rules.network,
                tells=rules.capabilities.measured_at_once > 0,
                is_unpaid=self._is_unpaid(name),
                state=unit.readings.all().get(name),
                followers=unit.figures.followers(name),
                posts=unit.figures.latest(name, MOST_SHOWN),
            )

    def mentions(self, account: str) -> WhatCameBack:
        """MOST_SHOWN latest mentions; NotFoundError for an unknown account."""
        name = self.settings.account(account).name
        rules = self.rules()[name]
        with self.store.read() as unit:
            return WhatCameBack(
                account=name,
                network=rules.network,
                tells=rules.capabilities.listens,
                is_unpaid=self._is_unpaid(name),
                state=unit.readings.all().get(name),
                mentions=unit.mentions.latest(name, MOST_SHOWN),
            )

    def _is_unpaid(self, name: str) -> bool:
        charges = self.rules()[name].capabilities.cost_per_read > 0
        return charges and not self.settings.account(name).reading_budget
