"""`explain`: the first line is one that staff can repeat; below it stands what it rests on."""

import pytest
from end_to_end.shell import WORKSPACE, Shell

OWN = ("queue", "own", "--text", "Our report is out.", "--to", "x-main")


def first_line(shell: Shell, number: int) -> str:
    return shell.ok("explain", str(number)).out.splitlines()[0]


@pytest.fixture
def held(shell: Shell) -> Shell:
    """A post about ourselves on X, where one partner was shared and three are asked."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok(*OWN)
    shell.ok("run", "--once")
    return shell


def test_a_held_post_says_what_would_release_it_and_when(held: Shell) -> None:
    explained = held.ok("explain", "2", "--json").json

    assert explained["sentence"].startswith(
        "Delivery 2, own on x-main, is held: x-main shared others once and itself 0 times in the "
        "last 28 days; at 3:1 this post needs 2 more partner posts"
    )
    assert explained["numbers"] == {
        "account": {"others": 1, "self": 0, "target": "3:1", "window": "28d"},
        "organisation": {"others": 1, "self": 0, "target": "1:1", "window": "28d"},
    }
    (row,) = explained["rows"]
    assert (row["account"], row["delivery"], row["others"], row["self"]) == ("x-main", 1, 1, 0)
    assert (explained["release"]["posts_needed"], explained["release"]["at"]) == (2, None)


def test_a_held_post_shows_every_check_in_order(held: Shell) -> None:
    checks = held.ok("explain", "2", "--json").json["checks"]

    verdicts = {check["check"]: check["verdict"] for check in checks}
    names = list(verdicts)
    assert names[:4] == ["paused", "approval", "expired", "missed"]
    assert names.index("missed") < names.index("ratio") == names.index("floor") - 1
    assert {name for name, verdict in verdicts.items() if verdict != "ok"} == {"ratio"}


def test_partners_who_wait_longest_are_proposed_and_not_those_just_shared(held: Shell) -> None:
    held.ok("queue", "spotlight", "valley-food-bank", "--to", "x-main", "--at", "2030-05-01T09:00")

    ready = held.ok("explain", "2", "--json").json["release"]["ready"]

    proposed = [each["partner"] for each in ready]
    assert 1 <= len(proposed) <= 5
    assert "river-keepers" not in proposed, "it was shared just now"
    assert "valley-food-bank" not in proposed, "it is queued already"
    out = held.ok("explain", "2").out
    assert "What would release it: 2 more partner posts." in out
    assert (
        f"  {proposed[0]}, never shared here: crosspromo queue spotlight {proposed[0]} --to x-main"
    ) in out


def test_what_may_go_says_when(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "2030-05-01T09:00")

    assert first_line(shell, 1) == (
        "Delivery 1, spotlight on x-main, may go out when it is due, Wed 2030-05-01 09:00."
    )


def test_what_went_out_tells_what_the_gate_saw_then_and_not_now(shell: Shell) -> None:
    shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\nratio = "1:1"'))
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok(*OWN)
    shell.ok("run", "--once")
    before = shell.ok("explain", "2", "--json").json

    shell.ok("queue", "spotlight", "valley-food-bank", "--to", "x-main")
    shell.ok("run", "--once")

    assert shell.ok("explain", "2", "--json").json == before
    assert before["numbers"]["account"] == {
        "others": 1,
        "self": 0,
        "target": "1:1",
        "window": "28d",
    }
    assert before["sentence"].startswith("Delivery 2, own on x-main, was allowed and went out at ")
    assert before["sentence"].endswith(
        " Until then x-main shared others once and itself 0 times in 28 days, and keeps 1:1."
    )
    assert [(row["delivery"], row["others"], row["self"]) for row in before["rows"]] == [(1, 1, 0)]
    assert before["release"] is None


def test_what_was_released_says_by_whom_and_why(held: Shell) -> None:
    held.ok("queue", "release", "2", "--reason", "the room changed", "--as", "the chair")
    held.ok("run", "--once")

    assert first_line(held, 2).endswith(" It was released by the chair: the room changed.")


def test_what_was_refused_says_why(shell: Shell) -> None:
    shell.configure(WORKSPACE + '\n[defaults]\nlate_after = "1ms"\n')
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "now")
    shell.ok("run", "--once")

    assert first_line(shell, 1).startswith(
        "Delivery 1, spotlight on x-main, is missed: It was due at "
    )


def test_a_draft_says_who_has_to_approve_and_how(shell: Shell) -> None:
    shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\napproval = "one"'))
    shell.ok(*OWN, "--as", "the editor")

    assert first_line(shell, 1) == (
        "Delivery 1, own on x-main, is a draft and does not go out. It needs the approval of one "
        "person, not the editor, who wrote it. To let it go: crosspromo queue approve 1"
    )


def test_what_nobody_knows_the_fate_of_says_who_has_to_look(shell: Shell) -> None:
    shell.configure(WORKSPACE.replace('"sandbox"\nimitates = "x"', '"manual"\nimitates = "x"'))
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok("run", "--once")

    said = first_line(shell, 1)

    assert said.startswith(
        "Delivery 1, spotlight on x-main, was allowed; whether it went out is not known: "
    )
    assert said.endswith("; a person is asked. Then: crosspromo queue mark-posted 1")


def test_the_account_that_is_gone_is_named(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "2030-05-01T09:00")
    shell.configure(WORKSPACE.replace("x-main", "another"))

    assert "which crosspromo.toml has no more" in first_line(shell, 1)
