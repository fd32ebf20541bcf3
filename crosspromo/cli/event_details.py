"""Details of an event that a person gives: description, whole days, and its flyer."""

from pathlib import Path

import click

from crosspromo.cli.given_image import given_images
from crosspromo.domain.errors import UsageError
from crosspromo.domain.posts import Image
from crosspromo.services.change_event import EventEdit

DESCRIPTION = click.option("--description", metavar="TEXT", help='What happens; "" for none.')
ALL_DAY = click.option("--all-day", is_flag=True, help="It takes whole days.")
FLYER = click.option(
    "--image",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Its flyer, which posts about it show where they have no image of their own.",
)
FLYER_ALT = click.option("--alt", metavar="TEXT", help="What the flyer shows, and says.")


def given_flyer(folder: Path, image: str | None, alt: str | None) -> Image | None:
    """Flyer with its alt text; UsageError where one of them is missing, or there is no file."""
    if image is None and alt is None:
        return None
    if image is None:
        raise UsageError("--alt goes with --image FILE")
    (given,) = given_images(folder, (image,), () if alt is None else (alt,))
    return given


def given_details(
    folder: Path, *, description: str | None, all_day: bool, image: str | None, alt: str | None
) -> EventEdit:
    """Details of an event as an edit of it; errors are those of `given_flyer`."""
    flyer = given_flyer(folder, image, alt)
    return EventEdit(description=description, all_day=all_day, image=flyer)
