"""What single records say of a whole thread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.connectors.base import Absent, Begun, Found, LookUp, Receipt, Unclear
from crosspromo.connectors.bluesky.addresses import Record, post_at, record_at
from crosspromo.connectors.bluesky.writes import thread_look_up

ROOT = Found(Receipt("at://root"))
THERE, ABSENT, UNCLEAR = Found(Receipt("at://part")), Absent(), Unclear("it failed")
KEY = "3l4abcdefgh2k"


class TestAThread:
    @given(st.integers(1, 9))
    def test_is_found_by_its_root_where_all_of_it_is_there(self, parts: int) -> None:
        assert thread_look_up([ROOT] + [THERE] * (parts - 1)) is ROOT

    @given(st.integers(1, 9))
    def test_is_absent_only_where_nothing_of_it_is_there(self, parts: int) -> None:
        assert thread_look_up([ABSENT] * parts) == ABSENT

    @given(st.integers(1, 9), st.integers(1, 9))
    def test_has_begun_where_its_end_is_missing(self, there: int, missing: int) -> None:
        assert thread_look_up([ROOT] + [THERE] * (there - 1) + [ABSENT] * missing) == Begun({})

    @given(st.lists(st.sampled_from([THERE, ABSENT]), max_size=9))
    def test_with_a_hole_is_for_a_person(self, before: list[LookUp]) -> None:
        assert isinstance(thread_look_up([*before, ABSENT, THERE]), Unclear)

    @given(st.lists(st.sampled_from([THERE, ABSENT]), max_size=9))
    def test_is_unclear_where_any_part_is(self, before: list[LookUp]) -> None:
        assert thread_look_up([*before, UNCLEAR]) == UNCLEAR


class TestAnAddress:
    @pytest.mark.parametrize(
        "address",
        [
            f"https://bsky.app/profile/keepers.example/post/{KEY}",
            f"https://bsky.app/profile/keepers.example/post/{KEY}/",
            f"https://bsky.app/profile/keepers.example/post/{KEY}?ref_src=embed#a",
            f"at://keepers.example/app.bsky.feed.post/{KEY}",
        ],
    )
    def test_of_a_post_names_its_author_and_its_key(self, address: str) -> None:
        assert post_at(address) == ("keepers.example", KEY)

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "https://bsky.app/profile/keepers.example",
            f"http://bsky.app.example/profile/keepers.example/post/{KEY}",
            "https://bsky.app/profile/keepers.example/post/short",
            f"https://bsky.app/profile/a/b/post/{KEY}",
            f"https://bsky.app/profile/keepers.example/post/{KEY}/quotes",
            f"at://keepers.example/app.bsky.feed.repost/{KEY}",
        ],
    )
    def test_of_anything_else_names_none(self, address: str) -> None:
        assert post_at(address) is None

    def test_of_a_record_is_read_as_it_is_written(self) -> None:
        record = Record("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "app.bsky.feed.repost", KEY)
        assert record_at(record.uri) == record
