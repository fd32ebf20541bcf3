"""`rehearse`, forecasts and `--at allowed`, as they are typed."""

from end_to_end.shell import Shell


def test_what_is_foretold_is_said_at_queueing_and_day_by_day(shell: Shell) -> None:
    ours = shell.ok("queue", "own", "--to", "x-main", "--text", "Our report", "--at", "+3h").out
    assert "it will be held: 3 partner posts short." in ours

    tried = 'queue spotlight river-keepers --to x-main --at "+1h"'
    said = shell.ok("rehearse", "--weeks", "1", "--also", tried).out
    assert "x-main: the new post, spotlight (river-keepers), goes" in said
    assert "x-main: 1, own, is held: 2 partner posts short" in said
    assert "Self posts allowed at the end of the day: x-main 0" in said
    assert len(shell.deliveries()) == 1


def test_a_line_that_queues_nothing_cannot_be_tried(shell: Shell) -> None:
    told = shell.run("rehearse", "--also", "queue cancel 1")
    assert told.status == 2
    assert 'write "queue …" with one of spotlight, event, reshare, own, notice' in told.err


def test_a_line_that_asks_for_help_cannot_be_tried(shell: Shell) -> None:
    for option in ("--help", "-h"):
        told = shell.run("rehearse", "--also", f"queue own {option}")
        assert told.status == 2
        assert told.out == ""
        assert f'--also "queue own {option}": it asks for help' in told.err


def test_a_line_that_cannot_be_read_is_named(shell: Shell) -> None:
    told = shell.run("rehearse", "--also", "queue own --whatever")
    assert told.status == 2
    assert '--also "queue own --whatever": ' in told.err


def test_posts_that_are_only_tried_are_told_apart(shell: Shell) -> None:
    ours = 'queue own --to x-main --text "Our report" --at "+3h"'
    theirs = 'queue spotlight river-keepers --to x-main --at "+1h"'
    far = 'queue own --to x-main --text "Ten years" --at "2035-01-10 9:00"'
    asked = ("rehearse", "--weeks", "1", "--also", ours, "--also", theirs, "--also", far)
    said = shell.ok(*asked).out
    assert "x-main: new post 1, own, is held: 2 partner posts short" in said
    assert "x-main: new post 2, spotlight (river-keepers), goes" in said
    assert "x-main: new post 3 is due Wed 2035-01-10 09:00, after these weeks." in said
    steps = shell.ok(*asked, "--json").json["steps"]
    assert {(each["delivery"], each["also"]) for each in steps} == {(None, 1), (None, 2)}


def test_two_lines_with_the_same_text_name_no_delivery_that_does_not_exist(shell: Shell) -> None:
    line = "queue own --to x-main --text 'Our report is out.' --at '2030-05-01 09:00'"
    error = shell.refused("rehearse", "--also", line, "--also", line)
    assert "x-main: a post before it says the same and is for Wed 2030-05-01 09:00" in error
    assert "delivery" not in error


def test_a_self_post_goes_when_it_is_allowed_and_a_partner_post_does_not_wait(
    shell: Shell,
) -> None:
    said = shell.ok("queue", "own", "--to", "x-main", "--text", "Hello", "--at", "allowed").out
    assert "queued 1: own on x-main when allowed" in said
    assert "when allowed" in shell.ok("queue", "list").out
    shell.ok("run", "--once")
    (held,) = shell.deliveries()
    assert held["hold"]["code"] == "ratio"
    assert held["forecast"]["at"] is None

    told = shell.run("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "allowed")
    assert told.status != 0
    assert "is never held by the ratio" in told.err


def test_a_post_is_moved_to_when_it_is_allowed_and_back(shell: Shell) -> None:
    shell.ok("queue", "own", "--to", "x-main", "--text", "Hello", "--at", "+3h")
    said = shell.ok("queue", "move", "1", "--at", "allowed").out
    assert said == "moved 1 on x-main: it goes when allowed\n"
    assert "due_at: when allowed" in shell.ok("queue", "show", "1").out
    shell.ok("queue", "move", "1", "--at", "+2h")
    assert "when allowed" not in shell.ok("queue", "list").out

    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "+2h")
    told = shell.run("queue", "move", "1", "2", "--at", "allowed")
    assert told.status != 0
    assert "is never held by the ratio" in told.err
    assert "when allowed" not in shell.ok("queue", "list").out, "all of them, or none"


def test_a_post_that_is_only_tried_is_foretold_and_not_queued(shell: Shell) -> None:
    own = ("queue", "own", "--to", "x-main", "--text", "Our report", "--at", "+3h", "--dry-run")
    assert "3 partner posts short" in shell.ok(*own).out
    (tried,) = shell.ok(*own, "--json").json["deliveries"]
    assert tried["forecast"]["at"] is None
    assert tried["forecast"]["certain"]
    assert shell.deliveries() == []


def test_explain_tells_what_should_become_of_a_post_before_it_is_due(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main", "--at", "+2h")
    shell.ok("queue", "own", "--to", "bluesky-main", "--text", "Hello", "--at", "+3h")
    forecast = shell.ok("explain", "2", "--json").json["forecast"]
    assert forecast["certain"]
    assert forecast["reason"] is None
    assert "Forecast: It should go at" in shell.ok("explain", "2").out
    now = shell.ok("explain", "2").out.splitlines()[0]
    assert "is due" in now
    assert "If it were to go now, it would be held:" in now
    assert "next: 1 on bluesky-main: It should go at" in shell.run("status").out
