"""A post's images, made to fit an account and kept: what was approved is what is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.queueing import AltTextMissing, ImageUnusable, TooManyImages
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules


@dataclass(frozen=True, slots=True)
class FittedImage:
    """An image as it is kept for an account. `notice` says what had to be changed, or is None."""

    image: Image
    notice: str | None = None


class UnusableImageError(Exception):
    """An image that cannot be kept within an account's limits; its text says which and why."""


class ImageFitter(Protocol):
    """Keeps images where nobody changes them any more."""

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        """The image within these limits; UnusableImageError where it cannot be made so."""
        ...


def fit_images(
    images: Sequence[Image], account: AccountRules, pictures: ImageFitter
) -> tuple[FittedImage, ...]:
    """These images for the account. QueueingError names it, and the image that it cannot have."""
    most = account.capabilities.images.most
    if len(images) > most:
        raise QueueingError(TooManyImages(account.name, most, len(images)))
    for image in images:
        if not image.alt.strip():
            raise QueueingError(AltTextMissing(image.path))
    try:
        return tuple(pictures.fitted(image, account.capabilities.images) for image in images)
    except UnusableImageError as error:
        raise QueueingError(ImageUnusable(account.name, str(error))) from None
