"""What was posted without crosspromo counts; and what people did is on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from end_to_end.shell import Shell

NOW = datetime.now(UTC)
HEADER = "account,published_at,credit,partner,text,url,remote_id\n"


def days_ago(days: int) -> str:
    return f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def history(*of_posts: str) -> str:
    """A file of posts on X with these credits, numbered from 1: yesterday's, the day before's, …"""
    rows = [
        f"x-main,{days_ago(n + 1)},{credit},,Post {n + 1},,{n + 1}\n"
        for n, credit in enumerate(of_posts)
    ]
    return HEADER + "".join(rows)


def imported(shell: Shell, text: str, *options: str, status: int = 0) -> dict[str, Any]:
    """What the import of this file says of itself."""
    shell.write("history.csv", text)
    result = shell.run("ledger", "import", "history.csv", "--json", *options)
    assert result.status == status, result
    document: dict[str, Any] = result.json
    return document


def counts(**changes: int) -> dict[str, Any]:
    """The counts of an import without errors."""
    return {"new": 0, "updated": 0, "unchanged": 0, "cancelled": 0, "errors": [], **changes}


def ledger(shell: Shell, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shell.ok("ledger", "list", *options, "--json").json["rows"]
    return rows


def audit(shell: Shell, *options: str) -> list[dict[str, Any]]:
    """The audit log without the import of partners with which the workspace began."""
    entries: list[dict[str, Any]] = shell.ok("audit", "list", *options, "--json").json["entries"]
    return [each for each in entries if each["act"] != "import partners"]


@pytest.fixture
def held(shell: Shell) -> Shell:
    """A post about ourselves on X that waits: 3:1, and nothing was shared yet."""
    shell.ok("queue", "own", "--to", "x-main", "--text", "Join us at the river.")
    assert shell.ok("run", "--once", "--json").json["held"] == 1
    return shell


def test_a_held_post_about_us_goes_once_three_others_are_imported(held: Shell) -> None:
    imported(held, history("others", "others"))
    assert held.ok("run", "--once", "--json").json["published"] == 0

    imported(held, history("others", "others", "others"))
    assert held.ok("run", "--once", "--json").json["published"] == 1
    assert "Join us at the river." in held.page("x-main")


def test_a_held_post_about_us_goes_on_the_strength_of_an_opening_balance(held: Shell) -> None:
    held.ok("ledger", "open", "x-main", "--others", "3", "--self", "0", "--reason", "March")

    assert held.ok("run", "--once", "--json").json["published"] == 1


def test_importing_twice_counts_once(shell: Shell) -> None:
    text = history("others", "self", "both", "none")

    assert imported(shell, text) == counts(new=3, unchanged=1)
    assert imported(shell, text) == counts(unchanged=4)
    account = shell.ok("report", "ratio", "--json").json["accounts"][0]
    assert (account["account"], account["others"], account["self"]) == ("x-main", 2, 2)


def test_a_dry_run_counts_and_changes_nothing(shell: Shell) -> None:
    assert imported(shell, history("others"), "--dry-run") == counts(new=1)
    assert ledger(shell) == []
    assert audit(shell) == []


def test_one_bad_row_stops_the_import_and_is_named(shell: Shell) -> None:
    bad = history("others", "ours")

    shell.write("history.csv", bad)
    refusal = shell.refused("ledger", "import", "history.csv")
    assert 'row 3, column credit: "ours" is no credit' in refusal
    document = imported(shell, bad, status=1)
    assert (document["new"], [error["row"] for error in document["errors"]]) == (0, [3])
    assert ledger(shell) == []


def test_the_good_rows_are_taken_when_asked(shell: Shell) -> None:
    document = imported(shell, history("others", "ours"), "--partial", status=1)

    assert (document["new"], len(document["errors"])) == (1, 1)
    assert [row["text"] for row in ledger(shell)] == ["Post 1"]


def test_what_counts_for_us_is_not_talked_away(shell: Shell) -> None:
    imported(shell, history("self"))

    (error,) = imported(shell, history("others"), status=1)["errors"]

    assert (error["row"], error["column"]) == (2, "credit")
    assert "a correction never allows more self posts" in error["message"]
    assert [(row["others"], row["self"]) for row in ledger(shell)] == [(0, 1)]


def test_a_stricter_credit_is_taken_and_logged(shell: Shell) -> None:
    text = history("others", "others")
    imported(shell, text)
    said = imported(shell, text.replace("others", "self", 1), "--as", "editor")

    assert said == counts(updated=1, unchanged=1)
    entry = audit(shell)[0]
    assert (entry["who"], entry["act"]) == ("editor", "reclassify")
    assert (entry["subject"], entry["reason"]) == ("outside post on x-main", "others to self: 1")


def test_our_own_post_in_a_history_is_not_counted_twice(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok("run", "--once")
    own = shell.delivery(1)
    row = f"x-main,{own['published_at']},others,,,,{own['remote_id']}\n"

    assert imported(shell, HEADER + row) == counts(unchanged=1)
    assert [row["delivery"] for row in ledger(shell)] == [1]


def test_the_ledger_lists_ours_and_outside_posts_latest_first(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main,bluesky-main")
    shell.ok("run", "--once")
    row = f"x-main,{days_ago(3)},both,river-keepers,Clean up with us,https://x.example/1,\n"
    imported(shell, HEADER + row)

    on_x = ledger(shell, "--account", "x-main")
    assert [(row["origin"], row["delivery"]) for row in on_x] == [
        ("delivery", 1),
        ("outside", None),
    ]
    assert {key: on_x[1][key] for key in ("others", "self", "partner", "text", "url")} == {
        "others": 1,
        "self": 1,
        "partner": "river-keepers",
        "text": "Clean up with us",
        "url": "https://x.example/1",
    }
    assert on_x[1]["why"] == "posted outside crosspromo, credit both"
    assert len(ledger(shell, "--since", days_ago(1))) == 2
    table = shell.ok("ledger", "list").out
    assert "delivery 1" in table
    assert "https://x.example/1" in table


def test_an_account_opens_once(shell: Shell) -> None:
    opening = ("ledger", "open", "x-main", "--others", "12", "--self", "3", "--reason", "by hand")

    said = shell.ok(*opening, "--at", days_ago(5), "--as", "editor").out
    assert said.startswith("x-main opens with 12 others, 3 self, counted from ")
    assert "has an opening balance already: 12 others, 3 self" in shell.refused(*opening, status=2)

    (row,) = ledger(shell)
    assert (row["others"], row["self"], row["why"]) == (12, 3, "opening balance: by hand")
    (entry,) = audit(shell)
    assert (entry["who"], entry["act"]) == ("editor", "open the ledger")
    assert (entry["subject"], entry["reason"]) == ("x-main: 12 others, 3 self", "by hand")


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("nowhere", "--others", "1", "--self", "0"), 1, 'no account "nowhere"'),
        (("x-main", "--others", "0", "--self", "0"), 2, "an opening balance counts something"),
        (("x-main", "--others", "-1", "--self", "0"), 2, "0<=x<="),
        (("x-main", "--others", "1", "--self", "0", "--at", "+1h"), 2, "lies ahead"),
    ],
)
def test_an_opening_that_makes_no_sense_is_refused(
    shell: Shell, options: tuple[str, ...], status: int, said: str
) -> None:
    assert said in shell.refused("ledger", "open", *options, "--reason", "x", status=status)
    assert ledger(shell) == []


def test_the_audit_log_shows_the_latest_act_first(shell: Shell) -> None:
    shell.ok("queue", "own", "--to", "x-main", "--text", "Join us.", "--at", "2099-01-01T09:00")
    imported(shell, history("others", "others"), "--as", "editor")
    shell.ok("queue", "cancel", "1", "--as", "author")

    log = audit(shell)

    assert [(e["who"], e["act"], e["subject"], e["reason"]) for e in log] == [
        ("author", "cancel", "delivery 1", None),
        ("editor", "import outside posts", "x-main", "2 new, from history.csv"),
    ]
    assert audit(shell, "--since", "2099-01-01T00:00") == []
    assert "delivery 1" in shell.ok("audit", "list").out
