"""Items are known again by their id, else their link, else their title and time."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.intake.feeds.feed import Item
from crosspromo.intake.feeds.identity import LONGEST_KEY, key_of, new_items

ITEM = Item(
    id="7",
    title="Clean-up",
    link="https://a.example/7",
    published=datetime(2030, 1, 1, tzinfo=UTC),
)

items = st.lists(
    st.builds(
        Item,
        id=st.sampled_from(["", "1", "2", "x" * 500]),
        link=st.sampled_from(["", "https://a.example/1", "https://a.example/" + "2" * 500]),
        title=st.text(max_size=3),
    ),
    max_size=8,
)


def test_an_item_is_known_by_its_id_whatever_else_changes() -> None:
    assert key_of(ITEM) == key_of(replace(ITEM, title="Mended", link="https://b.example"))
    assert key_of(ITEM) != key_of(replace(ITEM, id="8"))


def test_without_id_the_link_counts_and_without_link_title_and_time() -> None:
    linked = replace(ITEM, id="")
    assert key_of(linked) == key_of(replace(linked, title="Mended"))
    bare = replace(linked, link="")
    assert key_of(bare) == key_of(replace(bare, summary="Longer now"))
    assert key_of(bare) != key_of(replace(bare, title="Other"))
    assert key_of(bare) != key_of(replace(bare, published=None))


def test_a_site_that_moves_to_https_has_no_news() -> None:
    for before, after in (("http://a.example/?p=7", "https://www.a.example/?p=7"), ("7", "7")):
        assert key_of(Item(id=before)) == key_of(Item(id=after))
        assert key_of(Item(link=before)) == key_of(Item(link=after))
    for one, other in (("?p=7", "?p=8"), ("#v7", "#v8")):
        assert key_of(Item(id=f"http://a.example/{one}")) != key_of(
            Item(id=f"http://a.example/{other}")
        )


def test_an_id_is_no_link_of_the_same_letters() -> None:
    assert key_of(Item(id="https://a.example")) != key_of(Item(link="https://a.example"))


@given(items)
def test_what_was_seen_is_not_new_again(read: list[Item]) -> None:
    new = new_items(read, ())
    keys = {key_of(item) for item in read}
    assert {key_of(item) for item in new} == keys
    assert len(new) == len(keys)
    assert new_items(reversed(read), keys) == ()
    assert all(len(key) <= LONGEST_KEY + 20 for key in keys)


@given(items, items)
def test_only_what_was_added_is_new(before: list[Item], added: list[Item]) -> None:
    known = {key_of(item) for item in before}
    assert new_items([*before, *added], known) == new_items(added, known)
