"""What a person may not expect of an answer is said with it: times, old words, events, waiting."""

import pytest
from end_to_end.shell import Shell
from end_to_end.typist import offered

CLEANUP = "spring-river-cleanup-2030-04-20"


def test_a_day_without_a_time_is_said_as_it_was_read(shell: Shell) -> None:
    line = ("queue", "own", "--to", "x-main", "--text", "Hello", "--at")
    assert shell.ok(*line, "tomorrow", "--dry-run").err.startswith(
        'note: "tomorrow" names no time of day and is read as '
    )
    assert shell.ok(*line, "tomorrow 9:00").err == ""
    assert shell.ok("queue", "move", "1", "--at", "in 2 days").err == ""
    assert shell.ok("queue", "move", "1", "--at", "tomorrow").err.startswith("note: ")


def test_an_event_in_the_past_is_added_with_a_word(shell: Shell) -> None:
    done = shell.ok("event", "add", "Picnic", "--at", "2020-05-01 12:00")
    assert (done.out, done.err) == (
        "added picnic-2020-05-01\n",
        "note: Fri 2020-05-01 12:00 has passed\n",
    )


def test_an_edit_of_a_partner_names_the_posts_that_say_what_was_before(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main,bluesky-main", "--at", "+5d")
    done = shell.ok("partner", "edit", "river-keepers", "--website", "new.example", "--name", "RK")
    assert done.out == "river-keepers is up to date\n"
    assert done.err == (
        "2 posts that wait say the old website; to change what is said: crosspromo queue edit 1 2\n"
    )


def test_undoing_twice_asks_for_the_number_of_the_older_import(shell: Shell) -> None:
    shell.write("list.csv", "name\nNew One\n")
    shell.ok("partner", "import", "list.csv")
    assert offered(shell, "crosspromo partner undo-import ") == ["2", "1"]
    shell.ok("partner", "undo-import")
    said = shell.refused("partner", "undo-import", status=2)
    assert "the one before it that stands is import 1: partners.csv, by tester at" in said
    assert said.endswith("to take that one back, too: crosspromo partner undo-import 1\n")
    assert len(shell.ok("partner", "list", "--json").json["partners"]) == 6


def test_an_archived_partner_names_its_events_and_they_are_announced_no_more(shell: Shell) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "x-main", "--at", "+5d")
    done = shell.ok("partner", "archive", "river-keepers")
    assert "crosspromo queue cancel 1\n" in done.err
    assert f"it holds {CLEANUP}" in done.err
    said = shell.refused("queue", "event", CLEANUP, "--to", "reddit-main", status=2)
    assert said.endswith("to offer it again: crosspromo partner unarchive river-keepers\n")
    shell.ok("queue", "cancel", "1")
    assert offered(shell, "crosspromo partner unarchive ") == ["river-keepers"]
    assert "river-keepers" not in offered(shell, "crosspromo partner archive ")
    assert offered(shell, "crosspromo partner show riv") == ["river-keepers"]
    assert CLEANUP in offered(shell, "crosspromo event show spring")


def test_an_event_that_is_on_again_names_what_was_cancelled_with_it(shell: Shell) -> None:
    walk = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:w\r\nSEQUENCE:{}\r\nDTSTART:20300501T140000Z\r\n"
        "SUMMARY:Walk\r\nSTATUS:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    shell.write("walk.ics", walk.format(0, "CONFIRMED"))
    shell.ok("event", "import", "walk.ics")
    shell.ok("queue", "event", "walk-2030-05-01", "--to", "x-main", "--at", "+5d")
    shell.write("walk.ics", walk.format(1, "CANCELLED"))
    shell.ok("event", "import", "walk.ics")
    shell.write("walk.ics", walk.format(2, "CONFIRMED"))
    assert shell.ok("event", "import", "walk.ics").err == (
        "walk-2030-05-01 takes place after all; delivery 1 was cancelled with it and will not come "
        "back; say so anew: crosspromo queue event walk-2030-05-01 --to all\n"
    )


def test_an_event_with_a_ladder_that_is_on_again_names_the_command_for_the_ladder(
    shell: Shell,
) -> None:
    walk = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:w\r\nSEQUENCE:{}\r\nDTSTART:20300501T140000Z\r\n"
        "SUMMARY:Walk\r\nSTATUS:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    shell.write("walk.ics", walk.format(0, "CONFIRMED"))
    shell.ok("event", "import", "walk.ics")
    queue = ("queue", "event", "walk-2030-05-01", "--to", "x-main", "--series", "small")
    shell.ok(*queue)
    shell.write("walk.ics", walk.format(1, "CANCELLED"))
    shell.ok("event", "import", "walk.ics")
    shell.write("walk.ics", walk.format(2, "CONFIRMED"))
    assert shell.ok("event", "import", "walk.ics").err.endswith(
        "were cancelled with it and will not come back; say so anew: crosspromo queue event "
        "walk-2030-05-01 --to all --series small\n"
    )
    assert "7 posts" in shell.ok(*queue).out


def test_an_event_of_our_own_is_restored_after_it_was_cancelled(shell: Shell) -> None:
    fair = "fair-2030-05-01"
    shell.ok("event", "add", "Fair", "--at", "2030-05-01T14:00")
    shell.ok("queue", "event", fair, "--to", "x-main", "--at", "+5d")
    shell.ok("event", "cancel", fair)
    assert shell.ok("event", "edit", fair, "--location", "New Park").err == (
        f"{fair} is cancelled; if it takes place after all: crosspromo event restore {fair}\n"
    )
    restored = shell.ok("event", "restore", fair)
    assert restored.out == f"{fair} takes place\n"
    assert restored.err == (
        f"{fair} takes place after all; delivery 1 was cancelled with it and will not come "
        f"back; say so anew: crosspromo queue event {fair} --to all\n"
    )
    assert shell.ok("event", "restore", fair).err == ""
    assert shell.ok("event", "edit", fair, "--location", "Old Park").err == ""


def test_only_what_the_ratio_holds_is_offered_for_release(shell: Shell) -> None:
    shell.ok("queue", "own", "--to", "x-main", "--text", "Held by the ratio")
    shell.ok("queue", "own", "--to", "x-main", "--text", "Not due yet", "--at", "+5d")
    shell.ok("run", "--once")
    assert offered(shell, "crosspromo queue release ") == ["1"]


def test_where_there_is_nothing_to_repair_it_is_said(shell: Shell) -> None:
    shell.ok("queue", "own", "--to", "x-main", "--text", "Plain words", "--at", "+5d")
    assert shell.ok("queue", "edit", "1", "--repair").out == (
        "1 on x-main: its text needs no repair\n"
    )


def test_a_deletion_has_its_reason_in_the_audit_log(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok("run", "--once")
    shell.ok("queue", "delete", "1", "--reason", "the date is wrong")
    entry = shell.ok("audit", "list", "--json").json["entries"][0]
    assert entry["act"] == "delete"
    assert entry["reason"].startswith("the date is wrong: file://")


def test_times_of_events_elsewhere_are_told_apart_and_long_titles_are_cut(shell: Shell) -> None:
    title = "A very long title " * 8
    shell.write(
        "far.ics",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:f\r\nDTSTART;TZID=Europe/Berlin:20300501T190000\r\n"
        f"SUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    shell.ok("event", "import", "far.ics")
    listed = shell.ok("event", "list").out
    assert "Wed 2030-05-01 12:00 (19:00 Europe/Berlin)" in listed
    assert title.strip() not in listed
    assert "A very long title A very long title A very long title A…" in listed
    slug = next(line.split()[0] for line in listed.splitlines() if "Berlin" in line)
    assert "these times are of Europe/Berlin" in shell.ok("event", "show", slug).out
    preview = shell.ok("queue", "event", slug, "--to", "x-main", "--dry-run").out
    assert "7:00 pm CEST" in preview


@pytest.mark.parametrize("command", ["show", "edit"])
def test_every_partner_is_completed(shell: Shell, command: str) -> None:
    assert offered(shell, f"crosspromo partner {command} val") == ["valley-food-bank"]
