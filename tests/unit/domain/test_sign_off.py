"""What an answer by link is bound to, when a link ends, and what is told of a change."""

from dataclasses import replace
from datetime import timedelta

import pytest
from servers.databases import memory_store
from stories import delivery, queued

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Content, Image
from crosspromo.domain.sign_off import (
    ENDS_BEFORE,
    LASTS,
    LONGEST_WORDS,
    Said,
    SignOffLink,
    changes,
    clean_words,
    ends_at,
    has_moved,
    known_as,
    said_by,
    version_of,
    words_of,
)
from crosspromo.domain.states import State
from crosspromo.testing.clock import START

DUE = START + timedelta(days=3)


@pytest.fixture(scope="module")
def two() -> list[Delivery]:
    store = memory_store()
    numbers = [queued(store, "Hello", account=name, due_at=DUE) for name in ("one", "two")]
    found = [delivery(store, number) for number in numbers]
    store.close()
    return found


def version(deliveries: list[Delivery]) -> str:
    return version_of(said_by(deliveries))


def saying(each: Delivery, **content: object) -> Delivery:
    return replace(each, content=replace(each.content, **content))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Hello."},
        {"title": "Hi"},
        {"link": "https://x.example"},
        {"images": (Image("media/a.png", "A bank"),)},
        {"parts": ("Hello", "again")},
        {"reshare_of": "https://x.example/1", "native": True},
    ],
)
def test_any_change_of_what_is_sent_is_another_version(
    two: list[Delivery], content: dict[str, object]
) -> None:
    assert version([two[0], saying(two[1], **content)]) != version(two)


def test_another_picture_or_alt_text_is_another_version(two: list[Delivery]) -> None:
    versions = {
        version([saying(two[0], images=(Image(path, alt),))])
        for path, alt in (("media/a.png", "A"), ("media/b.png", "A"), ("media/a.png", "B"))
    }
    assert len(versions) == 3


def test_time_order_and_the_name_of_an_account_are_no_part_of_a_version(
    two: list[Delivery],
) -> None:
    moved = replace(two[0], due_at=DUE + timedelta(days=1), account="renamed")
    assert version([two[1], moved]) == version(two)


def test_a_delivery_that_no_longer_waits_is_no_part_of_a_version(two: list[Delivery]) -> None:
    sent = replace(two[1], state=State.PUBLISHED)
    assert version([two[0], sent]) == version(two[:1]) != version(two)


def test_an_answer_holds_for_what_is_left_of_what_was_answered(two: list[Delivery]) -> None:
    said = said_by(two)
    link = SignOffLink(1, 1, "river-keepers", version(two), said, START, "Maria")
    assert link.is_about(said)
    assert link.is_about(said[:1])
    assert link.is_about(())
    assert not link.is_about(said_by([two[0], saying(two[1], text="Hello.")]))
    assert not link.is_about(said_by([replace(two[0], id=99)]))


def test_a_link_ends_an_hour_before_the_earliest_post(two: list[Delivery]) -> None:
    sooner = replace(two[1], due_at=DUE - timedelta(hours=5))
    assert ends_at([two[0], sooner], START) == DUE - timedelta(hours=5) - ENDS_BEFORE
    sent = replace(sooner, state=State.PUBLISHED)
    assert ends_at([two[0], sent], START) == DUE - ENDS_BEFORE


def test_a_post_without_a_time_of_its_own_has_a_link_that_ends_all_the_same(
    two: list[Delivery],
) -> None:
    waits = replace(two[0], when_allowed=True)
    assert waits.waits_to_be_allowed
    assert ends_at([waits], START) == START + LASTS
    assert ends_at([replace(two[0], due_at=START + 2 * LASTS)], START) == START + LASTS


def test_the_same_change_on_several_accounts_is_told_once() -> None:
    def said(number: int, words: str) -> Said:
        return Said(number, f"account-{number}", words, words, DUE)

    before = [said(1, "old"), said(2, "old"), said(3, "same"), said(4, "gone")]
    after = [said(1, "new"), said(2, "new"), said(3, "same"), said(5, "more")]
    assert [tuple(each) for each in changes(before, after)] == [
        (("account-1", "account-2"), "old", "new"),
        (("account-5",), None, "more"),
    ]
    assert changes(after, after) == []


def test_a_move_is_no_change_of_words(two: list[Delivery]) -> None:
    before = said_by(two)
    after = said_by([two[0], replace(two[1], due_at=DUE + timedelta(hours=1))])
    assert changes(before, after) == []
    assert has_moved(before, after)
    assert not has_moved(before, before)


def test_words_for_comparison_hold_everything_that_readers_meet() -> None:
    content = Content(
        "See you",
        title="Town hall",
        link="https://hall.example",
        images=(Image("media/0123456789abcdef.png", "A hall"),),
    )
    assert words_of(content).split("\n\n") == [
        "Town hall",
        "See you",
        "https://hall.example",
        "A hall (01234567)",
    ]
    assert words_of(Content("See https://hall.example", link="https://hall.example")) == (
        "See https://hall.example"
    )


def test_what_a_partner_types_is_bounded_and_has_no_controls() -> None:
    assert clean_words(" \u202eno\x1b[2J\r\nthanks ") == "no[2J\nthanks"
    assert len(clean_words("x" * 9_999)) == LONGEST_WORDS
    assert clean_words("\u200b \u2060") == ""
    assert known_as("River\u202e Keepers") == "River Keepers, by link"
