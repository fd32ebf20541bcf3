"""kill -9 while it publishes, again and again: every post is on its network once."""

import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from integration.networks.conftest import Networks
from servers.databases import BACKENDS

KILLS = 20
POSTS = 16
ROUNDS_TO_SETTLE = 20


def queue_posts(networks: Networks, folder: Path) -> list[str]:
    """A spotlight of every partner on all three accounts; the partners' names."""
    names = [f"Partner {chr(ord('A') + n)}" for n in range(POSTS)]
    sheet = folder / "partners.csv"
    lines = [f"{name},They do good work" for name in names]
    sheet.write_text("\n".join(["name,why", *lines]), encoding="utf-8")
    networks.run("partner", "import", str(sheet))
    for partner in networks.json("partner", "list")["partners"]:
        networks.run("queue", "spotlight", partner["slug"], "--to", "all")
    return names


def kill_after(networks: Networks, daemon: "subprocess.Popen[str]", writes: int) -> None:
    """SIGKILL once so many more writes have reached X or Reddit, wherever the daemon is then."""
    already = len(networks.x.writes) + len(networks.reddit.writes)
    for _ in range(1_000):
        try:
            daemon.wait(timeout=0.01)
        except subprocess.TimeoutExpired:
            if len(networks.x.writes) + len(networks.reddit.writes) >= already + writes:
                break
        else:
            break
    daemon.kill()
    daemon.communicate()


def states_of(networks: Networks) -> Counter[str]:
    return Counter(d["state"] for d in networks.json("queue", "list")["deliveries"])


def settled(networks: Networks) -> Counter[str]:
    """How the deliveries stand when nothing is in doubt or waits any more."""
    for _ in range(ROUNDS_TO_SETTLE):
        networks.run("run", "--once")
        states = states_of(networks)
        if states.keys() == {"published"}:
            return states
    return states_of(networks)


def live_in(networks: Networks, url: str) -> None:
    """Have the workspace keep its queue in this database."""
    with (networks.folder / "crosspromo.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[database]\nurl = "{url}"\n')
    networks.run("db", "upgrade")


@pytest.mark.parametrize("database", BACKENDS)
def test_every_post_is_on_its_network_once(
    networks: Networks, tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    live_in(networks, BACKENDS[database](request))
    dice = random.Random(20)
    names = queue_posts(networks, tmp_path)
    # A network that takes its time is in the middle of something when the axe falls.
    networks.x.fail_next("delay", "after", times=None, seconds=0.05)
    networks.reddit.fail_next("delay", "before", times=None, seconds=0.05)
    in_doubt = 0
    for _ in range(KILLS):
        kill_after(networks, networks.start("run"), writes=dice.randint(1, 3))
        states = states_of(networks)
        in_doubt += states["sending"] + states["unknown"] > 0
    assert in_doubt > KILLS / 2, "the axe fell beside the sends; the test shows nothing"

    networks.x.faults.clear()
    networks.reddit.faults.clear()
    assert settled(networks) == {"published": 3 * POSTS}

    for account, texts in networks.texts.items():
        times = {name: sum(name in text for text in texts) for name in names}
        assert times == dict.fromkeys(names, 1), account
        assert len(texts) == POSTS
