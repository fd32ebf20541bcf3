"""Seventy-three feeds from the wild: what feedparser reads of them is read by us."""

import os
from calendar import timegm
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.feed import Feed, Item
from crosspromo.intake.feeds.reading import read_feed
from crosspromo.intake.plain_text import one_line

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[5] / "shared" / "data"
FEEDS = Path(os.environ.get("CROSSPROMO_CORPUS", BESIDE_THE_REPOSITORY)) / "feeds"
ADDRESS = "https://a.example/blog/feed"

pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason=f"the corpus is not at {FEEDS}")

FILES = sorted(path.name for path in FEEDS.glob("*") if path.suffix != ".tsv")

NO_FEEDS = {
    "feed-rs__xml_sample_1.xml": "XML, but no feed",
    "rss-parser__unrecognized.rss": "a web page, not a feed",
}
"""Files without a feed, by what we say of them; feedparser finds no item in them, either."""

READ_OTHERWISE = {
    ("feedsmith__atom-ns.xml", "item 0"): (
        "it has no link: feedparser makes one of its id, which is no address"
    ),
    ("v2__windows-1252-incorrect-prolog.xml", "feed"): (
        "the file says Windows-1252 and is UTF-8: feedparser believes it and shows â‚¬ for €"
    ),
}
"""What we read in another way, by file and what of it, with the reason why."""


def read(file: str) -> Feed:
    return read_feed((FEEDS / file).read_bytes(), ADDRESS)


def theirs(file: str) -> Any:
    headers = {"content-location": ADDRESS}
    return feedparser.parse((FEEDS / file).read_bytes(), response_headers=headers)


def differences(ours: Item, other: Any) -> list[str]:
    """What feedparser read of an item and we did not."""
    found = {
        "title": (ours.title, one_line(other.get("title", ""), 300)),
        "id": (ours.id, other.get("id", "")),
        "link": (ours.link, other.get("link", "")),
        "moment": (ours.moment, moment(other)),
    }
    if not is_web_address(found["link"][1]):
        del found["link"]  # a `urn:` or `tag:`, which nobody can open
    if ours.id and found["id"][1].endswith(ours.id):
        del found["id"]  # ids are names: feedparser makes whole addresses of them
    return [
        f"{name}: {one!r} is not {two!r}"
        for name, (one, two) in found.items()
        if two and one != two
    ]


def moment(other: Any) -> datetime | None:
    parsed = other.get("published_parsed") or other.get("updated_parsed")
    return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None


def test_the_corpus_is_whole() -> None:
    assert len(FILES) == 73


@pytest.mark.parametrize("file", NO_FEEDS)
def test_what_is_no_feed_is_said_so(file: str) -> None:
    assert theirs(file).entries == []
    with pytest.raises(UnreadableFileError, match=NO_FEEDS[file]):
        read(file)


@pytest.mark.parametrize("file", [file for file in FILES if file not in NO_FEEDS])
def test_every_item_that_feedparser_reads_is_read(file: str) -> None:
    feed, other = read(file), theirs(file)
    assert len(feed.items) == len(other.entries)
    for place, (item, entry) in enumerate(zip(feed.items, other.entries, strict=True)):
        if (file, f"item {place}") not in READ_OTHERWISE:
            assert differences(item, entry) == []
    if (file, "feed") not in READ_OTHERWISE:
        assert feed.title == one_line(other.feed.get("title", ""), 300)


def test_what_is_read_otherwise_is_one_in_ten_at_most() -> None:
    items = sum(len(read(file).items) for file in FILES if file not in NO_FEEDS)
    otherwise = [place for _, place in READ_OTHERWISE if place != "feed"]
    assert len(otherwise) <= items / 10
    assert len({file for file, _ in READ_OTHERWISE}) <= len(FILES) / 10


def test_a_feed_that_is_cut_off_or_broken_is_read_with_a_remark() -> None:
    remarked = {file: read(file).remarks for file in FILES if file not in NO_FEEDS}
    assert {file: remarks[0].column for file, remarks in remarked.items() if remarks} == {
        "feedparser__euckr.xml": "encoding",
        "feedparser__gb2312.xml": "encoding",
        "feedparser__tis620.xml": "encoding",
        "feedsmith__atom-03.xml": "id",
        "rss-parser__incomplete-fields.atom": "item",
        "v2__no_encoding_ISO-8859-1.xml": "encoding",
    }
