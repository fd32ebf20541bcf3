"""What an account may say and spend, as somebody at a shell meets it."""

import pytest
from end_to_end.shell import WORKSPACE, Shell

SECOND_X = """
[accounts.x-second]
network = "sandbox"
imitates = "x"
"""
LATER = ("--at", "2030-05-01T09:00")
MUCH_LATER = ("--at", "2030-06-15T09:00")
WATER = ("queue", "notice", "--text", "Boil water today in the east of town.", "--reason", "county")


@pytest.fixture
def two_on_x(shell: Shell) -> Shell:
    shell.configure(WORKSPACE + SECOND_X)
    return shell


def test_the_same_text_is_refused_within_30_days_with_the_delivery_named(shell: Shell) -> None:
    shell.ok(*WATER, "--to", "bluesky-main", *LATER)
    said = shell.refused(*WATER, "--to", "bluesky-main", "--at", "2030-05-20T09:00")
    assert "bluesky-main: delivery 1 says the same and is queued for Wed 2030-05-01 09:00" in said
    assert "or give a reason (--allow-duplicate REASON)" in said
    assert len(shell.deliveries()) == 1
    shell.ok(*WATER, "--to", "bluesky-main", *MUCH_LATER)
    shell.ok(*WATER, "--to", "reddit-main", "--title", "Water", *LATER)


def test_a_reason_lets_it_through_and_stands_in_the_audit_log(shell: Shell) -> None:
    shell.ok(*WATER, "--to", "bluesky-main", "--at", "now")
    shell.ok("run", "--once")
    shell.refused(*WATER, "--to", "bluesky-main", "--at", "now")
    again = ("--allow-duplicate", "it is still unsafe")
    shell.ok(*WATER, "--to", "bluesky-main", "--at", "now", *again)
    assert shell.ok("run", "--once", "--json").json["published"] == 1
    assert "it is still unsafe" in shell.ok("audit", "list").out


def test_an_edit_does_not_get_round_it(shell: Shell) -> None:
    shell.ok(*WATER, "--to", "bluesky-main", "--at", "now")
    shell.ok("run", "--once")
    other = ("queue", "notice", "--text", "All is well.", "--reason", "county")
    shell.ok(*other, "--to", "bluesky-main", "--at", "now")
    again = ("queue", "edit", "2", "--text", "BOIL water today in the east of town.")
    assert "delivery 1 says the same and went out at" in shell.refused(*again)
    assert shell.delivery(2)["text"] == "All is well."


def test_two_accounts_on_x_never_say_nearly_the_same_whatever_the_reason(two_on_x: Shell) -> None:
    reason = ("--allow-duplicate", "both audiences")
    both = two_on_x.refused(*WATER, "--to", "x-main,x-second", *LATER, *reason)
    assert "x-second would say the same as x-main, or nearly; X forbids that" in both
    two_on_x.ok(*WATER, "--to", "x-main", *LATER)
    near = ("queue", "notice", "--text", "Today in the east of town: boil WATER!", "--reason", "c")
    said = two_on_x.refused(*near, "--to", "x-second", *LATER, *reason)
    assert "x-second: delivery 1 on x-main says the same, or nearly" in said
    assert len(two_on_x.deliveries()) == 1
