"""Pausing and going on: what people type, and what everybody who meets a pause reads."""

import pytest
from end_to_end.shell import WORKSPACE, Shell

LATER = ("--at", "2030-05-01T09:00")
IMPATIENT = '\n[defaults]\nlate_after = "1ms"\n'


def spotlight(shell: Shell, accounts: str = "x-main,reddit-main", *options: str) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", accounts, *options)


def states(shell: Shell) -> list[str]:
    return [delivery["state"] for delivery in shell.deliveries()]


def test_a_pause_takes_effect_before_the_next_send(shell: Shell) -> None:
    spotlight(shell)
    shell.ok("pause", "--reason", "the river has flooded", "--as", "the chair")

    done = shell.ok("run", "--once", "--json").json

    assert (done["published"], done["held"]) == (0, 2)
    assert shell.page("x-main") == shell.page("reddit-main") == ""


def test_who_paused_when_why_and_how_to_go_on_is_said_everywhere(shell: Shell) -> None:
    spotlight(shell, "x-main", *LATER)
    said = shell.ok("pause", "x-main", "--reason", "we are impersonated", "--as", "the chair").out

    assert said.startswith("x-main was paused by the chair at ")
    assert said.endswith(": we are impersonated; to go on: crosspromo resume x-main\n")
    sentence = said.strip()
    for place in (("queue", "list"), ("account", "list"), ("status",), ("explain", "1")):
        assert sentence in shell.ok(*place).out, place
    hold = shell.delivery(1)["hold"]
    assert hold == {
        "code": "paused",
        "reason": sentence.removesuffix("; to go on: crosspromo resume x-main"),
        "until": None,
        "mend": {"act": "resume", "account": "x-main"},
    }
    assert [delivery["id"] for delivery in shell.deliveries("--state", "held")] == [1]


def test_one_account_is_paused_and_the_others_go_on(shell: Shell) -> None:
    spotlight(shell)
    shell.ok("pause", "x-main", "--reason", "we are impersonated")

    shell.ok("run", "--once")

    assert states(shell) == ["queued", "published"]


def test_what_was_held_goes_when_the_pause_ends(shell: Shell) -> None:
    spotlight(shell)
    shell.ok("pause", "--reason", "the river has flooded")
    shell.ok("run", "--once")

    said = shell.ok("resume").out

    assert said.startswith("everything goes on\n2 deliveries overdue\n")
    assert "1 spotlight on x-main, due " in said
    assert shell.ok("run", "--once", "--json").json["published"] == 2


def test_what_was_due_at_a_moment_of_its_own_is_missed_and_does_not_burst_out(
    shell: Shell,
) -> None:
    shell.configure(WORKSPACE + IMPATIENT)
    shell.ok("pause", "--reason", "the river has flooded")
    spotlight(shell, "x-main,reddit-main", "--at", "now")
    shell.ok("run", "--once")

    said = shell.ok("resume").out

    assert "too late, it will be missed; to send it: crosspromo queue move 1" in said
    assert shell.ok("run", "--once", "--json").json["missed"] == 2
    assert shell.page("x-main") == ""


def test_a_pause_is_no_fault(shell: Shell) -> None:
    shell.ok("pause", "--reason", "the river has flooded", "--as", "the chair")

    status = shell.ok("status", "--json").json

    assert status["ok"]
    (pause,) = status["paused"]
    assert (pause["account"], pause["who"]) == (None, "the chair")
    assert pause["reason"] == "the river has flooded"


def test_the_pause_over_everything_and_that_of_an_account_end_apart(shell: Shell) -> None:
    shell.ok("pause", "--reason", "the river has flooded")
    shell.ok("pause", "x-main", "--reason", "we are impersonated")

    assert "still paused: x-main was paused by tester" in shell.ok("resume").out
    shell.ok("resume", "x-main")

    assert shell.ok("status", "--json").json["paused"] == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("resume",), "there is no pause over everything; for one account:"),
        (("resume", "x-main"), "x-main is not paused"),
        (("resume", "nowhere"), 'there is no account "nowhere"'),
        (("pause", "nowhere", "--reason", "a storm"), 'there is no account "nowhere"'),
    ],
)
def test_what_cannot_be_paused_or_resumed_is_said(
    shell: Shell, typed: tuple[str, ...], said: str
) -> None:
    assert said in shell.refused(*typed)


def test_an_account_under_the_pause_over_everything_is_not_resumed_alone(shell: Shell) -> None:
    shell.ok("pause", "--reason", "the river has flooded")

    assert "x-main is not paused by itself, everything is" in shell.refused("resume", "x-main")


def test_a_pause_with_a_blank_reason_stops_all_the_same(shell: Shell) -> None:
    assert ", who has not said why yet" in shell.ok("pause", "--reason", " ").out


def test_both_are_in_the_audit_log(shell: Shell) -> None:
    shell.ok("pause", "x-main", "--reason", "we are impersonated", "--as", "the chair")
    shell.ok("resume", "x-main", "--as", "the editor")

    entries = shell.ok("audit", "list", "--json").json["entries"]

    assert [(e["who"], e["act"], e["subject"], e["reason"]) for e in entries] == [
        ("the editor", "resume", "x-main", None),
        ("the chair", "pause", "x-main", "we are impersonated"),
        ("tester", "import partners", "partners.csv", "6 new, 0 updated"),
    ]


def event(hour: int, *, status: str = "CONFIRMED", sequence: int = 0) -> str:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//tests//EN",
            "BEGIN:VEVENT",
            "UID:bird-walk@partner.example",
            "DTSTAMP:20300101T000000Z",
            f"SEQUENCE:{sequence}",
            f"STATUS:{status}",
            f"DTSTART:20300601T{hour:02}0000Z",
            f"DTEND:20300601T{hour + 1:02}0000Z",
            "SUMMARY:Bird walk",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


@pytest.fixture
def promoted(shell: Shell) -> Shell:
    """A bird walk, and a post about it on two accounts in the queue."""
    shell.write("walk.ics", event(14))
    shell.ok("event", "import", "walk.ics", "--host", "river-keepers")
    shell.ok("queue", "event", "bird-walk-2030-06-01", "--to", "x-main,reddit-main", *LATER)
    return shell


def test_a_cancelled_event_takes_its_posts_out_of_the_queue_and_says_why(promoted: Shell) -> None:
    promoted.ok("event", "cancel", "bird-walk-2030-06-01", "--as", "the chair")

    assert states(promoted) == ["cancelled", "cancelled"]
    said = "bird-walk-2030-06-01 was cancelled"
    error = {"code": "event-cancelled", "message": said, "mend": None}
    assert promoted.delivery(1)["error"] == error
    entries = promoted.ok("audit", "list", "--json").json["entries"]
    why = "bird-walk-2030-06-01 was cancelled"
    assert [(e["who"], e["act"], e["subject"], e["reason"]) for e in entries] == [
        ("the chair", "cancel", "delivery 2", why),
        ("the chair", "cancel", "delivery 1", why),
        ("the chair", "cancel", "event bird-walk-2030-06-01", None),
        ("tester", "import partners", "partners.csv", "6 new, 0 updated"),
    ]


def test_an_import_that_cancels_the_event_does_the_same(promoted: Shell) -> None:
    promoted.write("walk.ics", event(14, status="CANCELLED", sequence=1))
    promoted.ok("event", "import", "walk.ics", "--host", "river-keepers")

    assert states(promoted) == ["cancelled", "cancelled"]


def test_an_event_that_moved_into_the_past_takes_its_posts_with_it(promoted: Shell) -> None:
    promoted.write("walk.ics", in_the_past())
    promoted.ok("event", "import", "walk.ics", "--host", "river-keepers")

    assert states(promoted) == ["cancelled", "cancelled"]
    assert promoted.delivery(1)["error"]["message"] == (
        "bird-walk-2030-06-01 was moved from Sat 2030-06-01 09:00 to Mon 2020-06-01 09:00"
    )
    assert (
        "say so anew: crosspromo queue event bird-walk-2030-06-01"
        in promoted.ok("queue", "list").out
    )


def test_a_dry_run_tells_what_would_be_cancelled_and_cancels_nothing(promoted: Shell) -> None:
    promoted.write("walk.ics", in_the_past())
    line = ("event", "import", "walk.ics", "--host", "river-keepers", "--dry-run")

    told = promoted.ok(*line)
    assert "would be: 0 new, 1 updated" in told.out
    assert told.err.splitlines() == ["would cancel delivery 1", "would cancel delivery 2"]
    consequences = promoted.ok(*line, "--json").json["consequences"]
    assert consequences["cancelled"] == [1, 2]
    assert states(promoted) == ["queued", "queued"]

    assert promoted.ok(*line[:-1], "--json").json["consequences"] == consequences
    assert states(promoted) == ["cancelled", "cancelled"]


def in_the_past() -> str:
    """Later edition of the bird walk, which puts it on a day that has passed."""
    return event(14, sequence=1).replace(":20300601T", ":20200601T")


def test_stop_first_and_say_why_when_there_is_time(shell: Shell) -> None:
    spotlight(shell, "x-main", *LATER)
    said = shell.ok("pause", "--as", "the chair").out
    assert said.startswith("Everything was paused by the chair at ")
    assert said.endswith("When there is time, say why: crosspromo pause --reason TEXT\n")
    since = shell.run("status", "--json").json["paused"][0]["since"]

    asked = shell.run("status", "--json")
    assert asked.status == 1
    (matter,) = (m for m in asked.json["needs_person"] if m["code"] == "pause-reason")
    assert matter["mend"] == {"act": "say-why-paused", "account": None}
    assert "and nobody knows why; say why: crosspromo pause --reason TEXT" in (
        shell.run("status").out
    )
    assert shell.ok("run", "--once", "--json").json["published"] == 0

    shell.ok("pause", "--reason", "the river has flooded", "--as", "the secretary")
    status = shell.ok("status", "--json").json
    assert status["paused"][0] == {
        "account": None,
        "who": "the chair",
        "since": since,
        "reason": "the river has flooded",
    }
    log = shell.ok("audit", "list", "--json").json["entries"]
    assert [(e["who"], e["act"], e["reason"]) for e in log][:2] == [
        ("the secretary", "pause", "the river has flooded"),
        ("the chair", "pause", None),
    ]
