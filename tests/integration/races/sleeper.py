"""A worker in a process of its own that is stopped while it sends.

sleeper.py URL FOLDER
-> "sending"                     the intent is written; the answer of the network is on its way
<- any line                      -> what it did: the network has taken the post, it says
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from integration.races.racer import say
from stories import ACCOUNT, NO_FLOOR, publish_next, rules

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import Outcome
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.store.engine import open_engine
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
    connector = SlowToAnswer()
    accounts = {ACCOUNT: rules()}
    dispatcher = Dispatcher(
        store, lambda _account: connector, accounts, NO_FLOOR, FakeClock(), WORKER
    )
    step = publish_next(dispatcher, ACCOUNT)
    say("nothing" if step is None else step.value)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
