"""A feed becomes its items in plain text, with whole addresses and times in UTC."""

import json
from datetime import UTC, datetime

import pytest

from crosspromo.intake.encoding import MOST_BYTES, UnreadableFileError
from crosspromo.intake.feeds.feed import MOST_ITEMS, Feed, Format, Item
from crosspromo.intake.feeds.reading import MOST_REMARKS, read_feed

ADDRESS = "https://river.example/blog/feed"


def read(text: str | bytes, content_type: str = "") -> Feed:
    data = text if isinstance(text, bytes) else text.encode()
    return read_feed(data, ADDRESS, content_type)


def rss(item: str, channel: str = "") -> Feed:
    return read(f'<rss version="2.0"><channel>{channel}<item>{item}</item></channel></rss>')


def atom(entry: str, feed: str = "") -> Feed:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}<entry>{entry}</entry></feed>')


def json_feed(*items: object, **more: object) -> Feed:
    version = "https://jsonfeed.org/version/1.1"
    return read(json.dumps({"version": version, "items": items, **more}))


def only(feed: Feed) -> Item:
    (item,) = feed.items
    return item


def test_an_item_of_rss() -> None:
    feed = rss(
        "<guid isPermaLink='false'>7</guid><title>Clean-up &amp;amp; picnic</title>"
        "<link>/2030/clean-up</link><description>&lt;p&gt;Bring &lt;b&gt;gloves&lt;/b&gt;."
        "&lt;/p&gt;&lt;img src='/a.jpg'&gt;</description>"
        "<pubDate>Tue, 01 Jan 2030 09:00:00 -0600</pubDate><author>us@a.example (Ann Lee)</author>",
        "<title>River Keepers</title><link>https://river.example/</link><language>en-us</language>",
    )
    assert feed == Feed(
        Format.RSS,
        title="River Keepers",
        link="https://river.example/",
        language="en-us",
        items=(
            Item(
                id="7",
                title="Clean-up & picnic",
                link="https://river.example/2030/clean-up",
                summary="Bring gloves.",
                published=datetime(2030, 1, 1, 15, tzinfo=UTC),
                author="Ann Lee",
                image="https://river.example/a.jpg",
            ),
        ),
    )


def test_an_entry_of_atom() -> None:
    feed = atom(
        "<id>tag:a</id><title type='html'>A &lt;i&gt;win&lt;/i&gt;</title>"
        "<link rel='self' href='/x.atom'/><link href='../win'/><author><name>Bo</name></author>"
        "<summary>Plain &lt;b&gt;</summary><published>2030-01-01T09:00:00+02:00</published>"
        "<updated>2030-01-02T00:00:00Z</updated>",
        "<id>tag:feed</id><title>News</title><link href='https://river.example'/>",
    )
    assert (feed.format, feed.id, feed.title) == (Format.ATOM, "tag:feed", "News")
    assert only(feed) == Item(
        id="tag:a",
        title="A win",
        link="https://river.example/win",
        summary="Plain <b>",
        published=datetime(2030, 1, 1, 7, tzinfo=UTC),
        updated=datetime(2030, 1, 2, tzinfo=UTC),
        author="Bo",
    )


def test_an_item_of_json_feed() -> None:
    feed = json_feed(
        {
            "id": 12,
            "url": "/12",
            "title": "Moved",
            "content_html": "<p>We <b>moved</b>.</p>",
            "date_published": "2030-01-01T09:00:00Z",
            "authors": [{"name": "Cy"}],
            "image": "/12.png",
        },
        title="River",
    )
    assert (feed.format, feed.title) == (Format.JSON, "River")
    assert only(feed) == Item(
        id="12",
        title="Moved",
        link="https://river.example/12",
        summary="We moved.",
        published=datetime(2030, 1, 1, 9, tzinfo=UTC),
        author="Cy",
        image="https://river.example/12.png",
    )


def test_xhtml_becomes_text_with_its_paragraphs() -> None:
    content = (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>Two &lt; 3'
        "</p></div></content>"
    )
    assert only(atom(content)).summary == "One\n\nTwo < 3"


def test_html_that_nobody_escaped_is_read() -> None:
    item = only(rss("<description><p>One<br>two</p><p>three</p></description>"))
    assert item.summary.split() == ["One", "two", "three"]


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "https://bank.example@evil.example/", "file:///etc/passwd", "http://["],
)
def test_a_link_that_may_not_be_printed_is_left_out(link: str) -> None:
    assert only(rss(f"<title>x</title><link>{link}</link>")).link == ""


def test_a_guid_is_the_link_unless_it_says_otherwise() -> None:
    guid = "https://river.example/9"
    assert only(rss(f"<guid>{guid}</guid>")).link == guid
    assert only(rss(f"<guid isPermaLink='false'>{guid}</guid>")).link == ""


def test_mail_addresses_of_authors_are_not_kept() -> None:
    assert only(rss("<author>ann@river.example</author>")).author == ""


@pytest.mark.parametrize(
    "parts",
    [
        "<enclosure url='/a.jpg' type='image/jpeg'/>",
        "<enclosure url='/x.mp3' type='audio/mpeg'/><media:content url='/a.jpg' medium='image'/>",
        "<media:group><media:thumbnail url='/a.jpg'/></media:group>",
        "<itunes:image href='/a.jpg'/>",
        "<description>&lt;img src='/dot.gif' width=1&gt;&lt;img src='/a.jpg'&gt;</description>",
    ],
)
def test_the_picture_of_an_item(parts: str) -> None:
    assert only(rss(parts)).image == "https://river.example/a.jpg"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("Café".encode(), ""),
        ("Café".encode(), "text/xml; charset=iso-8859-1"),
        ("Café".encode("latin-1"), ""),
        ("Café".encode("latin-1"), "application/rss+xml; charset=utf-8"),
        ("Café".encode("cp437"), "application/rss+xml; charset='cp437'"),
        ("Café".encode("utf-8-sig"), "text/xml; charset=us-ascii"),
    ],
)
def test_the_encoding_is_the_one_that_fits(data: bytes, content_type: str) -> None:
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    feed = mark + b"<rss><channel><title>" + data.removeprefix(mark) + b"</title></channel></rss>"
    assert read(feed, content_type).title == "Café"


def test_a_guess_at_the_encoding_is_remarked() -> None:
    pasted = "Café, žluťoučký ".encode() + b"\x93quoted\x94"
    for title, words in ((pasted, "Café, žluťoučký “quoted”"), (b"Caf\xe9", "Café")):
        feed = read(b"<rss><channel><title>" + title + b"</title></channel></rss>")
        assert feed.title == words
        assert "some letters may be wrong" in str(feed.remarks[0])


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "koi8-r", "iso2022_jp"])
def test_a_file_names_its_encoding(codec: str) -> None:
    word = "水" if codec == "iso2022_jp" else "река"
    head = f'<?xml version="1.0" encoding="{codec}"?>'
    text = f"{head}<rss><channel><title>{word}</title></channel></rss>"
    assert read(text.encode(codec)).title == word


@pytest.mark.parametrize("codec", ["idna", "unicode_escape", "rot13", "zlib", "utf-7", "x" * 40])
def test_an_encoding_that_no_text_has_is_overlooked(codec: str) -> None:
    data = b"<rss><channel><title>Caf\xe9</title></channel></rss>"
    assert read(data, f"text/xml; charset={codec}").title == "Café"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"<!doctype html><title>x</title>", "is a web page, not a feed"),
        (b"<catalog/>", "is XML, but no feed"),
        (b"Not found", "is no feed"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "is a calendar, not a feed"),
        (b"[]", "is JSON, but no feed"),
        (b'{"error": 404}', "is JSON, but no feed"),
        (b"{" * 100_000, "is JSON, but no feed"),
        (b'{"items": ' + b"[" * 100_000, "is JSON, but no feed"),
        (b"\x1f\x8b\x08\0\0", "null bytes"),
        (b"a" * (MOST_BYTES + 1), "bytes that are read"),
    ],
)
def test_what_is_no_feed_is_said_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        read(data)


def test_an_item_that_cannot_be_read_costs_only_itself() -> None:
    feed = json_feed({"id": "1"}, 5, {"id": "2", "url": "/2"})
    assert [item.id for item in feed.items] == ["1", "2"]
    assert [(each.row, each.column) for each in feed.remarks] == [(2, "items"), (1, "item")]


def test_more_items_than_are_read_are_remarked() -> None:
    feed = json_feed(*[{"id": str(n), "title": "x"} for n in range(MOST_ITEMS + 1)])
    assert len(feed.items) == MOST_ITEMS
    assert "more than the 1,000 items" in str(feed.remarks[0])


def test_items_with_one_id_are_remarked() -> None:
    feed = read("<rss>" + "<item><guid>a</guid><title>x</title></item>" * 200 + "</rss>")
    assert str(feed.remarks[0]) == (
        'item 2, "x", id: has the id of item 1, so it counts as the same'
    )
    assert len(feed.remarks) == MOST_REMARKS + 1
    assert "faults more" in str(feed.remarks[-1])


def test_an_empty_feed_is_a_feed() -> None:
    feed = read("<rss><channel><title>Quiet</title></channel></rss>")
    assert (feed.title, feed.items, feed.remarks) == ("Quiet", (), ())
