"""Bad input gets a clear sentence and a status that is not 0: no traceback, no half a job."""

import os

import pytest
from end_to_end.shell import WORKSPACE, Shell

SECRET = "hunter22-hunter22"

BLUESKY = """\
[organisation]
name = "River Valley Alliance"

[accounts.bluesky-main]
network = "bluesky"
credentials = { identifier = "us.example", password = "PASSWORD" }
"""


# -- crosspromo.toml -------------------------------------------------------------------------------


def test_a_missing_secret_is_named_with_its_place(empty: Shell) -> None:
    empty.configure(BLUESKY.replace("PASSWORD", "env:BSKY_PASSWORD"))

    found = empty.run("doctor")

    assert found.status == 1
    assert (
        "FAIL account bluesky-main: [accounts.bluesky-main] credentials, password: "
        "the environment variable BSKY_PASSWORD is not set"
    ) in found.out
    assert empty.run("account", "verify").status == 1


def test_a_secret_that_is_there_satisfies_the_doctor(empty: Shell) -> None:
    empty.configure(BLUESKY.replace("PASSWORD", "env:BSKY_PASSWORD"))

    found = empty.run("doctor", env={"BSKY_PASSWORD": SECRET})

    assert found.status == 0, found
    assert SECRET not in str(found)


def test_a_secret_in_the_clear_is_refused_and_not_repeated(empty: Shell) -> None:
    empty.configure(BLUESKY.replace("PASSWORD", SECRET))

    for found in (empty.run("doctor"), empty.run("doctor", "--json"), empty.run("-vv", "doctor")):
        assert found.status == 1
        assert "a secret must not stand in crosspromo.toml" in found.out
        assert SECRET not in found.out + found.err


def test_the_key_that_seals_sessions_is_looked_for_before_it_is_needed(empty: Shell) -> None:
    empty.configure(
        BLUESKY.replace("PASSWORD", "env:BSKY_PASSWORD")
        + '\n[security]\nsession_key = "env:OUR_KEY"\n'
    )
    secrets = {"BSKY_PASSWORD": SECRET, "OUR_KEY": SECRET}

    missing = empty.run("doctor", env={"BSKY_PASSWORD": SECRET}).out
    wrong = empty.run("doctor", env=secrets).out

    place = "crosspromo.toml, [security] session_key"
    assert f"FAIL session key: {place}: the environment variable OUR_KEY is not set" in missing
    assert f"FAIL session key: the key in {place} is not a Fernet key; make one with: " in wrong
    assert SECRET not in wrong


def test_broken_toml_is_said_with_its_line(empty: Shell) -> None:
    empty.configure('[organisation]\nname = "River Valley Alliance\n')

    status = empty.run("status")

    assert status.status == 1
    assert "crosspromo.toml is not valid TOML" in status.out
    assert "line 2" in status.out
    assert "FAIL configuration" in empty.run("doctor").out


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('network = "sandbox"', 'network = "sandbux"', "did you mean sandbox?"),
        ('imitates = "x"', 'imitates = "y"', 'network "y": no connector of that name'),
        ('imitates = "x"', 'rato = "3:1"', "sandbox has no key rato"),
        ('imitates = "x"', 'ratio = "3"', '"3" is not a ratio; write others:self'),
        ('imitates = "x"', 'slots = ["Funday 9:00"]', "are not days"),
        ("America/Chicago", "Mars/Olympus", '"Mars/Olympus" is not a time zone'),
        ("[organisation]", "[organization]", "organization"),
    ],
)
def test_a_wrong_value_is_quoted_with_what_is_right(
    empty: Shell, written: str, instead: str, said: str
) -> None:
    empty.configure(WORKSPACE.replace(written, instead, 1))

    refusal = empty.refused("account", "list")

    assert said in refusal


# -- what is queued --------------------------------------------------------------------------------


def test_an_unknown_partner_is_met_with_the_nearest_ones(shell: Shell) -> None:
    refusal = shell.refused("queue", "spotlight", "river-kepers", "--to", "all")

    assert 'there is no partner "river-kepers"; did you mean river-keepers?' in refusal


def test_an_unknown_account_is_met_with_those_there_are(shell: Shell) -> None:
    refusal = shell.refused("queue", "own", "--to", "x-min", "--text", "Hello")

    assert "there are: x-main, bluesky-main, reddit-main" in refusal


def test_an_undefined_name_in_a_template_is_said_with_the_file(shell: Shell) -> None:
    shell.write("templates/spotlight/default.j2", "Meet {{ partnr.name }}")

    refusal = shell.refused("queue", "spotlight", "river-keepers", "--to", "x-main")

    assert "templates/spotlight/default.j2" in refusal
    assert "partnr" in refusal
    for check in (shell.run("template", "check"), shell.run("doctor")):
        assert check.status == 1
        assert "partnr" in check.out


def test_a_template_that_cannot_be_read_is_said_with_its_line(shell: Shell) -> None:
    shell.write("templates/spotlight/default.j2", "Meet them\n{% if %}")

    refusal = shell.refused("queue", "spotlight", "river-keepers", "--to", "x-main")

    assert "templates/spotlight/default.j2, line 2" in refusal
    for check in (shell.run("template", "check"), shell.run("doctor")):
        assert check.status == 1
        assert "templates/spotlight/default.j2, line 2" in check.out


def test_a_text_too_long_says_by_how_much_and_what_could_go(shell: Shell) -> None:
    text = "We did it. " + "And this sentence is the one that goes on and on " * 6

    refusal = shell.refused("queue", "own", "--to", "x-main", "--text", text)

    assert "x-main: the text is too long by 24 (304 of 280)" in refusal
    assert "what could be shortened: “And this sentence is the one" in refusal


def test_one_account_that_cannot_take_it_queues_nothing_on_any(shell: Shell) -> None:
    shell.refused("queue", "own", "--to", "bluesky-main,x-main", "--text", "a" * 290)

    assert shell.deliveries() == []


def test_every_image_needs_its_alt_text(shell: Shell) -> None:
    shell.write("river.png", "")

    refusal = shell.refused(
        *("queue", "spotlight", "river-keepers", "--to", "bluesky-main", "--image", "river.png"),
        status=2,
    )

    assert "1 image and 0 alt texts: every --image needs its --alt TEXT" in refusal


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2020-01-01T09:00", "has passed"),
        ("someday", '"someday" is not a time'),
        ("2030-03-10T02:30", "the clocks skip it that day"),
    ],
)
def test_a_time_that_makes_no_sense_is_wrong_usage(shell: Shell, at: str, said: str) -> None:
    refusal = shell.refused(
        "queue", "own", "--to", "x-main", "--text", "Hello", "--at", at, status=2
    )

    assert said in refusal


def test_a_post_after_its_event_began_is_refused(shell: Shell) -> None:
    refusal = shell.refused(
        *("queue", "event", "spring-river-cleanup-2030-04-20", "--to", "x-main"),
        *("--at", "2030-04-21T09:00"),
    )

    assert "the event has begun (Sat 2030-04-20 09:00)" in refusal


def test_a_cancelled_event_is_not_queued(shell: Shell) -> None:
    refusal = shell.refused("queue", "event", "bridge-night-ride-2030-05-10", "--to", "x-main")

    assert "is cancelled" in refusal


# -- what is imported ------------------------------------------------------------------------------

BAD_ROWS = """\
name,bluesky,website
Good Neighbours,good.example,
Bad Handle,not a handle!!,
,nobody.example,
Реки,,
"""


def test_bad_rows_are_named_by_row_and_column_and_nothing_is_written(empty: Shell) -> None:
    empty.write("partners.csv", BAD_ROWS)

    refusal = empty.refused("partner", "import", "partners.csv")

    assert "2 rows cannot be read, so nothing was imported" in refusal
    assert "row 4, column name: is empty" in refusal
    assert 'row 5, column slug: "Реки" makes no slug' in refusal
    assert empty.ok("partner", "list", "--json").json == {"partners": []}


def test_bad_rows_are_in_the_json_too(empty: Shell) -> None:
    empty.write("partners.csv", BAD_ROWS)

    result = empty.run("partner", "import", "partners.csv", "--json")

    assert result.status == 1
    assert result.json["new"] == 0
    places = [(error["row"], error["column"]) for error in result.json["errors"]]
    assert places == [(4, "name"), (5, "slug")]


def test_partial_imports_the_good_rows_and_still_fails(empty: Shell) -> None:
    empty.write("partners.csv", BAD_ROWS)

    result = empty.run("partner", "import", "partners.csv", "--partial")

    assert result.status == 1
    assert result.out == "2 new, 0 updated, 0 unchanged\n"
    assert "not imported: row 4, column name" in result.err
    assert 'note: row 3, column bluesky: "not a handle!!"' in result.err
    partners = empty.ok("partner", "list", "--json").json["partners"]
    assert [partner["slug"] for partner in partners] == ["bad-handle", "good-neighbours"]


CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//river.example//EN
BEGIN:VEVENT
UID:good@river.example
DTSTAMP:20300101T000000Z
DTSTART:20300401T100000Z
SUMMARY:Spring picnic
END:VEVENT
BEGIN:VEVENT
UID:bad@river.example
DTSTAMP:20300101T000000Z
DTSTART:20301399T100000Z
SUMMARY:Thirteenth month
END:VEVENT
END:VCALENDAR
"""


def test_a_broken_event_is_named_and_nothing_is_written(empty: Shell) -> None:
    empty.write("events.ics", CALENDAR.replace("\n", "\r\n"))

    refusal = empty.refused("event", "import", "events.ics")

    assert '"Thirteenth month" of 2030-13-99, DTSTART: "20301399T100000Z" is no date' in refusal
    assert "events.ics: 1 event cannot be read, so nothing was imported" in refusal
    assert "to import the others: crosspromo event import events.ics --partial" in refusal
    assert empty.ok("event", "list", "--json").json == {"events": []}
    assert empty.run("event", "import", "events.ics", "--partial").status == 1
    events = empty.ok("event", "list", "--json").json["events"]
    assert [event["slug"] for event in events] == ["spring-picnic-2030-04-01"]


def test_a_file_that_is_no_calendar_says_so(empty: Shell) -> None:
    empty.write("events.ics", "hello\n")

    assert "is no iCalendar file" in empty.refused("event", "import", "events.ics")


@pytest.mark.parametrize(
    "command",
    [("partner", "export"), ("calendar", "export", "--ics"), ("report", "ratio", "--csv")],
    ids=" ".join,
)
def test_a_file_that_cannot_be_written_is_named(shell: Shell, command: tuple[str, ...]) -> None:
    said = shell.refused(*command, "nowhere/it.csv", status=2)
    assert "nowhere/it.csv cannot be written: No such file or directory" in said


@pytest.mark.parametrize(
    "command",
    [("partner", "export"), ("calendar", "export", "--ics"), ("report", "ratio", "--csv")],
    ids=" ".join,
)
def test_a_device_is_written_to_and_stays_one(shell: Shell, command: tuple[str, ...]) -> None:
    """A pipe stands for all of them: nobody but root may replace those in /dev."""
    pipe = shell.folder / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        shell.ok(*command, pipe.name)
        assert os.read(end, 100)
    finally:
        os.close(end)
    assert pipe.is_fifo()


def test_a_line_that_is_no_text_is_numbered(outside: Shell) -> None:
    result = outside.run(
        "text", "measure", "--network", "x", input='{"text": "fine"}\n{"txt": "not"}\n'
    )

    assert result.status == 2
    assert "line 2 of the input" in result.err


# -- characters that steer a terminal --------------------------------------------------------------


def test_a_name_keeps_no_characters_that_steer_a_terminal(empty: Shell) -> None:
    empty.ok("partner", "add", "River\u202e \x1b[2JKeepers\u200b", "--slug", "keepers")
    (partner,) = empty.ok("partner", "list", "--json").json["partners"]
    assert partner["name"] == "River [2JKeepers"

    empty.ok("event", "add", "Clean\x07up\u2066", "--at", "2030-04-22T09:00")
    assert "Cleanup" in empty.ok("event", "list").out

    found = empty.run("partner", "show", "\x1b]0;mine\x07")
    assert "\\x1b]0;mine\\x07" in found.err
    assert "\x1b" not in found.err


@pytest.mark.parametrize("noun", ["partner", "event", "ledger"])
def test_a_device_without_end_is_a_file_that_is_too_large(shell: Shell, noun: str) -> None:
    found = shell.run(noun, "import", "/dev/zero")
    assert found.status == 1
    assert "has more than the 5,000,000 bytes that are read; split the file" in found.err
