"""A worker in a process of its own that is stopped while it sends. It does one whole round.

sleeper.py URL FOLDER
-> "sending"                     the intent is written; the answer of the network is on its way
<- any line                      -> what it did: the network has taken the post, it says
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from integration.races.racer import say
from stories import ACCOUNT, NO_FLOOR, rules

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import Outcome
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

WORKER = "sleeper"


@dataclass
class SlowToAnswer(MemoryConnector):
    """Says that it sends, and has its answer when it is told so."""

    def send(self, prepared: Prepared) -> Outcome:
        say("sending")
        sys.stdin.readline()
        return super().send(prepared)


def main(url: str, folder: Path) -> None:
    store = Store(open_engine(url, folder))
    connector, clock, accounts = SlowToAnswer(), FakeClock(), {ACCOUNT: rules()}
    cycle = Cycle(
        Dispatcher(store, lambda _name: connector, accounts, NO_FLOOR, clock, WORKER),
        Reconciler(store, lambda _name: connector, accounts, clock, lambda _name: False, WORKER),
        clock,
    )
    say(" ".join(cycle.run().dispositions.elements()) or "nothing")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
