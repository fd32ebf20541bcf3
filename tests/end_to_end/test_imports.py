"""Partners and events come in, come in again, and go out."""

from pathlib import Path

import pytest
from end_to_end.conftest import DEMO_DATA
from end_to_end.shell import WORKSPACE, Shell

SHEETS = Path(__file__).parents[1] / "sheets"
NOTHING: dict[str, list[object]] = {
    "cancelled": [],
    "renewed": [],
    "renewals": [],
    "set_aside": [],
    "drafted": [],
    "withdrawn": [],
    "uncorrected": [],
    "on_again": [],
}
CALENDARS = Path(__file__).parents[1] / "calendars"
WALK = "river-cleanup-2027-04-23"
CLEANUP = "spring-river-cleanup-2030-04-20"
NO_CONSEQUENCES: dict[str, list[object]] = {
    key: [] for key in ("cancelled", "renewed", "redrafted", "drafted", "uncorrected", "on_again")
}


def test_what_was_imported_once_is_unchanged_the_second_time(shell: Shell) -> None:
    again = shell.ok("partner", "import", str(DEMO_DATA / "partners.csv"), "--json").json

    counts = {"new": 0, "updated": 0, "unchanged": 6, "cancelled": 0, "errors": []}
    headings: dict[str, object] = {"mapping": {}, "proposed": {}, "notes": []}
    assert again == counts | headings | {
        "warnings": [],
        "changes": [],
        "import": None,
        "outdated": [],
        "duplicates": [],
    }


def test_a_dry_run_writes_nothing(empty: Shell) -> None:
    said = empty.ok("partner", "import", str(DEMO_DATA / "partners.csv"), "--dry-run").out

    head, *lines = said.splitlines()
    assert head == "would be: 6 new, 0 updated, 0 unchanged"
    assert "river-keepers is new" in lines
    assert empty.ok("partner", "list", "--json").json == {"partners": []}


def test_partners_survive_export_and_import(shell: Shell, empty: Shell) -> None:
    shell.ok("partner", "export", "out.csv")

    empty.ok("partner", "import", str(shell.folder / "out.csv"))

    assert empty.ok("partner", "export", "-").out == shell.ok("partner", "export", "-").out
    known = shell.ok("partner", "list", "--json").json
    assert empty.ok("partner", "list", "--json").json == known
    assert len(known["partners"]) == 6


def test_a_workbook_and_an_address_book_come_in_in_one_step(empty: Shell) -> None:
    assert empty.ok("partner", "import", str(SHEETS / "p.xlsx")).out.startswith("1 new")
    assert empty.ok("partner", "import", str(SHEETS / "a.vcf")).out.startswith("1 new")


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_the_sixty_rows_leave_and_come_back_unchanged(empty: Shell, name: str) -> None:
    empty.ok("partner", "import", str(SHEETS / "sixty.csv"), "--accept-mapping")

    empty.ok("partner", "export", name)

    back = empty.ok("partner", "import", str(empty.folder / name))
    assert back.out.splitlines()[0] == "0 new, 0 updated, 60 unchanged"


def test_an_export_into_a_file_of_another_kind_is_refused(shell: Shell) -> None:
    assert ".csv or .xlsx" in shell.refused("partner", "export", "out.ods", status=2)


def test_sixty_rows_come_in_with_one_accepted_mapping(empty: Shell) -> None:
    line = ("partner", "import", str(SHEETS / "sixty.csv"))

    refusal = empty.refused(*line)

    assert '"Organisation" as name' in refusal
    assert f"crosspromo partner import {SHEETS / 'sixty.csv'} --accept-mapping" in refusal
    assert empty.ok("partner", "list", "--json").json == {"partners": []}
    done = empty.ok(*line, "--accept-mapping")
    assert done.out.startswith("60 new, 0 updated, 0 unchanged\n")
    assert "kept as notes: Phone, column H\n" in done.out
    assert empty.ok(*line).out.startswith("0 new, 0 updated, 60 unchanged\n")


def test_a_shorter_sheet_shows_its_differences_and_is_taken_back(shell: Shell) -> None:
    before = shell.ok("partner", "list", "--json").json
    shell.write("few.csv", "name,why\nRiver Keepers,They test it.\nA New One,\n")

    dry = shell.ok("partner", "import", "few.csv", "--dry-run").out.splitlines()

    assert dry[0] == "would be: 1 new, 1 updated, 0 unchanged"
    assert dry[1].startswith('river-keepers: why: "')
    assert dry[1].endswith('" -> "They test it."')
    assert dry[2:] == ["a-new-one is new"]
    done = shell.ok("partner", "import", "few.csv")
    assert done.err == "to take it back: crosspromo partner undo-import 2\n"
    assert shell.ok("partner", "undo-import").out == "import 2 of few.csv: 1 restored, 1 removed\n"
    assert shell.ok("partner", "list", "--json").json == before


def test_a_header_without_names_is_quoted_and_the_ready_command_works(empty: Shell) -> None:
    empty.write("wer.csv", "Wer,Warum\nFlussfreunde,Sauber\n")

    refusal = empty.refused("partner", "import", "wer.csv")

    assert 'the header is: "Wer", "Warum"' in refusal
    assert "crosspromo partner import wer.csv --map Wer=name" in refusal
    assert empty.ok("partner", "import", "wer.csv", "--map", "Wer=name").out == (
        '1 new, 0 updated, 0 unchanged\nheadings: "Wer" as name\nkept as notes: Warum\n'
    )


def test_an_archived_partner_is_not_offered_and_keeps_its_history(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "2030-04-01T10:00")

    done = shell.ok("partner", "archive", "river-keepers")

    assert done.out == "river-keepers is archived\n"
    assert "crosspromo queue cancel 1" in done.err
    assert "river-keepers" not in shell.ok("partner", "list").out
    refusal = shell.refused("queue", "spotlight", "river-keepers", "--to", "x-main", status=2)
    assert "crosspromo partner unarchive river-keepers" in refusal
    refusal = shell.refused("partner", "remove", "river-keepers", status=2)
    assert "1 post" in refusal
    assert "crosspromo partner archive river-keepers" in refusal
    shell.ok("partner", "unarchive", "river-keepers")
    shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main")


def test_a_partner_entered_by_mistake_is_removed(shell: Shell) -> None:
    shell.ok("partner", "add", "Entered Twice")

    assert shell.ok("partner", "remove", "entered-twice").out == "removed entered-twice\n"
    assert 'there is no partner "entered-twice"' in shell.refused(
        "partner", "show", "entered-twice"
    )


def test_a_slug_is_given_once(shell: Shell) -> None:
    refusal = shell.refused("partner", "add", "River Keepers", status=2)

    assert 'there is a partner "river-keepers" already' in refusal


def test_what_a_partner_edit_leaves_out_stays(shell: Shell) -> None:
    before = shell.ok("partner", "show", "river-keepers", "--json").json

    after = shell.ok("partner", "edit", "river-keepers", "--why", "They test it.", "--json").json

    record = {key: before[key] for key in after.keys() - {"outdated"}}
    assert after == {**record, "why": "They test it.", "outdated": []}


def test_a_cancelled_event_takes_its_queued_posts_with_it(shell: Shell) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "all", "--at", "2030-04-01T09:00")
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "2030-04-01T10:00")

    shell.ok("event", "cancel", CLEANUP)

    states = [(d["kind"], d["state"]) for d in shell.deliveries()]
    assert states == [("event", "cancelled")] * 3 + [("spotlight", "queued")]


def test_so_does_one_that_its_calendar_cancels(shell: Shell) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "x-main", "--at", "2030-04-01T09:00")
    calendar = (DEMO_DATA / "events.ics").read_text(encoding="utf-8")
    first_event = "UID:spring-cleanup-2030@rivervalley.example\n"
    shell.write("events.ics", calendar.replace(first_event, f"{first_event}STATUS:CANCELLED\n", 1))

    result = shell.ok("event", "import", "events.ics", "--host", "river-keepers", "--json")

    assert result.json["cancelled"] == 1
    assert [d["state"] for d in shell.deliveries()] == ["cancelled"]


def test_cancelled_after_it_was_shared_it_wants_a_correction_that_somebody_approves(
    shell: Shell,
) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "x-main,reddit-main")
    shell.ok("run", "--once")

    result = shell.ok("event", "cancel", CLEANUP)

    assert "drafted the correction 3" in result.err
    corrections = shell.deliveries()[2:]
    assert [(d["account"], d["state"], d["credit"], d["approved"]) for d in corrections] == [
        ("reddit-main", "draft", "none", False),
        ("x-main", "draft", "none", False),
    ]
    assert corrections[0]["title"] == "Cancelled: Spring River Cleanup"
    assert "will not take place" in corrections[0]["text"]
    shell.ok("run", "--once")
    assert [d["state"] for d in shell.deliveries()[2:]] == ["draft", "draft"]

    shell.ok("queue", "approve", "3", "4", "--as", "staff")
    shell.ok("run", "--once")
    assert [d["state"] for d in shell.deliveries()[2:]] == ["published", "published"]


def test_cancelled_twice_it_is_corrected_once(shell: Shell) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "x-main")
    shell.ok("run", "--once")
    shell.ok("event", "cancel", CLEANUP)
    shell.ok("event", "cancel", CLEANUP)
    assert len(shell.deliveries()) == 2


def test_a_dry_run_tells_which_corrections_would_be_drafted(shell: Shell) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "x-main")
    shell.ok("run", "--once")
    shell.ok("queue", "event", CLEANUP, "--to", "bluesky-main", "--at", "2030-04-01T09:00")
    calendar = (DEMO_DATA / "events.ics").read_text(encoding="utf-8")
    first_event = "UID:spring-cleanup-2030@rivervalley.example\n"
    shell.write("events.ics", calendar.replace(first_event, f"{first_event}STATUS:CANCELLED\n", 1))
    line = ("event", "import", "events.ics", "--host", "river-keepers", "--json")

    would = shell.ok(*line, "--dry-run")

    assert would.err == "would cancel delivery 2\nwould draft 1 correction, to be approved\n"
    assert [d["state"] for d in shell.deliveries()] == ["published", "queued"]
    did = shell.ok(*line)
    consequences = {**NOTHING, "cancelled": [2], "drafted": [3]}
    assert would.json["consequences"] == did.json["consequences"] == consequences
    assert [d["state"] for d in shell.deliveries()] == ["published", "cancelled", "draft"]


def test_a_calendar_that_is_refused_has_no_consequences(shell: Shell) -> None:
    shell.write("events.ics", "hello\n")

    result = shell.run("event", "import", "events.ics", "--json")

    assert result.status == 1
    assert result.json["consequences"] == NOTHING


def test_events_change_although_an_account_cannot_be_used(shell: Shell) -> None:
    shell.configure(f'{WORKSPACE}\n[accounts.elsewhere]\nnetwork = "nowhere"\n')

    shell.ok("event", "add", "Picnic", "--at", "2030-04-01T10:00")
    shell.ok("event", "cancel", CLEANUP)

    assert "picnic-2030-04-01" in shell.ok("event", "list").out


def test_a_changed_calendar_renews_what_waits(shell: Shell) -> None:
    v1, v2 = str(CALENDARS / "v1.ics"), str(CALENDARS / "v2.ics")
    shell.ok("event", "import", v1, "--host", "river-keepers")
    shell.ok("queue", "event", WALK, "--to", "bluesky-main")
    shell.ok("queue", "event", WALK, "--to", "x-main", "--at", "2027-04-01T09:00")

    would = shell.ok("event", "import", v2, "--host", "river-keepers", "--dry-run")
    assert "would renew delivery 1" in would.err
    assert "delivery 2 would become a draft" in would.err
    assert "Old Hall" in shell.delivery(1)["text"]
    did = shell.ok("event", "import", v2, "--host", "river-keepers", "--json")

    assert did.json["consequences"]["renewed"] == [1]
    assert [each["code"] for each in did.json["consequences"]["set_aside"]] == ["pinned"]
    assert did.json["dry_run"] is False
    assert "New Park" in shell.delivery(1)["text"]
    assert (shell.delivery(2)["state"], shell.delivery(2)["error"]["code"]) == (
        "draft",
        "event-changed",
    )
    status = shell.run("status", "--json")
    assert (status.status, [each["code"] for each in status.json["needs_person"]]) == (
        1,
        ["event-changed"],
    )
    assert (
        "2 is a draft: river-cleanup-2027-04-23 has another place" in shell.ok("queue", "list").out
    )
    shell.ok("queue", "approve", "2")
    assert shell.ok("status", "--json").json["needs_person"] == []


def test_a_text_written_by_hand_is_shown_beside_what_the_template_would_say(shell: Shell) -> None:
    shell.ok("queue", "event", CLEANUP, "--to", "bluesky-main", "--at", "2030-04-01T09:00")
    shell.ok("queue", "edit", "1", "--text", "Come to the river!")

    said = shell.ok("event", "edit", CLEANUP, "--location", "New Park, 9 Ninth Ave").err

    assert "a person wrote the text" in said
    assert "New Park, 9 Ninth Ave" in said
    assert "its calendar changes it back when it is imported again" in said
    shown = shell.ok("queue", "show", "1").out
    assert "Come to the river!" in shown
    assert "New Park, 9 Ninth Ave" in shown


def test_an_event_is_edited_field_by_field(shell: Shell) -> None:
    shell.ok("event", "add", "Picnic", "--at", "2030-05-01T12:00", "--location", "Meadow")
    picnic = "picnic-2030-05-01"
    before = shell.ok("event", "show", picnic, "--json").json

    line = ("event", "edit", picnic, "--at", "2030-05-02T12:00", "--host", "river-keepers")
    would = shell.ok(*line, "--dry-run", "--json").json
    assert shell.ok("event", "show", picnic, "--json").json == before
    shell.ok(*line)

    after = shell.ok("event", "show", picnic, "--json").json
    assert would == {**after, "consequences": NOTHING, "dry_run": True}
    assert after == {
        **before,
        "starts_at": "2030-05-02T17:00:00Z",
        "ends_at": "2030-05-02T19:00:00Z",
        "hosting": "partner",
        "partners": ["river-keepers"],
    }
    shell.ok("event", "edit", picnic, "--ours", "--location", "")
    last = shell.ok("event", "show", picnic, "--json").json
    assert (last["hosting"], last["partners"], last["location"]) == ("ours", [], "")


def test_an_edit_that_makes_no_sense_is_refused(shell: Shell) -> None:
    assert "nothing is to be changed" in shell.refused("event", "edit", CLEANUP, status=2)
    assert "needs a title" in shell.refused("event", "edit", CLEANUP, "--title", " ", status=2)
    assert "after it starts" in shell.refused("event", "edit", CLEANUP, "--for", "0m", status=2)
    assert "no event" in shell.refused("event", "edit", "nothing", "--title", "X", status=1)
    line = ("event", "edit", CLEANUP, "--ours", "--host", "river-keepers")
    assert "--ours goes without --host" in shell.refused(*line, status=2)


def test_a_calendar_that_yields_nothing_says_why(shell: Shell) -> None:
    said = shell.ok("event", "import", str(CALENDARS / "todo.ics"))
    assert said.out == "0 new, 0 updated, 0 unchanged\n"
    assert "left out: there is no event in the file" in said.err
    lost = shell.ok("event", "import", str(CALENDARS / "sameuid.ics"), "--json")
    assert lost.json["left_out"] == [
        {
            "row": 1,
            "event": '"First" of 2027-03-21',
            "code": "same-uid",
            "kept": '"Second" of 2027-03-28',
        }
    ]


def test_a_calendar_with_an_event_without_a_title_is_imported(shell: Shell) -> None:
    said = shell.ok("event", "import", str(CALENDARS / "busy.ics"))
    assert said.out == "1 new, 0 updated, 0 unchanged\n"
    assert said.err == (
        "left out: an event without a title of 2027-05-30: no title, so there is nothing to "
        "announce\n"
    )
