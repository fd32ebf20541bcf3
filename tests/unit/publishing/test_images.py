"""Which images an account takes, before they are kept for it."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from exact import exact
from stories import rules

from crosspromo.connectors.registry import Registry
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.queueing import (
    AltTextMissing,
    AltTextTooLong,
    ImageMustBeAlone,
    ImageUnusable,
    TooManyImages,
)
from crosspromo.domain.reasons.refusals import Refusal
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.phrasing.refusals import of_refusal
from crosspromo.publishing.compose import FittedImage, UnusableImageError, fit_images
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules

PICTURE = Image("pictures/river.png", "The river at dawn")


@dataclass(frozen=True)
class Album:
    """Keeps what it is given, or cannot."""

    fault: str | None = None

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        if self.fault is not None:
            raise UnusableImageError(self.fault)
        return FittedImage(replace(image, path=f"media/{limits.max_bytes}"), "made smaller")


def account(most: int) -> AccountRules:
    plain = rules("main")
    limits = ImageLimits(most=most, max_bytes=1000)
    return replace(plain, capabilities=replace(plain.capabilities, images=limits))


def refused(most: int, *images: Image, album: Album | None = None) -> Refusal:
    with pytest.raises(QueueingError) as error:
        fit_images(images, account(most), album or Album())
    return error.value.reason


def test_each_image_is_fitted_to_the_limits_of_the_account() -> None:
    kept = FittedImage(Image("media/1000", PICTURE.alt), "made smaller")
    assert fit_images([PICTURE, PICTURE], account(2), Album()) == (kept, kept)
    assert fit_images([], account(0), Album()) == ()


@pytest.mark.parametrize("alt", ["", "  "])
def test_an_image_without_alt_text_is_refused(alt: str) -> None:
    reason = refused(4, PICTURE, replace(PICTURE, alt=alt))
    assert exact(reason) == exact(AltTextMissing("pictures/river.png"))


@pytest.mark.parametrize(("most", "allowed"), [(0, "no images"), (1, "1 image"), (2, "2 images")])
def test_too_many_images_are_refused(most: int, allowed: str) -> None:
    reason = refused(most, *(PICTURE,) * (most + 1))
    assert exact(reason) == exact(TooManyImages("main", most, most + 1))
    assert of_refusal(reason, UTC_ZONE) == f"main takes {allowed}, not {most + 1}"


def test_one_that_cannot_be_fitted_says_for_which_account() -> None:
    reason = refused(1, PICTURE, album=Album("it is empty"))
    assert exact(reason) == exact(ImageUnusable("main", "it is empty"))


def on(**limits: Any) -> AccountRules:
    plain = account(4)
    images = replace(plain.capabilities.images, **limits)
    return replace(plain, capabilities=replace(plain.capabilities, images=images))


class Gifs(Album):
    """Takes every image for a GIF, and keeps it under a name that no person gave."""

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        return replace(super().fitted(image, limits), media_type="image/gif")


def test_a_type_that_is_shown_alone_is_refused_among_others_by_the_name_that_was_given() -> None:
    with pytest.raises(QueueingError) as error:
        fit_images([PICTURE, PICTURE], on(alone=("image/gif",)), Gifs())
    assert exact(error.value.reason) == exact(ImageMustBeAlone("main", "pictures/river.png"))
    assert len(fit_images([PICTURE], on(alone=("image/gif",)), Gifs())) == 1
    assert len(fit_images([PICTURE, PICTURE], on(alone=("image/webp",)), Gifs())) == 2


def test_an_alt_text_longer_than_the_network_takes_is_refused() -> None:
    long = replace(PICTURE, alt="x" * 1_001)
    with pytest.raises(QueueingError) as error:
        fit_images([PICTURE, long], on(longest_alt=1_000), Album())
    assert exact(error.value.reason) == exact(
        AltTextTooLong("main", "pictures/river.png", 1_001, 1_000)
    )
    assert fit_images([long], on(longest_alt=1_001), Album())
    assert fit_images([long], on(), Album())


@pytest.mark.parametrize(
    ("network", "longest", "letter"), [("x", 1_000, "x"), ("bluesky", 2_000, "👩\u200d👩\u200d👧")]
)
def test_what_the_networks_take_is_counted_as_they_count(
    network: str, longest: int, letter: str
) -> None:
    capabilities = Registry().get(network).capabilities
    there = replace(account(4), capabilities=capabilities)
    fit_images([replace(PICTURE, alt=letter * longest)], there, Album())
    with pytest.raises(QueueingError, match="AltTextTooLong"):
        fit_images([replace(PICTURE, alt=letter * longest + "x")], there, Album())


@pytest.mark.parametrize(("network", "moves"), [("x", True), ("bluesky", False), ("reddit", True)])
def test_which_networks_show_a_gif_move(network: str, moves: bool) -> None:
    assert ("image/gif" in Registry().get(network).capabilities.images.moving) is moves
