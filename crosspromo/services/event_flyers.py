"""Flyers of events: pictures that posts about an event show where they have none of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.queueing import ImageUnusable
from crosspromo.domain.requests import EventPost, OwnPost, PostRequest, Spotlight
from crosspromo.publishing.compose import ImageFitter, UnusableImageError
from crosspromo.publishing.standing import check_alt

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store


def kept_flyer(image: Image, pictures: Callable[..., ImageFitter], *, kept: bool) -> Image:
    """Flyer as it is stored, under the hash of its bytes; with `kept` False nothing is written.

    QueueingError where its alt text says nothing, and for a file that is no picture.
    """
    from crosspromo.intake.pictures import ANY_ACCOUNT  # noqa: PLC0415 (seldom needed)

    check_alt(image, "", ANY_ACCOUNT, named=image.path)
    try:
        return pictures(keep=kept).fitted(image, ANY_ACCOUNT).image
    except UnusableImageError as error:
        raise QueueingError(ImageUnusable("the event", str(error))) from None


def flyers_of(store: "Store", requests: Sequence[PostRequest]) -> Mapping[str, Image]:
    """Flyers, by slug, of the events of posts that are to show them."""
    events = {each.event for each in requests if isinstance(each, EventPost) and _shows_flyer(each)}
    if not events:
        return {}
    with store.read() as unit:
        return unit.events.flyers(sorted(events))


def shown_on(
    account: "AccountRules", request: PostRequest, flyers: Mapping[str, Image]
) -> tuple[Image, ...]:
    """Images of a post on an account: its own, else the flyer where the account takes images."""
    if isinstance(request, EventPost) and _shows_flyer(request):
        flyer = flyers.get(request.event)
        takes_images = account.capabilities.images.most > 0
        return (flyer,) if flyer is not None and takes_images else ()
    return request.images if isinstance(request, Spotlight | EventPost | OwnPost) else ()


def _shows_flyer(request: EventPost) -> bool:
    return not request.images and not request.without_image
