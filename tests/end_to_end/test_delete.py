"""Taking a post off its network, or saying that somebody did."""

import pytest
from end_to_end.shell import BY_HAND, WORKSPACE, Shell


@pytest.fixture
def published(shell: Shell) -> Shell:
    """Two posts on the page of one account."""
    for partner in ("river-keepers", "valley-food-bank"):
        shell.ok("queue", "spotlight", partner, "--to", "bluesky-main")
        shell.ok("run", "--once")
    assert shell.page("bluesky-main").count("<article") == 2
    return shell


def test_a_deleted_post_is_gone_and_the_other_stands(published: Shell) -> None:
    assert published.ok("queue", "delete", "1", "--as", "the chair").out == "1 is deleted\n"

    page = published.page("bluesky-main")
    assert page.count("<article") == page.count("</article>") == 1
    assert published.delivery(2)["remote_id"] in page
    deleted = published.delivery(1)
    assert deleted["state"] == "deleted"
    assert deleted["published_at"]
    entry, _import = published.ok("audit", "list", "--json").json["entries"]
    assert (entry["who"], entry["act"], entry["subject"]) == ("the chair", "delete", "delivery 1")
    published.ok("db", "check")
    said = published.ok("explain", "1").out.splitlines()[0]
    assert said.startswith("Delivery 1, spotlight on bluesky-main, went out at ")
    assert said.endswith(" and was deleted.")


def test_nothing_is_deleted_twice(published: Shell) -> None:
    published.ok("queue", "delete", "1")

    said = published.refused("queue", "delete", "1")

    assert "delivery 1 is deleted; only a published one can be deleted" in said


def test_where_we_cannot_delete_a_person_is_told_how(shell: Shell) -> None:
    shell.configure(WORKSPACE + BY_HAND)
    shell.ok("queue", "spotlight", "river-keepers", "--to", "reddit-by-hand")
    shell.ok("run", "--once")
    shell.ok("queue", "mark-posted", "1", "--url", "https://reddit.example/1")

    assert (
        "posts on reddit-by-hand cannot be deleted from here; delete it at "
        "https://reddit.example/1, then say so: crosspromo queue delete 1 --by-hand"
    ) in shell.refused("queue", "delete", "1")

    shell.ok("queue", "delete", "1", "--by-hand")
    assert shell.delivery(1)["state"] == "deleted"
