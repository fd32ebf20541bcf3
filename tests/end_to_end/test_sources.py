"""Sources and what they suggest, as they are typed, with a real server of feeds."""

import json
from collections.abc import Iterator

import pytest
from end_to_end.shell import Shell
from servers.feeds import FeedServer, Served, rss

ALLOW = "\n[sources]\nallow_private = true\n"
ITEMS = {"https://river.example/1": "We planted 300 willows", "https://river.example/2": "Tour"}


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A feed of today: its items say no time."""
    with FeedServer() as server:
        timeless = rss("River news", ITEMS).replace(b"pubDate", b"x")
        server.documents["/feed"] = Served(timeless)
        yield server


def allow_private(shell: Shell) -> None:
    """Let the tests' own server be read."""
    file = shell.folder / "crosspromo.toml"
    file.write_text(f"{file.read_text()}{ALLOW}")


def test_what_a_feed_brings_is_shared_with_one_command(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    added = shell.ok("source", "add", f"{server.url}/feed", "--partner", "river-keepers").out
    assert added == "added source 1; 2 new suggestions\n"
    listed = shell.ok("suggestion", "list").out
    assert "We planted 300 willows" in listed
    assert "they published it" in listed

    tried = shell.ok("suggestion", "share", "1", "--to", "bluesky-main", "--dry-run").out
    assert "would queue reshare on bluesky-main" in tried
    shell.ok("suggestion", "share", "1", "--to", "bluesky-main")
    (delivery,) = shell.deliveries()
    assert delivery["credit"] == "others"
    assert delivery["text"].startswith("From River Keepers: ")

    shell.ok("suggestion", "dismiss", "2", "--reason", "old news")
    assert shell.ok("suggestion", "list").out.startswith("nothing is suggested")
    assert "tester has decided about suggestion 1" in shell.refused(
        "suggestion", "share", "1", "--to", "x-main"
    )


def test_a_spotlight_has_the_words_of_the_item(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    shell.ok("source", "add", f"{server.url}/feed", "--partner", "river-keepers")
    shell.ok("suggestion", "spotlight", "2", "--to", "bluesky-main,reddit-main")
    titles = {each["account"]: each["text"] for each in shell.deliveries()}
    assert all("Tour" in text or "willows" in text for text in titles.values())


def test_addresses_on_the_own_network_are_not_read_unless_it_is_said(
    shell: Shell, server: FeedServer
) -> None:
    said = shell.ok("source", "add", f"{server.url}/feed").out
    assert "it cannot be read: 127.0.0.1" in said
    assert "is not on the public internet" in said
    assert server.asked == []


def test_what_cannot_be_read_is_said_and_then_in_status(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    refused = shell.refused("source", "add", f"{server.url}/gone")
    assert "neither a feed nor a calendar" in refused
    assert "answers 404 Not Found" in refused
    server.documents["/gone"] = Served(status=503)
    added = shell.ok("source", "add", f"{server.url}/gone").out
    assert "it goes on being tried" in added
    assert "crosspromo source remove 1" in added
    for _ in range(2):
        told = shell.run("source", "sync", "1")
        assert told.status == 1
        assert "answers 503 Service Unavailable" in told.out
    status = shell.run("status").out
    assert "could not be read" in status
    assert "crosspromo source sync 1" in status
    shell.ok("source", "remove", "1")
    assert "could not be read" not in shell.run("status").out
    assert "there is no source 1" in shell.refused("source", "remove", "1")


def test_the_daemon_reads_what_is_due(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    shell.ok("source", "add", f"{server.url}/feed", "--partner", "river-keepers")
    with shell.daemon() as daemon:
        daemon.says("started as")
    document = shell.ok("source", "list", "--json").json
    assert document["sources"][0]["title"] == "River news"


def test_json(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    source = {
        *("source", "kind", "address", "title", "partner", "read_at", "next_at"),
        *("latest_item_at", "fault", "failures", "held_back"),
    }
    reading = source | {"new", "changed", "gone", "unchanged", "remarks"}
    suggestion = {
        *("suggestion", "source", "occasion", "partner", "title", "link", "summary"),
        *("published_at", "found_at", "state"),
    }
    added = shell.ok("source", "add", f"{server.url}/feed", "--partner", "river-keepers", "--json")
    assert set(added.json) == reading
    (synced,) = shell.ok("source", "sync", "--json").json["sources"]
    assert set(synced) == reading
    assert synced["unchanged"]
    found = shell.ok("suggestion", "list", "--json").json["suggestions"]
    assert [set(each) for each in found] == [suggestion, suggestion]
    shared = shell.ok("suggestion", "share", "1", "--to", "x-main", "--json").json
    assert shared["deliveries"][0]["account"] == "x-main"
    assert set(shell.ok("suggestion", "dismiss", "2", "--json").json) == suggestion
    json.loads(shell.ok("source", "list", "--json").out)
    assert set(shell.ok("source", "remove", "1", "--json").json) == source


def test_what_is_found_on_a_website_is_told_and_added(shell: Shell, server: FeedServer) -> None:
    allow_private(shell)
    page = b'<link rel="alternate" type="application/rss+xml" href="/feed">'
    server.documents["/"] = Served(page, "text/html")
    shell.ok("partner", "edit", "river-keepers", "--website", f"{server.url}/")
    told = shell.ok("source", "discover", "river-keepers").out
    assert "2 items" in told
    assert f"crosspromo source add {server.url}/feed --partner river-keepers" in told
    assert shell.ok("source", "list", "--json").json["sources"] == []
    document = shell.ok("source", "discover", "river-keepers", "--add", "--json").json
    assert set(document) == {"partner", "website", "asked", "complete", "found", "added"}
    (found,) = document["found"]
    assert set(found) == {"address", "kind", "title", "items", "how", "source"}
    assert [each["new"] for each in document["added"]] == [2]
    again = shell.ok("source", "discover", "river-keepers", "--add").out
    assert "source 1" in again
    assert "added" not in again


def test_a_partner_whose_website_is_not_known_is_refused(shell: Shell) -> None:
    shell.ok("partner", "edit", "river-keepers", "--website", "")
    told = shell.refused("source", "discover", "river-keepers")
    assert "river-keepers has no website" in told
