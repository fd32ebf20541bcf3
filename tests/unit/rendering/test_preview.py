"""What is previewed is what is sent."""

from dataclasses import replace
from datetime import UTC, datetime

from crosspromo.connectors.bluesky import NETWORK as BLUESKY
from crosspromo.connectors.bluesky.records import post
from crosspromo.connectors.x import NETWORK as X
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Content, Credit, Image, Kind
from crosspromo.domain.states import State
from crosspromo.rendering.preview import preview

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
ADDRESS = "https://river-keepers.org/" + "clean-water-" * 8


def delivery(content: Content) -> Delivery:
    return Delivery(
        id=1,
        post=1,
        account="account",
        network="network",
        kind=Kind.SPOTLIGHT,
        state=State.QUEUED,
        credit=Credit.OTHERS,
        content=content,
        due_at=NOW,
        pinned=False,
    )


def test_a_link_that_bluesky_shows_shortened_is_previewed_so_with_its_whole_address() -> None:
    text = "x" * 240 + " " + ADDRESS
    (shown,) = preview(delivery(Content(text=text)), BLUESKY.capabilities).posts
    assert shown.text == post(text, {}, NOW)["text"]
    assert shown.fits
    (link,) = shown.entities
    assert link.text != ADDRESS
    assert link.target == ADDRESS


def test_a_thread_is_previewed_part_by_part() -> None:
    content = Content(text="One. Two.", parts=("One. 1/2", "Two. 2/2"))
    shown = preview(delivery(content), X.capabilities)
    assert [(p.text, p.length, p.limit) for p in shown.posts] == [
        ("One. 1/2", 8, 280),
        ("Two. 2/2", 8, 280),
    ]


def test_a_card_is_named_only_where_the_network_makes_one() -> None:
    linked = delivery(Content(text=f"See {ADDRESS} and https://second.org"))
    assert preview(linked, X.capabilities).card == ADDRESS
    without = replace(X.capabilities, makes_cards=False)
    assert preview(linked, without).card is None


def test_images_what_was_dropped_and_the_cost_are_there() -> None:
    picture = Image("river.jpg", "A river at dawn")
    whole = replace(
        delivery(Content(text="Hello", images=(picture,))), dropped=("#Water",), cost=0.015
    )
    shown = preview(whole, X.capabilities)
    assert (shown.images, shown.dropped, shown.cost) == ((picture,), ("#Water",), 0.015)


def test_a_repost_shows_which_post_and_no_text() -> None:
    shown = preview(delivery(Content("", reshare_of=ADDRESS, native=True)), BLUESKY.capabilities)
    assert shown.reposts == ADDRESS
    assert [(post.text, post.length, post.fits) for post in shown.posts] == [("", 0, True)]


def test_a_text_that_names_a_post_reposts_nothing() -> None:
    linked = delivery(Content(f"Read {ADDRESS}", reshare_of=ADDRESS))
    assert preview(linked, BLUESKY.capabilities).reposts is None
