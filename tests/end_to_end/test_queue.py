"""What people do to deliveries: cancel, move, edit, retry."""

from typing import Any

import pytest
from end_to_end.shell import WORKSPACE, Shell

LATER = ("--at", "2030-05-01T09:00")


@pytest.fixture
def waiting(shell: Shell) -> Shell:
    """A spotlight on X and on Reddit, for a day in May."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main,reddit-main", *LATER)
    return shell


def test_a_dry_run_shows_it_and_queues_nothing(shell: Shell) -> None:
    said = shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--dry-run").out

    assert said.startswith("would queue spotlight on x-main")
    assert shell.deliveries() == []


def test_times_are_read_in_the_zone_of_the_organisation(waiting: Shell) -> None:
    assert {d["due_at"] for d in waiting.deliveries()} == {"2030-05-01T14:00:00Z"}
    assert "Wed 2030-05-01 09:00" in waiting.ok("queue", "list").out


def test_what_is_cancelled_does_not_go_and_cannot_come_back(waiting: Shell) -> None:
    waiting.ok("queue", "cancel", "1", "2")

    assert [d["state"] for d in waiting.deliveries()] == ["cancelled", "cancelled"]
    assert "delivery 1 is cancelled" in waiting.refused("queue", "cancel", "1")
    waiting.refused("queue", "retry", "1")


def test_what_is_moved_goes_at_its_new_time(waiting: Shell) -> None:
    waiting.ok("queue", "move", "1", "--at", "now")

    assert waiting.ok("run", "--once", "--json").json["published"] == 1
    assert [d["state"] for d in waiting.deliveries()] == ["published", "queued"]


def test_what_went_out_is_not_moved_edited_or_cancelled(waiting: Shell) -> None:
    waiting.ok("queue", "move", "1", "--at", "now")
    waiting.ok("run", "--once")

    assert "is published" in waiting.refused("queue", "cancel", "1")
    assert "is published" in waiting.refused("queue", "edit", "1", "--text", "Too late")
    assert "published" in waiting.refused("queue", "retry", "1")


def test_what_is_edited_is_what_is_sent(waiting: Shell) -> None:
    waiting.ok("queue", "edit", "2", "--title", "Our river", "--text", "Meet the River Keepers.")
    waiting.ok("queue", "move", "2", "--at", "now")
    waiting.ok("run", "--once")

    page = waiting.page("reddit-main")
    assert "<h2>Our river</h2>" in page
    assert "Meet the River Keepers." in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("1", "--text", "a" * 281), "x-main: the text is too long by 1 (281 of 280)"),
        (("1", "--text", " "), "x-main: there is nothing to say"),
        (("1", "--title", "Our river"), "x-main: posts have no titles there"),
        (("2", "--title", "a" * 303), "reddit-main: the title is too long by 3 (303 of 300)"),
        (("2", "--title", ""), "reddit-main needs a title"),
        (("9", "--text", "Hello"), "there is no delivery 9"),
    ],
)
def test_an_edit_is_held_to_the_network_as_well(
    waiting: Shell, change: tuple[str, ...], said: str
) -> None:
    before = waiting.deliveries()

    assert said in waiting.refused("queue", "edit", *change)

    assert waiting.deliveries() == before


@pytest.fixture
def missed(shell: Shell) -> Shell:
    """A post that was due at a moment of its own, at which nobody ran."""
    shell.configure(WORKSPACE + '\n[defaults]\nlate_after = "1ms"\n')
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "now")
    assert shell.ok("run", "--once", "--json").json["missed"] == 1
    return shell


def test_a_missed_post_is_not_sent_by_itself(missed: Shell) -> None:
    missed.ok("run", "--once")

    error: dict[str, Any] = missed.delivery(1)["error"]
    assert error["code"] == "missed"
    assert "late_after" in error["message"]
    assert missed.page("x-main") == ""


def test_a_missed_post_goes_when_somebody_says_so(missed: Shell) -> None:
    missed.ok("queue", "retry", "1")
    missed.ok("run", "--once")

    assert missed.delivery(1)["state"] == "published"
    assert missed.page("x-main").count("<article") == 1


def test_a_missed_post_can_be_given_another_time(missed: Shell) -> None:
    missed.ok("queue", "move", "1", *LATER)

    assert missed.delivery(1)["state"] == "queued"
    assert missed.delivery(1)["due_at"] == "2030-05-01T14:00:00Z"


def test_slots_are_filled_one_by_one(shell: Shell) -> None:
    shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\nslots = ["daily 09:00"]'))
    for partner in ("river-keepers", "valley-food-bank"):
        shell.ok("queue", "spotlight", partner, "--to", "x-main")

    first, second = (d["due_at"][:10] for d in shell.deliveries())
    assert first < second
    assert shell.ok("run", "--once", "--json").json["published"] == 0


def test_the_list_can_be_narrowed(waiting: Shell) -> None:
    assert [d["id"] for d in waiting.deliveries("--account", "reddit-main")] == [2]
    assert waiting.deliveries("--state", "published") == []
    assert waiting.deliveries("--since", "2030-05-02") == []


def test_status_is_1_only_when_something_needs_a_person(waiting: Shell) -> None:
    calm = waiting.run("status")

    assert calm.status == 0
    assert "nothing needs a person" in calm.out
