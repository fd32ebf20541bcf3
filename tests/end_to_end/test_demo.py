"""`crosspromo demo`: the whole story, without credentials or network."""

import re
import signal
import subprocess
from pathlib import Path
from time import monotonic

import httpx
from end_to_end.shell import Shell

A_MINUTE = 60.0


ACTS = (
    "$ crosspromo partner import partners.csv\n6 new",
    "$ crosspromo event import events.ics --host river-keepers\n3 new,",
    "0 published, 3 held",  # the post about ourselves comes too early
    "at 9:1 this post needs 9 more partner posts (0 x 1 >= 9 x (0 + 1) is not so)",
    "Meet @RVKeep_example: Tests the water",  # previews, each as its network has it
    "Meet @riverkeepers.example: Tests the water",
    "Meet our neighbours: River Keepers\n-----",
    "14 published, 1 held",  # the post about ourselves follows on X and Bluesky
    "Delivery 3, own on reddit, is held: reddit shared others 4 times and itself 0 times",
    "4 x 1 >= 9 x (0 + 1) is not so",
    "All accounts together have 12 partner posts and 2 self posts in the last 28 days; at least",
)


def test_it_shows_each_act_within_a_minute_and_keeps_a_workspace(outside: Shell) -> None:
    began = monotonic()
    told = outside.ok("demo", "--keep", "kept")

    assert monotonic() - began < A_MINUTE
    for act in ACTS:
        assert act in told.out, act
    assert told.out.split("$ crosspromo report ratio\n")[1].startswith(picture_in_the_readme())
    kept = Shell(outside.folder / "kept")
    assert kept.page("x").count("<article") == 5
    assert kept.page("reddit").count("<article") == 4
    assert kept.ok("db", "check").out == "the database is sound\n"


def picture_in_the_readme() -> str:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    picture = re.search(r"^```text\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert picture
    return picture[1]


def test_it_needs_no_network_and_leaves_only_its_pages_and_says_where(outside: Shell) -> None:
    nowhere = {"https_proxy": "http://127.0.0.1:9", "TMPDIR": str(outside.folder)}

    told = outside.run("demo", env=nowhere)

    assert told.status == 0
    (pages,) = outside.folder.iterdir()
    assert sorted(page.name for page in pages.iterdir()) == [
        "all.html",
        "badges.css",
        "bluesky.html",
        "reddit.html",
        "x.html",
    ]
    assert f"{(pages / 'all.html').as_uri()}\n" in told.out
    index = (pages / "all.html").read_text(encoding="utf-8")
    assert "River Valley Alliance: sandbox accounts" in index
    assert '<span class="badge self">about ourselves</span>' in index
    assert "Nothing is queued." in index
    assert "queued, held" in index  # the post that Reddit's promise holds comes next


def test_in_the_browser_it_is_there_within_a_minute_for_one_who_has_the_link(
    outside: Shell,
) -> None:
    began = monotonic()
    process = subprocess.Popen(
        [outside.command, "demo", "--serve"],
        cwd=outside.folder,
        env={**outside.environment, "TMPDIR": str(outside.folder), "DISPLAY": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        link = next(line for line in process.stdout if "/enter/" in line).strip()
        assert monotonic() - began < A_MINUTE
        address, _, _ = link.partition("/enter/")
        with httpx.Client(base_url=address) as first, httpx.Client(base_url=address) as second:
            first.head(link)  # only a look ahead: it uses nothing up
            assert first.get(link, follow_redirects=True).status_code == 200
            assert len(first.get("/.json").json()["to_approve"]) == 1
            assert "Maria Alvarez" in first.get("/").text
            assert second.get(link).status_code == httpx.codes.GONE
            assert second.get("/").headers["location"].startswith("/sign-in")
        process.send_signal(signal.SIGINT)
        assert process.wait(A_MINUTE) == 0
    finally:
        process.kill()
        process.communicate()
    assert list(outside.folder.iterdir()) == []


def test_it_names_the_way_into_the_browser(outside: Shell) -> None:
    last = outside.ok("demo", "--keep", "kept").out.splitlines()[-1]

    assert re.fullmatch(r"See it in the browser with: (.*/)?crosspromo demo --serve", last)


def test_it_does_not_run_over_a_workspace_that_is_there(empty: Shell) -> None:
    assert "exists already" in empty.refused("demo", "--keep", ".", status=2)
