"""The promise, kept: a post about ourselves waits until we have shared others enough."""

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from end_to_end.shell import Shell, copied

OURS = "Our annual report is out."


def figures(shell: Shell) -> tuple[dict[str, tuple[Any, ...]], dict[str, Any]]:
    """`report ratio --json`: per account (others, self, headroom, partner posts to next)."""
    report = shell.ok("report", "ratio", "--json").json
    columns = ("others", "self", "headroom", "partner_posts_to_next")
    return {a["account"]: tuple(a[c] for c in columns) for a in report["accounts"]}, report


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, workspace_with_partners: Path) -> Path:
    """A self post, queued first on all three accounts and tried."""
    folder = tmp_path_factory.mktemp("before") / "workspace"
    shell = Shell(shutil.copytree(workspace_with_partners, folder))
    shell.ok("queue", "own", "--to", "all", "--title", "Annual report", "--text", OURS)
    assert shell.ok("run", "--once", "--json").json == {
        "published": 0,
        "held": 3,
        "failed": 0,
        "unknown": 0,
        "missed": 0,
        "expired": 0,
        "postponed": 0,
        "reconciled": 0,
    }
    return folder


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory, before: Path) -> Path:
    """The same after an event and three spotlights went out."""
    folder = tmp_path_factory.mktemp("after") / "workspace"
    shell = copied(before, folder)
    shell.ok("queue", "event", "spring-river-cleanup-2030-04-20", "--to", "all")
    for partner in ("river-keepers", "valley-food-bank", "millside-tenants"):
        shell.ok("queue", "spotlight", partner, "--to", "all")
    shell.ok("run", "--once")
    return folder


@pytest.fixture
def held(before: Path, tmp_path: Path) -> Shell:
    return copied(before, tmp_path / "held")


@pytest.fixture
def shared(after: Path, tmp_path: Path) -> Shell:
    return copied(after, tmp_path / "shared")


def test_a_self_post_queued_first_is_held_on_every_account(held: Shell) -> None:
    holds = {d["account"]: d["hold"] for d in held.deliveries("--state", "held")}

    assert {account: hold["code"] for account, hold in holds.items()} == {
        "x-main": "ratio",
        "bluesky-main": "ratio",
        "reddit-main": "ratio",
    }
    assert "needs 3 more partner posts" in holds["x-main"]["reason"]
    assert "needs 1 more partner post" in holds["bluesky-main"]["reason"]
    assert "needs 9 more partner posts" in holds["reddit-main"]["reason"]
    assert held.page("x-main") == ""


def test_four_posts_about_others_send_it_at_1_to_1_and_3_to_1_but_not_at_9_to_1(
    shared: Shell,
) -> None:
    states = {d["account"]: d["state"] for d in shared.deliveries() if d["kind"] == "own"}

    assert states == {"x-main": "published", "bluesky-main": "published", "reddit-main": "queued"}
    assert OURS in shared.page("x-main")
    assert OURS in shared.page("bluesky-main")
    assert OURS not in shared.page("reddit-main")


def test_a_second_run_sends_nothing(shared: Shell) -> None:
    before = [shared.page(account) for account in ("x-main", "bluesky-main", "reddit-main")]

    again = shared.ok("run", "--once", "--json").json

    assert (again["published"], again["held"]) == (0, 1)
    after = [shared.page(account) for account in ("x-main", "bluesky-main", "reddit-main")]
    assert before == after


def test_the_report_gives_the_figures_of_the_semantics(shared: Shell) -> None:
    accounts, report = figures(shared)

    assert accounts == {
        "x-main": (4, 1, 0, 2),
        "bluesky-main": (4, 1, 3, 1),
        "reddit-main": (4, 0, 0, 5),
    }
    assert report["organisation"] == {
        "others": 12,
        "self": 2,
        "target": "1:1",
        "ratio": 6.0,
        "ok": True,
        "headroom": 10,
    }
    assert report["at_publish"] == {"self_sent": 2, "allowed": 2, "overridden": 0}
    assert [a["target"] for a in report["accounts"]] == ["3:1", "1:1", "9:1"]


def test_explain_shows_the_arithmetic_and_the_rows_it_counted(shared: Shell) -> None:
    waiting = next(d["id"] for d in shared.deliveries("--state", "held"))

    explained = shared.ok("explain", str(waiting), "--json").json

    verdicts = {check["check"]: check["verdict"] for check in explained["checks"]}
    assert verdicts.pop("ratio") == "hold"
    assert set(verdicts.values()) == {"ok"}
    assert "4 x 1 >= 9 x (0 + 1) is not so" in explained["sentence"]
    assert [(row["others"], row["self"]) for row in explained["rows"]] == [(1, 0)] * 4


def test_a_person_may_release_it_once_by_name_and_it_still_counts(shared: Shell) -> None:
    waiting = str(next(d["id"] for d in shared.deliveries("--state", "held")))

    assert "--reason" in shared.refused("queue", "release", waiting, status=2)
    shared.ok("queue", "release", waiting, "--reason", "the room changed", "--as", "the office")
    shared.ok("run", "--once")

    accounts, report = figures(shared)
    assert accounts["reddit-main"] == (4, 1, 0, 14)
    assert report["at_publish"] == {"self_sent": 3, "allowed": 2, "overridden": 1}
    explained = shared.ok("explain", waiting).out
    assert "released by the office: the room changed" in explained


def test_what_is_previewed_is_what_is_sent(shell: Shell) -> None:
    queued = shell.ok("queue", "spotlight", "river-keepers", "--to", "all", "--json").json
    previews = {
        d["account"]: shell.ok("queue", "preview", str(d["id"]), "--json").json["text"]
        for d in queued["deliveries"]
    }
    shell.write("templates/spotlight/default.j2", "Something else about {{ partner.name }}")

    shell.ok("run", "--once")

    for account, text in previews.items():
        first_line = text.splitlines()[0]
        assert "River" in first_line or "riverkeepers" in first_line or "RVKeep" in first_line
        assert first_line in unescape(re.sub("<[^>]+>", "", shell.page(account)))
        assert "Something else" not in shell.page(account)


def test_an_affiliate_counts_as_ourselves(shell: Shell) -> None:
    toml = (shell.folder / "crosspromo.toml").read_text(encoding="utf-8")
    shell.configure(toml.replace("timezone", 'own_group = ["river-keepers"]\ntimezone', 1))

    queued = shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--json").json

    assert [d["credit"] for d in queued["deliveries"]] == ["self"]
