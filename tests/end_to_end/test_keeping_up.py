"""Keeping up with partners as a volunteer types it: records, diary, what is due, merging."""

import pytest
from end_to_end.shell import Shell


@pytest.fixture
def close(shell: Shell) -> Shell:
    """A workspace in which one of the partners is close."""
    shell.ok("partner", "edit", "river-keepers", "--closeness", "close", "--owner", "Ana")
    return shell


def test_what_is_noted_stands_on_the_page_of_the_partner(close: Shell) -> None:
    close.ok("partner", "note", "river-keepers", "Called about the cleanup.", "--contact")
    close.ok("partner", "blackout", "river-keepers", "2030-12-24..2030-12-26", "Closed.")
    received = ("ledger", "received", "add", "river-keepers", "--kind", "share")
    close.ok(*received, "--at", "yesterday 9:00", "--account", "x-main")

    said = close.ok("partner", "show", "river-keepers").out

    for words in (
        "owner: Ana",
        "last received: ",
        "last noted contact: ",
        "cadence: every 30 days, next by ",
        "history: closeness close since ",
        "Called about the cleanup.",
        "blackout until 2030-12-26",
        "share",
    ):
        assert words in said
    ratio = close.ok("report", "ratio", "--json").json["organisation"]
    assert (ratio["others"], ratio["self"]) == (0, 0)


def test_what_is_due_comes_with_the_command_that_answers_it(close: Shell) -> None:
    assert close.ok("partner", "overdue").out == "nothing is due with any partner\n"
    close.ok("partner", "follow-up", "river-keepers", "Ask for photos.", "--on", "today")
    close.ok("partner", "promise", "river-keepers", "Share our gala.", "--by", "today", "--theirs")

    found = close.ok("partner", "overdue", "--json").json["due"]

    assert [each["words"] for each in found] == ["Ask for photos.", "Share our gala."]
    for each in found:
        close.ok(*each["command"].split()[1:])
    assert close.ok("partner", "overdue", "--json").json == {"due": []}


def test_a_value_that_is_no_choice_names_the_choices(shell: Shell) -> None:
    said = shell.refused("partner", "edit", "river-keepers", "--tier", "boss", status=2)
    assert "choose one of: decision-maker, influencer, constituent" in said


def test_a_partner_entered_twice_becomes_one_and_both_names_work(shell: Shell) -> None:
    shell.ok("partner", "add", "River Keeper", "--handle", "x=keeper", "--list", "focus")
    shell.ok("partner", "note", "river-keeper", "New director.")
    shell.ok("queue", "spotlight", "river-keeper", "--to", "bluesky-main")

    tried = shell.ok("partner", "merge", "river-keeper", "river-keepers", "--dry-run", "--json")
    assert tried.json["waiting"] == [1]
    assert shell.ok("partner", "show", "river-keeper", "--json").json["slug"] == "river-keeper"
    shell.ok("partner", "merge", "river-keeper", "river-keepers")

    shown = shell.ok("partner", "show", "river-keeper")
    assert "river-keeper is now part of river-keepers" in shown.err
    assert "New director." in shown.out
    assert shell.delivery(1)["partners"] == ["river-keepers"]
    queued = shell.ok("queue", "spotlight", "river-keeper", "--to", "x-main")
    assert "river-keeper is now part of river-keepers" in queued.out + queued.err
    assert "is now part of river-keepers" in shell.refused(
        "partner", "add", "River Keeper", status=2
    )
    shell.ok("db", "check")


def test_what_was_noted_by_mistake_is_removed(shell: Shell) -> None:
    shell.ok("partner", "note", "river-keepers", "Not this one.")
    shell.ok("partner", "diary", "--remove", "1")
    assert shell.ok("partner", "diary", "river-keepers", "--json").json == {"entries": []}
    assert "there is no entry 1" in shell.refused("partner", "diary", "--remove", "1")


@pytest.mark.parametrize(
    "line",
    [
        ("partner", "follow-up", "river-keepers", "Ask."),
        ("partner", "promise", "river-keepers", "Share.", "--by", "today"),
        ("partner", "promise", "--kept", "1", "--not-kept", "1"),
        ("partner", "diary"),
        ("partner", "edit", "river-keepers", "--cadence", "soon"),
    ],
)
def test_half_a_line_says_what_is_missing(shell: Shell, line: tuple[str, ...]) -> None:
    assert shell.refused(*line, status=2)
