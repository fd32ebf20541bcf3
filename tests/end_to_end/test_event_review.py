"""Calendars as sources and the review of their events, as they are typed, with a real server."""

from collections.abc import Iterator, Mapping

import pytest
from end_to_end.shell import Shell
from end_to_end.test_sources import allow_private
from servers.feeds import FeedServer, Served

EVENTS = {
    "1": ("20300422", "River cleanup"),
    "2": ("20300501", "Bird walk"),
    "3": ("20300502", "Fair"),
}


def calendar(events: Mapping[str, tuple[str, str]]) -> Served:
    lines = ["BEGIN:VCALENDAR"]
    for uid, (day, title) in events.items():
        lines += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{day}T140000Z", f"SUMMARY:{title}"]
        lines += ["END:VEVENT"]
    return Served("\r\n".join([*lines, "END:VCALENDAR", ""]).encode(), "text/calendar")


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """The calendar of a partner, with three events."""
    with FeedServer() as server:
        server.documents["/events.ics"] = calendar(EVENTS)
        yield server


def added(shell: Shell, server: FeedServer) -> str:
    allow_private(shell)
    address = f"{server.url}/events.ics"
    return shell.ok("source", "add", address, "--partner", "river-keepers").out


def test_what_is_new_is_accepted_and_refused(shell: Shell, server: FeedServer) -> None:
    assert added(shell, server) == "added source 1; 3 new events to review\n"
    listed = shell.ok("event", "review").out
    assert "River cleanup" in listed
    assert "river-keepers" in listed
    assert shell.ok("event", "review", "--accept", "1").out == "accepted river-cleanup-2030-04-22\n"
    shell.ok("event", "review", "--refuse", "2", "--reason", "members only")
    assert shell.ok("event", "review", "--accept", "all").out == "accepted fair-2030-05-02\n"
    assert shell.ok("event", "review").out.startswith("nothing waits")
    found = shell.ok("event", "show", "fair-2030-05-02", "--json").json
    assert (found["partners"], found["hosting"]) == (["river-keepers"], "partner")
    assert "has decided about event 2" in shell.refused("event", "review", "--accept", "2")


def test_one_event_of_two_calendars_becomes_one(shell: Shell, server: FeedServer) -> None:
    added(shell, server)
    shell.ok("event", "review", "--accept", "all")
    server.documents["/b.ics"] = calendar({"x": ("20300422", "Our river cleanup")})
    shell.ok("source", "add", f"{server.url}/b.ics", "--partner", "valley-food-bank")
    left = shell.ok("event", "review", "--accept", "all")
    assert "nothing was accepted" in left.out
    assert "event review --merge 4 river-cleanup-2030-04-22" in left.err
    merged = shell.ok("event", "review", "--merge", "4", "river-cleanup-2030-04-22").out
    assert merged.endswith("held by river-keepers, valley-food-bank\n")


def test_a_calendar_that_loses_too_much_is_held_back(shell: Shell, server: FeedServer) -> None:
    added(shell, server)
    shell.ok("event", "review", "--accept", "all")
    server.documents["/events.ics"] = calendar({})
    assert "3 of 3 coming events are gone" in shell.ok("source", "sync", "1").out
    status = shell.run("status").out
    assert "nothing was changed" in status
    assert "crosspromo source sync 1 --accept" in status
    assert "name the source" in shell.refused("source", "sync", "--accept")
    shell.ok("source", "sync", "1", "--accept")
    assert "nothing was changed" not in shell.run("status").out
    assert "gone from its calendar" in shell.ok("event", "review").out
    shell.ok("event", "review", "--keep", "1")
    shell.ok("event", "review", "--cancel", "2", "3")
    events = shell.ok("event", "list", "--json").json["events"]
    cancelled = {each["title"] for each in events if each["cancelled"]}
    assert cancelled & {title for _, title in EVENTS.values()} == {"Bird walk", "Fair"}


def test_a_calendar_at_an_address_is_imported_once(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    line = ("event", "import", f"{server.url}/events.ics", "--host", "river-keepers")
    assert shell.ok(*line).out == "3 new, 0 updated, 0 unchanged\n"
    assert "answers 404" in shell.refused("event", "import", f"{server.url}/none.ics")
    assert shell.run("event", "import", "none.ics").status == 2


def test_an_address_on_the_own_network_is_not_read(shell: Shell, server: FeedServer) -> None:
    refused = shell.refused("event", "import", f"{server.url}/events.ics")
    assert "is not on the public internet" in refused
    assert server.asked == []


@pytest.mark.parametrize(
    "line",
    [
        ("1",),
        ("--accept",),
        ("--accept", "one"),
        ("--merge", "1"),
        ("--keep", "1", "--reason", "x"),
        ("--refuse", "1", "--host", "river-keepers"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(shell: Shell, line: tuple[str, ...]) -> None:
    assert shell.run("event", "review", *line).status == 2


def test_json(shell: Shell, server: FeedServer) -> None:
    source_event = {
        *("id", "source", "partner", "state", "event", "title", "starts_at", "ends_at", "zone"),
        *("all_day", "location", "url"),
    }
    added(shell, server)
    found = shell.ok("event", "review", "--json").json
    assert set(found) == {"new", "gone", "more"}
    assert [set(each) for each in found["new"]] == [source_event | {"dates", "alike", "others"}] * 3
    accepted = shell.ok("event", "review", "--accept", "1", "--json").json
    assert set(accepted) == {"accepted", "left"}
    refused = shell.ok("event", "review", "--refuse", "2", "--json").json
    assert [set(each) for each in refused["events"]] == [source_event]
    slug = "river-cleanup-2030-04-22"
    merged = shell.ok("event", "review", "--merge", "3", slug, "--json").json
    assert set(merged) == {"event", "dates", "consequences"}
    server.documents["/events.ics"] = calendar({})
    shell.ok("source", "sync", "1", "--accept")
    kept = shell.ok("event", "review", "--keep", "1", "--json").json
    assert set(kept) == {"events"}
    cancelled = shell.ok("event", "review", "--cancel", "3", "--json").json
    assert set(cancelled) == {"events", "consequences"}
