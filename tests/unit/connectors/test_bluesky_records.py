"""Record keys and posts as Bluesky wants them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.connectors.bluesky import records
from crosspromo.text import rules

NOW = datetime(2026, 10, 1, 12, 0, 0, 987_654, tzinfo=UTC)
TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
DIGITS = str.maketrans(records.BASE32_SORTABLE, "0123456789abcdefghijklmnopqrstuv")

microseconds = st.integers(0, 2**53 - 1)
clock_ids = st.integers(0, 1023)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2250, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone

DIDS = {"alice.test": "did:plc:alice", "bob.example.org": "did:plc:bob"}
words = st.sampled_from(
    ["@alice.test", "@Bob.example.org", "@nobody.test", "#KulturFürAlle", "#7", "https://a.org/ä"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
texts = st.lists(words, max_size=8).map(" ".join)


class TestTid:
    def test_the_least_and_the_greatest(self) -> None:
        assert records.tid(0, 0) == "2222222222222"
        assert records.tid(2**53 - 1, 1023) == "bzzzzzzzzzzzz"

    @given(microseconds, clock_ids)
    def test_holds_time_and_clock_id_in_the_form_the_apps_take(self, time: int, clock: int) -> None:
        key = records.tid(time, clock)
        assert TID.fullmatch(key)
        assert divmod(int(key.translate(DIGITS), 32), 1024) == (time, clock)

    @given(microseconds, clock_ids, microseconds, clock_ids)
    def test_sorts_as_its_time_does(self, t1: int, c1: int, t2: int, c2: int) -> None:
        assert (records.tid(t1, c1) < records.tid(t2, c2)) == ((t1, c1) < (t2, c2))

    @given(microseconds, clock_ids)
    def test_tells_when_it_was_made(self, time: int, clock: int) -> None:
        made_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
        assert records.made_at(records.tid(time, clock)) == made_at


class TestTidSequence:
    @given(st.lists(moments, min_size=1, max_size=20))
    def test_only_grows_however_the_clock_jumps(self, times: list[datetime]) -> None:
        sequence = records.TidSequence()
        keys = [sequence.next(now) for now in times]
        assert all(TID.fullmatch(key) for key in keys)
        assert all(earlier < later for earlier, later in pairwise(keys))

    def test_has_the_time_in_it(self) -> None:
        key = records.TidSequence(clock_id=5).next(NOW)
        time, clock = divmod(int(key.translate(DIGITS), 32), 1024)
        assert datetime.fromtimestamp(0, UTC) + timedelta(microseconds=time) == NOW
        assert clock == 5

    def test_of_two_processes_can_differ_at_the_same_moment(self) -> None:
        assert len({records.TidSequence().next(NOW) for _ in range(50)}) > 1


class TestPost:
    def test_says_when_in_utc_and_milliseconds(self) -> None:
        berlin = NOW.astimezone(timezone(timedelta(hours=2)))
        assert records.post("Hello", {}, berlin) == {
            "$type": "app.bsky.feed.post",
            "text": "Hello",
            "createdAt": "2026-10-01T12:00:00.987Z",
        }

    @given(texts)
    def test_keeps_the_text_and_marks_the_very_bytes_of_each_entity(self, text: str) -> None:
        record: dict[str, Any] = records.post(text, DIDS, NOW)
        assert record["text"] == text
        raw = text.encode()
        marked = [
            raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
            for facet in record.get("facets", [])
        ]
        known = [
            entity.text
            for entity in rules.BLUESKY.entities(text)
            if entity.type != "mention" or entity.target.lower() in DIDS
        ]
        assert marked == known

    def test_names_the_whole_target(self) -> None:
        text = "example.org/x by @Alice.test and @nobody.test #KulturFürAlle"
        facets: Any = records.post(text, DIDS, NOW)["facets"]
        assert [facet["features"] for facet in facets] == [
            [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/x"}],
            [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:alice"}],
            [{"$type": "app.bsky.richtext.facet#tag", "tag": "KulturFürAlle"}],
        ]


def test_mentions_are_named_once_in_small_letters() -> None:
    assert records.mentions("@Alice.test, @alice.test and @bob.example.org") == [
        "alice.test",
        "bob.example.org",
    ]


def test_a_link_that_is_shown_shortened_leads_to_its_whole_address() -> None:
    address = "https://river-keepers.example/" + "clean-water-" * 8
    text = "x" * 240 + " " + address
    record = records.post(text, {}, NOW)
    shown = record["text"]
    assert isinstance(shown, str)
    assert rules.BLUESKY.fits(shown)
    assert not rules.BLUESKY.fits(text)
    facets = record["facets"]
    assert isinstance(facets, list)
    (facet,) = facets
    assert isinstance(facet, dict)
    index: Any = facet["index"]
    covered = shown.encode()[index["byteStart"] : index["byteEnd"]].decode()
    assert covered != address
    assert facet["features"] == [{"$type": f"{records.FACET}#link", "uri": address}]
