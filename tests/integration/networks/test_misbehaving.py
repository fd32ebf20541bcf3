"""Every way for a write to X or Reddit to end badly, settled by `run --once` again and again.

Each case is an account of its own on a network of its own; all of them stand in one workspace, so
that one run of the installed command takes each a step further.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from end_to_end.shell import installed_command
from integration.networks.configuration import IMPATIENT, ON_REDDIT, ON_X, SECRETS
from servers.simulators import RedditSimulator, XSimulator
from servers.simulators.reddit import CREDENTIALS as REDDIT

from crosspromo.testing.simulator.server import Simulator

BEFORE = ("hang", "close", "500", "429", "301")
AFTER = ("hang", "close", "500", "503", "unreadable")
MOST_RUNS = 12
RESET_SECONDS = 1.0

WORDS = (
    "Otters",
    "Beavers",
    "Herons",
    "Salmon",
    "Turtles",
    "Cranes",
    "Frogs",
    "Bats",
    "Bees",
    "Owls",
)
"""What the X accounts write about: they may not all say the same."""


@dataclass
class Case:
    """A network that fails once, and what was seen of it after each run."""

    name: str
    kind: str
    when: str
    simulator: Simulator
    posts: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    delivery: dict[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return f"{self.name}-{self.kind}-{self.when}"

    @property
    def settings(self) -> str:
        template = ON_X if self.name == "x" else ON_REDDIT
        return template.format(
            account=self.account, server=self.simulator.url, username=REDDIT.username
        )


NAMES = [
    (network, kind, when)
    for network in ("x", "reddit")
    for when, kinds in (("before", BEFORE), ("after", AFTER))
    for kind in kinds
]
NETWORKS: dict[str, Callable[[], Simulator]] = {"x": XSimulator, "reddit": RedditSimulator}


@dataclass(frozen=True)
class House:
    """A workspace with an account for each case."""

    folder: Path
    cases: list[Case]

    def run(self, *arguments: str) -> str:
        """What the installed command says; it has to succeed."""
        done = subprocess.run(
            [installed_command(), "-w", self.folder, *arguments],
            env={**os.environ, **SECRETS},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"crosspromo {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def look(self) -> None:
        """Note for each case what stands on its network and what is said of it."""
        listed = json.loads(self.run("queue", "list", "--json"))["deliveries"]
        deliveries = {delivery["account"]: delivery for delivery in listed}
        for case in self.cases:
            case.delivery = deliveries[case.account]
            case.states.append(case.delivery["state"])
            case.posts.append(len(case.simulator.posts))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str, str], Case]]:
    """Every case as it stands when nothing changes any more, or after MOST_RUNS."""
    with ExitStack() as stack:
        found = {
            (network, kind, when): Case(
                network, kind, when, stack.enter_context(NETWORKS[network]())
            )
            for network, kind, when in NAMES
        }
        house = House(tmp_path_factory.mktemp("misbehaving") / "workspace", [*found.values()])
        prepare(house)
        for case in house.cases:
            case.simulator.fail_next(case.kind, case.when, seconds=RESET_SECONDS)
        for _ in range(MOST_RUNS):
            house.run("run", "--once")
            house.look()
            if all(case.states[-1] == "published" for case in house.cases):
                break
        yield found


def prepare(house: House) -> None:
    """A notice for every account, due now."""
    subprocess.run([installed_command(), "init", house.folder], check=True, capture_output=True)
    settings = IMPATIENT + "".join(case.settings for case in house.cases)
    (house.folder / "crosspromo.toml").write_text(settings, encoding="utf-8")
    on_reddit = ",".join(case.account for case in house.cases if case.name == "reddit")
    about = ("--reason", "a test of networks", "--at", "now")
    house.run("queue", "notice", "--to", on_reddit, "--title", "News", "--text", "News!", *about)
    on_x = [case.account for case in house.cases if case.name == "x"]
    for account, word in zip(on_x, WORDS, strict=True):
        house.run("queue", "notice", "--to", account, "--text", f"{word} are back", *about)


@pytest.mark.parametrize(("network", "kind", "when"), NAMES)
class TestAWriteThatEndsBadly:
    def test_really_was_one(
        self, cases: dict[tuple[str, str, str], Case], network: str, kind: str, when: str
    ) -> None:
        case = cases[network, kind, when]
        assert case.simulator.faults.pending == ()
        assert case.simulator.writes[0].faults == (kind,)

    def test_leaves_one_post_at_most_at_any_time(
        self, cases: dict[tuple[str, str, str], Case], network: str, kind: str, when: str
    ) -> None:
        case = cases[network, kind, when]
        assert max(case.posts) <= 1
        accepted = [write for write in case.simulator.writes if write.accepted]
        assert len(accepted) == 1

    def test_ends_in_the_state_that_tells_what_is_there(
        self, cases: dict[tuple[str, str, str], Case], network: str, kind: str, when: str
    ) -> None:
        case = cases[network, kind, when]
        (post,) = case.simulator.posts
        assert case.states[-1] == "published"
        assert str(post.document()["id"]) in case.delivery["url"]

    def test_is_sent_again_only_where_nothing_had_arrived(
        self, cases: dict[tuple[str, str, str], Case], network: str, kind: str, when: str
    ) -> None:
        assert len(cases[network, kind, when].simulator.writes) == (1 if when == "after" else 2)
