"""A manual account: the text to copy, a link to the network's form, and a person's word."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from end_to_end.shell import BY_HAND, WORKSPACE, Shell, copied

ACCOUNT = "reddit-by-hand"


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory, workspace_with_partners: Path) -> Path:
    """A spotlight whose turn has come, in the hands of a person."""
    folder = tmp_path_factory.mktemp("by-hand") / "workspace"
    shell = Shell(shutil.copytree(workspace_with_partners, folder))
    shell.configure(WORKSPACE + BY_HAND)
    shell.ok("queue", "spotlight", "river-keepers", "--to", ACCOUNT)
    assert shell.ok("run", "--once", "--json").json["unknown"] == 1
    return folder


@pytest.fixture
def hand(handed_over: Path, tmp_path: Path) -> Shell:
    return copied(handed_over, tmp_path / "by-hand")


def columns(shell: Shell) -> tuple[int, int]:
    """Others and self of the account, as the gate counts them."""
    accounts: list[dict[str, Any]] = shell.ok("report", "ratio", "--json").json["accounts"]
    account = next(a for a in accounts if a["account"] == ACCOUNT)
    return account["others"], account["self"]


def test_a_person_gets_the_text_and_a_link_to_the_form(hand: Shell) -> None:
    shown = hand.ok("queue", "show", "1").out

    assert "title: Meet our neighbours: River Keepers" in shown
    assert "**River Keepers**: Tests the water every week" in shown
    assert "https://www.reddit.com/r/rivervalley/submit?title=Meet%20our%20neighbours" in shown
    assert "crosspromo queue mark-posted" in shown


def test_status_asks_for_the_person(hand: Shell) -> None:
    asked = hand.run("status")

    assert asked.status == 1
    assert f"1 on {ACCOUNT} is to be posted by you" in asked.out
    (matter,) = hand.run("status", "--json").json["needs_person"]
    assert (matter["code"], matter["delivery"]) == ("by-hand", 1)


def test_a_post_about_others_earns_nothing_while_it_is_in_doubt(hand: Shell) -> None:
    assert columns(hand) == (0, 0)


def test_mark_posted_settles_it(hand: Shell) -> None:
    url = "https://www.reddit.com/r/rivervalley/comments/1"

    hand.ok("queue", "mark-posted", "1", "--url", url)

    delivery = hand.delivery(1)
    assert (delivery["state"], delivery["url"]) == ("published", url)
    assert columns(hand) == (1, 0)
    assert hand.run("status").status == 0
    assert "nothing is in doubt" in hand.refused("queue", "mark-posted", "1")


def test_a_self_post_counts_as_self_while_it_is_in_doubt(hand: Shell) -> None:
    hand.ok("queue", "mark-posted", "1")
    for text in ("Our report is out.", "Come and work with us."):
        hand.ok("queue", "own", "--to", ACCOUNT, "--title", "About us", "--text", text)

    run = hand.ok("run", "--once", "--json").json

    assert (run["unknown"], run["held"]) == (1, 1)
    assert columns(hand) == (1, 1)


def test_not_posted_queues_it_again_and_gives_the_room_back(hand: Shell) -> None:
    hand.ok("queue", "mark-posted", "1")
    hand.ok("queue", "own", "--to", ACCOUNT, "--title", "About us", "--text", "Our report.")
    hand.ok("run", "--once")

    hand.ok("queue", "resolve", "2", "--not-posted")

    assert hand.delivery(2)["state"] == "queued"
    assert columns(hand) == (1, 0)


def test_resolve_asks_what_was_seen(hand: Shell) -> None:
    assert "--posted or --not-posted" in hand.refused("queue", "resolve", "1", status=2)
    assert hand.delivery(1)["state"] == "unknown"


def test_another_run_hands_nothing_over_twice(hand: Shell) -> None:
    before = hand.delivery(1)

    hand.ok("run", "--once")

    assert hand.delivery(1) == before
