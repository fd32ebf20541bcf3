"""Find in the console: posts, partners and events by word; pictures, keys and the queue's file."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import PIL.Image
import pytest
from browsers import Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Image
from crosspromo.domain.requests import OwnPost, Words
from crosspromo.services.change_event import Hosts


def found(browser: Browser, words: str) -> dict[str, list[str]]:
    """What is found, by kind."""
    document = browser.get("/find.json", params={"q": words}).json()
    return {
        "posts": [each["text"] for each in document["posts"]],
        "partners": [each["slug"] for each in document["partners"]],
        "events": [each["title"] for each in document["events"]],
    }


@pytest.fixture
def filled(office: Office) -> None:
    services = office.workspace.services
    services.partners.add(Partner("river-keepers", "River Keepers"))
    services.partners.add(Partner("fleuve", "Société du Fleuve 100%"))
    at = office.clock.now() + timedelta(days=3)
    services.change_event("tester").add("River cleanup", at, timedelta(hours=2), Hosts())
    office.queue("The river is clean again", ("x-main", "bluesky-main"))
    office.queue("Minutes of the meeting_room")


@pytest.mark.usefixtures("filled")
class TestFind:
    def test_a_word_finds_posts_partners_and_events(self, reader: Browser) -> None:
        assert found(reader, "RIVER") == {
            "posts": ["The river is clean again"],
            "partners": ["river-keepers"],
            "events": ["River cleanup"],
        }
        text = reader.get("/find?q=river").text
        assert "<bdi>3 results for “river”</bdi>" in text
        assert 'href="/partners/river-keepers"' in text

    def test_all_words_have_to_be_there(self, reader: Browser) -> None:
        assert found(reader, "clean river")["posts"] == ["The river is clean again"]
        assert found(reader, "dirty river") == {"posts": [], "partners": [], "events": []}

    def test_accents_do_not_matter(self, reader: Browser) -> None:
        assert found(reader, "societe")["partners"] == ["fleuve"]
        assert found(reader, "SOCIÉTÉ")["partners"] == ["fleuve"]

    @pytest.mark.parametrize("pattern", ["%", "_", "%%", "\\", "' OR 1=1 --", "[a-z]", "*"])
    def test_no_sign_is_a_pattern(self, reader: Browser, pattern: str) -> None:
        posts = found(reader, pattern)["posts"]
        assert posts == (["Minutes of the meeting_room"] if pattern == "_" else [])

    def test_nothing_is_said_so(self, reader: Browser) -> None:
        assert "<bdi>Nothing has “zebra”</bdi>" in reader.get("/find?q=zebra").text

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20"])
    def test_without_words_there_is_only_the_form(self, reader: Browser, query: str) -> None:
        text = reader.get(f"/find{query}").text
        assert "<h1><bdi>Find</bdi></h1>" in text
        assert "River Keepers" not in text

    def test_a_hostile_word_is_shown_and_never_obeyed(self, reader: Browser) -> None:
        hostile = '"><script>alert(1)</script>\u202e'
        text = reader.get("/find", params={"q": hostile * 50}).text
        assert "<script>alert" not in text
        assert len(text) < 20_000


def test_pictures_come_with_the_texts_on_what_they_show(office: Office, reader: Browser) -> None:
    assert "<h1>No post has a picture yet</h1>" in reader.get("/media").text
    file = BytesIO()
    PIL.Image.new("RGB", (64, 36), "teal").save(file, "PNG")
    (office.folder / "river.png").write_bytes(file.getvalue())
    office.queue("Look", images=(Image("river.png", "A teal river <b>"),))
    (shown,) = reader.get("/media.json").json()["pictures"]
    assert (shown["alts"], shown["posts"]) == (["A teal river <b>"], [1])
    text = reader.get("/media").text
    assert "A teal river &lt;b&gt;" in text
    assert reader.get(f"/{shown['path']}").status_code == 200


def test_the_queue_is_downloaded_whole_and_no_cell_runs_as_a_formula(
    office: Office, reader: Browser
) -> None:
    posts = [
        OwnPost(
            author="Kim",
            says=Words(f"=HYPERLINK({number}) a text of its own, numbered {number}"),
            at=office.clock.now() + timedelta(hours=number + 1),
            allow_duplicate="tests repeat",
        )
        for number in range(120)
    ]
    office.workspace.services.queue_post.queue_all(posts, ["x-main"])
    assert 'href="/queue.csv?state=&amp;account="' in reader.get("/queue").text
    rows = list(csv.DictReader(StringIO(reader.get("/queue.csv").text)))
    assert len(rows) == 120
    assert all(row["text"].startswith("'=HYPERLINK") for row in rows)
    missed = list(csv.DictReader(StringIO(reader.get("/queue.csv?state=missed").text)))
    assert missed == []


def test_the_keys_are_there_as_json(reader: Browser) -> None:
    keys = reader.get("/keys.json").json()["keys"]
    assert {"keys": ["/"], "does": "find"} in keys
