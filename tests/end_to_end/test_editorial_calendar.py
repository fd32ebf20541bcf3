"""The queue leaves as a workbook, is changed in a spreadsheet program, and comes back."""

from pathlib import Path

from calendar_books import Book
from end_to_end.shell import Shell
from icalendar import Calendar

SETTINGS = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[accounts.bluesky-main]
network = "sandbox"
imitates = "bluesky"
approval = "one"
"""


def opened(shell: Shell, name: str = "calendar.xlsx") -> Book:
    """Export the queue, and open it."""
    shell.ok("calendar", "export", "--xlsx", name)
    return Book((shell.folder / name).read_bytes())


def saved(shell: Shell, book: Book, name: str = "calendar.xlsx") -> None:
    (shell.folder / name).write_bytes(book.saved())


def queue_own(shell: Shell, text: str) -> int:
    queued = shell.ok(
        *("queue", "own", "--to", "bluesky-main", "--text", text, "--at", "2030-05-01T09:00"),
        "--json",
    )
    number: int = queued.json["deliveries"][0]["id"]
    return number


def test_what_was_changed_in_the_workbook_is_changed_here(shell: Shell) -> None:
    shell.ok("campaign", "add", "Spring drive", "--from", "2030-04-01", "--until", "2030-04-30")
    number = queue_own(shell, "Come to the river.")
    book = opened(shell)
    book.write(number, "text", "Come to the river on Sunday.")
    book.write(number, "campaign", "spring-drive")
    book.add(account="bluesky-main", partner="River Keepers", text="They clean our river.")
    saved(shell, book)

    tried = shell.ok("calendar", "import", "calendar.xlsx", "--dry-run").out
    assert tried.splitlines()[0] == "would be: 1 new, 1 updated, 0 unchanged"
    assert (
        f'row 2, delivery {number}, text: "Come to the river." -> "Come to the river on Sunday."'
    ) in tried
    assert shell.ok("queue", "show", str(number), "--json").json["text"] == "Come to the river."

    document = shell.ok("calendar", "import", "calendar.xlsx", "--dry-run", "--json").json
    assert (document["new"], document["updated"], document["dry_run"]) == (1, 1, True)
    assert document["changes"][0]["cells"][0] == {
        "column": "text",
        "before": "Come to the river.",
        "after": "Come to the river on Sunday.",
    }
    done = shell.ok("calendar", "import", "calendar.xlsx").out
    assert done.startswith("1 new, 1 updated, 0 unchanged")
    found = shell.ok("queue", "show", str(number), "--json").json
    assert (found["text"], found["campaign"]) == ("Come to the river on Sunday.", "spring-drive")
    shown = shell.ok("campaign", "show", "spring-drive", "--json").json
    assert [each["id"] for each in shown["deliveries"]] == [number]
    again = opened(shell, "again.xlsx")
    assert len(again.ids) == 2


def test_a_row_that_was_changed_here_meanwhile_is_refused_with_both_values(shell: Shell) -> None:
    number = queue_own(shell, "Come to the river.")
    book = opened(shell)
    shell.ok("queue", "edit", str(number), "--text", "Come to the lake.")
    book.write(number, "text", "Come to the sea.")
    saved(shell, book)
    refused = shell.run("calendar", "import", "calendar.xlsx")
    assert refused.status == 1
    assert "row 2, column text" in refused.err
    assert '"Come to the lake."' in refused.err
    assert '"Come to the sea."' in refused.err
    assert "nothing was written" in refused.err


def test_a_name_in_the_sheet_approves_nothing_and_is_asked(shell: Shell) -> None:
    shell.configure(SETTINGS)
    number = queue_own(shell, "Come to the river.")
    book = opened(shell)
    book.write(number, "approver", "Dana Lee")
    saved(shell, book)
    told = shell.ok("calendar", "import", "calendar.xlsx").err
    assert f"crosspromo queue approve {number} --as 'Dana Lee'" in told
    assert shell.ok("queue", "show", str(number), "--json").json["state"] == "draft"
    assert "ask to approve" in shell.ok("audit", "list").out


def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(shell: Shell) -> None:
    Path(shell.folder / "calendar.csv").write_text("date,text\n", encoding="utf-8")
    refused = shell.run("calendar", "import", "calendar.csv")
    assert refused.status == 1
    assert "is no workbook" in refused.err
    assert "Traceback" not in refused.err
    as_json = shell.run("calendar", "import", "calendar.csv", "--json")
    assert as_json.json["errors"][0]["message"].startswith("is no workbook")


def test_one_file_is_named(shell: Shell) -> None:
    assert shell.run("calendar", "export").status == 2
    both = shell.run("calendar", "export", "--ics", "a.ics", "--public-ics", "b.ics")
    assert both.status == 2
    assert shell.run("calendar", "export", "--ics", "a.ics", "--from", "today").status == 2


def test_events_leave_for_anybody_and_come_in_elsewhere(shell: Shell, empty: Shell) -> None:
    queue_own(shell, "Come to the river.")
    shell.ok("calendar", "export", "--public-ics", "events.ics")
    shell.ok("calendar", "export", "--ics", "ours.ics")
    public = (shell.folder / "events.ics").read_bytes()
    assert b"Come to the river" not in public
    assert Calendar.from_ical(public)
    assert b"Come to the river" in (shell.folder / "ours.ics").read_bytes()
    assert Calendar.from_ical(shell.ok("calendar", "export", "--public-ics", "-").out)
    came = empty.ok("event", "import", str(shell.folder / "events.ics"), "--json").json
    assert came["new"] + came["cancelled"] == len(
        shell.ok("event", "list", "--json").json["events"]
    )


def test_notes_and_campaigns_are_typed(shell: Shell) -> None:
    shell.ok("campaign", "add", "Spring drive")
    number = queue_own(shell, "Come to the river.")
    edit = ("queue", "edit", str(number))
    told = shell.ok(*edit, "--campaign", "spring-drive", "--note", "Ask Maria").out
    assert told == f"{number} on bluesky-main: campaign spring-drive, another note\n"
    assert shell.ok("campaign", "list", "--json").json["campaigns"][0]["posts"] == 1
    shell.ok(*edit, "--campaign", "none")
    found = shell.ok("queue", "show", str(number), "--json").json
    assert (found["campaign"], found["note"]) == (None, "Ask Maria")
    unknown = shell.run(*edit, "--campaign", "sping")
    assert 'there is no campaign "sping"; there are: spring-drive' in unknown.err
