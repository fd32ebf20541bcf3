"""Images, crossposts and deletions on Reddit, by the installed command, with answers lost."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from end_to_end.shell import installed_command
from integration.networks.configuration import SECRETS
from servers.simulators import RedditSimulator
from servers.simulators.reddit import CREDENTIALS

CONFIGURATION = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[accounts.reddit-main]
network = "reddit"
server = "{server}"
subreddit = "rivervalley"
ratio = "none"
min_gap = "0m"
timeout = "2s"
look_up_after = ["50ms", "150ms"]
[accounts.reddit-main.credentials]
client_id = "env:REDDIT_CLIENT_ID"
client_secret = "env:REDDIT_CLIENT_SECRET"
username = "{username}"
password = "env:REDDIT_PASSWORD"
"""
MOST_RUNS = 6

Run = Callable[..., str]


@pytest.fixture
def reddit() -> Iterator[RedditSimulator]:
    with RedditSimulator() as reddit:
        yield reddit


@pytest.fixture
def run(reddit: RedditSimulator, tmp_path: Path) -> Run:
    """The installed command in a workspace with one account; it has to succeed."""
    folder = tmp_path / "workspace"

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [installed_command(), "-w", folder, *arguments],
            env={**os.environ, **SECRETS},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"crosspromo {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    subprocess.run([installed_command(), "init", folder], check=True, capture_output=True)
    settings = CONFIGURATION.format(server=reddit.url, username=CREDENTIALS.username)
    (folder / "crosspromo.toml").write_text(settings, encoding="utf-8")
    return run


def settled(run: Run) -> dict[str, Any]:
    """The one delivery, once it is published or has had its time."""
    delivery: dict[str, Any] = {}
    for _ in range(MOST_RUNS):
        run("run", "--once")
        (delivery,) = json.loads(run("queue", "list", "--json"))["deliveries"]
        if delivery["state"] == "published":
            break
    return delivery


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_image_is_there_once_with_its_alt_text(
    run: Run, reddit: RedditSimulator, tmp_path: Path, when: str
) -> None:
    PIL.Image.new("RGB", (3, 2), "teal").save(tmp_path / "river.png")
    image = ("--image", str(tmp_path / "river.png"), "--alt", "The river at dawn")
    run("partner", "add", "River Keepers", "--why", "They clean the river")
    run("queue", "spotlight", "river-keepers", "--to", "all", "--at", "now", *image)
    reddit.fail_next("close", when)
    delivery = settled(run)
    (post,) = reddit.posts
    assert [shown.caption for shown in post.images] == ["The river at dawn"]
    assert (delivery["state"], post.id in delivery["url"]) == ("published", True)


def test_a_partners_post_is_crossposted_once_and_taken_off_again(
    run: Run, reddit: RedditSimulator
) -> None:
    name = reddit.publish_elsewhere("river-keepers", "We need hands", "Clean-up")
    address = f"https://www.reddit.com/r/rivervalley/comments/{name}/clean_up/"
    run("partner", "add", "River Keepers")
    to = ("--partner", "river-keepers", "--to", "all", "--at", "now")
    run("queue", "reshare", address, *to)
    reddit.fail_next("500", "after")
    delivery = settled(run)
    (post,) = reddit.posts
    assert post.parent is not None
    assert (post.title, post.parent.id) == ("Clean-up", name)
    assert (delivery["state"], post.id in delivery["url"]) == ("published", True)

    run("queue", "delete", str(delivery["id"]))
    assert reddit.posts == ()
