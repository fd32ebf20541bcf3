"""How far a thread goes is told by the replies between its parts, whatever else was posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.connectors.x.lookup import Post, Reference
from crosspromo.connectors.x.thread import chain_of, parts_after

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
Noise = list[tuple[int, str]]


def post(number: int, text: str, answers: int | None = None) -> Post:
    references = () if answers is None else (Reference("replied_to", str(answers)),)
    return Post(
        id=str(number),
        text=text,
        created_at=NOON + timedelta(seconds=number),
        referenced_tweets=references,
    )


def texts_of(total: int) -> list[str]:
    return [f"part {number}/{total}" for number in range(1, total + 1)]


def posted(texts: Sequence[str]) -> list[Post]:
    """The texts as a thread, with the ids 1, 2, 3 …"""
    return [post(n, text, answers=n - 1 or None) for n, text in enumerate(texts, 1)]


def remarks(noise: Noise) -> list[Post]:
    """What people wrote below: replies of no thread, to whatever is there."""
    return [post(1000 + n, text, answers=to) for n, (to, text) in enumerate(noise)]


def shuffled(data: st.DataObject, posts: list[Post]) -> list[Post]:
    return data.draw(st.permutations(posts))


TOTALS = st.integers(2, 12)
NOISE: st.SearchStrategy[Noise] = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["thanks", "update", "see you there"])),
    max_size=5,
)


@given(TOTALS, st.integers(0, 12), NOISE, st.data())
def test_the_parts_that_are_there_are_its_beginning(
    total: int, there: int, noise: Noise, data: st.DataObject
) -> None:
    there = min(there, total)
    texts = texts_of(total)
    posts = shuffled(data, [*posted(texts[:there]), *remarks(noise)])
    chain = chain_of(texts, (), posts, NOON)
    assert chain.ids == tuple(str(number) for number in range(1, there + 1))
    assert (chain.root is None) is (there == 0)
    assert chain.misplaced is None


@given(TOTALS, st.data())
def test_a_hole_is_never_taken_for_the_end(total: int, data: st.DataObject) -> None:
    """To go on from before the hole would post what is behind it twice."""
    texts = texts_of(total)
    hole = data.draw(st.integers(1, total - 1))
    whole = posted(texts)
    posts = shuffled(data, whole[:hole] + whole[hole + 1 :])
    chain = chain_of(texts, (), posts, NOON)
    assert len(chain.ids) == hole
    assert chain.misplaced == (None if hole == total - 1 else hole + 2)


@given(TOTALS, NOISE)
def test_all_later_parts_are_found_from_the_root_and_nothing_else(total: int, noise: Noise) -> None:
    newest_first = [*reversed(remarks(noise)), *reversed(posted(texts_of(total)))]
    assert parts_after("1", newest_first) == [str(number) for number in range(2, total + 1)]


@given(NOISE)
def test_a_post_that_is_no_thread_has_no_other_parts(noise: Noise) -> None:
    assert parts_after("1", remarks(noise)) == []
