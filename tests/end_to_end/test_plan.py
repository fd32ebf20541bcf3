"""`plan` on the demo's data: a month with reasons, taken over, and nothing more to propose then."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from end_to_end.shell import Shell

DAY = timedelta(days=1)


@pytest.fixture
def demo(outside: Shell) -> Shell:
    """The demo's workspace with what an office knows besides: milestones, and an event."""
    outside.ok("demo", "--keep", "kept")
    kept = Shell(outside.folder / "kept")
    kept.ok("partner", "note", "river-keepers", "Ten years on the river", "--milestone")
    kept.ok("partner", "note", "valley-food-bank", "A million meals", "--milestone")
    at = f"{date.today() + 20 * DAY}T18:00"  # noqa: DTZ011 (any day some weeks from now will do)
    kept.ok("event", "add", "Winter picnic", "--at", at, "--host", "river-keepers")
    return kept


def planned(shell: Shell, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = shell.ok("plan", *options, "--json").json
    return found


def accounts(items: Sequence[dict[str, Any]]) -> set[str]:
    return {each["account"] for each in items}


def test_every_line_has_a_reason_that_can_be_read_aloud(demo: Shell) -> None:
    told = demo.ok("plan").out

    assert "x: spotlight, a partner post. Youth Climate Crew: never shared here" in told
    assert "a partner post. River Keepers: a milestone of " in told
    assert '"Ten years on the river"' in told
    assert '"Winter picnic": its post two weeks before, on' in told
    assert "self posts allowed" in told
    assert "To make drafts of it: crosspromo plan --apply (or --apply --queue)" in told
    assert all(each["reasons"] for each in planned(demo)["items"])


def test_its_document_has_the_keys_of_the_contract(demo: Shell) -> None:
    found = planned(demo, "--account", "reddit")

    lists = {"items", "missing", "unplaced", "weeks", "paused"}
    assert found.keys() == lists | {"from", "to", "drafts", "stopped"}
    keys = {"account", "due_at", "kind", "partners", "event", "delivery", "credit", "reasons"}
    for each in found["items"]:
        assert each.keys() == keys | {"asks_for_words"}
    assert accounts(found["items"]) == {"reddit"} == accounts(found["weeks"])
    for each in found["weeks"]:
        assert each.keys() == {"account", "week", "others", "self", "headroom"}
    keys = {"what", "reason", "key", "accounts", "from", "to", "delivery"}
    assert all(each.keys() == keys for each in found["unplaced"])
    assert all(each.keys() == {"account", "partner_posts", "target"} for each in found["missing"])


def test_what_is_applied_is_queued_in_its_slots_and_proposed_no_more(demo: Shell) -> None:
    before = planned(demo)["items"]
    firm = [each for each in before if not each["asks_for_words"]]
    made = planned(demo, "--apply", "--queue")["deliveries"]

    assert sorted((each["account"], each["due_at"]) for each in made) == sorted(
        (each["account"], each["due_at"]) for each in firm
    )
    assert all(each["planned"] for each in made)
    assert all(each["forecast"]["certain"] for each in made if each["state"] == "queued")
    assert [each for each in planned(demo)["items"] if not each["asks_for_words"]] == []


def test_drafts_are_made_unless_they_are_to_be_queued(demo: Shell) -> None:
    told = demo.ok("plan", "--apply").out

    assert "made; look at them: crosspromo queue list --state draft" in told
    drafts = [each for each in demo.deliveries() if each["state"] == "draft"]
    assert drafts
    again = demo.ok("plan", "--apply", "--queue").out
    assert "of earlier plans wait for approval. Look at them: crosspromo queue list" in again
    assert "To have one queued: crosspromo queue approve ID" in again
    refused = demo.run("plan", "--queue")
    assert (refused.status, refused.out) == (2, "")
    assert "--queue goes with --apply" in refused.err
