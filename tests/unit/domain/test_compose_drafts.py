"""A draft asks for the post that the same options ask for on the command line."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.compose_drafts import Composed, DraftError, Picture, When, request_of
from crosspromo.domain.errors import InputError, UsageError
from crosspromo.domain.posts import Image, Kind
from crosspromo.domain.reasons import inputs
from crosspromo.domain.requests import (
    EventPost,
    FromTemplate,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
    Words,
)
from crosspromo.testing.clock import START

CHICAGO = ZoneInfo("America/Chicago")
TYPED = Composed(
    partner="river",
    event="cleanup",
    url="bsky.app/profile/river/post/1",
    text="Hello",
    title=" Report ",
    link="us.example/a",
    reason="county notice",
    variables="guest=Ana\n\n place = Hall",
    thread=True,
    paid=True,
    markdown=True,
    when=When.AT,
    at="fri 9:00",
    pictures=(Picture("media/x.png", "hall.png", "A hall"),),
)
FRIDAY = datetime(2026, 4, 3, 14, tzinfo=UTC)
SAME: dict[str, Any] = {"author": "Ana", "at": FRIDAY, "title": "Report"}
MADE: dict[str, Any] = {
    "link": "us.example/a",
    "thread": True,
    "variables": {"guest": "Ana", "place": "Hall"},
    "images": (Image("media/x.png", "A hall"),),
}
WANTED: list[PostRequest] = [
    Spotlight(partner="river", paid=True, **MADE, **SAME),
    EventPost(event="cleanup", paid=True, **MADE, **SAME),
    Reshare(partner="river", url=TYPED.url, quote="Hello", paid=True, markdown=True, **SAME),
    OwnPost(says=Words("Hello"), markdown=True, **MADE, **SAME),
    Notice(
        text="Hello",
        reason="county notice",
        link="us.example/a",
        thread=True,
        markdown=True,
        **SAME,
    ),
]


def asked(composed: Composed) -> PostRequest:
    return request_of(composed, "Ana", START, CHICAGO)


@pytest.mark.parametrize(("kind", "wanted"), list(zip(Kind, WANTED, strict=True)))
def test_each_kind_has_its_own_fields_of_what_was_typed(kind: Kind, wanted: PostRequest) -> None:
    assert asked(replace(TYPED, kind=kind)) == wanted


def test_a_template_may_write_our_own_post_instead() -> None:
    post = asked(Composed(template="own/thanks"))
    assert isinstance(post, OwnPost)
    assert post.says == FromTemplate("own/thanks")


def test_a_typed_time_that_is_not_chosen_is_no_time_and_no_slot_either() -> None:
    for when in (When.SLOT, When.ALLOWED):
        with pytest.raises(DraftError, match="You typed a time"):
            asked(replace(TYPED, when=when))
    assert asked(replace(TYPED, when=When.SLOT, at=" ")).at is None
    allowed = asked(replace(TYPED, when=When.ALLOWED, at=""))
    assert (allowed.at, allowed.when_allowed) == (None, True)
    with pytest.raises(UsageError):
        asked(replace(TYPED, at="some day"))


@pytest.mark.parametrize(
    ("composed", "reason"),
    [
        (Composed(kind=Kind.SPOTLIGHT), inputs.NoPartnerChosen()),
        (Composed(kind=Kind.RESHARE, url="x.com/a"), inputs.NoPartnerChosen()),
        (Composed(kind=Kind.EVENT), inputs.NoEventChosen()),
        (Composed(text="a", template="own/thanks"), inputs.WordsAndTemplate()),
        (Composed(text="a", variables="guest"), inputs.BadVariable("guest")),
    ],
)
def test_what_is_missing_has_its_reason(composed: Composed, reason: object) -> None:
    with pytest.raises(InputError) as error:
        asked(composed)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "media/../a.png", f"media/{'A' * 64}.png", f"media/{'0' * 64}.svg"]
)
def test_only_a_path_of_a_kept_picture_is_one(path: str) -> None:
    assert not Picture(path, "a").is_kept
    assert Picture(f"media/{'0' * 64}.png", "a").is_kept
