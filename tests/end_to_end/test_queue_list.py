"""The list of deliveries: by time, with words, each thing said once, and narrowed as people ask."""

import re
from datetime import date, timedelta

import pytest
from end_to_end.shell import WORKSPACE, Shell


@pytest.fixture
def planned(shell: Shell) -> Shell:
    """Three posts, of which the second one queued goes first."""
    shell.ok("queue", "own", "--to", "x-main", "--text", "Second by time", "--at", "2030-05-02 9am")
    shell.ok("queue", "own", "--to", "x-main", "--text", "First by time", "--at", "may 1 2030 9am")
    shell.ok(
        "queue", "spotlight", "river-keepers", "--to", "reddit-main", "--at", "2030-05-03 9:00"
    )
    return shell


def ids(shell: Shell, *options: str) -> list[int]:
    return [delivery["id"] for delivery in shell.deliveries(*options)]


def test_a_list_is_by_time_and_has_the_first_words(planned: Shell) -> None:
    lines = planned.ok("queue", "list").out.splitlines()[2:5]
    assert [line.split()[0] for line in lines] == ["2", "1", "3"]
    assert lines[0].endswith("First by time")
    assert "river-keepers" in lines[2]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--until", "2030-05-02"], [1, 2]),
        (["--since", "2030-05-02", "--until", "2030-05-02"], [1]),
        (["--due", "2030-05-01"], [2]),
        (["--due", "may 3 2030"], [3]),
        (["--partner", "river-keepers"], [3]),
        (["--kind", "own"], [1, 2]),
        (["--kind", "own", "--until", "2030-05-01 10:00"], [2]),
    ],
)
def test_a_list_is_narrowed_by_day_partner_and_kind(
    planned: Shell, options: list[str], found: list[int]
) -> None:
    assert ids(planned, *options) == found


def test_an_unknown_partner_and_options_that_contradict_are_refused(planned: Shell) -> None:
    assert "rivers" in planned.refused("queue", "list", "--partner", "rivers")
    said = planned.refused("queue", "list", "--due", "fri", "--until", "sat", status=2)
    assert "--due is a day of its own" in said


def test_a_week_has_its_seven_days_also_those_without_posts(planned: Shell) -> None:
    lines = planned.ok("queue", "list", "--week", "--since", "2030-05-01").out.splitlines()[2:9]
    assert [line[:9] for line in lines] == [
        f"{date(2030, 5, 1) + timedelta(days=n):%a %m-%d}" for n in range(7)
    ]
    assert "09:00" in lines[0]
    assert lines[0].endswith("First by time")
    assert [line.split()[-1] for line in lines[3:]] == ["nothing"] * 4


def test_what_several_drafts_lack_is_said_once_with_one_command(shell: Shell) -> None:
    settings = f'{WORKSPACE}\n[defaults]\napproval = "one"\n'
    (shell.folder / "crosspromo.toml").write_text(settings)
    for day in range(1, 5):
        shell.ok(
            "queue", "own", "--to", "x-main", "--text", f"Text {day}", "--at", f"2030-05-0{day}"
        )
    said = shell.ok("queue", "list").out
    assert said.count("the approval of one person") == 1
    assert "1, 2, 3 and 4 are drafts. They need the approval of one person, not" in said
    assert "who wrote them." in said
    assert "It needs" not in said
    assert "crosspromo queue approve 1 2 3 4" in said


def test_what_went_out_has_its_address(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "reddit-main")
    shell.ok("run", "--once")
    said = shell.ok("queue", "list").out
    assert re.search(r"^1 is at file:///\S+/sandbox/reddit-main\.html#\w+$", said, re.MULTILINE)


def test_an_empty_list_is_a_sentence(shell: Shell) -> None:
    assert shell.ok("queue", "list").out == "no delivery is like that\n"
    assert (
        shell.ok("audit", "list", "--since", "2040-01-01").out
        == "nobody has done anything that the audit log keeps\n"
    )


def test_a_list_tells_what_goes_otherwise_than_due_and_what_goes_when_it_is_allowed(
    shell: Shell,
) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main", "--at", "+1h")
    assert "forecast" not in shell.ok("queue", "list").out, "it goes when it is due"
    shell.ok("queue", "own", "--to", "x-main", "--text", "Our report", "--at", "+3h")
    shell.ok("queue", "own", "--to", "x-main", "--text", "Hello there", "--at", "allowed")
    head, _, *lines = shell.ok("queue", "list").out.splitlines()[:5]
    assert "forecast" in head
    assert re.search(r"^3 +when allowed +queued .* held .*Hello there$", lines[0])
    assert re.search(r"^1 .*river-keepers +\S", lines[1])
    assert re.search(r"^2 .* held .*Our report$", lines[2])
    week = shell.ok("queue", "list", "--week").out.splitlines()
    assert re.search(r"^any day +when allowed +3 +queued .* held .*Hello there$", week[-1])
    today = shell.ok("queue", "list", "--due", "today", "--json").json["deliveries"]
    assert 3 not in [each["id"] for each in today]


def test_each_of_several_posts_is_foretold(shell: Shell) -> None:
    both = ("river-keepers", "valley-food-bank")
    said = shell.ok("queue", "spotlight", *both, "--to", "bluesky-main", "--at", "+1h").out
    assert said.count("It should go at") == 2
    tried = f"queue spotlight {' '.join(both)} --to reddit-main"
    steps = shell.ok("rehearse", "--weeks", "1", "--also", tried, "--json").json["steps"]
    assert [step["delivery"] for step in steps].count(None) == 2
