"""Which images an account takes, before they are kept for it."""

from dataclasses import dataclass, replace

import pytest
from exact import exact
from stories import rules

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.queueing import AltTextMissing, ImageUnusable, TooManyImages
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
