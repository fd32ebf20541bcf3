"""Approving, as people do it: what they type and what they read."""

import pytest
from end_to_end.shell import WORKSPACE, Shell

TEXT = "Meet the River Keepers."
TO_BOTH = ("--to", "x-main,bluesky-main")


@pytest.fixture
def asking(shell: Shell) -> Shell:
    """A workspace in which one account asks two people, and a draft of the editor for it."""
    shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\napproval = "two"'))
    shell.ok("queue", "own", "--text", "Our report is out.", "--to", "x-main", "--as", "the editor")
    return shell


def test_what_is_queued_there_is_a_draft_and_says_who_has_to_approve(shell: Shell) -> None:
    shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\napproval = "one"'))

    said = shell.ok("queue", "own", "--text", TEXT, *TO_BOTH, "--as", "the editor").out

    assert said.count("It needs the approval of one person, not the editor, who wrote it.") == 1
    assert {d["account"]: (d["state"], d["approved"]) for d in shell.deliveries()} == {
        "x-main": ("draft", False),
        "bluesky-main": ("queued", None),
    }


def test_with_two_three_different_people_are_needed(asking: Shell) -> None:
    refusal = asking.refused("queue", "approve", "1", "--as", "The Editor", status=2)
    assert "the editor wrote delivery 1; somebody else has to approve it" in refusal

    first = asking.ok("queue", "approve", "1", "--as", "the chair").out
    assert first == (
        "approved 1 as the chair. the chair approved it; it needs the approval of one more "
        "person, not the chair or the editor, who wrote it.\n"
    )
    again = asking.refused("queue", "approve", "1", "--as", "the chair", status=2)
    assert "the chair has approved delivery 1 already" in again
    assert asking.delivery(1)["state"] == "draft"

    second = asking.ok("queue", "approve", "1", "--as", "the treasurer").out
    assert second.endswith("It was approved by the chair and the treasurer.\n")
    assert asking.delivery(1)["state"] == "queued"
    assert asking.delivery(1)["approved"] is True


def test_a_draft_is_not_sent(asking: Shell) -> None:
    asking.ok("run", "--once")

    assert asking.page("x-main") == ""
    assert "1 is a draft. It needs the approval of two people" in asking.ok("queue", "list").out
    assert "It needs the approval of two people" in asking.ok("explain", "1").out


def test_a_draft_that_is_past_its_time_needs_a_person(asking: Shell) -> None:
    late = asking.run("status")

    assert late.status == 1
    assert "1 draft to be approved, 1 of them past the due time; see: crosspromo queue" in late.out
    (matter,) = asking.run("status", "--json").json["needs_person"]
    assert (matter["code"], matter["delivery"]) == ("approval", 1)


def test_a_draft_whose_time_is_to_come_is_no_alarm(asking: Shell) -> None:
    asking.ok("queue", "move", "1", "--at", "2030-05-01T09:00")

    said = asking.ok("status").out
    assert "1 draft to be approved; see: crosspromo queue list" in said
    assert "nothing needs a person; the console's page Today counts drafts" in said
    assert asking.delivery(1)["state"] == "draft"


def test_an_edit_shows_the_difference_and_voids_the_approvals(asking: Shell) -> None:
    asking.ok("queue", "approve", "1", "--as", "the chair")
    asking.ok("queue", "approve", "1", "--as", "the treasurer")

    said = asking.ok("queue", "edit", "1", "--text", "Our report is late.").out

    assert said.splitlines() == [
        "edited 1 on x-main",
        "--- before",
        "+++ after",
        "@@ -1 +1 @@",
        "-Our report is out.",
        "+Our report is late.",
        "2 approvals void: it has to be approved again",
    ]
    assert (asking.delivery(1)["state"], asking.delivery(1)["approved"]) == ("draft", False)


def test_an_edit_to_the_same_words_changes_nothing(asking: Shell) -> None:
    asking.ok("queue", "approve", "1", "--as", "the chair")

    said = asking.ok("queue", "edit", "1", "--text", "Our report is out.").out

    assert said == "1 says this already; nothing was changed\n"
    assert "the chair approved it" in asking.ok("queue", "list").out


def test_a_partner_who_asked_signs_off_before_anything_about_them_goes(shell: Shell) -> None:
    shell.ok("partner", "export", "partners.csv")
    header, *rows = (shell.folder / "partners.csv").read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith("river-keepers,")]
    shell.write("asking.csv", f"{header},sign_off\n{row},yes\n")
    shell.ok("partner", "import", "asking.csv")
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    assert shell.delivery(1)["state"] == "draft"

    shell.ok("queue", "approve", "1", "--as", "partner:river-keepers")
    shell.ok("run", "--once")

    assert shell.delivery(1)["state"] == "published"


def test_every_act_is_in_the_audit_log(asking: Shell) -> None:
    asking.ok("queue", "approve", "1", "--as", "the chair")
    asking.ok("queue", "edit", "1", "--text", TEXT, "--as", "the editor")

    entries = asking.ok("audit", "list", "--json").json["entries"]

    assert [(entry["who"], entry["act"], entry["subject"]) for entry in entries] == [
        ("the editor", "edit", "delivery 1"),
        ("the chair", "approve", "delivery 1"),
        ("tester", "import partners", "partners.csv"),
    ]


def test_a_misspelled_rule_is_refused_where_it_stands(shell: Shell) -> None:
    shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\napproval = "three"'))

    said = shell.refused("queue", "list")

    assert '[accounts.x-main] approval: "three" is none of none, one, two' in said
