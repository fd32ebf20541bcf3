"""Threads, images and reposts on X through the installed command alone: each fails on its way, goes
out whole by `run --once` again and again, and is taken off again by `queue delete`.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import PIL.Image
import pytest
from end_to_end.shell import Shell, installed_command
from integration.networks.configuration import IMPATIENT, ON_X, SECRETS
from servers.simulators import XSimulator

MOST_RUNS = 12
WORDS = {
    "refused": "otters beavers herons salmon turtles cranes frogs bats",
    "lost": "oaks elms willows maples birches poplars alders pines",
    "limited": "rowers swimmers anglers walkers painters readers cyclists singers",
}
"""What the threads are about: accounts on X may not all say the same."""


@dataclass(frozen=True)
class House:
    """A workspace with an account on an X of its own for each case."""

    shell: Shell
    networks: dict[str, XSimulator]

    def deliveries(self) -> dict[str, dict[str, Any]]:
        listed = self.shell.ok("queue", "list", "--json").json["deliveries"]
        return {delivery["account"]: delivery for delivery in listed}

    def run_until_published(self) -> None:
        for _ in range(MOST_RUNS):
            self.shell.ok("run", "--once")
            if all(each["state"] == "published" for each in self.deliveries().values()):
                break


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as stack:
        networks = {
            name: stack.enter_context(XSimulator()) for name in (*WORDS, "picture", "repost")
        }
        folder = tmp_path_factory.mktemp("beyond-text")
        subprocess.run([installed_command(), "init", folder], check=True, capture_output=True)
        house = House(Shell(folder, SECRETS), networks)
        accounts = [ON_X.format(account=name, server=x.url) for name, x in networks.items()]
        house.shell.configure(IMPATIENT + "".join(accounts))
        queue(house)
        networks["refused"].fail_next("503", skip=1)
        networks["lost"].fail_next("close", "after", skip=1)
        networks["limited"].fail_next("429", skip=1, seconds=1)
        networks["picture"].fail_next("429", path="/2/media/upload/*/finalize", seconds=1)
        networks["picture"].fail_next("close", "after", path="/2/tweets")
        networks["repost"].fail_next("close", "after")
        house.run_until_published()
        yield house


def queue(house: House) -> None:
    """Three threads, a post with a picture and a repost, due now."""
    house.shell.write("partners.csv", "slug,name,why\nkeepers,River Keepers,They do good work.\n")
    house.shell.ok("partner", "import", "partners.csv")
    for account, words in WORDS.items():
        text = " ".join(f"Today we counted the {word} along the river." for word in words.split())
        about = ("--reason", "a test of networks", "--at", "now", "--thread")
        house.shell.ok("queue", "notice", "--to", account, "--text", text, *about)
    PIL.Image.new("RGB", (40, 30), "teal").save(house.shell.folder / "river.png")
    picture = ("--image", "river.png", "--alt", "A river at dawn")
    house.shell.ok("queue", "spotlight", "keepers", "--to", "picture", "--at", "now", *picture)
    theirs = house.networks["repost"].publish_elsewhere("keepers", "Clean-up on Saturday")
    address = f"https://x.com/keepers/status/{theirs}"
    shared = ("--partner", "keepers", "--to", "repost", "--at", "now")
    house.shell.ok("queue", "reshare", address, *shared)


def test_everything_failed_on_its_way_and_is_published(house: House) -> None:
    for x in house.networks.values():
        assert x.faults.pending == ()
        assert any(arrival.faults for arrival in x.journal.arrivals)
    assert {name: each["state"] for name, each in house.deliveries().items()} == dict.fromkeys(
        house.networks, "published"
    )


@pytest.mark.parametrize("account", WORDS)
def test_a_thread_that_broke_off_is_whole_and_holds_nothing_twice(
    house: House, account: str
) -> None:
    posts = house.networks[account].posts
    assert len(posts) > 1
    assert [post.text.rsplit(" ", 1)[1] for post in posts] == [
        f"{number}/{len(posts)}" for number in range(1, len(posts) + 1)
    ]
    assert [post.reply_to for post in posts] == [None, *(post.id for post in posts[:-1])]
    assert posts[0].id in house.deliveries()[account]["url"]


def test_a_post_with_a_picture_is_there_once_with_its_alt_text(house: House) -> None:
    x = house.networks["picture"]
    (post,) = x.posts
    (key,) = post.media_keys
    (upload,) = (each for each in x.media.uploads.values() if each.media_key == key)
    assert upload.alt_text == "A river at dawn"
    assert post.id in house.deliveries()["picture"]["url"]


def test_a_repost_is_there_once(house: House) -> None:
    (post,) = house.networks["repost"].posts
    assert post.repost_of is not None
    assert post.repost_of in house.deliveries()["repost"]["url"]


def test_at_last_all_of_it_is_taken_off_again(house: House) -> None:
    for delivery in house.deliveries().values():
        house.shell.ok("queue", "delete", str(delivery["id"]))
    assert [x.posts for x in house.networks.values()] == [()] * len(house.networks)
