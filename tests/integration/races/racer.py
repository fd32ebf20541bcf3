"""A worker in a process of its own, held back between its look at the queue and its claim.

racer.py URL FOLDER WORKER
<- an account                    -> "looked": it knows what is due, and has not claimed it yet
<- any line                      -> what it did until nothing more was to be done
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from stories import publish_next, rules

from crosspromo.domain.outcomes import NotSent, Rejected
from crosspromo.domain.posts import Content
from crosspromo.domain.ratio import Target, Window
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

ACCOUNTS = {
    "shared": rules("shared", target=Target(1, 1)),
    "left": rules("left"),
    "right": rules("right"),
}
FLOOR = OrganisationRules(floor=Target(1, 1), window=Window(days=28))


@dataclass
class AtTheLine(MemoryConnector):
    """Says that it has looked, and waits for the word, once a round."""

    waits: bool = False

    def ready(self, content: Content) -> NotSent | Rejected | None:
        if self.waits:
            self.waits = False
            say("looked")
            sys.stdin.readline()
        return super().ready(content)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(url: str, folder: Path, worker: str) -> None:
    store = Store(open_engine(url, folder))
    connector = AtTheLine()
    dispatcher = Dispatcher(store, lambda _account: connector, ACCOUNTS, FLOOR, FakeClock(), worker)
    for line in sys.stdin:
        connector.waits = True
        steps = []
        # On PostgreSQL an account that the other has locked is passed over: look again.
        while (step := publish_next(dispatcher, line.strip())) or connector.waits:
            steps.append(step.value if step else "passed-over")
        say(" ".join(steps))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
